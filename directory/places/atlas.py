"""All ZIPs and cities of the United States, made from the `zipcodes` package.

Made when first asked for, and kept in a file for the processes that come after (`atlas_file`). Nothing here asks the
network.
"""

import gc
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median
from threading import Lock
from typing import Any

from directory.places.atlas_file import read_stored, store
from directory.places.names import NEIGHBORHOODS, fold

Point = tuple[float, float]
"""Latitude and longitude in degrees."""

PRIMARY, ACCEPTABLE, INFORMAL = 0, 1, 2
"""How a name belongs to a ZIP: the post office's own, another that it delivers to, one that it discourages."""
_APART_DEGREES = 0.7
_STAND_IN = 3
"""A point that ZIPs of so many cities share is the middle of a county or the like, not where any of them lies."""


@dataclass(frozen=True, slots=True)
class ZipCode:
    """One ZIP. `point` is None for the armed forces overseas and where nobody knows it."""

    code: str
    city: str
    state: str
    point: Point | None
    has_streets: bool  # no post-office boxes, single firm or retired ZIP

    @property
    def label(self) -> str:
        return f"{self.city}, {self.state} {self.code}"


@dataclass(frozen=True, slots=True)
class City:
    """One name in one state. `weight` counts its ZIPs with street delivery, which grows with its people.

    It is 1 for a village that only has post-office boxes, and 0 for what is no town: a firm, a retired ZIP.
    """

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
    cities: dict[str, tuple[City, ...]]
    """By folded name, one for each state that has a city of that name."""

    def city(self, name: str, state: str) -> City | None:
        """The city of that name in the state (two capitals), whatever the name's case, accents and abbreviations."""
        return next((city for city in self.named(name) if city.state == state), None)

    def named(self, name: str) -> tuple[City, ...]:
        return self.cities.get(fold(name), ())


_lock = Lock()
_atlas: Atlas | None = None


def atlas() -> Atlas:
    """The one atlas of this process. Threads that ask at once wait for the first."""
    global _atlas
    if _atlas is None:
        with _lock:
            if _atlas is None:
                _atlas = _stored_or_made()
    return _atlas


def _stored_or_made() -> Atlas:
    was_enabled = gc.isenabled()
    gc.disable()  # many objects at once, none of them garbage: looking for it would double the time
    try:
        stored = read_stored()
        if stored is not None:
            return _from_plain(*stored)
        made = _read()
        store(_as_plain(made))
        return made
    finally:
        if was_enabled:
            gc.enable()


def _as_plain(made: Atlas) -> Any:
    zips = [(known.code, known.city, known.state, known.point, known.has_streets) for known in made.zips.values()]
    cities = {
        folded: [(city.name, city.state, city.point, city.weight, city.standing) for city in its_cities]
        for folded, its_cities in made.cities.items()
    }
    return zips, cities


def _from_plain(zips: list[Any], cities: dict[str, list[Any]]) -> Atlas:
    return Atlas(
        {
            code: ZipCode(code, city, state, tuple(point) if point else None, has_streets)
            for code, city, state, point, has_streets in zips
        },
        {
            folded: tuple(City(name, state, tuple(point), *rest) for name, state, point, *rest in its_cities)
            for folded, its_cities in cities.items()
        },
    )


@dataclass(slots=True)
class _Row:
    code: str
    city: str
    point: Point | None
    has_streets: bool
    has_boxes: bool
    other_names: list[tuple[str, int]]
    stands_in: bool = False


def _read() -> Atlas:
    import zipcodes  # here, since it costs half a second and 55 MB that a process with a stored atlas can spare

    zips: dict[str, ZipCode] = {}
    cities: dict[str, tuple[City, ...]] = {}
    rows_by_state: dict[str, list[_Row]] = defaultdict(list)
    for digit in range(10):  # by parts: all of the package's rows at once take 150 MB
        for fields in zipcodes.similar_to(str(digit)):  # type: ignore[no-untyped-call]  # the package has none
            rows_by_state[fields["state"]].append(_row(fields))
    for state, rows in rows_by_state.items():
        its_cities = _cities(rows, state)
        for folded, city in its_cities.items():
            cities[folded] = (*cities.get(folded, ()), city)
        for row in rows:
            point = row.point
            if point is None or row.stands_in:
                city_or_none = its_cities.get(fold(row.city))
                point = city_or_none.point if city_or_none else point
            zips[row.code] = ZipCode(row.code, row.city, state, point, row.has_streets)
    for name, code in NEIGHBORHOODS.items():
        known, folded = zips[code], fold(name)
        elsewhere = tuple(city for city in cities.get(folded, ()) if city.state != known.state)
        formal = any(c.state == known.state and c.standing != INFORMAL for c in cities.get(folded, ()))
        if known.point and not formal:
            cities[folded] = (*elsewhere, City(name, known.state, known.point, 1, ACCEPTABLE))
    return Atlas(zips, cities)


def _row(fields: dict[str, Any]) -> _Row:
    kind = fields["zip_code_type"]
    point = (float(fields["lat"] or 0), float(fields["long"] or 0))
    names = []
    if kind == "STANDARD":  # the other names of a unique ZIP are those of its firm
        names = [(name, ACCEPTABLE) for name in fields["acceptable_cities"]]
        names += [(name, INFORMAL) for name in fields["unacceptable_cities"]]
    return _Row(
        fields["zip_code"],
        _spelled(fields["city"]),
        None if kind == "MILITARY" or point == (0, 0) else point,
        kind == "STANDARD" and fields["active"],
        kind == "PO BOX" and fields["active"],
        names,
    )


def _spelled(name: str) -> str:
    """The package's capitals put right: "Winston-salem", "Mckinney"."""
    if "-" not in name and "Mc" not in name:
        return name
    return re.sub(r"(?:(?<=-)|\bMc)[a-z]", lambda found: found[0][:-1] + found[0][-1].upper(), name)


def _cities(rows: list[_Row], state: str) -> dict[str, City]:
    cities_at = defaultdict(set)
    for row in rows:
        cities_at[row.point].add(row.city)
    uses: dict[str, list[tuple[int, str, _Row]]] = defaultdict(list)
    for row in rows:
        row.stands_in = len(cities_at[row.point]) >= _STAND_IN
        uses[fold(row.city)].append((PRIMARY, row.city, row))
        for name, standing in row.other_names:
            uses[fold(name)].append((standing, name, row))
    cities = {}
    short_for = {}
    for folded, its_uses in uses.items():
        standing = min(its_uses, key=lambda use: (not use[2].has_streets, use[0]))[0]
        its_rows = [row for use, _name, row in its_uses if use == standing]
        if standing != PRIMARY:
            its_rows = _one_town(its_rows)
        point = _middle(its_rows)
        if folded and point:
            name = max((_spelled(name) for use, name, _row in its_uses if use == standing), key=len)
            weight = sum(row.has_streets for row in its_rows) or int(any(row.has_boxes for row in its_rows))
            cities[folded] = City(name, state, point, weight, standing)
            if standing != PRIMARY and _abbreviates(folded, its_rows):
                short_for[folded] = fold(its_rows[0].city)
    for folded, whole in short_for.items():
        cities[folded] = cities[whole]
    return cities


def _one_town(rows: list[_Row]) -> list[_Row]:
    """Rows that lie together. Where towns far apart share a by-name, those of the one with the most ZIPs."""
    if len(rows) == 1:
        return rows
    latitudes = [row.point[0] for row in rows if row.point]
    longitudes = [row.point[1] for row in rows if row.point]
    if not latitudes or max(max(latitudes) - min(latitudes), max(longitudes) - min(longitudes)) < _APART_DEGREES:
        return rows
    towns = Counter(row.city for row in rows)
    return [row for row in rows if row.city == towns.most_common(1)[0][0]]


def _abbreviates(folded: str, rows: list[_Row]) -> bool:
    """Whether a name is short for the one city of its ZIPs, as "Phila" is and "Hollywood" is not."""
    city = fold(rows[0].city)
    if city[0] != folded[0] or any(row.city != rows[0].city for row in rows):
        return False
    letters = iter(city)
    return all(letter in letters for letter in folded)


def _middle(rows: list[_Row]) -> Point | None:
    """The median of the ZIPs that have streets, so that neither post-office boxes nor one far corner move it."""
    if len(rows) == 1:
        return rows[0].point
    for wanted in (
        [row.point for row in rows if row.point and row.has_streets and not row.stands_in],
        [row.point for row in rows if row.point and not row.stands_in],
        [row.point for row in rows if row.point],
    ):
        if len(wanted) == 1:
            return wanted[0]
        if wanted:
            return median(point[0] for point in wanted), median(point[1] for point in wanted)
    return None
