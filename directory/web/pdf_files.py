"""What a PDF would do when it is opened, read from its bytes: enough to refuse PDFs with programs or other files."""

import re
import zlib
from collections.abc import Iterator

# Names of what acts by itself, carries other files, or is a form with a program in it. /JS alone needs what follows it,
# because three letters turn up by chance in compressed pictures.
_ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA)(?![A-Za-z0-9])"
    rb"|/OpenAction(?![A-Za-z0-9])(?!\s*\[)"  # with a bracket it names the page to open at
    rb"|/JS\s*(?:\(|<|\d+\s+\d+\s+R)"
)
_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:<<|\d+\s+\d+\s+R)")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")  # a name may spell any of its letters so
_STREAM_EDGE = re.compile(rb"endstream|stream\r?\n")
_MAX_UNPACKED = 32 * 1024 * 1024


def is_whole_pdf(content: bytes) -> bool:
    """Whether it starts as a PDF and has its end mark in the last 2,048 bytes."""
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]


def is_more_than_paper(content: bytes) -> bool:
    """Whether the PDF names a script, a program, an action on opening, a file within or media, or hides its objects.

    Looks at the file's own text and into its packed object streams, with escaped names spelled out. What is encrypted,
    packed in another way than Flate, or unpacks to more than 32 MB counts as hidden. It does not look into fonts,
    pictures and page contents, which hold no actions, and it is no search for a reader's bugs.
    """
    if _ENCRYPTED.search(content):
        return True
    try:
        return any(_ACTIVE.search(_spelled_out(part)) for part in _parts(content))
    except (zlib.error, ValueError):
        return True


def _parts(content: bytes) -> Iterator[bytes]:
    """The file itself, then each object stream unpacked. Raises `ValueError` for one cut off and for too much."""
    yield content
    left = _MAX_UNPACKED
    edge, packed = 0, False
    for found in _STREAM_EDGE.finditer(content):
        between = content[edge : found.start()]
        if packed:
            unpacking = zlib.decompressobj()
            unpacked = unpacking.decompress(between, left)
            left -= len(unpacked)
            if left <= 0 or not unpacking.eof:
                raise ValueError("an object stream is cut off, or they unpack to too much")
            yield unpacked
        packed = found[0] != b"endstream" and b"/ObjStm" in _spelled_out(between)
        edge = found.end()
    if packed:
        raise ValueError("an object stream does not end")


def _spelled_out(part: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)
