"""Opening a file as it was published: a CSV, or a zip with one CSV of the wanted kind among other files.

Some imports read other formats too: they name the endings that a zip's member may have, and whether web pages will do.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

from directory.web.days import PACIFIC, today_in_california

UTF8_BOM = b"\xef\xbb\xbf"
_WEB_PAGE = re.compile(rb"\s*<", re.DOTALL)
_NO_TIME_IN_ZIP = 1980
_DATE_IN_NAME = re.compile(r"(?<!\d)(20\d{6})(?!\d)")


class ImportFileError(Exception):
    """A file that cannot be imported. The message is a sentence for the person who named it."""

    exit_code = 1


class UnusableFileError(ImportFileError):
    """A file that can be read and whose rows are of no use: most are rejected, or none is about this directory."""

    exit_code = 3


class ReadsBytes(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, eq=False)
class PublishedFile(io.RawIOBase):
    """An open CSV. `label` is its name in messages, `size` its length in bytes once unpacked."""

    label: str
    size: int
    stream: ReadsBytes
    written_on: date | None = None  # when the file, or its zip's member, was last written

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
        for digits in reversed(_DATE_IN_NAME.findall(self.label)):
            try:
                return min(datetime.strptime(digits, "%Y%m%d").replace(tzinfo=UTC).date(), today)
            except ValueError:
                continue
        return min(self.written_on or today, today)


@contextmanager
def open_published(
    path: str, prefix: str, endings: tuple[str, ...] = (".csv",), *, web_pages: bool = False
) -> Iterator[PublishedFile]:
    """Open the CSV at `path`, or the one in the zip there whose name starts with `prefix`.

    What counts is what the file holds, not how its name ends. Raises `ImportFileError` for a file that is missing,
    empty, damaged, or plainly something else.
    """
    label = Path(path).name
    try:
        file = open(path, "rb")  # noqa: SIM115 (closed below)
    except FileNotFoundError as error:
        raise ImportFileError(f"There is no file {path}.") from error
    except OSError as error:
        raise ImportFileError(f"{path} cannot be read: {error.strerror}.") from error
    with file:
        start = file.read(512)
        file.seek(0)
        if not start:
            raise ImportFileError(f"{label} is empty: download it again.")
        if start.startswith(b"PK"):
            with _open_zip(file, label, prefix, endings) as published:
                yield published
            return
        if not web_pages and _WEB_PAGE.match(start.removeprefix(UTF8_BOM)):
            raise ImportFileError(f"{label} is a web page, not a CSV: download the file itself.")
        on_disk = Path(path).stat()
        yield PublishedFile(label, on_disk.st_size, file, datetime.fromtimestamp(on_disk.st_mtime, PACIFIC).date())


@contextmanager
def _open_zip(file: IO[bytes], label: str, prefix: str, endings: tuple[str, ...]) -> Iterator[PublishedFile]:
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        raise ImportFileError(f"{label} is a zip that is damaged or cut short: download it again.") from error
    with archive:
        member = _wanted_member(archive, label, prefix, endings)
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


def _wanted_member(archive: zipfile.ZipFile, label: str, prefix: str, endings: tuple[str, ...]) -> zipfile.ZipInfo:
    tables = [
        member
        for member in archive.infolist()
        if member.filename.lower().endswith(endings) and "fileheader" not in member.filename.lower()
    ]
    named = [member for member in tables if PurePosixPath(member.filename).name.lower().startswith(prefix)]
    wanted = named or tables
    if len(wanted) == 1:
        return wanted[0]
    held = ", ".join(member.filename for member in wanted[:5]) or "none"
    kind = "CSV" if endings == (".csv",) else f"file ({', '.join(endings)})"
    raise ImportFileError(
        f"{label} should hold one {kind} named {prefix}... (found: {held}). Unpack it and name the file."
    )
