"""Filters over candidates, and how many results each choice of each filter would bring."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from directory.search.filters import FILTERS, VALUES, YES, ChosenFilters
from directory.search.query import FacetValue
from directory.search.snapshot import Rows
from directory.search.value_sets import ValueSets

Mask = NDArray[np.bool_]


def filter_masks(rows: Rows, sets: Mapping[str, ValueSets], filters: ChosenFilters) -> dict[str, Mask]:
    """For each filter in force, by URL parameter: which rows it lets through."""
    return {
        parameter: sets[parameter].holding(values)[rows[parameter]] if parameter in VALUES else rows[parameter]
        for parameter, values in filters.items()
    }


def passing(masks: Mapping[str, Mask], count: int, without: str | None = None) -> Mask:
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
    for parameter in (each.parameter for each in FILTERS):
        others = passing(masks, len(rows), without=parameter)
        if parameter in VALUES:
            counts = sets[parameter].counts(rows[parameter][others])
        else:
            counts = {YES: int(np.count_nonzero(rows[parameter] & others))}
        wanted = filters.get(parameter, frozenset())
        choices = (
            FacetValue(value, labels[parameter].get(value, value), counts.get(value, 0), value in wanted)
            for value in counts.keys() | wanted
        )
        facets[parameter] = tuple(sorted(choices, key=lambda choice: (-choice.count, choice.label)))
    return facets
