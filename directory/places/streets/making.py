"""The index of streets made from TIGER/Line's address ranges (ADDRFEAT), one zip a county.

The new index is written beside the old one and put in its place when it is whole. Counties that no given file is of are
taken over from the old one.
"""

import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from struct import error as StructError  # noqa: N812 (it is a class)
from typing import Any
from zipfile import ZipFile, ZipInfo

from directory.places.streets.house_numbers import read_number
from directory.places.streets.index import BOTH, EVEN, INDEXES, LAYOUT, ODD, SCHEMA, County, StreetIndex, pack_line
from directory.places.streets.street_names import read_name
from directory.places.streets.zips import StreetFileError, named_if_unreadable, opened
from directory.places.whole_files import made_beside

NUMBER_COLUMNS = (("LFROMHN", "LTOHN"), ("RFROMHN", "RTOHN"))
REQUIRED = ("FULLNAME", *NUMBER_COLUMNS[0], *NUMBER_COLUMNS[1], "ZIPL", "ZIPR")
COLUMNS = (*REQUIRED, "PARITYL", "PARITYR")
TLID = "TLID"
"""The line's own number: a line with several ranges or names has a row for each."""
_PARITIES = {"E": EVEN, "O": ODD, "B": BOTH}
_FILE = re.compile(r"tl_(?:rd)?(\d{4})_(\d{5})_addrfeat\.shp", re.I)
_ROWS_AT_ONCE = 2000
Note = Callable[[int], object]
"""Is told of how many more rows were read."""


@dataclass(frozen=True, slots=True)
class CountyFile:
    """One zip of one county."""

    path: Path
    fips: str
    edition: int
    rows: int
    written_on: date
    sha256: str


@dataclass(slots=True)
class CountyRead:
    """What became of one county's file: rows that have a range, lines, ranges, and ranges that could not be read."""

    used: int = 0
    lines: int = 0
    ranges: int = 0
    unreadable: int = 0
    example: str = ""  # of those


def look_into(path: Path) -> CountyFile:
    """Which county the zip is of. Raises `StreetFileError`."""
    with named_if_unreadable(path), ZipFile(path) as archive:
        members = archive.infolist()
    named = [(member, found) for member in members if (found := _FILE.fullmatch(PurePosixPath(member.filename).name))]
    if len(named) != 1:
        held = ", ".join(member.filename for member in members[:4]) or "nothing"
        raise StreetFileError(
            f"{path.name} is no county's file of address ranges (it holds {held}): use TIGER/Line's ADDRFEAT zips, "
            "such as tl_2025_06037_addrfeat.zip, as they are published."
        )
    member, found = named[0]
    with opened(path, (".dbf",)) as reader:
        rows = len(reader)
    with open(path, "rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    return CountyFile(path, found[2], int(found[1]), rows, _written_on(member, int(found[1])), sha256)


def make_index(files: Sequence[CountyFile], target: Path, note: Note = lambda _rows: None) -> list[CountyRead]:
    """Make the index of these counties and of the others that `target` holds, and put it there.

    Raises `StreetFileError`, or `OSError` or `sqlite3.Error` where it cannot be written; `target` then stays the same.
    """
    with (
        made_beside(target) as beside,
        closing(sqlite3.connect(beside.as_uri(), uri=True, isolation_level=None)) as connection,
    ):
        connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {SCHEMA}")
        connection.execute("CREATE TEMP TABLE incoming AS SELECT * FROM house_range")
        _take_over(connection, target, {file.fips for file in files})
        connection.execute("BEGIN")
        done = [_add_county(connection, file, note) for file in files]
        _finish(connection)
        connection.execute("COMMIT")
    return done


def _take_over(connection: sqlite3.Connection, old: Path, replaced: Collection[str]) -> None:
    """Begin with the counties of the old index that are not replaced, if it is one of this layout."""
    with suppress(OSError, sqlite3.Error):
        StreetIndex(old)
        connection.execute("ATTACH ? AS old", (f"{old.absolute().as_uri()}?mode=ro",))
        connection.execute(
            "INSERT INTO county SELECT * FROM old.county WHERE fips NOT IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(replaced)),),
        )
        for take_over in (
            "INSERT INTO line SELECT * FROM old.line WHERE county IN (SELECT fips FROM main.county)",
            "INSERT INTO incoming SELECT * FROM old.house_range WHERE line_id IN (SELECT id FROM main.line)",
            "INSERT INTO street SELECT * FROM old.street WHERE id IN (SELECT street_id FROM incoming)",
            "DETACH old",
        ):
            connection.execute(take_over)


def _add_county(connection: sqlite3.Connection, file: CountyFile, note: Note) -> CountyRead:
    done = CountyRead()
    streets = dict(connection.execute("SELECT shown, id FROM street"))
    next_street = max(streets.values(), default=0) + 1
    next_line = (connection.execute("SELECT max(id) FROM line").fetchone()[0] or 0) + 1
    known_lines: dict[int, int] = {}  # by TLID
    lines: list[tuple[object, ...]] = []
    ranges: list[tuple[object, ...]] = []

    def write() -> None:
        connection.executemany("INSERT INTO line VALUES (?, ?, ?)", lines)
        connection.executemany("INSERT INTO incoming VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", ranges)
        lines.clear()
        ranges.clear()

    for at, (row, points) in enumerate(_rows(file.path), 1):
        if at % _ROWS_AT_ONCE == 0:
            write()
            note(_ROWS_AT_ONCE)
        shown = " ".join(row["FULLNAME"].split())
        sides = list(_sides(row, done)) if shown and points else []
        if not sides:
            continue
        street_id = streets.get(shown)
        if street_id is None:
            name = read_name(shown)
            street_id = streets[shown] = next_street
            next_street += 1
            directions = " ".join(sorted(name.directions))
            connection.execute(
                "INSERT INTO street VALUES (?, ?, ?, ?, ?, ?)",
                (street_id, name.base, " ".join(name.words), name.kind, directions, shown),
            )
        tlid = row.get(TLID)
        line_id = known_lines.get(tlid) if tlid else None
        if line_id is None:
            line_id, next_line = next_line, next_line + 1
            lines.append((line_id, file.fips, _packed(points, file)))
            done.lines += 1
            if tlid:
                known_lines[tlid] = line_id
        ranges += [(street_id, *side, line_id) for side in sides]
        done.used += 1
        done.ranges += len(sides)
    write()
    if not done.used:
        raise StreetFileError(f"{file.path.name} holds no street with house numbers: download it again.")
    county = County(file.fips, file.edition, file.sha256, done.lines, done.ranges)
    connection.execute("INSERT INTO county VALUES (?, ?, ?, ?, ?)", county)
    return done


def _packed(points: Sequence[Sequence[float]], file: CountyFile) -> bytes:
    try:
        return pack_line(points)
    except (ValueError, OverflowError, StructError) as error:  # no number, or no place on earth
        raise StreetFileError(f"{file.path.name} is damaged ({error}): download it again.") from error


def _sides(row: dict[str, Any], done: CountyRead) -> Iterator[tuple[object, ...]]:
    """The ranges of a row, without the street and the line; counts those that cannot be read."""
    for is_right, (first, last) in enumerate(NUMBER_COLUMNS):
        if not row[first] or not row[last]:
            continue
        start, end = read_number(row[first]), read_number(row[last])
        if start is None or end is None or start.prefix != end.prefix:
            done.unreadable += 1
            done.example = done.example or f"{row[first]} to {row[last]}"
            continue
        side = "LR"[is_right]
        zip_code = row[f"ZIP{side}"]
        parity = _PARITIES.get(row.get(f"PARITY{side}", ""))
        if parity is None or (parity != BOTH and {start.number % 2, end.number % 2} != {parity}):
            parity = start.number % 2 if start.number % 2 == end.number % 2 else BOTH
        yield (
            start.prefix,
            min(start.number, end.number),
            max(start.number, end.number),
            parity,
            is_right,
            int(start.number > end.number),
            int(zip_code) if len(zip_code) == 5 and zip_code.isdecimal() else None,
        )


def _finish(connection: sqlite3.Connection) -> None:
    """Put the ranges in the order of their key, so that the table has no gaps, and say which streets a ZIP has."""
    connection.execute(
        "INSERT OR IGNORE INTO house_range SELECT * FROM incoming "
        "ORDER BY street_id, prefix, low, high, line_id, is_right"
    )
    connection.execute(
        "INSERT INTO street_in_zip SELECT DISTINCT zip, street_id FROM house_range WHERE zip IS NOT NULL ORDER BY 1, 2"
    )
    connection.execute(INDEXES)
    connection.execute(f"PRAGMA user_version = {LAYOUT}")


def _rows(path: Path) -> Iterator[tuple[dict[str, Any], Sequence[Sequence[float]]]]:
    """The columns that are needed of each row, and the points of its line. Raises `StreetFileError`."""
    with opened(path) as reader:
        names = [column.name for column in reader.fields if column.name in {*COLUMNS, TLID}]
        if missing := [name for name in REQUIRED if name not in names]:
            raise StreetFileError(
                f"{path.name} lacks the columns {', '.join(missing)}: use TIGER/Line's ADDRFEAT, of 2013 or later."
            )
        for item in reader.iterShapeRecords(fields=names):
            row = dict.fromkeys(COLUMNS, "") | {name: item.record[name] or "" for name in names}
            yield row, item.shape.points if item.shape else ()


def _written_on(member: ZipInfo, edition: int) -> date:
    """The day on which the file was made; an edition comes out in September of its year."""
    with suppress(ValueError):
        if member.date_time[0] >= edition:
            return date(*member.date_time[:3])
    return date(edition, 9, 1)
