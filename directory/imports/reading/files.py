"""Opening a file as it was published: a CSV, or a zip with one CSV of the wanted kind among other files.

Some imports read other formats too: they name the endings that a zip's member may have, and whether web pages will do.
"""

import codecs
import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

from directory.web.days import PACIFIC, local_day, today_in_california

HEAD_BYTES = 64 * 1024
"""The columns of a file are named within so many bytes."""
ANSWERS_ENDING = ".jsonl.gz"
"""Of files of kept answers."""
_WEB_PAGE = re.compile(rb"\s*<", re.DOTALL)
_NO_TIME_IN_ZIP = 1980
_DATE_IN_NAME = re.compile(r"(?<!\d)(20\d{6})(?!\d)")
_BESIDE_THE_DATA = re.compile(r"(?:^|[^a-z])(?:read_?me|counts?|statistics|data_?dictionary)(?![a-z])|fileheader")
_WORKBOOKS = (".xlsx", ".xls", ".xlsm")
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_INSIDE_WORKBOOK = ("[content_types].xml", "document.iwa", "content.xml")  # of Excel, Numbers, LibreOffice
_COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!\x1a\x07": "RAR",
    b"\x28\xb5\x2f\xfd": "zstd",
}


class ImportFileError(Exception):
    """A file that cannot be imported. The message is a sentence for the person who named it."""

    exit_code = 1


class UnusableFileError(ImportFileError):
    """A file that can be read and whose rows are of no use: most are rejected, or none is about this directory."""

    exit_code = 3


class NoneHereError(UnusableFileError):
    """A file of which no row is about this directory."""


class WorkbookError(ImportFileError):
    """An Excel workbook, of which the rows cannot be read here."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"{label} has its rows only as an Excel workbook, which is not read here: use the CSV that is "
            "published with it, or save the workbook as CSV. Nothing was changed."
        )


class Answers(Protocol):
    """How the kept answers of one interface are read."""

    def open(self, path: str) -> AbstractContextManager[Any]: ...


class ReadsBytes(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, eq=False)
class PublishedFile(io.RawIOBase):
    """An open CSV. `label` is its name in messages, `size` its length in bytes once unpacked."""

    label: str
    size: int
    stream: ReadsBytes
    written_on: date | None = None  # when the file, or its zip's member, was last written
    is_answers: bool = False  # about one area: what they lack is not gone, and there may be no rows at all

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        fresh = self.read(len(buffer))
        buffer[: len(fresh)] = fresh
        return len(fresh)

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes, fewer only at the end. Raises `ImportFileError` when the file is damaged."""
        try:
            return self.stream.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise ImportFileError(
                f"{self.label} is damaged or cut short ({error}): download it again. Nothing was changed."
            ) from error

    @property
    def as_of(self) -> date:
        """The last day that the name of a weekly or monthly file gives; else the day on which it was written.

        Never after today in California: what ended tomorrow would still hold. An old file whose name says nothing is
        not taken for today's.
        """
        today = today_in_california()
        return min(day_in_name(self.label) or self.written_on or today, today)


def holds_answers(path: str) -> bool:
    """Whether the file holds answers of a public interface, kept as they came, by its name."""
    return path.endswith(ANSWERS_ENDING)


def day_in_name(name: str) -> date | None:
    """The last day that a file's name gives, as 20260701 does; None for one without, or with a day that never was."""
    for digits in reversed(_DATE_IN_NAME.findall(name)):
        try:
            return datetime.strptime(digits, "%Y%m%d").replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


def printable(path: str) -> str:
    """`path` with a replacement character for what is no text."""
    return os.fsencode(path).decode("utf-8", "replace")


@contextmanager
def open_published(
    path: str,
    prefix: str,
    endings: tuple[str, ...] = (".csv",),
    *,
    columns: Collection[str] = (),
    web_pages: bool = False,
    answers: Answers | None = None,
) -> Iterator[PublishedFile]:
    """Open the CSV at `path`, or the one in the zip there whose name starts with `prefix` or that has the `columns`.

    Kept answers of a public interface are opened as the CSV that would have their rows, which `answers` makes of them.
    What counts is what the file holds, not how its name ends. Raises `ImportFileError` for a file that is missing,
    empty, damaged, or plainly something else.
    """
    label = printable(Path(path).name)
    refuse_no_file(path)
    try:
        file = open(path, "rb")  # noqa: SIM115 (closed below)
    except OSError as error:
        raise ImportFileError(f"{printable(path)} cannot be read: {error.strerror}.") from error
    with file:
        start = file.read(512)
        file.seek(0)
        if holds_answers(path):
            if answers is None:
                raise ImportFileError(f"{label} holds answers of an interface, not the file that is read here.")
            with answers.open(path) as rows:
                asked_on = local_day(rows.asked_at)
                yield PublishedFile(f"{label}/{prefix}", rows.size, rows.stream, asked_on, is_answers=True)
            return
        _refuse_other_kinds(start, label, web_pages=web_pages)
        if start.startswith(b"PK"):
            with _open_zip(file, label, prefix, endings, columns) as published:
                yield published
            return
        on_disk = Path(path).stat()
        yield PublishedFile(label, on_disk.st_size, file, datetime.fromtimestamp(on_disk.st_mtime, PACIFIC).date())


def refuse_no_file(path: str) -> None:
    """Raise `ImportFileError` where no file is to be opened at `path`: opening a pipe would wait for ever."""
    name = printable(path)
    try:
        mode = Path(path).stat().st_mode
    except FileNotFoundError as error:
        raise ImportFileError(f"There is no file {name}.") from error
    except OSError as error:
        raise ImportFileError(f"{name} cannot be read: {error.strerror}.") from error
    if stat.S_ISDIR(mode):
        raise ImportFileError(f"{name} cannot be read: it is a folder. Name the file in it.")
    if not stat.S_ISREG(mode):
        raise ImportFileError(
            f"{name} cannot be read: it is a pipe or a device. Save what comes out of it as a file, and name that."
        )


def _refuse_other_kinds(start: bytes, label: str, *, web_pages: bool) -> None:
    if not start:
        raise ImportFileError(f"{label} is empty: download it again.")
    for mark, program in _COMPRESSED.items():
        if start.startswith(mark):
            raise ImportFileError(f"{label} is compressed ({program}): unpack it and name the file that was in it.")
    if start.startswith(_OLD_WORKBOOK):
        raise WorkbookError(label)
    if start.startswith(b"%PDF-"):
        raise ImportFileError(f"{label} is a PDF, of which no rows can be read: download the CSV that it describes.")
    if not web_pages and _WEB_PAGE.match(start.removeprefix(codecs.BOM_UTF8)):
        raise ImportFileError(f"{label} is a web page, not a CSV: download the file itself.")


@contextmanager
def _open_zip(
    file: IO[bytes], label: str, prefix: str, endings: tuple[str, ...], columns: Collection[str]
) -> Iterator[PublishedFile]:
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        raise ImportFileError(f"{label} is a zip that is damaged or cut short: download it again.") from error
    with archive:
        member = _wanted_member(archive, label, prefix, endings, columns)
        name = f"{label}/{PurePosixPath(member.filename).name}"
        if not member.file_size:
            raise ImportFileError(f"{name} is empty: download it again.")
        try:
            stream = archive.open(member)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise ImportFileError(f"{name} cannot be unpacked here ({error}): unpack it and import the CSV.") from error
        with stream:
            yield PublishedFile(name, member.file_size, stream, _written_on(member))


def _written_on(member: zipfile.ZipInfo) -> date | None:
    """None where the zip leaves out the time, which reads as 1980."""
    year, month, day = member.date_time[:3]
    try:
        return date(year, month, day) if year > _NO_TIME_IN_ZIP else None
    except ValueError:
        return None


def _wanted_member(
    archive: zipfile.ZipFile, label: str, prefix: str, endings: tuple[str, ...], columns: Collection[str]
) -> zipfile.ZipInfo:
    """The one member that can be meant: without what Macs add, read-me files and counts."""
    names = {member: PurePosixPath(member.filename) for member in archive.infolist() if not _is_hidden(member)}
    tables = [member for member, name in names.items() if name.name.lower().endswith(endings)]
    if not tables and any(name.name.lower().endswith((*_WORKBOOKS, *_INSIDE_WORKBOOK)) for name in names.values()):
        raise WorkbookError(label)
    wanted = [member for member in tables if not _BESIDE_THE_DATA.search(names[member].name.lower())] or tables
    wanted = [member for member in wanted if names[member].name.lower().startswith(prefix)] or wanted
    if len(wanted) > 1 and columns:
        wanted = [member for member in wanted if _names_columns(archive, member, columns)] or wanted
    if len(wanted) == 1:
        return wanted[0]
    held = ", ".join(member.filename for member in (wanted or list(names))[:5]) or "nothing"
    kind = "CSV" if endings == (".csv",) else f"file ({', '.join(endings)})"
    named = f" named {prefix}..." if prefix else ""
    parts = ", or all parts of one list" if len(wanted) > 1 and endings != (".csv",) else ""
    raise ImportFileError(f"{label} should hold one {kind}{named} (found: {held}). Unpack it and name the file{parts}.")


def _is_hidden(member: zipfile.ZipInfo) -> bool:
    """Whether it is a folder, or one of the files that a Mac adds."""
    parts = PurePosixPath(member.filename).parts
    return member.is_dir() or "__MACOSX" in parts or PurePosixPath(member.filename).name.startswith(".")


def _names_columns(archive: zipfile.ZipFile, member: zipfile.ZipInfo, columns: Collection[str]) -> bool:
    try:
        with archive.open(member) as stream:
            head = stream.read(HEAD_BYTES)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return False
    text = folded(head.decode("utf-8", "replace"))
    return all(folded(column) in text for column in columns)


def folded(name: str) -> str:
    """The name of a column in small letters and with single spaces."""
    return " ".join(name.split()).casefold()
