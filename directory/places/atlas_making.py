"""The atlas made from the `zipcodes` package, `towns.tsv` and the neighborhoods around home."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from directory.places.around_home import NEIGHBORHOODS
from directory.places.atlas_file import TOWNS
from directory.places.cities import ACCEPTABLE, INFORMAL, PRIMARY, Atlas, City, Point, ZipCode
from directory.places.distance import great_circle_miles, miles_between
from directory.places.names import fold

_APART_DEGREES = 0.7
SAME_TOWN_MILES = 15.0
"""Within so many miles a name stands for one town; beyond, a state has two towns of that name."""
_PEOPLE_A_ZIP = 10_000
_EAST_OF_GREENWICH = frozenset({"GU", "MP", "PW", "FM", "MH"})
_STAND_IN = 3
"""A point that ZIPs of so many cities share is the middle of a county or the like, not where any of them lies."""


class Town(NamedTuple):
    """A town or neighborhood by a name that the post office does not use for it."""

    name: str
    state: str
    point: Point
    people: int


@dataclass(slots=True)
class _Row:
    code: str
    city: str
    county: str
    point: Point | None
    has_streets: bool
    has_boxes: bool
    other_names: list[tuple[str, int]]
    stands_in: bool = False


def read_towns() -> Iterator[Town]:
    for line in TOWNS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, state, latitude, longitude, people = line.split("\t")
            yield Town(name, state, (float(latitude), float(longitude)), int(people))


def make_atlas(towns: Iterable[Town]) -> Atlas:
    """All that the package knows, with the `towns` that it lacks."""
    import zipcodes  # here, since it costs half a second and 55 MB that a process with a stored atlas can spare

    zips: dict[str, ZipCode] = {}
    cities: dict[str, tuple[City, ...]] = {}
    rows_by_state: dict[str, list[_Row]] = defaultdict(list)
    for digit in range(10):  # by parts: all of the package's rows at once take 150 MB
        for fields in zipcodes.similar_to(str(digit)):  # type: ignore[no-untyped-call]  # the package has none
            rows_by_state[fields["state"]].append(_row(fields))
    towns_by_state: dict[str, list[Town]] = defaultdict(list)
    for town in towns:
        towns_by_state[town.state].append(town)
    for state, rows in rows_by_state.items():
        of_post_office = _cities(rows, state)
        its_cities: dict[str, tuple[City, ...]] = {folded: (city,) for folded, city in of_post_office.items()}
        for town in (*towns_by_state[state], *_neighborhoods(rows, state)):
            its_cities[fold(town.name)] = _with_town(its_cities.get(fold(town.name), ()), town)
        for folded, named in its_cities.items():
            cities[folded] = (*cities.get(folded, ()), *_told_apart(named, rows))
        for row in rows:
            point = row.point
            if point is None or row.stands_in:
                city_or_none = of_post_office.get(fold(row.city))
                point = city_or_none.point if city_or_none else point
            zips[row.code] = ZipCode(row.code, row.city, state, point, row.has_streets)
    return Atlas(zips, cities)


def is_known(town: Town, cities: Iterable[City]) -> bool:
    """Whether one of the `cities` of its name and state is this town."""
    return any(_is_namesake(c, town) and miles_between(c.point, town.point) < SAME_TOWN_MILES for c in cities)


def _is_namesake(city: City, town: Town) -> bool:
    """Whether the city has the town's name, neither as an informal one nor as a short one: "Bell" for Bell Gardens."""
    return city.standing != INFORMAL and fold(city.name) == fold(town.name)


def _with_town(cities: tuple[City, ...], town: Town) -> tuple[City, ...]:
    """The cities of one name in one state with one more, which takes the place of those that are no namesakes."""
    if is_known(town, cities):
        return cities
    weight = max(1, round(town.people / _PEOPLE_A_ZIP))
    namesakes = tuple(city for city in cities if _is_namesake(city, town))
    return (*namesakes, City(town.name, town.state, town.point, weight, ACCEPTABLE))


def _neighborhoods(rows: list[_Row], state: str) -> Iterator[Town]:
    for row in rows:
        for name in NEIGHBORHOODS.get(row.code, "").split(", "):
            if name and row.point:
                yield Town(name, state, row.point, 0)


def _told_apart(cities: tuple[City, ...], rows: list[_Row]) -> tuple[City, ...]:
    """Cities of one name in one state, with their counties where there are several; one for each county."""
    if len(cities) == 1:
        return cities
    placed = [row for row in rows if row.point and row.county and not row.stands_in]
    if not placed:
        return cities[:1]
    latitudes, longitudes = np.array([row.point for row in placed]).T
    by_county: dict[str, City] = {}
    for city in cities:
        nearest = placed[int(great_circle_miles(*city.point, latitudes, longitudes).argmin())]
        county = re.sub(" city$", "", nearest.county, flags=re.I)  # of a city that belongs to no county
        by_county.setdefault(county, replace(city, county=county))
    return tuple(by_county.values()) if len(by_county) > 1 else cities[:1]


def _row(fields: dict[str, Any]) -> _Row:
    kind = fields["zip_code_type"]
    point = (float(fields["lat"] or 0), float(fields["long"] or 0))
    if fields["state"] in _EAST_OF_GREENWICH:  # the package puts Majuro as far west
        point = (point[0], abs(point[1]))
    names = []
    if kind == "STANDARD":  # the other names of a unique ZIP are those of its firm
        names = [(name, ACCEPTABLE) for name in fields["acceptable_cities"]]
        names += [(name, INFORMAL) for name in fields["unacceptable_cities"]]
        names = [(name, standing) for name, standing in names if not name.endswith(" County")]  # each is no town
    return _Row(
        fields["zip_code"],
        _spelled(fields["city"]),
        fields["county"],
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
