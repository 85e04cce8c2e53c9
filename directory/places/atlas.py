"""All ZIPs and cities of the United States, read from the `zipcodes` package.

Read when first asked for, once a process: about half a second; some 30 MB stay. Nothing here asks the network.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from threading import Lock

import zipcodes

from directory.places.names import fold

Point = tuple[float, float]
"""Latitude and longitude in degrees."""

PRIMARY, ACCEPTABLE, INFORMAL = 0, 1, 2
"""How a name belongs to a ZIP: the post office's own, another that it delivers to, one that it discourages."""
_STAND_IN = 3
"""A point that ZIPs of so many cities share is the middle of a county or the like, not where any of them lies."""


@dataclass(frozen=True, slots=True)
class ZipCode:
    """One ZIP. `point` is None for the armed forces overseas and where nobody knows it."""

    code: str
    city: str
    state: str
    point: Point | None

    @property
    def label(self) -> str:
        return f"{self.city}, {self.state} {self.code}"


@dataclass(frozen=True, slots=True)
class City:
    """One name in one state. `weight` counts its ZIPs with street delivery, which grows with its people."""

    name: str
    state: str
    point: Point
    weight: int
    standing: int

    @property
    def label(self) -> str:
        return f"{self.name}, {self.state}"


@dataclass(frozen=True, slots=True)
class Atlas:
    zips: dict[str, ZipCode]
    cities: dict[str, dict[str, City]]
    """By folded name, then by state."""


_lock = Lock()
_atlas: Atlas | None = None


def atlas() -> Atlas:
    """The one atlas of this process. Threads that ask at once wait for the first."""
    global _atlas
    if _atlas is None:
        with _lock:
            if _atlas is None:
                _atlas = _build(list(_rows()))
    return _atlas


@dataclass(slots=True)
class _Row:
    code: str
    city: str
    state: str
    point: Point | None
    has_streets: bool
    other_names: list[tuple[str, int]]
    stands_in: bool = False


def _rows() -> Iterator[_Row]:
    for prefix in range(100):  # by parts, for `zipcodes.list_all()` would keep 100 MB for good
        for row in zipcodes.similar_to(f"{prefix:02}"):
            kind = row["zip_code_type"]
            point = (float(row["lat"] or 0), float(row["long"] or 0))
            names = []
            if kind == "STANDARD":  # the other names of a unique ZIP are those of its firm
                names = [(name, ACCEPTABLE) for name in row["acceptable_cities"]]
                names += [(name, INFORMAL) for name in row["unacceptable_cities"]]
            yield _Row(
                row["zip_code"],
                _spelt(row["city"]),
                row["state"],
                None if kind == "MILITARY" or point == (0, 0) else point,
                kind == "STANDARD" and row["active"],
                names,
            )


def _spelt(name: str) -> str:
    """The package's capitals put right: "Winston-salem", "Mckinney"."""
    return re.sub(r"(?:(?<=-)|\bMc)[a-z]", lambda found: found[0][:-1] + found[0][-1].upper(), name)


def _build(rows: list[_Row]) -> Atlas:
    cities_at = defaultdict(set)
    for row in rows:
        cities_at[row.point].add((row.city, row.state))
    named: dict[tuple[str, str], list[tuple[int, str, _Row]]] = defaultdict(list)
    for row in rows:
        row.stands_in = len(cities_at[row.point]) >= _STAND_IN
        named[fold(row.city), row.state].append((PRIMARY, row.city, row))
        for name, standing in row.other_names:
            named[fold(name), row.state].append((standing, _spelt(name), row))
    cities: dict[str, dict[str, City]] = defaultdict(dict)
    for (folded, state), uses in sorted(named.items(), key=lambda item: item[1][0][0]):
        standing = min(use[0] for use in uses)
        its_rows = [row for use, _name, row in uses if use == standing]
        name = _name_for(its_rows, next(name for use, name, _row in uses if use == standing), standing, named)
        point = _middle(its_rows)
        if point:
            weight = sum(row.has_streets for row in its_rows)
            cities[folded][state] = City(name, state, point, weight, standing)
    zips = {}
    for row in rows:
        city = cities.get(fold(row.city), {}).get(row.state)
        point = city.point if city and (row.point is None or row.stands_in) else row.point
        zips[row.code] = ZipCode(row.code, row.city, row.state, point)
    return Atlas(zips, dict(cities))


def _name_for(
    rows: list[_Row], name: str, standing: int, named: dict[tuple[str, str], list[tuple[int, str, _Row]]]
) -> str:
    """The name to show: another name for most of one city shows the city's own ("Phila" shows "Philadelphia")."""
    primaries = {row.city for row in rows}
    if standing == PRIMARY or len(primaries) > 1:
        return name
    (primary,) = primaries
    whole = [row for use, _name, row in named[fold(primary), rows[0].state] if use == PRIMARY and row.has_streets]
    return primary if 2 * len(rows) >= len(whole) > 1 else name


def _middle(rows: list[_Row]) -> Point | None:
    """The median of the ZIPs that have streets, so that neither post-office boxes nor one far corner move it."""
    for wanted in (
        [row.point for row in rows if row.point and row.has_streets and not row.stands_in],
        [row.point for row in rows if row.point and not row.stands_in],
        [row.point for row in rows if row.point],
    ):
        if wanted:
            return median(point[0] for point in wanted), median(point[1] for point in wanted)
    return None
