"""Ways out of an empty result: which filter or radius to loosen, and how many results each would bring.

The labels are in the language of the page that is being made; outside of a request in English.
"""

import numpy as np
from flask_babel import gettext
from numpy.typing import NDArray

from directory.search.facets import filter_masks, passing
from directory.search.filters import BY_PARAMETER
from directory.search.query import Loosening, SearchQuery
from directory.search.snapshot import Snapshot

WIDER_MILES = (10, 25, 50, 100, 250, 500)


def loosenings(snapshot: Snapshot, query: SearchQuery) -> tuple[Loosening, ...]:
    """The single changes that bring results, most first; when none does, all filters removed.

    The field of the last is "filters", and its value the radius in miles to search then (empty to keep the radius).
    """
    place = query.place
    found = snapshot.candidates(place.latitude, place.longitude, WIDER_MILES[-1])
    masks = filter_masks(found.rows, snapshot.sets, query.filters)
    near = found.distance_miles <= query.radius_miles
    single = [
        Loosening(
            parameter,
            gettext(BY_PARAMETER[parameter].removal),
            "",
            int(np.count_nonzero(near & passing(masks, len(near), parameter))),
        )
        for parameter in masks
    ]
    radius, total = _nearest(found.distance_miles[passing(masks, len(near))])
    single.append(Loosening("radius", gettext("Search within %(radius)s miles", radius=radius), str(radius), total))
    helpful = sorted((change for change in single if change.total), key=lambda change: -change.total)
    if helpful or not masks:
        return tuple(helpful)
    return _without_filters(found.distance_miles, query.radius_miles)


def _without_filters(distance_miles: NDArray[np.float64], radius_miles: float) -> tuple[Loosening, ...]:
    total = int(np.count_nonzero(distance_miles <= radius_miles))
    if total:
        return (Loosening("filters", gettext("Remove all filters"), "", total),)
    radius, total = _nearest(distance_miles)
    if total:
        label = gettext("Remove all filters and search within %(radius)s miles", radius=radius)
        return (Loosening("filters", label, str(radius), total),)
    return ()


def _nearest(distance_miles: NDArray[np.float64]) -> tuple[int, int]:
    """The smallest of `WIDER_MILES` that brings something, and how much; the widest and 0 if none does."""
    totals = ((radius, int(np.count_nonzero(distance_miles <= radius))) for radius in WIDER_MILES)
    return next((found for found in totals if found[1]), (WIDER_MILES[-1], 0))
