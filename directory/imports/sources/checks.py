"""Whether a fetched file is what it should be, before anything counts: its zip, its size unpacked, its columns."""

import csv
import io
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from directory.imports.reading.files import HEAD_BYTES, ImportFileError, folded, open_published
from directory.imports.sources.catalog import FetchError

MAX_UNPACKED_TIMES = 100
"""A member of a zip that is larger than so many times itself is no table, and could fill the disk."""
_SMALL_BYTES = 1024 * 1024
_HEADER_WITHIN_ROWS = 40
SHAPEFILE = (".shp", ".shx", ".dbf")


class UnexpectedFileError(FetchError):
    """What came is not what it should be. The message is the reason alone."""


def check_zip(path: Path, endings: Collection[str]) -> None:
    """Read each member to its end. Raises `UnexpectedFileError` unless all are whole, with the `endings` among them."""
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if member.file_size > _SMALL_BYTES + MAX_UNPACKED_TIMES * member.compress_size:
                    raise UnexpectedFileError(f"{member.filename} in it would be {member.file_size:,} bytes unpacked")
            if damaged := archive.testzip():
                raise UnexpectedFileError(f"{damaged} in it is damaged")
            found = {PurePosixPath(member.filename).suffix.lower() for member in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise UnexpectedFileError(f"it is no whole zip ({error})") from error
    if missing := [ending for ending in endings if ending not in found]:
        raise UnexpectedFileError(f"it holds no {' and no '.join(missing)}")


def check_table(path: Path, prefix: str, columns: Collection[str]) -> None:
    """Raise `UnexpectedFileError` unless the CSV, or that of the zip that starts with `prefix`, has the `columns`."""
    if zipfile.is_zipfile(path):
        check_zip(path, ())
    try:
        with open_published(str(path), prefix, columns=columns) as published:
            head = published.read(HEAD_BYTES).decode("utf-8", "replace").removeprefix("\ufeff")
    except ImportFileError as error:
        raise UnexpectedFileError(str(error)) from error
    wanted = {folded(column) for column in columns}
    best = wanted
    for _row, cells in zip(range(_HEADER_WITHIN_ROWS), csv.reader(io.StringIO(head, newline="")), strict=False):
        best = min(best, wanted - set(map(folded, cells)), key=len)
    if best:
        missing = ", ".join(f"“{column}”" for column in columns if folded(column) in best)
        raise UnexpectedFileError(f"it has no column {missing}")
