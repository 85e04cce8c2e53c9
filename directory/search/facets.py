"""Filters over candidates: which they let through, and the counts and ways out that a page shows.

Counts say how many results each choice of each filter would bring. Ways out of an empty result say which filter or
radius to loosen. Labels are in the language of the page that is being made; outside of a request they are in English.
"""

from collections.abc import Iterator, Mapping

import numpy as np
from flask_babel import gettext

from directory.search.filters import ANY, BY_PARAMETER, NO, UNKNOWN, VALUES, YES, ChosenFilters, ValuesFilter
from directory.search.grid import Floats
from directory.search.query import FacetValue, Loosening, SearchQuery
from directory.search.snapshot import Rows, Snapshot
from directory.search.value_sets import Mask, Numbers, ValueSets


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

    Then come the groups of values, but for the default one. `labels` names values by URL parameter and value; a value
    that it lacks stands for itself.
    """
    facets = {}
    for parameter in BY_PARAMETER:
        others = combine_masks(masks, len(rows), without=parameter)
        wanted, names = filters.get(parameter), labels[parameter]
        if parameter in VALUES:
            facets[parameter] = _values(VALUES[parameter], rows[parameter][others], sets[parameter], wanted, names)
        else:
            count = int(np.count_nonzero(rows[parameter] & others))
            facets[parameter] = (FacetValue(parameter, YES, names[YES], count),)
    return facets


def _values(
    each: ValuesFilter, numbers: Numbers, sets: ValueSets, wanted: frozenset[str] | None, names: Mapping[str, str]
) -> tuple[FacetValue, ...]:
    """The choices of one filter over rows with the set `numbers` that all other filters let through."""
    counts = sets.counts(numbers)
    offered = (counts.keys() | (wanted or ())) - {UNKNOWN}
    single = [
        FacetValue(each.parameter, value, names.get(value, value), counts.get(value, 0))
        for value in (offered if each.names is None else offered & each.names.keys())
    ]
    single.sort(key=lambda choice: (-counts.get(choice.value, 0), choice.label))
    together = [
        FacetValue(
            each.parameter,
            key,
            names[key],
            len(numbers) if group.values is None else int(np.count_nonzero(sets.holding(group.values)[numbers])),
        )
        for key, group in each.groups.items()
        if key != each.default
    ]
    return (*single, *together)


def count_not_accepting(
    rows: Rows, sets: Mapping[str, ValueSets], filters: ChosenFilters, masks: Mapping[str, Mask]
) -> int:
    """How many are left out by default alone because they accept no new patients: all the other filters let them in."""
    if filters.get("accepting") != VALUES["accepting"].asked(frozenset()):
        return 0
    refusing = sets["accepting"].holding(frozenset({NO}))[rows["accepting"]]
    return int(np.count_nonzero(refusing & combine_masks(masks, len(rows), without="accepting")))


WIDER_MILES = (10, 25, 50, 100, 250, 500)


def find_loosenings(snapshot: Snapshot, query: SearchQuery) -> tuple[Loosening, ...]:
    """The single changes that bring results, most first; when none does, all filters removed."""
    place = query.place
    found = snapshot.candidates(place.latitude, place.longitude, WIDER_MILES[-1], query.npis)
    masks = filter_masks(found.rows, snapshot.sets, query.filters)
    near = found.distance_miles <= query.radius_miles
    single: list[Loosening] = []
    for parameter in masks:
        by_total: dict[int, Loosening] = {}  # of two ways to loosen a filter that bring the same, the first
        for label, choice, letting_through in _looser(snapshot, found.rows, masks, query.filters, parameter):
            total = int(np.count_nonzero(near & letting_through))
            by_total.setdefault(total, Loosening(gettext(label), {parameter: choice}, total))
        single.extend(by_total.values())
    radius, total = _nearest(found.distance_miles[combine_masks(masks, len(near))])
    label = gettext("Search within %(radius)s miles", radius=radius)
    single.append(Loosening(label, {"radius": str(radius)}, total))
    helpful = sorted((change for change in single if change.total), key=lambda change: -change.total)
    if helpful or not masks:
        return tuple(helpful)
    unfiltered = {parameter: _unfiltered(parameter) for parameter in BY_PARAMETER}
    if near.any():
        return (Loosening(gettext("Remove all filters"), unfiltered, int(np.count_nonzero(near))),)
    radius, total = _nearest(found.distance_miles)
    label = gettext("Remove all filters and search within %(radius)s miles", radius=radius)
    return (Loosening(label, {**unfiltered, "radius": str(radius)}, total),) if total else ()


def _looser(
    snapshot: Snapshot, rows: Rows, masks: Mapping[str, Mask], filters: ChosenFilters, parameter: str
) -> Iterator[tuple[str, str, Mask]]:
    """The ways to loosen one filter in force: what each is called, its choice, and what then lets through.

    A filter with a default may go back to that, if it was narrower, or out of force.
    """
    each, others = BY_PARAMETER[parameter], combine_masks(masks, len(rows), parameter)
    if isinstance(each, ValuesFilter) and each.default:
        by_default = each.asked(frozenset()) or frozenset()
        if filters[parameter] != by_default:
            held = snapshot.sets[parameter].holding(by_default)[rows[parameter]]
            yield each.groups[each.default].label, "", others & held
    yield each.removal, _unfiltered(parameter), others


def _unfiltered(parameter: str) -> str:
    """What a URL parameter is when its filter is not in force."""
    each = BY_PARAMETER[parameter]
    return ANY if isinstance(each, ValuesFilter) and each.default else ""


def _nearest(distance_miles: Floats) -> tuple[int, int]:
    """The smallest of `WIDER_MILES` that brings something, and how much; the widest and 0 if none does."""
    totals = ((radius, int(np.count_nonzero(distance_miles <= radius))) for radius in WIDER_MILES)
    return next((found for found in totals if found[1]), (WIDER_MILES[-1], 0))
