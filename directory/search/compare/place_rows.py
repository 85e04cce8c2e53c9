"""Whether the providers may be ranked at all, how far they are from the reader, and at which address."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flask_babel import gettext

from directory.places.place import Place
from directory.providers.models import PracticeLocation
from directory.search.compare.differences import best
from directory.search.compare.queries import Compared
from directory.search.compare.rows import Row, RowGroup, row
from directory.search.explain import APPROXIMATE
from directory.search.grid import miles_from, unit_vectors

ONE_DECIMAL_BELOW_MILES = 100  # as pages write distances


@dataclass(frozen=True, slots=True)
class Practice:
    """Where a provider is met: the nearest practice location, or the main one when nobody said from where."""

    location: PracticeLocation
    distance_miles: float | None
    others: int  # how many further practice locations there are

    @property
    def placed_by(self) -> str | None:
        """Why the distance is approximate, if it is."""
        return APPROXIMATE.get(self.location.precision)

    @property
    def shown_miles(self) -> float | None:
        """The distance as finely as pages show it: who seems equally far counts as equally far."""
        if self.distance_miles is None:
            return None
        return round(self.distance_miles, 1 if self.distance_miles < ONE_DECIMAL_BELOW_MILES else 0)


def place_rows(columns: Sequence[Compared], place: Place | None) -> RowGroup:
    practices = [practice_of(column, place) for column in columns]
    rows = (_standing(columns), _distance(columns, practices, place), _address(practices))
    return RowGroup("where", gettext("Standing and place"), rows)


def practice_of(column: Compared, place: Place | None) -> Practice | None:
    """The practice nearest to `place`, measured as the search measures, and the one entered first if two are as near.

    Without a place, or without any practice that has a point, it is the main one. None without an address.
    """
    locations = column.provider.locations
    others = len(locations) - 1
    placed = [each for each in locations if _has_point(each)] if place else []
    if place and placed:
        points = np.array([(each.latitude, each.longitude) for each in placed], dtype=np.float64)
        miles = miles_from(place.latitude, place.longitude, unit_vectors(points[:, 0], points[:, 1]))
        nearest = int(np.argmin(miles))
        return Practice(placed[nearest], float(miles[nearest]), others)
    main = sorted(locations, key=lambda each: not each.is_primary)
    return Practice(main[0], None, others) if main else None


def _has_point(location: PracticeLocation) -> bool:
    latitude, longitude = location.latitude, location.longitude
    return latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180


def _standing(columns: Sequence[Compared]) -> Row:
    same = [
        (column.provider.deactivated_on, column.qualification.barred_for, column.qualification.license_verified)
        for column in columns
    ]
    return row("standing", gettext("Standing"), "standing", columns, same_by=same)


def _distance(columns: Sequence[Compared], practices: Sequence[Practice | None], place: Place | None) -> Row:
    """Distances that nobody asked for are not known to be the same."""
    miles = [practice.shown_miles if practice else None for practice in practices]
    rough = [practice is not None and practice.placed_by is not None for practice in practices]
    marks = best(miles, [column.is_ranked for column in columns], highest=False, rough=rough)
    measured = [practice if practice and practice.distance_miles is not None else None for practice in practices]
    nothing = gettext("Not known: no address of theirs could be placed.")
    same = miles if place else range(len(miles))
    return row("distance", gettext("Distance"), "distance", measured, same_by=same, nothing=nothing, marks=marks)


def _address(practices: Sequence[Practice | None]) -> Row:
    where = [practice and (practice.location.line_1, practice.location.city) for practice in practices]
    nothing = gettext("No address is on record.")
    return row("address", gettext("Address"), "address", practices, same_by=where, nothing=nothing)
