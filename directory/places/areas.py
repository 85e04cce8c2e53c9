"""The area around a place, in the terms that public sources are asked by: ZIPs, states and counties."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from directory.places.atlas import atlas
from directory.places.distance import great_circle_miles
from directory.places.names import fold
from directory.places.place import Place

COUNTIES = Path(__file__).with_name("counties.tsv")
_EDGE_MILES = 5.0
"""How far outside the area the middle of a ZIP may lie, some of which is inside."""
_KIND_OF_COUNTY = re.compile(
    r"\b(county|parish|city and borough|borough|census area|municipality|municipio|city|of)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class AreaCodes:
    """What lies within `radius_miles` of a place: ZIPs of five digits, states by two letters, counties by FIPS code."""

    label: str
    radius_miles: float
    zips: tuple[str, ...]
    states: tuple[str, ...]
    counties: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.label}, {self.radius_miles:g} miles"


@lru_cache(maxsize=8)
def codes_around(place: Place, radius_miles: float) -> AreaCodes:
    """What lies around the place, by the middles of the ZIPs; states and counties of those at the edge too."""
    numbers, latitudes, longitudes = zip_points()
    miles = great_circle_miles(place.latitude, place.longitude, latitudes, longitudes)
    inside, touched = (
        [f"{number:05}" for number in numbers[miles <= reach].tolist()]
        for reach in (radius_miles, radius_miles + _EDGE_MILES)
    )
    states = {atlas().zips[code].state for code in touched}
    return AreaCodes(place.label, radius_miles, tuple(inside), tuple(sorted(states)), _counties_of(set(touched)))


@lru_cache(maxsize=1)
def zip_points() -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """The ZIPs whose middle is known, as numbers in their order, with its latitude and longitude."""
    known = [(int(code), each.point) for code, each in atlas().zips.items() if each.point]
    numbers, points = zip(*known, strict=True)
    latitudes, longitudes = np.array(points).T
    return np.array(numbers), latitudes, longitudes


def _counties_of(zips: set[str]) -> tuple[str, ...]:
    """FIPS codes of the counties in which the ZIPs mainly lie; of a county and a city of one name both."""
    import zipcodes  # here, since it costs half a second

    named = defaultdict(set)
    for line in COUNTIES.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            fips, state, name = line.split("\t")
            named[state, _county_key(name)].add(fips)
    found: set[str] = set()
    for start in {code[:3] for code in zips}:
        for fields in zipcodes.similar_to(start):  # type: ignore[no-untyped-call]  # the package has none
            if fields["zip_code"] in zips:
                found |= named.get((fields["state"], _county_key(fields["county"] or "")), set())
    return tuple(sorted(found))


def county_name(fips: str) -> str:
    """ "Los Angeles County, CA" for its code; the code itself where there is no such county."""
    for line in COUNTIES.read_text(encoding="utf-8").splitlines():
        code, *named = line.split("\t")
        if code == fips:
            state, name = named
            return f"{name} County, {state}"
    return fips


def _county_key(name: str) -> str:
    return fold(_KIND_OF_COUNTY.sub(" ", name)).replace("saint", "st").replace(" ", "")
