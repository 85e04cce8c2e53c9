"""Reading a file of reviews from elsewhere, told by what it holds: CSV, JSON Lines, JSON-LD or a saved web page."""

import codecs
import io
import json
import math
import re
from collections.abc import Iterator
from itertools import count
from typing import Any

from directory.imports.reading.encodings import UTF8_BOM, UTF16_BOMS, decoded, refuse_utf16
from directory.imports.reading.fields import Fields, FileKind, RowRejectedError
from directory.imports.reading.files import ImportFileError, PublishedFile
from directory.imports.reading.plain_blocks import is_utf8
from directory.imports.reading.scan import CsvScan
from directory.imports.reviews.json_ld import Document, has_microdata, json_ld_of_page, read_json
from directory.imports.reviews.review_values import OPTIONAL, REQUIRED, ReviewRow, whole_characters
from directory.imports.reviews.schema_org import ReviewElement, elements
from directory.imports.runs import FileRun

ENDINGS = (".csv", ".jsonl", ".ndjson", ".json", ".jsonld", ".html", ".htm")
MAX_DOCUMENT_BYTES = 32 * 1024 * 1024
"""JSON-LD and pages are read whole; larger collections come as JSON Lines or CSV."""
MAX_LINE_BYTES = 1024 * 1024
_SNIFFED_BYTES = 64 * 1024
_DECLARED = re.compile(rb"""<(?:meta\s[^>]*charset|\?xml\s[^>]*encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_WEB_ARCHIVE = re.compile(rb"\A(?:[\w-]+:[^\n]*\n|[ \t][^\n]*\n)*content-type:\s*multipart/related", re.IGNORECASE)
_SAFARI_ARCHIVE = b"bplist00"
REVIEWS = FileKind("", "a file of reviews", REQUIRED)
_NOTHING_CHANGED = "Nothing was changed."


def rows_in(published: PublishedFile, file: FileRun) -> Iterator[ReviewRow]:
    """What the file says, one place after the other; those that cannot be read are rejected on the way.

    Raises `ImportFileError` for a file that is something else or cut short.
    """
    stream = io.BufferedReader(published, _SNIFFED_BYTES)
    start = stream.peek(_SNIFFED_BYTES).removeprefix(UTF8_BOM).lstrip()
    unread = PublishedFile(published.label, published.size, stream)
    if not start:
        raise ImportFileError(f"{published.label} holds nothing but white space. {_NOTHING_CHANGED}")
    if _WEB_ARCHIVE.search(start) or start.startswith(_SAFARI_ARCHIVE):
        raise ImportFileError(
            f"{published.label} is a web archive (.mhtml or .webarchive), which is not read here: open it in a "
            f"browser, save the page as “Webpage, HTML Only” (.html), and import that. {_NOTHING_CHANGED}"
        )
    if start.startswith(b"<") or (
        start.startswith(UTF16_BOMS) and start.decode("utf-16", "ignore").lstrip()[:1] == "<"
    ):
        page = _page_text(_content(unread), published.label, file)
        documents = json_ld_of_page(page, published.label)
        yield from _from_documents(documents, published.label, file, has_microdata=has_microdata(page))
        return
    refuse_utf16(published.label, start)
    if start[:1] in {b"{", b"["}:
        if _is_json_lines(start):
            yield from _from_json_lines(unread, file)
        else:
            document = _parsed(_text(_content(unread), published.label, file), published.label)
            yield from _from_documents([Document(1, document)], published.label, file)
    else:
        yield from _from_csv(unread, file)


def _from_csv(published: PublishedFile, file: FileRun) -> Iterator[ReviewRow]:
    scan = CsvScan(published, REVIEWS, optional=OPTIONAL)
    if not {"provider_npi", "provider_name"} & scan.position.keys():
        raise ImportFileError(
            f"{published.label} is not {REVIEWS.title}: it lacks the column “provider_npi” (or “provider_name”). "
            f"{_NOTHING_CHANGED}"
        )

    def reject(line: int, fields: Fields, reason: str) -> None:
        file.reject(line, fields["provider_npi"] if "provider_npi" in scan.position else "", reason)

    try:
        for line, fields in scan.rows(reject):
            yield ReviewRow(line, {name: fields.raw(name) for name in scan.position})
    finally:
        file.note_read(scan)


def _is_json_lines(start: bytes) -> bool:
    """Whether lines are objects by themselves: one of the first that is no JSON-LD, or several that are."""
    lines = [line for line in start.split(b"\n") if line.strip()]
    if not start.startswith(b"{"):
        return False
    whole = [parsed for line in lines[:20] if isinstance(parsed := _try(line), dict)]
    if any(not _is_json_ld(each) for each in whole):
        return True
    return len(whole) > 1


def _try(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _is_json_ld(parsed: dict[str, Any]) -> bool:
    return any(key.startswith("@") for key in parsed)


def _from_json_lines(published: PublishedFile, file: FileRun) -> Iterator[ReviewRow]:
    for line, content, is_last in _lines(published):
        if not content.strip():
            continue
        parsed = None
        try:
            text = decoded(content)
            if text is None:
                raise RowRejectedError("the line has bytes that are neither UTF-8 nor in Windows' encoding")
            parsed = json.loads(text)
            if not isinstance(parsed, dict):
                raise RowRejectedError("the line is not a JSON object")
            found = list(elements(parsed)) if _is_json_ld(parsed) else None
            fields = {name: _plain(name, parsed.get(name)) for name in (*REQUIRED, *OPTIONAL)} if found is None else {}
        except (ValueError, RecursionError) as error:
            if is_last:
                raise ImportFileError(
                    f"{published.label} is cut short: its last line, {line}, is not complete. Download it again. "
                    f"{_NOTHING_CHANGED}"
                ) from error
            file.counts.read += 1
            file.reject(line, "", "the line is not valid JSON")
            continue
        except RowRejectedError as error:
            file.counts.read += 1
            npi = parsed.get("provider_npi") if isinstance(parsed, dict) else ""
            file.reject(line, npi if isinstance(npi, str) and npi.isascii() else "", str(error))
            continue
        file.windows_rows += not is_utf8(content)
        if found is None:
            file.counts.read += 1
            yield ReviewRow(line, fields)
            continue
        for element in found:
            yield from _from_element(element, line, file)
    if not file.counts.read:
        raise ImportFileError(f"{published.label} holds no reviews. {_NOTHING_CHANGED}")


def _from_documents(
    documents: list[Document], label: str, file: FileRun, *, has_microdata: bool = False
) -> Iterator[ReviewRow]:
    place = 0
    for document in documents:
        if document.wrong:
            place += 1
            file.counts.read += 1
            file.reject(place, "", f"block {document.number} of JSON-LD {document.wrong}")
            continue
        for element in elements(document.content, document.language):
            place += 1
            yield from _from_element(element, place, file)
    if not place:
        if has_microdata:
            wrong = "has its reviews as microdata, which is not read here: copy them into a CSV"
        elif any(map(_holds_rows, documents)):
            wrong = "holds its reviews as one JSON value: write each on a line of its own (JSON Lines), or give a CSV"
        else:
            wrong = "holds no schema.org Review or AggregateRating"
        raise ImportFileError(f"{label} {wrong}. {_NOTHING_CHANGED}")


def _holds_rows(document: Document) -> bool:
    """Whether it has reviews with the names of the CSV's columns."""
    content = document.content if isinstance(document.content, list) else [document.content]
    return any(isinstance(each, dict) and each.keys() >= set(REQUIRED) for each in content)


def _from_element(element: ReviewElement, place: int, file: FileRun) -> Iterator[ReviewRow]:
    file.counts.read += 1
    if element.wrong:
        file.reject(place, "", element.wrong)
    else:
        yield ReviewRow(place, element.fields, element.is_average)


def _lines(published: PublishedFile) -> Iterator[tuple[int, bytes, bool]]:
    """Each line with its number, and whether the file ends in it without a line break."""
    stream = io.BufferedReader(published)
    for line in count(1):
        content = stream.readline(MAX_LINE_BYTES + 1)
        if not content:
            return
        if len(content) > MAX_LINE_BYTES:
            raise ImportFileError(f"{published.label} is not JSON Lines: line {line} has no end. {_NOTHING_CHANGED}")
        yield line, content.removeprefix(UTF8_BOM) if line == 1 else content, not content.endswith(b"\n")


def _content(published: PublishedFile) -> bytes:
    content = published.read(MAX_DOCUMENT_BYTES + 1)
    if len(content) > MAX_DOCUMENT_BYTES:
        raise ImportFileError(
            f"{published.label} is larger than {MAX_DOCUMENT_BYTES // 1024**2} MB, which is the most for "
            f"JSON-LD: split it, or give the reviews as JSON Lines. {_NOTHING_CHANGED}"
        )
    return content


def _page_text(content: bytes, label: str, file: FileRun) -> str:
    """A page in the encoding of its byte order mark, or else in the one that it declares, as browsers read it."""
    if content.startswith(UTF16_BOMS):
        return content.decode("utf-16", "replace")
    declared = _DECLARED.search(content, 0, _SNIFFED_BYTES)
    name = declared[1].decode() if declared else "utf-8"
    try:
        encoding = codecs.lookup(name).name
    except LookupError as error:
        raise ImportFileError(
            f"{label} says that it is in “{name}”, which is unknown here: save it as UTF-8. {_NOTHING_CHANGED}"
        ) from error
    if content.startswith(UTF8_BOM) or encoding.startswith("utf"):  # a page that declares UTF-16 in ASCII is in UTF-8
        return _text(content, label, file)
    try:
        return content.decode("cp1252" if encoding in {"ascii", "iso8859-1"} else encoding, "replace")
    except (LookupError, UnicodeError) as error:
        raise ImportFileError(
            f"{label} is not in “{name}”, as it says: save it as UTF-8. {_NOTHING_CHANGED}"
        ) from error


def _text(content: bytes, label: str, file: FileRun) -> str:
    """`content` as `decoded` reads it; counts the lines with bytes that are no UTF-8."""
    content = content.removeprefix(UTF8_BOM)
    file.windows_rows += sum(not is_utf8(line) for line in content.split(b"\n"))
    text = decoded(content)
    if text is None:
        raise ImportFileError(
            f"{label} is neither UTF-8 nor in Windows' encoding: save it as UTF-8 or download it again. "
            f"{_NOTHING_CHANGED}"
        )
    return text


def _parsed(text: str, label: str) -> Any:
    try:
        return read_json(text)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip()) or "Unterminated string" in error.msg
        what = "is cut short" if cut else "is not JSON"
        raise ImportFileError(
            f"{label} {what} (line {error.lineno}, column {error.colno}): download it again. {_NOTHING_CHANGED}"
        ) from error
    except RecursionError as error:
        raise ImportFileError(f"{label} nests deeper than can be read. {_NOTHING_CHANGED}") from error


def _plain(name: str, value: Any) -> str:
    """A value of JSON as the CSV has it. Raises `RowRejectedError` for a list or an object."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, str):
        return whole_characters(value)
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return str(value)
    raise RowRejectedError(f"the {name.replace('_', ' ')} is neither text nor a number")
