"""What the ranking needs of every provider, as columns in memory: one row for each practice location with a point.

A snapshot never changes. A few changed providers are patched by a new snapshot that shares the old one's large `base`,
marks their rows there as replaced, and holds their new rows in a small second layer, the `delta`; when that grows,
both become one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from directory.search.filters import SWITCHES, VALUES, ChosenFilters
from directory.search.grid import CELL_DEGREES, Floats, Integers, cell_numbers, miles_between_vectors, unit_vectors
from directory.search.kernel import BOUNDS, CELL, FACTS, FURTHER, POINT, RUN, CLayer, find_page
from directory.search.value_sets import Mask, ValueSets

Columns = dict[str, NDArray[Any]]
"""Arrays of one length by name."""
Records = NDArray[Any]
PROFILE = np.dtype(
    [*((parameter, np.int32) for parameter in VALUES), *((parameter, np.bool_) for parameter in SWITCHES)]
)
"""All that filters look for in a provider: the numbers of its value sets, and its switches. Many share one."""
MAX_DELTA_ROWS = 10_000
MAX_CROWD = 512
"""Rows for which a cell is large enough; where more lie, it is cut further."""
MAX_KEPT_MASKS = 64


def row_columns(
    npi: Integers, location: Integers, latitude: Floats, longitude: Floats, **others: NDArray[Any]
) -> Columns:
    """Practice locations for `Layer.of`, their points in degrees; `others` are qualification, rating and profile.

    Qualification and rating are parts of the score, 0 to 1; the rating is NaN without reviews.
    """
    vectors = zip("xyz", unit_vectors(latitude, longitude), strict=True)
    return {"npi": npi, "location": location, "cell": cell_numbers(latitude, longitude), **dict(vectors), **others}


def distinct_profiles(profiles: Records) -> tuple[Records, NDArray[np.int32]]:
    """The different ones, and by profile the number of its own among them. numpy sorts records slowly, numbers fast."""
    keys = np.zeros(len(profiles), dtype=np.int64)
    for name in PROFILE.names or ():
        values = profiles[name].astype(np.int64)
        size = int(values.max(initial=0)) + 1
        if int(keys.max(initial=0)) >= np.iinfo(np.int64).max // size - 1:
            keys = np.unique(keys, return_inverse=True)[1]
        keys = keys * size + values
    _, first, numbers = np.unique(keys, return_index=True, return_inverse=True)
    return profiles[first], numbers.astype(np.int32)


@dataclass(frozen=True)
class Layer:
    """The arrays of `Layer` in `kernel.h`, row numbers in the order of NPIs, and the profiles that its rows name."""

    points: Records
    facts: Records
    further: Records
    keys: NDArray[np.int32]
    cells: Records
    runs: Records
    by_npi: NDArray[np.int32]
    profiles: Records

    @classmethod
    def of(cls, rows: Columns, profiles: Records) -> "Layer":
        """Put `rows` in the order that the search needs. All rows of one provider have one profile."""
        vectors = np.array([rows[axis] for axis in "xyz"])
        first, following, lower = _siblings(rows["npi"], rows["location"])
        apart = miles_between_vectors(vectors, vectors[:, first])
        is_first = first == np.arange(len(first))
        parts = _parts(rows["cell"], vectors)
        order = np.lexsort((np.where(is_first, rows["profile"], -apart), ~is_first, parts, rows["cell"]))
        points, facts = np.zeros(len(order), POINT), np.zeros(len(order), FACTS)
        for name in ("x", "y", "z", "profile"):
            points[name] = rows[name][order]
        points["apart"] = np.where(is_first, 0, _rounded_up(apart))[order]
        for name in ("npi", "location", "qualification", "rating"):
            facts[name] = rows[name][order]
        place = np.empty(len(order), dtype=np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        facts["next"] = place[following[order]]
        behind = order[~is_first[order]]
        further = np.zeros(len(behind), FURTHER)
        further["lower"] = lower[behind]
        for axis, column in zip("xyz", vectors[:, first[behind]], strict=True):
            further[axis] = column
        starts = _starts(rows["cell"][order], parts[order])
        cells, runs = _cells(points, facts, starts, is_first[order])
        keys = rows["cell"][order[starts]]
        by_npi = np.argsort(facts["npi"], kind="stable").astype(np.int32)
        return cls(points, facts, further, keys, cells, runs, by_npi, profiles)

    def __len__(self) -> int:
        return len(self.points)

    @property
    def nbytes(self) -> int:
        return sum(getattr(self, each.name).nbytes for each in fields(self))

    def rows_of(self, npis: Integers) -> NDArray[np.int32]:
        """The rows of providers."""
        starts, ends = self._place(npis), self._place(npis + 1)
        lengths = ends - starts
        before = np.cumsum(lengths) - lengths
        rows: NDArray[np.int32] = self.by_npi[np.repeat(starts - before, lengths) + np.arange(lengths.sum())]
        return rows

    def _place(self, npis: Integers) -> Integers:
        """Where in `by_npi` each NPI begins, or would. numpy's own search would copy a column of all rows."""
        low, high = np.zeros_like(npis), np.full_like(npis, len(self))
        for _ in range(len(self).bit_length()):
            middle = np.minimum((low + high) // 2, len(self) - 1)
            is_less = (low < high) & (self.facts["npi"][self.by_npi[middle]] < npis)
            low, high = np.where(is_less, middle + 1, low), np.where(is_less, high, np.minimum(middle, high))
        return low

    def joined(self, other: "Layer", replaced: Mask | None) -> "Layer":
        """Both layers' rows as one layer, without those of this one that are `replaced`."""
        kept = np.arange(len(self)) if replaced is None else np.flatnonzero(~replaced)
        mine, others = self._rows(), other._rows()
        others["profile"] = others["profile"] + len(self.profiles)
        rows = {name: np.concatenate((column[kept], others[name])) for name, column in mine.items()}
        profiles, numbers = distinct_profiles(np.concatenate((self.profiles, other.profiles)))
        rows["profile"] = numbers[rows["profile"]]
        return Layer.of(rows, profiles)

    def _rows(self) -> Columns:
        cells = np.repeat(self.keys, np.diff(self.cells["start"]))
        points = {name: self.points[name] for name in ("x", "y", "z", "profile")}
        return {
            **points,
            **{name: self.facts[name] for name in ("npi", "location", "qualification", "rating")},
            "cell": cells,
        }


def _siblings(npi: Integers, location: Integers) -> tuple[Integers, Integers, Integers]:
    """By row: the first row of its provider, the next in a ring of the provider's rows, and how many are lower.

    The first has the lowest location.
    """
    order = np.lexsort((location, npi))
    starts = _starts(npi[order])
    lengths = np.diff(np.append(starts, len(order)))
    following = np.arange(1, len(order) + 1)
    following[starts + lengths - 1] = starts
    first, ring, lower = np.empty((3, len(order)), dtype=np.int64)
    first[order], ring[order] = np.repeat(order[starts], lengths), order[following]
    lower[order] = np.arange(len(order)) - np.repeat(starts, lengths)
    return first, ring, lower


def _parts(cells: NDArray[np.int32], vectors: Floats) -> Integers:
    """The part of its cell that each row lies in: crowded cells are cut further, like the globe into cells."""
    _, cell, crowd = np.unique(cells, return_inverse=True, return_counts=True)
    cuts = np.ceil(np.sqrt(crowd / MAX_CROWD)).astype(np.int64)[cell]
    degrees = np.degrees((np.arcsin(vectors[2]), np.arctan2(vectors[1], vectors[0]))) + 180
    north, east = np.floor(degrees / CELL_DEGREES % 1 * cuts).astype(np.int64)
    parts: Integers = north * cuts + east
    return parts


def _cells(points: Records, facts: Records, start: Integers, is_first: Mask) -> tuple[Records, Records]:
    """The cells, which begin at the rows `start`, and the runs."""
    begins = np.zeros(len(points), dtype=np.bool_)
    begins[start] = True
    begins[_starts(points["profile"])] = True
    run_start = np.flatnonzero(begins & is_first)
    cells, runs = np.zeros(len(start) + 1, CELL), np.zeros(len(run_start), RUN)
    cells["start"] = np.append(start, len(points))
    cells["run"] = np.searchsorted(run_start, cells["start"])
    if len(start):
        vectors = np.array([points[axis] for axis in "xyz"])
        middles = np.add.reduceat(vectors, start, axis=1)
        middles /= np.sqrt((middles**2).sum(axis=0))
        reach = miles_between_vectors(vectors, np.repeat(middles, np.diff(cells["start"]), axis=1))
        for axis, middle in zip("xyz", middles, strict=True):
            cells[axis][:-1] = middle
        cells["others"][:-1] = start + np.add.reduceat(is_first, start, dtype=np.int64)
        cells["reach"][:-1] = _greatest(reach, start)
        cells["bounds"][:-1], runs["bounds"] = _bounds(facts, start), _bounds(facts, run_start)
        cells["further"] = np.append(0, np.cumsum(cells["start"][1:] - cells["others"][:-1]))
        in_cell = np.searchsorted(start, run_start, "right") - 1
        runs["profile"] = points["profile"][run_start]
        runs["end"] = np.minimum(np.append(run_start[1:], len(points)), cells["others"][in_cell])
    return cells, runs


def _bounds(facts: Records, starts: Integers) -> Records:
    """The greatest parts of the rows from each start to the next, and the greatest sums of both."""
    bounds = np.zeros(len(starts), BOUNDS)
    rating = np.nan_to_num(facts["rating"], nan=0.0)
    bounds["qualification"] = _greatest(facts["qualification"], starts)
    bounds["rating"] = _greatest(rating, starts)
    bounds["both"] = _greatest(facts["qualification"] + rating, starts)
    return bounds


def _starts(*columns: NDArray[Any]) -> Integers:
    """The rows that differ from the row before in any of the columns; the first row too."""
    differs = np.zeros(len(columns[0]), dtype=np.bool_)
    differs[:1] = True
    for column in columns:
        differs[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(differs)


def _greatest(numbers: Floats, starts: Integers) -> NDArray[np.float32]:
    """The greatest from each start to the next."""
    return _rounded_up(np.maximum.reduceat(numbers, starts))


def _rounded_up(numbers: Floats) -> NDArray[np.float32]:
    return np.nextafter(numbers.astype(np.float32), np.float32(np.inf))


def empty_layer() -> Layer:
    none = np.zeros(0)
    whole = np.zeros(0, dtype=np.int64)
    rows = row_columns(whole, whole, none, none, qualification=none, rating=none, profile=whole)
    return Layer.of(rows, np.zeros(0, dtype=PROFILE))


@dataclass(frozen=True)
class Snapshot:
    """All rows as of one search revision (or later: what changed while it was read may be in it already)."""

    revision: int = 0
    day: date = date.min  # in California, on which the facts that change count
    rating_without_reviews: float = 0.5  # the rating part of those without reviews
    sets: dict[str, ValueSets] = field(default_factory=lambda: {parameter: ValueSets() for parameter in VALUES})
    base: Layer = field(default_factory=empty_layer)
    replaced: Mask | None = None  # rows of `base` that `delta` replaces
    delta: Layer | None = None
    shown: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    """What pages show of locations, by language and id: kept by the service until their provider changes."""
    names: dict[tuple[str, ...], Any] = field(default_factory=dict)
    """Names of choices, kept by the service until everything is read anew."""

    def __len__(self) -> int:
        """How many rows there are."""
        replaced = 0 if self.replaced is None else int(np.count_nonzero(self.replaced))
        return sum(map(len, self.layers)) - replaced

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        return (self.base,) if self.delta is None else (self.base, self.delta)

    @cached_property
    def profiles(self) -> NDArray[Any]:
        """Those of all layers, one after the other."""
        return np.concatenate([layer.profiles for layer in self.layers])

    def passing(self, filters: ChosenFilters) -> Mask:
        """By profile: whether all the `filters` let it through."""
        key = frozenset(filters.items())
        if (kept := self._masks.get(key)) is not None:
            return kept
        mask = np.ones(len(self.profiles), dtype=np.bool_)
        for parameter, values in filters.items():
            mask &= self.holding(parameter, values)
        if len(self._masks) >= MAX_KEPT_MASKS:
            self._masks.clear()
        self._masks[key] = mask
        return mask

    def holding(self, parameter: str, values: frozenset[str]) -> Mask:
        """By profile: whether the filter with these values lets it through."""
        column: NDArray[Any] = self.profiles[parameter]
        return self.sets[parameter].holding(values)[column] if parameter in VALUES else column

    def find_page(
        self,
        circle: tuple[float, float, float],
        filters: ChosenFilters,
        npis: Integers | None,
        *,
        offset: int,
        limit: int,
        **weights: float,
    ) -> tuple[int, int, NDArray[np.int32], NDArray[Any]]:
        """What `kernel.find_page` answers, among the providers `npis` if they are given."""
        rows = sum(map(len, self.layers)) + 1
        return find_page(
            self._compiled,
            self.passing(filters),
            None if npis is None else [layer.rows_of(npis) for layer in self.layers],
            circle,
            rating_without_reviews=self.rating_without_reviews,
            offset=min(offset, rows),
            limit=min(limit, rows),
            **weights,
        )

    def npis_within(self, latitude: float, longitude: float, radius_miles: float) -> Integers:
        """Sorted: all ranked providers with a practice location within `radius_miles` of the point (degrees)."""
        found = [
            layer.facts["npi"][compiled.rows_within(latitude, longitude, radius_miles)]
            for layer, compiled in zip(self.layers, self._compiled, strict=True)
        ]
        return np.unique(np.concatenate(found))

    @cached_property
    def _compiled(self) -> tuple[CLayer, ...]:
        masks = (self.replaced, None)
        return tuple(CLayer(each, mask) for each, mask in zip(self.layers, masks, strict=False))

    @cached_property
    def _masks(self) -> dict[frozenset[Any], Mask]:
        return {}

    def patched(
        self,
        revision: int,
        day: date,
        rating_without_reviews: float,
        sets: dict[str, ValueSets],
        npis: Iterable[int],
        changed: Layer,
    ) -> "Snapshot":
        """This snapshot with the rows of `npis` replaced by those of `changed`, whose value sets `sets` numbers."""
        numbers = np.array(sorted(npis), dtype=np.int64)
        replaced = np.zeros(len(self.base), dtype=np.bool_) if self.replaced is None else self.replaced.copy()
        replaced[self.base.rows_of(numbers)] = True
        delta = changed
        if self.delta is not None:
            gone = np.zeros(len(self.delta), dtype=np.bool_)
            gone[self.delta.rows_of(numbers)] = True
            delta = self.delta.joined(changed, gone)
        changed_npis = {str(npi) for npi in numbers.tolist()}
        shown = (
            {}
            if day != self.day
            else {key: facts for key, facts in list(self.shown.items()) if facts["npi"] not in changed_npis}
        )
        patch = partial(Snapshot, revision, day, rating_without_reviews, sets, shown=shown, names=self.names)
        if len(delta) > MAX_DELTA_ROWS:
            return patch(self.base.joined(delta, replaced))
        return patch(self.base, replaced, delta)
