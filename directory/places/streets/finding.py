"""The point of a street address by the index of streets."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from directory.places.atlas import atlas
from directory.places.choice import label_of
from directory.places.cities import Point, ZipCode
from directory.places.names import fold
from directory.places.place import Place, Precision, WhyUnplaced
from directory.places.reading import Reading, read_address, tidy
from directory.places.streets.geometry import miles_apart, point_beside
from directory.places.streets.house_numbers import HouseNumber, spellings
from directory.places.streets.index import BOTH, HouseRange, StreetIndex, open_index
from directory.places.streets.reading import TypedStreet, is_box, read_street
from directory.places.streets.street_names import ALSO_CALLED, StreetName, read_name
from directory.web.messages import gettext

LOCATED_BY = "streets"
ASIDE_METERS = 10.0
"""How far from the middle of the street its houses are put."""
REACH = 200
"""A house number that no range holds is put at the nearest range, when so many numbers lie between them at most."""
NEIGHBOR_MILES = 5.0
"""A street in another city may be meant when the middle of its ZIP is so near the ZIP or city that was written."""
BORDER_MILES = 2.0
"""A house of another ZIP is taken when it lies so near the middle of the ZIP or city that was written: ZIPs of the file
and of the post office differ along their borders. A street of that name farther off may be another one."""
SAME_MILES = 0.05
"""Places of one address that lie so near each other are one."""
SPREAD_MILES = 0.5
"""Between places of one address that lie so near each other the one in their midst stands for all."""
MIN_SIMILARITY = 0.8
MIN_SIMILARITY_LEAD = 0.1
"""How much more alike a misspelled name has to be to one street than to any other of its ZIP."""
MIN_LETTERS = 4
"""A shorter name is not taken for a misspelled one."""

_MISSING, _OTHER_KIND = 1.0, 2.0
"""What it costs that a direction or the kind of street is missing, or that the kind is another one ..."""
_OTHER_ZIP, _OTHER_CITY = 1.0, 2.0
"""... that the ZIP is another one of that city, or one nearby ..."""
_NOT_HELD = 1.5
"""... and that no range holds the number."""
_MAX_COSTS = 3.0
"""A range that costs more agrees too little."""
_ALIKE = 0.2
"""Candidates whose costs differ less are equally good."""

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
    if _file is None or (index := open_index(_file)) is None:
        return None
    return find(index, read_address(tidy(address)) if isinstance(address, str) else address)


def streets_edition() -> str:
    """What differs whenever the index was replaced; empty when there is none."""
    if _file is None or open_index(_file) is None:
        return ""
    return str(_file.stat().st_mtime_ns)


def why_unplaced(address: str | Reading) -> WhyUnplaced:
    """Why `locate_street` gives no place for the address."""
    reading = read_address(tidy(address)) if isinstance(address, str) else address
    index, wanted = open_index(_file) if _file else None, _Wanted(reading, nearby=False)
    ways = list(read_street(reading.street))
    if not any(typed.number for typed in ways) and is_box(reading.street):
        return WhyUnplaced.PO_BOX
    around = _Wanted(reading)
    if index is None or all(around.cost_of_zip(zip_code) is None for zip_code in index.zips()):
        return WhyUnplaced.NO_FILE
    meant = [(typed.number, read_name(text)) for typed in ways for text in typed.names if typed.number]
    if any(True for number, name in meant for _ in _candidates(index, number, name, wanted)):
        return WhyUnplaced.TIE
    ranges = (each for _, name in meant for called in _names_of_road(name) for each in index.ranges_of(called.base))
    if not meant or any(wanted.cost(index, each) is not None for each in ranges):
        return WhyUnplaced.NO_NUMBER
    return WhyUnplaced.NO_STREET


class _Candidate(NamedTuple):
    """A range that may be meant. The less it `costs`, by its name, its place and its numbers, the better it agrees."""

    costs: float
    name_cost: float
    place_cost: float
    holds: bool
    number: int
    range: HouseRange


class _Wanted:
    """The ZIP and the cities that were written, by which ranges are judged."""

    def __init__(self, reading: Reading, *, nearby: bool = True) -> None:
        """`nearby` is whether the ZIP or the city may be a neighboring one."""
        self.zip_code = reading.zip_code if reading.zip_code and reading.zip_code.isdecimal() else None
        self.cities = {(fold(city.name), city.state): city for city in reading.cities}
        self._middles = [city.point for city in reading.cities]
        if self.zip_code and (known := _known_zip(int(self.zip_code))) and known.point:
            self._middles = [known.point]  # which is the smaller
        self._nearby = nearby
        self._costs: dict[int, float | None] = {}

    def cost(self, index: StreetIndex, each: HouseRange) -> float | None:
        """What it costs that the range lies where it does; None when that cannot be meant."""
        if each.zip is None:
            longitude, latitude = index.line(each.line_id)[0]
            return self._cost_near((latitude, longitude))
        if each.zip not in self._costs:
            self._costs[each.zip] = self.cost_of_zip(each.zip)
        return self._costs[each.zip]

    def cost_of_zip(self, zip_code: int) -> float | None:
        if self.zip_code == f"{zip_code:05}":
            return 0.0
        if _city_of_zip(zip_code) in self.cities:
            return _OTHER_ZIP if self.zip_code else 0.0
        known = _known_zip(zip_code)
        return self._cost_near(known.point if known else None)

    def is_near(self, point: Point, miles: float) -> bool:
        """Whether the point lies so near the middle of the ZIP or a city that was written."""
        return any(miles_apart(point, middle) <= miles for middle in self._middles)

    def _cost_near(self, point: Point | None) -> float | None:
        return _OTHER_CITY if self._nearby and point and self.is_near(point, NEIGHBOR_MILES) else None


def find(index: StreetIndex, reading: Reading, *, nearby: bool = True) -> Place | None:
    """Where the index puts an address that was taken apart; in just its ZIP and city, or `nearby` too."""
    wanted = _Wanted(reading, nearby=nearby)
    if not reading.street or reading.abroad or not (wanted.zip_code or wanted.cities):
        return None
    near: Place | None = None
    for typed in read_street(reading.street):
        found = _find_typed(index, typed, wanted)
        if found and found.precision == "address":
            return found
        near = near or found
    if not near and reading.zip_code and reading.cities:  # "5 Paseo del Mar, CA 90277" names no city
        whole = f"{reading.street} {reading.city_text}"
        return find(index, replace(reading, street=whole, city_text="", cities=()), nearby=False)
    return near


def _find_typed(index: StreetIndex, typed: TypedStreet, wanted: _Wanted) -> Place | None:
    number = typed.number
    names = [(text, read_name(text)) for text in typed.names]
    for _text, name in names:
        if number is None:
            found = _middle_of_street(index, name, wanted)
        else:
            found = _best(index, typed, wanted, _candidates(index, number, name, wanted))
        if found:
            return found
    if number is None or not wanted.zip_code:
        return None
    for text, name in names:
        if base := _near_base(index, name, int(wanted.zip_code)):
            meant = _candidates(index, number, StreetName(base, name.kind, name.directions), wanted)
            agreeing = (each for each in meant if not each.place_cost)
            if found := _best(index, typed, wanted, agreeing, instead_of=text):
                return found
    return None


def _candidates(index: StreetIndex, typed: HouseNumber, name: StreetName, wanted: _Wanted) -> Iterator[_Candidate]:
    """Ranges of that name, or of the road's other name, that hold the number or come near it."""
    for called in _names_of_road(name):
        directions = " ".join(sorted(called.directions))
        for spelled, is_sure in spellings(typed):
            if wanted.zip_code and is_sure:  # most addresses agree in all, and no other range can agree better
                ranges = index.ranges_around(called.base, spelled, 0, int(wanted.zip_code))
                agreeing = list(_judged(ranges, spelled.number, called.kind, directions, lambda _each: 0.0))
                if agreeing and not min(agreeing).costs:
                    yield from agreeing
                    return
            ranges = index.ranges_around(called.base, spelled, REACH)
            yield from _judged(ranges, spelled.number, called.kind, directions, partial(wanted.cost, index), is_sure)


def _judged(
    ranges: list[HouseRange],
    number: int,
    kind: str,
    directions: str,
    place_cost_of: Callable[[HouseRange], float | None],
    is_sure: bool = True,
) -> Iterator[_Candidate]:
    for each in ranges:
        name_cost = _name_cost(kind, directions, each)
        place_cost = place_cost_of(each) if name_cost is not None else None
        if name_cost is None or place_cost is None:
            continue
        holds = is_sure and each.holds(number)
        if not holds and place_cost > _OTHER_ZIP:
            continue  # too little that agrees
        missed = 0.0 if holds else _NOT_HELD + each.gap(number) / (2 * REACH)
        costs = name_cost + place_cost + missed
        if costs <= _MAX_COSTS:
            yield _Candidate(costs, name_cost, place_cost, holds, number, each)


def _names_of_road(name: StreetName) -> list[StreetName]:
    """The name; the other name of that road; and the name with its last word, which may say no kind."""
    names = [name] if name.base else []
    if other := ALSO_CALLED.get(name.base):
        names.append(StreetName(*other, name.directions))
    if name.kind:
        names.append(StreetName(name.with_kind, "", name.directions))
    return names


def _name_cost(kind: str, directions: str, each: HouseRange) -> float | None:
    """What it costs that kind and directions differ; None for contrary directions."""
    cost = 0.0
    if directions != each.directions:
        if directions and each.directions:
            return None
        cost += _MISSING
    if kind != each.kind:
        cost += _OTHER_KIND if kind and each.kind else _MISSING
    return cost


def _best(
    index: StreetIndex, typed: TypedStreet, wanted: _Wanted, candidates: Iterable[_Candidate], instead_of: str = ""
) -> Place | None:
    """The candidate that agrees best, if there is one such place alone."""
    ordered = sorted(candidates, key=lambda each: each.costs)
    if not ordered:
        return None
    best = ordered[0]
    alike = [each for each in ordered if each.costs - best.costs <= _ALIKE]
    points = [_point(index, each) for each in alike]
    spread = max(miles_apart(points[0], point) for point in points)
    if spread > SPREAD_MILES or (best.place_cost and not wanted.is_near(points[0], BORDER_MILES)):
        return None
    if best.holds and spread > SAME_MILES:
        middle = (sum(x for x, _y in points) / len(points), sum(y for _x, y in points) / len(points))
        several = gettext("There are several such addresses. Distances start from between them.")
        return _place(best.range, wanted, middle, "street", "", [several])
    notes = []
    if instead_of:
        typed_name = f"“{instead_of[:60]}”"
        notes.append(
            gettext("We couldn’t find %(typed)s there. We took %(street)s.", typed=typed_name, street=best.range.shown)
        )
    if not best.holds:
        notes.append(
            gettext(
                "We couldn’t find number %(number)s, so distances start from the nearest one.", number=typed.number_text
            )
        )
    # What differs in name and ZIP, or lies in another city, may be another street.
    is_address = best.holds and best.place_cost <= (0 if best.name_cost else _OTHER_ZIP)
    number_text = typed.number_text if is_address else ""
    return _place(best.range, wanted, points[0], "address" if is_address else "street", number_text, notes)


def _point(index: StreetIndex, candidate: _Candidate) -> Point:
    """Where the number stands: each number of a range has an equal share of the line, and stands in the middle of it.

    A number beyond the range stands where the last one before it does. On the street itself unless the range holds it.
    """
    each = candidate.range
    step = 1 if each.parity == BOTH else 2
    shares = (each.high - each.low) // step + 1
    share = ((min(max(candidate.number, each.low), each.high) - each.low) / step + 0.5) / shares
    aside = (ASIDE_METERS if each.is_right else -ASIDE_METERS) if candidate.holds else 0.0
    return point_beside(index.line(each.line_id), 1 - share if each.is_backward else share, aside)


def _middle_of_street(index: StreetIndex, name: StreetName, wanted: _Wanted) -> Place | None:
    """The middle of a street without a number, if it is so short that its middle says where it is."""
    costs = [
        (name_cost + place_cost, each)
        for called in _names_of_road(name)
        for each in index.ranges_of(called.base)
        if (name_cost := _name_cost(called.kind, " ".join(sorted(called.directions)), each)) is not None
        and (place_cost := wanted.cost(index, each)) is not None
        and place_cost <= _OTHER_ZIP
    ]
    least = min((cost for cost, _each in costs), default=0.0)
    ranges = sorted((each for cost, each in costs if cost == least), key=lambda each: each.low)
    lines = [index.line(each.line_id) for each in ranges]
    longitudes, latitudes = ([end[axis] for line in lines for end in (line[0], line[-1])] for axis in (0, 1))
    if not lines:
        return None
    if miles_apart((min(latitudes), min(longitudes)), (max(latitudes), max(longitudes))) > 2 * SPREAD_MILES:
        return None
    middle = ranges[len(ranges) // 2]
    point = point_beside(index.line(middle.line_id), 0.5, 0.0)
    return _place(middle, wanted, point, "street", "", [gettext("Distances start from the middle of the street.")])


def _place(
    each: HouseRange, wanted: _Wanted, point: Point, precision: Precision, number: str, notes: list[str]
) -> Place:
    """The place, whose note says where the file's ZIP or city is another one."""
    known = _known_zip(each.zip) if each.zip is not None else None
    where = known.label if known else wanted.zip_code or label_of(next(iter(wanted.cities.values())))
    if known and wanted.zip_code and wanted.zip_code != known.code:
        notes.append(
            gettext("We found the street in ZIP %(found)s, not %(typed)s.", found=known.code, typed=wanted.zip_code)
        )
    elif known and wanted.cities and not wanted.zip_code and _city_of_zip(int(known.code)) not in wanted.cities:
        found_in = f"{known.city}, {known.state}"
        notes.append(gettext("We found the street in %(city)s.", city=found_in))
    label = f"{number} {each.shown}, {where}".strip()
    return Place(label, *point, precision, " ".join(notes) or None, LOCATED_BY)


def _near_base(index: StreetIndex, name: StreetName, zip_code: int) -> str | None:
    """The street of the ZIP whose name differs from a misspelled one by an article or a few letters alone."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if not name.base.isalpha() or len(name.base) < MIN_LETTERS:
        return None
    names = index.names_in_zip(zip_code)
    if any(each.base == name.base for each in names):
        return None
    same = {each.base for each in names if each.without_articles == name.without_articles}
    if len(same) == 1:
        return same.pop()
    whole = {each.base if name.kind else each.with_kind: each.base for each in names if each.base.isalpha()}
    near = process.extract(
        name.base,
        list(whole),
        scorer=OSA.normalized_similarity,
        score_cutoff=MIN_SIMILARITY - MIN_SIMILARITY_LEAD,
        limit=2,
    )
    if not near or near[0][1] < MIN_SIMILARITY or near[0][1] - (near[1][1] if near[1:] else 0) < MIN_SIMILARITY_LEAD:
        return None
    return whole[near[0][0]]


@lru_cache(maxsize=4096)
def _known_zip(zip_code: int) -> ZipCode | None:
    return atlas().zips.get(f"{zip_code:05}")


def _city_of_zip(zip_code: int) -> tuple[str, str]:
    """The folded name and the state of the post office's own city of a ZIP."""
    known = _known_zip(zip_code)
    return (fold(known.city), known.state) if known else ("", "")
