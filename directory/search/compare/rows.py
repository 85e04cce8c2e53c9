"""The rows of the comparison: one value a provider, and what is said of the differences in the language of the page."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel.speaklater import LazyString

from directory.search.compare.differences import Distinction, DistinctionKind, Distinctions, is_same
from directory.web.messages import gettext
from directory.web.messages import lazy_gettext as _l
from directory.web.phrases import listed

POINTS = {DistinctionKind.BEST: _l("most points"), DistinctionKind.TIED: _l("tied for most points")}
OFFERED = {
    DistinctionKind.ONLY: _l("only one with %(what)s"),
    DistinctionKind.ONLY_KNOWN: _l("only one known to have %(what)s"),
}
PHRASES: Mapping[str, Mapping[DistinctionKind, LazyString]] = {
    "distance": {
        DistinctionKind.BEST: _l("nearest"),
        DistinctionKind.TIED: _l("tied for nearest"),
        DistinctionKind.ROUGH: _l("nearest as far as we can tell: one address is approximate"),
    },
    "points": POINTS,
    "award": POINTS,
    "credentials": {
        DistinctionKind.ONLY: _l("only one with this verified: %(what)s"),
        DistinctionKind.ONLY_KNOWN: _l("only one with this verified: %(what)s"),
    },
    "rating": {
        DistinctionKind.BEST: _l("highest estimate"),
        DistinctionKind.TIED: _l("tied for highest estimate"),
        DistinctionKind.CHANCE: _l("highest estimate, could be chance"),
    },
    "onset": {
        DistinctionKind.BEST: _l("soonest"),
        DistinctionKind.TIED: _l("tied for soonest"),
        DistinctionKind.CHANCE: _l("soonest, could be chance"),
    },
    "relief": {
        DistinctionKind.BEST: _l("largest share"),
        DistinctionKind.TIED: _l("tied for largest share"),
        DistinctionKind.CHANCE: _l("largest share, could be chance"),
    },
    "weeks": {
        DistinctionKind.BEST: _l("longest"),
        DistinctionKind.TIED: _l("tied for longest"),
        DistinctionKind.CHANCE: _l("longest, could be chance"),
    },
    "pain": {
        DistinctionKind.BEST: _l("least pain"),
        DistinctionKind.TIED: _l("tied for least pain"),
        DistinctionKind.CHANCE: _l("least pain, could be chance"),
    },
    "wait": {
        DistinctionKind.BEST: _l("shortest wait"),
        DistinctionKind.TIED: _l("tied for shortest wait"),
    },
    "explained": {
        DistinctionKind.BEST: _l("explained best"),
        DistinctionKind.TIED: _l("tied for explained best"),
    },
    "paid": {
        DistinctionKind.BEST: _l("patients paid least"),
        DistinctionKind.TIED: _l("tied for patients paid least"),
    },
    "accepting": {
        DistinctionKind.ONLY: _l("only one that accepts new patients"),
        DistinctionKind.ONLY_KNOWN: _l("only one known to accept new patients"),
    },
    "products": OFFERED,
    "services": OFFERED,
    "hours": OFFERED,
    "step_free": {
        DistinctionKind.ONLY: _l("only one with step-free access"),
        DistinctionKind.ONLY_KNOWN: _l("only one known to have step-free access"),
    },
    "languages": {
        DistinctionKind.ONLY: _l("only one that speaks %(what)s"),
        DistinctionKind.ONLY_KNOWN: _l("only one known to speak %(what)s"),
    },
    "insurance": {
        DistinctionKind.ONLY: _l("only one that takes %(what)s"),
        DistinctionKind.ONLY_KNOWN: _l("only one known to take %(what)s"),
    },
    "fees": {
        DistinctionKind.BEST: _l("lowest"),
        DistinctionKind.TIED: _l("tied for lowest"),
        DistinctionKind.CHANCE: _l("starts lowest, but the ranges overlap"),
    },
}
"""By kind of row; a mark for which it has no words is not shown."""


ON_A_PHONE = 2  # the first providers, which a narrow screen shows
UNSURE = {DistinctionKind.CHANCE, DistinctionKind.ROUGH}


@dataclass(frozen=True, slots=True)
class ComparisonCell:
    """What one provider has in a row; None where nothing is known. `mark` says in words what stands out."""

    value: Any
    mark: str | None
    is_sure: bool  # that the mark is no chance


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One row. Its `kind` names the macro of `search/compare/_cells.html` that shows its values."""

    kind: str
    label: str
    cells: tuple[ComparisonCell, ...]
    nothing: str  # what stands in place of a value that is not known
    names: Mapping[str, str]  # of the values
    is_same: bool
    is_same_on_a_phone: bool  # of the first `ON_A_PHONE` providers


@dataclass(frozen=True, slots=True)
class RowGroup:
    key: str
    title: str
    rows: tuple[ComparedRow, ...]
    caution: str | None = None  # said of all its rows


def row(
    kind: str,
    label: str,
    values: Sequence[Any],
    *,
    same_by: Sequence[Hashable],
    nothing: str = "",
    marks: Distinctions | None = None,
    names: Mapping[str, str] | None = None,
) -> ComparedRow:
    """A row of `values`, one a provider, which all say the same when all of `same_by` are equal."""
    names = names or {}
    cells = tuple(
        ComparisonCell(value, _in_words(kind, mark, names) if mark else None, not (mark and mark.kind in UNSURE))
        for value, mark in zip(values, marks or [None] * len(values), strict=True)
    )
    return ComparedRow(kind, label, cells, nothing, names, is_same(same_by), is_same(same_by[:ON_A_PHONE]))


def _in_words(kind: str, mark: Distinction, names: Mapping[str, str]) -> str | None:
    phrase = PHRASES.get(kind, {}).get(mark.kind)
    if phrase is None:
        return None
    named = sorted(gettext(names.get(value, value)) for value in mark.values)
    return str(phrase) % {"what": listed(named)}
