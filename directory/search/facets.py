"""Filters over candidates, and how many results each choice of each filter would bring."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from directory.search.query import FacetValue, Filters
from directory.search.snapshot import DIMENSIONS, Rows
from directory.search.value_sets import ValueSets

Mask = NDArray[np.bool_]
YES = "1"
"""The value of a filter that is on or off, when it is on."""


def chosen_values(filters: Filters) -> dict[str, frozenset[str]]:
    """The values that each filter in force asks for, by URL parameter; `YES` for those that are on or off."""
    chosen = {
        "specialty": filters.specialties,
        "product": filters.products,
        "service": filters.services,
        "insurance": filters.insurances,
        "language": filters.languages,
        "accepting": frozenset({YES} if filters.accepting else ()),
        "verified": frozenset({YES} if filters.verified else ()),
    }
    return {parameter: values for parameter, values in chosen.items() if values}


def filter_masks(rows: Rows, sets: Mapping[str, ValueSets], filters: Filters) -> dict[str, Mask]:
    """For each filter in force, by URL parameter: which rows it lets through."""
    return {
        parameter: sets[parameter].holding(values)[rows[parameter]] if parameter in DIMENSIONS else rows[parameter]
        for parameter, values in chosen_values(filters).items()
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
    filters: Filters,
    masks: Mapping[str, Mask],
    labels: Mapping[str, Mapping[str, str]],
) -> dict[str, tuple[FacetValue, ...]]:
    """By URL parameter: the choices that some row has, and those chosen, most results first, then by label.

    `labels` names values by URL parameter and value; a value that it lacks stands for itself.
    """
    chosen = chosen_values(filters)
    facets = {}
    for parameter in (*DIMENSIONS, "accepting", "verified"):
        others = passing(masks, len(rows), without=parameter)
        if parameter in DIMENSIONS:
            counts = sets[parameter].counts(rows[parameter][others])
        else:
            counts = {YES: int(np.count_nonzero(rows[parameter] & others))}
        wanted = chosen.get(parameter, frozenset())
        choices = (
            FacetValue(value, labels[parameter].get(value, value), counts.get(value, 0), value in wanted)
            for value in counts.keys() | wanted
        )
        facets[parameter] = tuple(sorted(choices, key=lambda choice: (-choice.count, choice.label)))
    return facets
