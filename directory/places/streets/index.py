"""The index of streets: one SQLite file that is made whole, put in the place of the one before, and only read.

A street is a name with its kind and directions, wherever it runs. A range is the house numbers on one side of one line
of a street. Lines are kept as the file has them, in millionths of a degree.
"""

import os
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from struct import Struct, pack, unpack_from
from threading import local
from typing import NamedTuple

from directory.places.streets.geometry import Line
from directory.places.streets.house_numbers import HouseNumber
from directory.places.streets.street_names import StreetName

LAYOUT = 2
"""Counts up whenever the tables or `street_names` change: an index of another layout is not read, but made anew."""
SCHEMA = """
    CREATE TABLE county (
        fips TEXT PRIMARY KEY, edition INTEGER, sha256 TEXT, lines INTEGER, ranges INTEGER
    );
    CREATE TABLE street (
        id INTEGER PRIMARY KEY, base TEXT, words TEXT, kind TEXT, directions TEXT, shown TEXT UNIQUE
    );
    CREATE TABLE line (id INTEGER PRIMARY KEY, county TEXT, points BLOB);
    CREATE TABLE house_range (
        street_id INTEGER, prefix TEXT, low INTEGER, high INTEGER, parity INTEGER, is_right INTEGER,
        is_backward INTEGER, zip INTEGER, line_id INTEGER,
        PRIMARY KEY (street_id, prefix, low, high, line_id, is_right)
    ) WITHOUT ROWID;
    CREATE TABLE street_in_zip (zip INTEGER, street_id INTEGER, PRIMARY KEY (zip, street_id)) WITHOUT ROWID;
"""
INDEXES = "CREATE INDEX street_base ON street (base)"
EVEN, ODD, BOTH = 0, 1, 2
"""Parities of a range."""
_MAPPED_BYTES = 1 << 28
_MILLIONTHS = 1_000_000
_FIRST = Struct("<ii")


class County(NamedTuple):
    """One county that the index holds: its code of five digits, the year of its file, and what stands for that file."""

    fips: str
    edition: int
    sha256: str
    lines: int
    ranges: int


class HouseRange(NamedTuple):
    """House numbers from `low` to `high` on one side of a line; backward ones fall along the line."""

    street_id: int
    kind: str
    directions: str
    shown: str
    low: int
    high: int
    parity: int
    is_right: bool
    is_backward: bool
    zip: int | None
    line_id: int

    def holds(self, number: int) -> bool:
        return self.low <= number <= self.high and self.parity in {BOTH, number % 2}

    def gap(self, number: int) -> int:
        """How many numbers it lacks to reach `number`."""
        return max(self.low - number, number - self.high, 0)


_RANGES = """
    SELECT street_id, kind, directions, shown, low, high, parity, is_right, is_backward, zip, line_id
    FROM street JOIN house_range ON street_id = street.id WHERE base = ?
"""
_AROUND = f"{_RANGES} AND prefix = ? AND low <= ? AND high >= ?"


class StreetIndex:
    """An index file that is open for one thread."""

    def __init__(self, file: Path) -> None:
        """Raises `sqlite3.Error` for a file that is no index of this layout."""
        self._connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        if (layout := self._connection.execute("PRAGMA user_version").fetchone()[0]) != LAYOUT:
            raise sqlite3.DatabaseError(f"layout {layout}")
        self._connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")

    def counties(self) -> list[County]:
        return [County(*row) for row in self._connection.execute("SELECT * FROM county ORDER BY fips")]

    def ranges_around(
        self, base: str, number: HouseNumber, reach: int, zip_code: int | None = None
    ) -> list[HouseRange]:
        """Ranges of all streets of that base name that span the number or come within `reach` of it; of one ZIP alone
        where it is given.
        """
        where, at = _AROUND, [base, number.prefix, number.number + reach, number.number - reach]
        if zip_code is not None:
            where, at = f"{_AROUND} AND zip = ?", [*at, zip_code]
        return [HouseRange(*row) for row in self._connection.execute(where, at)]

    def ranges_of(self, base: str) -> list[HouseRange]:
        """Ranges of all streets of that base name."""
        return [HouseRange(*row) for row in self._connection.execute(_RANGES, (base,))]

    def names_in_zip(self, zip_code: int) -> list[StreetName]:
        """The names of the streets that have a house in that ZIP, without their directions."""
        of_zip = "SELECT base, kind, words FROM street_in_zip JOIN street ON id = street_id WHERE zip = ?"
        rows = self._connection.execute(of_zip, (zip_code,))
        return [StreetName(base, kind, words=tuple(words.split())) for base, kind, words in rows]

    def zips(self) -> list[int]:
        """The ZIPs that have a street with a house."""
        return [row[0] for row in self._connection.execute("SELECT DISTINCT zip FROM street_in_zip")]

    def line(self, line_id: int) -> Line:
        row = self._connection.execute("SELECT points FROM line WHERE id = ?", (line_id,)).fetchone()
        return unpack_line(row[0])


_open = local()


def open_index(file: Path) -> StreetIndex | None:
    """The index in `file`, opened again when it was replaced; None when there is none of this layout."""
    try:
        status = os.stat(file)
        key = (file, status.st_ino, status.st_mtime_ns)
        if getattr(_open, "key", None) != key:
            _open.index, _open.key = StreetIndex(file), key
    except (OSError, sqlite3.Error):
        return None
    index: StreetIndex = _open.index
    return index


def counties_in(file: Path) -> list[County]:
    """The counties that the index in `file` holds; none when there is no index of this layout."""
    index = open_index(file)
    return index.counties() if index else []


def pack_line(line: Iterable[Sequence[float]]) -> bytes:
    """A line as the index keeps it: the first point, then how far each lies from the one before."""
    points = [(round(point[0] * _MILLIONTHS), round(point[1] * _MILLIONTHS)) for point in line]
    steps = [step for a, b in pairwise(points) for step in (b[0] - a[0], b[1] - a[1])]
    code = "h" if all(-32768 <= step < 32768 for step in steps) else "i"
    return _FIRST.pack(*points[0]) + code.encode() + pack(f"<{len(steps)}{code}", *steps)


def unpack_line(packed: bytes) -> Line:
    x, y = _FIRST.unpack_from(packed)
    code = chr(packed[_FIRST.size])
    start = _FIRST.size + 1
    count = (len(packed) - start) // (2 if code == "h" else 4)
    steps = unpack_from(f"<{count}{code}", packed, start)
    line = [(x / _MILLIONTHS, y / _MILLIONTHS)]
    for step in range(0, count, 2):
        x, y = x + steps[step], y + steps[step + 1]
        line.append((x / _MILLIONTHS, y / _MILLIONTHS))
    return line
