"""Zips of TIGER/Line, each of one shapefile."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from struct import error as StructError  # noqa: N812 (it is a class)
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

if TYPE_CHECKING:
    from shapefile import Reader

DAMAGES = BadZipFile, OSError, EOFError, StructError, ValueError, LookupError, zlib.error


class StreetFileError(ValueError):
    """A file that no streets and no map can be made of. The message is a sentence that says what to do."""


@contextmanager
def opened(path: Path, suffixes: tuple[str, ...] = (".shp", ".shx", ".dbf", ".cpg")) -> Iterator["Reader"]:
    """The shapefile in a zip, unpacked on the disk: pyshp would hold each of its files whole."""
    from shapefile import Reader  # here, since only imports need it

    with named_if_unreadable(path), TemporaryDirectory() as folder:
        with ZipFile(path) as archive:
            parts = [name for name in archive.namelist() if name.lower().endswith(suffixes)]
            archive.extractall(folder, parts)
        with Reader(Path(folder, parts[0] if parts else path.name).with_suffix(""), encodingErrors="replace") as reader:
            yield reader


@contextmanager
def named_if_unreadable(path: Path) -> Iterator[None]:
    """What is raised when a file is none of these, or a part of one, as a `StreetFileError` that names it."""
    from shapefile import ShapefileException

    try:
        yield
    except StreetFileError:
        raise
    except (ShapefileException, *DAMAGES) as error:
        raise StreetFileError(
            f"{path.name} is no whole zip of TIGER/Line ({error}): download it again, and name the zip itself."
        ) from error
