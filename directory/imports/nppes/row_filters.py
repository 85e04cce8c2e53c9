"""Which rows of the NPPES files an import uses: filters over many rows at once, and the criteria that decide on one."""

import re
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from directory.imports.nppes.provider_values import (
    DEACTIVATED,
    NPI,
    PRACTICE,
    REACTIVATED,
    SECONDARY,
    TAXONOMY_CODES,
    Located,
    deactivation,
    practice_point,
)
from directory.imports.reading.fields import Fields
from directory.imports.reading.files import ImportFileError
from directory.imports.reading.npis import NO_NUMBER, NpiSet, as_numbers, npi_numbers
from directory.imports.reading.plain_blocks import PlainBlock
from directory.places.areas import zip_points
from directory.places.distance import great_circle_miles
from directory.places.place import Place
from directory.places.resolve import place_named
from directory.providers.npi import why_not_an_npi
from directory.providers.offerings import ALONGSIDE, ALONGSIDE_SPECIALTIES, TREATING, TREATING_SPECIALTIES

_TAXONOMY_CODE = re.compile(r"[0-9A-Z]{9}X")
ZIPS = 100_000
_ZIP_LENGTHS = np.array([5, 9, 10])
_ZIP_BYTES = 11  # one more than a ZIP has


class Area:
    """All within `radius_miles` of a place."""

    def __init__(self, place: Place, radius_miles: float) -> None:
        self._place = place
        self._radius_miles = radius_miles
        self.far_zips: NDArray[np.bool_] = np.zeros(ZIPS, np.bool_)
        """By ZIP as a number: whether it is known to lie outside."""
        numbers, latitudes, longitudes = zip_points()
        self.far_zips[numbers] = self._miles(latitudes, longitudes) > radius_miles

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
    try:
        return Area(place_named(near), radius_miles)
    except ValueError as error:
        raise ImportFileError(str(error)) from error


class ProviderFilter:
    """Takes providers of the `area` with one of the `taxonomies`; None asks for nothing.

    Those `known` to the directory are always kept up to date. `near_elsewhere` are providers with another practice
    location in the area. `injecting` are those of whom Medicare's files have neck injections: where the taxonomies
    name those who treat, they belong to them whatever they declare.
    """

    def __init__(
        self,
        area: Area | None,
        taxonomies: frozenset[str] | None,
        known: NpiSet,
        near_elsewhere: NpiSet,
        injecting: NpiSet,
    ) -> None:
        self._area = area
        asks_for_treating = taxonomies is not None and taxonomies >= TREATING_SPECIALTIES.keys()
        self._injecting = injecting if asks_for_treating else NpiSet(np.array([]))
        self._taxonomies = taxonomies
        self._known = known
        self._near_elsewhere = near_elsewhere
        self._codes = np.array(sorted(taxonomies or ()), np.bytes_)

    def __call__(self, block: PlainBlock) -> NDArray[np.bool_]:
        npis = npi_numbers(block, NPI)
        passed: NDArray[np.bool_] = (npis == NO_NUMBER) | self._known.holds(npis)
        others = ~passed
        if self._taxonomies is not None:
            others &= block.holding(self._codes) | self._injecting.holds(npis)
        rows = np.flatnonzero(others)
        deactivated, reactivated, zips = block.texts(
            (DEACTIVATED, REACTIVATED, PRACTICE.postal_code), _ZIP_BYTES, rows
        ).T
        wanted = (deactivated == b"") | (reactivated != b"")
        if self._area is not None:
            wanted &= may_be_near(zips, self._area) | self._near_elsewhere.holds(npis[rows])
        passed[rows] = wanted
        return passed

    def takes(self, fields: Fields) -> bool:
        if fields.raw(NPI) in self._known:
            return True
        if deactivation(fields):
            return False
        if self._taxonomies is not None and not (
            fields.raw(NPI) in self._injecting or any(fields.raw(name) in self._taxonomies for name in TAXONOMY_CODES)
        ):
            return False
        if self._area is None or fields.raw(NPI) in self._near_elsewhere:
            return True
        return self._area.holds(practice_point(fields, PRACTICE))


class LocationFilter:
    """Lets through the further locations that may lie in an area."""

    def __init__(self, area: Area) -> None:
        self._area = area

    def __call__(self, block: PlainBlock) -> NDArray[np.bool_]:
        return may_be_near(block.texts((SECONDARY.postal_code,), _ZIP_BYTES)[:, 0], self._area)

    def takes(self, fields: Fields) -> bool:
        return not why_not_an_npi(fields.raw(NPI)) and self._area.holds(practice_point(fields, SECONDARY))


def may_be_near(zips: NDArray[np.bytes_], area: Area) -> NDArray[np.bool_]:
    """False where a well-formed ZIP is known to lie outside; an odd one may lie inside."""
    numbers = as_numbers(zips, 5)
    numbers[(numbers == NO_NUMBER) | ~np.isin(np.strings.str_len(zips), _ZIP_LENGTHS)] = 0  # there is no ZIP 00000
    near: NDArray[np.bool_] = ~area.far_zips[numbers]
    return near


def taxonomies_named(codes: Collection[str]) -> frozenset[str] | None:
    """The codes that a person gave, `treating` and `alongside` standing for theirs; None when there are none.

    Raises `ImportFileError` for what is no code.
    """
    named: set[str] = set()
    for code in (piece.strip() for text in codes for piece in text.split(",") if piece.strip()):
        if code.lower() == TREATING:
            named |= TREATING_SPECIALTIES.keys()
        elif code.lower() == ALONGSIDE:
            named |= ALONGSIDE_SPECIALTIES.keys()
        elif _TAXONOMY_CODE.fullmatch(code.upper()):
            named.add(code.upper())
        else:
            raise ImportFileError(
                f"“{code}” is not a taxonomy code: give one like 2084N0400X, {TREATING} or {ALONGSIDE}."
            )
    return frozenset(named) if named else None
