"""Filters over candidates: which they let through, and the counts and ways out that a page shows.

Counts say how many results each choice of each filter would bring. Ways out of an empty result say which filter or
radius to loosen. Labels are in the language of the page that is being made; outside of a request they are in English.
"""

from collections.abc import Mapping

import numpy as np
from flask_babel import gettext

from directory.search.filters import BY_PARAMETER, VALUES, YES, ChosenFilters
from directory.search.grid import Floats
from directory.search.query import FacetValue, Loosening, SearchQuery
from directory.search.snapshot import Rows, Snapshot
from directory.search.value_sets import Mask, ValueSets


def filter_masks(rows: Rows, sets: Mapping[str, ValueSets], filters: ChosenFilters) -> dict[str, Mask]:
    """For each filter in force, by URL parameter: which rows it lets through."""
    return {
        parameter: sets[parameter].holding(values)[rows[parameter]] if parameter in VALUES else rows[parameter]
        for parameter, values in filters.items()
    }


def combine_masks(masks: Mapping[str, Mask], count: int, without: str | None = None) -> Mask:
    """Which of `count` rows all the `masks` let through, but for the one of the filter `without`."""
    together = np.ones(count, dtype=np.bool_)
    for parameter, mask in masks.items():
        if parameter != without:
            together &= mask
    return together


def count_choices(
    rows: Rows,
    sets: Mapping[str, ValueSets],
    filters: ChosenFilters,
    masks: Mapping[str, Mask],
    labels: Mapping[str, Mapping[str, str]],
) -> dict[str, tuple[FacetValue, ...]]:
    """By URL parameter: the choices that some row has, and those chosen, most results first, then by label.

    `labels` names values by URL parameter and value; a value that it lacks stands for itself.
    """
    facets = {}
    for parameter in BY_PARAMETER:
        others = combine_masks(masks, len(rows), without=parameter)
        if parameter in VALUES:
            counts = sets[parameter].counts(rows[parameter][others])
        else:
            counts = {YES: int(np.count_nonzero(rows[parameter] & others))}
        wanted = filters.get(parameter, frozenset())
        choices = (
            FacetValue(parameter, value, labels[parameter].get(value, value), counts.get(value, 0), value in wanted)
            for value in counts.keys() | wanted
        )
        facets[parameter] = tuple(sorted(choices, key=lambda choice: (-counts.get(choice.value, 0), choice.label)))
    return facets


WIDER_MILES = (10, 25, 50, 100, 250, 500)


def find_loosenings(snapshot: Snapshot, query: SearchQuery) -> tuple[Loosening, ...]:
    """The single changes that bring results, most first; when none does, all filters removed."""
    place = query.place
    found = snapshot.candidates(place.latitude, place.longitude, WIDER_MILES[-1])
    masks = filter_masks(found.rows, snapshot.sets, query.filters)
    near = found.distance_miles <= query.radius_miles
    single = [
        Loosening(
            gettext(BY_PARAMETER[parameter].removal),
            {parameter: ""},
            int(np.count_nonzero(near & combine_masks(masks, len(near), parameter))),
        )
        for parameter in masks
    ]
    radius, total = _nearest(found.distance_miles[combine_masks(masks, len(near))])
    label = gettext("Search within %(radius)s miles", radius=radius)
    single.append(Loosening(label, {"radius": str(radius)}, total))
    helpful = sorted((change for change in single if change.total), key=lambda change: -change.total)
    if helpful or not masks:
        return tuple(helpful)
    unfiltered = dict.fromkeys(BY_PARAMETER, "")
    if near.any():
        return (Loosening(gettext("Remove all filters"), unfiltered, int(np.count_nonzero(near))),)
    radius, total = _nearest(found.distance_miles)
    label = gettext("Remove all filters and search within %(radius)s miles", radius=radius)
    return (Loosening(label, {**unfiltered, "radius": str(radius)}, total),) if total else ()


def _nearest(distance_miles: Floats) -> tuple[int, int]:
    """The smallest of `WIDER_MILES` that brings something, and how much; the widest and 0 if none does."""
    totals = ((radius, int(np.count_nonzero(distance_miles <= radius))) for radius in WIDER_MILES)
    return next((found for found in totals if found[1]), (WIDER_MILES[-1], 0))
