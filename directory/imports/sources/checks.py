"""Whether a fetched file is what it should be, before anything counts: its zip, its size unpacked, its columns."""

import csv
import io
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from tqdm import tqdm

from directory.imports.reading.files import HEAD_BYTES, ImportFileError, folded, open_published
from directory.imports.sources.catalog import FetchError
from directory.web.filters import bytes_in_words

MAX_UNPACKED_TIMES = 100
"""What a zip holds may be so many times as large as the zip: more is no table, and could fill the disk."""
_SMALL_BYTES = 1024 * 1024
_HEADER_WITHIN_ROWS = 40
SHAPEFILE = (".shp", ".shx", ".dbf")


class UnexpectedFileError(FetchError):
    """What came is not what it should be. The message is the reason alone."""


def check_zip(path: Path, endings: Collection[str]) -> None:
    """Read each member to its end. Raises `UnexpectedFileError` unless all are whole, with the `endings` among them."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            if unpacked > _SMALL_BYTES + MAX_UNPACKED_TIMES * path.stat().st_size:
                raise UnexpectedFileError(f"it would take {bytes_in_words(unpacked)} unpacked, too much for its size")
            with tqdm(desc="Checking", total=unpacked, unit="B", unit_scale=True, disable=None) as progress:
                for member in members:
                    with archive.open(member) as file:  # its sum is checked at the end
                        while piece := file.read(_SMALL_BYTES):
                            progress.update(len(piece))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise UnexpectedFileError(f"it is no whole zip ({error})") from error
    found = {PurePosixPath(member.filename).suffix.lower() for member in members}
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
        raise UnexpectedFileError(str(error).removesuffix(" Nothing was changed.").rstrip(".")) from error
    wanted = {folded(column) for column in columns}
    best = wanted
    for _row, cells in zip(range(_HEADER_WITHIN_ROWS), csv.reader(io.StringIO(head, newline="")), strict=False):
        best = min(best, wanted - set(map(folded, cells)), key=len)
    if best:
        missing = ", ".join(f"“{column}”" for column in columns if folded(column) in best)
        raise UnexpectedFileError(f"it has no column {missing}")
