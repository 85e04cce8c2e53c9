"""Uploaded files: only harmless ones are taken, kept under a random name, and sent out as downloads."""

import contextlib
import hashlib
import io
import os
import re
import secrets
import struct
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from flask import Request, Response, abort, send_file
from werkzeug.datastructures import FileStorage

from directory.web.messages import gettext

MAX_PIXELS = 25_000_000  # what a phone's camera takes; unpacked that is 75 MB of memory
MEDIA_TYPES = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg"}
INCOMING = ".incoming-"
"""What the names of files begin with while they come."""
_KEPT_NAME = re.compile(r"[0-9a-f]{32}\.(?:pdf|png|jpg)")

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


class StreamedRequest(Request):
    """A request whose files are written to `files_folder` as they come, where a view has room for large ones there."""

    files_folder: Path | None = None

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """Werkzeug's place for this; the file goes with the request unless it got another name."""
        if self.files_folder is None:
            return super()._get_file_stream(total_content_length, content_type, filename, content_length)
        return cast("IO[bytes]", tempfile.NamedTemporaryFile(dir=self.files_folder, prefix=INCOMING))


class UploadError(ValueError):
    """A file that is not taken; the message is a sentence for the person who sent it."""


@dataclass(frozen=True, slots=True)
class CleanFile:
    """What is kept of an upload: `sha256` in hex is of `content`; `extension` has its dot."""

    content: bytes
    media_type: str
    extension: str
    sha256: str


def read_upload(file: FileStorage, most_bytes: int) -> CleanFile:
    """The PDF, PNG or JPEG that was sent; raises `UploadError`. Reads no more than `most_bytes` and one.

    The bytes tell the type, never the name. A picture is drawn anew, upright and on white, so that nothing remains of
    where and when it was taken, nor of anything hidden in its file; it may have 25 million pixels. A PDF is kept as it
    came, when it is whole and no more than paper (`is_more_than_paper` says what is looked for); its own
    properties, such as its author, stay in it.
    """
    content = file.stream.read(most_bytes + 1)
    if not content:
        raise UploadError(gettext("The file is empty. Choose another one."))
    if len(content) > most_bytes:
        raise UploadError(
            gettext("The file is larger than %(size)s. Choose a smaller one.", size=_megabytes(most_bytes))
        )
    if content.startswith(b"%PDF-"):
        return _clean(_checked_pdf(content), ".pdf")
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _clean(_drawn_anew(content, "PNG"), ".png")
    if content.startswith(b"\xff\xd8\xff"):
        return _clean(_drawn_anew(content, "JPEG"), ".jpg")
    raise UploadError(gettext("The file is not a PDF, PNG or JPEG. Choose one of these, or take a screenshot of it."))


def keep_file(folder: str | Path, clean: CleanFile) -> str:
    """Write the file into `folder`, readable for the app alone; returns its random name.

    The file is on disk, whole, when this returns: written beside, synced, then renamed.
    """
    folder = Path(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    name = secrets.token_hex(16) + clean.extension
    unfinished = folder / f".{name}"
    try:
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(clean.content)
            out.flush()
            os.fsync(out.fileno())
        unfinished.rename(folder / name)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    _sync_folder(folder)
    return name


def remove_file(folder: str | Path, name: str) -> None:
    """Remove a kept file; one that is gone already is fine. Raises `ValueError` for a name that is not of ours."""
    if not _KEPT_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of a kept file")
    with contextlib.suppress(FileNotFoundError):
        Path(folder, name).unlink()
        _sync_folder(Path(folder))


def send_kept(folder: str | Path, name: str, download_name: str) -> Response:
    """The file as a download that no cache keeps and no browser runs; 404 when it is gone."""
    path = Path(folder, name).absolute()
    if not _KEPT_NAME.fullmatch(name) or not path.is_file():
        abort(404)
    response = send_file(
        path, MEDIA_TYPES[path.suffix], as_attachment=True, download_name=download_name, conditional=False, etag=False
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _clean(content: bytes, extension: str) -> CleanFile:
    return CleanFile(content, MEDIA_TYPES[extension], extension, hashlib.sha256(content).hexdigest())


def _checked_pdf(content: bytes) -> bytes:
    if b"%%EOF" not in content[-2048:]:
        raise UploadError(gettext("The PDF is damaged or incomplete. Save it again, or take a screenshot of it."))
    if is_more_than_paper(content):
        raise UploadError(
            gettext(
                "The PDF contains a script, an action, another file or a password, which we can’t accept. "
                "Print it to a new PDF, or take a screenshot of it."
            )
        )
    return content


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


def _drawn_anew(content: bytes, kind: str) -> bytes:
    """The picture as a new file of the same `kind` that holds nothing but its pixels."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Image.DecompressionBombError  # Pillow's own limit is a higher one
            upright = ImageOps.exif_transpose(picture).convert("RGBA" if picture.has_transparency_data else "RGB")
    except Image.DecompressionBombError as error:
        millions = MAX_PIXELS // 1_000_000
        raise UploadError(
            gettext(
                "The picture has more than %(millions)s million pixels. Make it smaller, or take a screenshot of it.",
                millions=millions,
            )
        ) from error
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error) as error:  # as Pillow's readers fail
        raise UploadError(gettext("The picture is damaged. Save it again, or take a screenshot of it.")) from error
    drawn = Image.new("RGB", upright.size, "white")  # a new one, since a copy would take the hidden data along
    drawn.paste(upright, mask=upright if upright.mode == "RGBA" else None)
    out = io.BytesIO()
    drawn.save(out, kind, quality=90)
    return out.getvalue()


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1024 / 1024:.3g} MB"


def _sync_folder(folder: Path) -> None:
    """Write a new or removed name to the disk, so that it survives a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
