"""The counts beside filters, and the ways out of an empty result.

Counts say how many results each choice of each filter would bring. Ways out of an empty result say which filter or
radius to loosen. Labels are in the language of the page that is being made; outside of a request they are in English.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from directory.search.filters import ANY, BY_PARAMETER, NO, UNKNOWN, VALUES, YES, ChosenFilters, ValuesFilter
from directory.search.query import FacetValue, Loosening, SearchQuery
from directory.search.ranking import rank_page
from directory.search.snapshot import Snapshot
from directory.web.messages import gettext

Counts = NDArray[np.int32]
"""By profile of a snapshot: how many providers within the radius have it."""


def count_choices(
    snapshot: Snapshot,
    counts: Counts,
    filters: ChosenFilters,
    labels: Mapping[str, Mapping[str, str]],
) -> dict[str, tuple[FacetValue, ...]]:
    """By URL parameter: the choices that some row has, and those chosen, most results first, then by label.

    Then come the groups of values, but for the default one. `labels` names values by URL parameter and value; a value
    that it lacks stands for itself.
    """
    facets = {}
    for parameter in BY_PARAMETER:
        let_in = np.where(snapshot.passing(_without(filters, parameter)), counts, 0)
        wanted, names = filters.get(parameter), labels[parameter]
        if parameter in VALUES:
            facets[parameter] = _values(snapshot, VALUES[parameter], let_in, wanted, names)
        else:
            count = int(let_in[snapshot.profiles[parameter]].sum())
            facets[parameter] = (FacetValue(parameter, YES, names[YES], count),)
    return facets


def _without(filters: ChosenFilters, parameter: str) -> ChosenFilters:
    return {other: values for other, values in filters.items() if other != parameter}


def _values(
    snapshot: Snapshot, each: ValuesFilter, let_in: Counts, wanted: frozenset[str] | None, names: Mapping[str, str]
) -> tuple[FacetValue, ...]:
    """The choices of one filter; `let_in` counts by profile the providers that all other filters let through."""
    counts = snapshot.sets[each.parameter].counts(snapshot.profiles[each.parameter], let_in)
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
            int((let_in if group.values is None else let_in[snapshot.holding(each.parameter, group.values)]).sum()),
        )
        for key, group in each.groups.items()
        if key != each.default
    ]
    return (*single, *together)


def count_not_accepting(snapshot: Snapshot, counts: Counts, filters: ChosenFilters) -> int:
    """How many are left out by default alone because they accept no new patients: all the other filters let them in."""
    if filters.get("accepting") != VALUES["accepting"].asked(frozenset()):
        return 0
    return int(counts[snapshot.passing({**filters, "accepting": frozenset({NO})})].sum())


WIDER_MILES = (10, 25, 50, 100, 250, 500)


def find_loosenings(snapshot: Snapshot, query: SearchQuery) -> tuple[Loosening, ...]:
    """The single changes that bring results, most first; when none does, all filters removed."""

    def count(filters: ChosenFilters, radius_miles: float = query.radius_miles) -> int:
        return rank_page(snapshot, replace(query, filters=filters, radius_miles=radius_miles, limit=1)).total

    def nearest(filters: ChosenFilters) -> tuple[int, int]:
        """The smallest of `WIDER_MILES` that brings something, and how much; the widest and 0 if none does."""
        totals = ((radius, count(filters, radius)) for radius in WIDER_MILES)
        return next((found for found in totals if found[1]), (WIDER_MILES[-1], 0))

    single: list[Loosening] = []
    for parameter in query.filters:
        by_total: dict[int, Loosening] = {}  # of two ways to loosen a filter that bring the same, the first
        for label, choice, filters in _looser(query.filters, parameter):
            total = count(filters)
            by_total.setdefault(total, Loosening(gettext(label), {parameter: choice}, total))
        single.extend(by_total.values())
    radius, total = nearest(query.filters)
    label = gettext("Search within %(radius)s miles", radius=radius)
    single.append(Loosening(label, {"radius": str(radius)}, total))
    helpful = sorted((change for change in single if change.total), key=lambda change: -change.total)
    if helpful or not query.filters:
        return tuple(helpful)
    unfiltered = {parameter: _unfiltered(parameter) for parameter in BY_PARAMETER}
    if total := count({}):
        return (Loosening(gettext("Remove all filters"), unfiltered, total),)
    radius, total = nearest({})
    label = gettext("Remove all filters and search within %(radius)s miles", radius=radius)
    return (Loosening(label, {**unfiltered, "radius": str(radius)}, total),) if total else ()


def _looser(filters: ChosenFilters, parameter: str) -> Iterator[tuple[str, str, ChosenFilters]]:
    """The ways to loosen one filter in force: what each is called, its choice, and the filters that then hold.

    A filter with a default may go back to that, if it was narrower, or out of force.
    """
    each = BY_PARAMETER[parameter]
    if isinstance(each, ValuesFilter) and each.default:
        by_default = each.asked(frozenset()) or frozenset()
        if filters[parameter] != by_default:
            yield each.groups[each.default].label, "", {**filters, parameter: by_default}
    yield each.removal, _unfiltered(parameter), _without(filters, parameter)


def _unfiltered(parameter: str) -> str:
    """What a URL parameter is when its filter is not in force."""
    each = BY_PARAMETER[parameter]
    return ANY if isinstance(each, ValuesFilter) and each.default else ""
