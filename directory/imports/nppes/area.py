"""Which practice addresses lie near a place, by their ZIP or else their city."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from directory.imports.reading.files import ImportFileError
from directory.places.distance import great_circle_miles
from directory.places.gazetteer import city_named, zip_point, zip_points
from directory.places.place import Place
from directory.places.resolve import resolve
from directory.providers.contact import is_united_states

ZIPS = 100_000


class Located(NamedTuple):
    """Degrees, and how they were found; no point for an address that the gazetteer does not know."""

    latitude: float | None
    longitude: float | None
    precision: str  # zip, city or none


NOWHERE = Located(None, None, "none")


def locate(postal_code: str | None, city: str, state: str, country: str) -> Located:
    """Where the gazetteer puts an address that has been put in order."""
    if not is_united_states(country):
        return NOWHERE
    point = zip_point(postal_code[:5]) if postal_code else None
    if point is not None:
        return Located(*point, "zip")
    known = city_named(city, state) if city else None
    return Located(*known.point, "city") if known else NOWHERE


class Area:
    """All within `radius_miles` of a place."""

    def __init__(self, place: Place, radius_miles: float) -> None:
        self._place = place
        self._radius_miles = radius_miles
        self.far_zips: NDArray[np.bool_] = np.zeros(ZIPS, np.bool_)
        """By ZIP as a number: whether it is known to lie outside."""
        known = zip_points()
        latitudes, longitudes = np.array(list(known.values())).T
        self.far_zips[np.array(list(map(int, known)))] = self._miles(latitudes, longitudes) > radius_miles

    def holds(self, located: Located) -> bool:
        if located.latitude is None or located.longitude is None:
            return False
        miles = self._miles(np.array([located.latitude]), np.array([located.longitude]))
        return bool(miles[0] <= self._radius_miles)

    def _miles(self, latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]) -> NDArray[np.float64]:
        return great_circle_miles(self._place.latitude, self._place.longitude, latitudes, longitudes)


def area_around(near: str, radius_miles: float) -> Area:
    """The area that a person named. Raises `ImportFileError` when the place is unknown or could be several."""
    if not 0 < radius_miles < float("inf"):
        raise ImportFileError("--radius must be a number of miles above 0.")
    found = resolve(near)
    if found.place is None:
        several = " or ".join(f"“{choice}”" for choice in (found.choices or found.suggestions)[:5])
        asked = f"“{near}” could be several places." if found.choices else found.message or f"“{near}” is unknown."
        raise ImportFileError(f"{asked} Try {several}." if several else asked)
    return Area(found.place, radius_miles)
