"""What the ranking needs of every provider, as columns in memory: one row for each practice location with a point.

A snapshot never changes. A few changed providers are patched by a new snapshot that shares the old one's large `base`,
marks their rows there as tombstones, and holds their new rows in a small second layer, the `delta`; when that grows,
both become one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from directory.search.filters import SWITCHES, VALUES
from directory.search.grid import Floats, Integers, cell_numbers, miles_from, rows_around, unit_vectors
from directory.search.value_sets import Mask, ValueSets

ROW = np.dtype(
    [
        ("npi", np.int64),
        ("location", np.int64),
        ("qualification", np.float64),  # the part of the score, 0 to 1
        ("rating", np.float64),  # the same; NaN without reviews
        # numbers of value sets, of which there are few where the values are fixed
        *((parameter, np.int32 if each.names is None else np.int16) for parameter, each in VALUES.items()),
        *((parameter, np.bool_) for parameter in SWITCHES),
        ("has_other_locations", np.bool_),  # whether the provider has further rows
    ],
    align=True,
)
BYTES = np.dtype((np.void, ROW.itemsize))
MAX_DELTA_ROWS = 10_000

Rows = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Layer:
    """Rows in the order of their grid cells, their points as unit vectors, and row numbers in the order of NPIs."""

    cells: Integers
    vectors: Floats
    rows: Rows
    by_npi: Integers

    @classmethod
    def sort(cls, cells: Integers, vectors: Floats, rows: Rows) -> "Layer":
        order = np.argsort(cells, kind="stable")
        rows = take(rows, order)
        return cls(cells[order], vectors.take(order, axis=0), rows, np.argsort(rows["npi"], kind="stable"))

    @classmethod
    def at(cls, latitudes: Floats, longitudes: Floats, rows: Rows) -> "Layer":
        return cls.sort(cell_numbers(latitudes, longitudes), unit_vectors(latitudes, longitudes), rows)

    def within(
        self, latitude: float, longitude: float, radius_miles: float, tombstones: Mask | None
    ) -> tuple[Rows, Floats]:
        """All rows in the circle but the `tombstones`, and their distances in miles."""
        near = rows_around(self.cells, latitude, longitude, radius_miles)
        if tombstones is not None:
            near = near[~tombstones[near]]
        distance_miles = miles_from(latitude, longitude, self.vectors.take(near, axis=0))
        inside = np.flatnonzero(distance_miles <= radius_miles)
        return take(self.rows, near[inside]), distance_miles[inside]

    def where(self, npis: Integers) -> Mask:
        """By row: whether it is of one of `npis`."""
        starts = np.searchsorted(self.rows["npi"], npis, side="left", sorter=self.by_npi)
        ends = np.searchsorted(self.rows["npi"], npis, side="right", sorter=self.by_npi)
        found = np.zeros(len(self.rows), dtype=np.bool_)
        for start, end in zip(starts, ends, strict=True):
            found[self.by_npi[start:end]] = True
        return found

    def joined(self, other: "Layer", tombstones: Mask | None) -> "Layer":
        """Both layers' rows as one layer, without the `tombstones` of this one."""
        kept = np.arange(len(self.rows)) if tombstones is None else np.flatnonzero(~tombstones)
        return Layer.sort(
            np.concatenate((self.cells[kept], other.cells)),
            np.concatenate((self.vectors[kept], other.vectors)),
            concatenate(take(self.rows, kept), other.rows),
        )


def take(rows: Rows, indices: Integers) -> Rows:
    """The rows at `indices`. numpy copies records field by field; as plain bytes they go thirty times as fast."""
    return rows.view(BYTES).take(indices).view(ROW)


def concatenate(first: Rows, second: Rows) -> Rows:
    """The rows of both, copied as plain bytes like those of `take`."""
    return np.concatenate((first.view(BYTES), second.view(BYTES))).view(ROW)


def empty_layer() -> Layer:
    return Layer.at(np.zeros(0), np.zeros(0), np.zeros(0, dtype=ROW))


def nearest_locations(npi: Integers, distance_miles: Floats, location: Integers) -> Integers:
    """Indices of one location a provider: its nearest, and the one of the lower id if two are equally near.

    There is at least one; `location` holds no id twice.
    """
    order: Integers = np.argsort(npi)
    npi, distance_miles, location = npi[order], distance_miles[order], location[order]
    begins = np.ones(len(npi), dtype=np.bool_)
    begins[1:] = npi[1:] != npi[:-1]
    starts, provider = np.flatnonzero(begins), np.cumsum(begins) - 1
    nearest = distance_miles == np.minimum.reduceat(distance_miles, starts)[provider]
    ids = np.where(nearest, location, np.iinfo(np.int64).max)
    lowest: Integers = order[ids == np.minimum.reduceat(ids, starts)[provider]]
    return lowest


@dataclass(frozen=True, slots=True)
class Candidates:
    """Providers within the radius, each once, at its nearest location."""

    rows: Rows
    distance_miles: Floats

    def only(self, chosen: Integers) -> "Candidates":
        """Those at the indices `chosen`, in their order."""
        return Candidates(take(self.rows, chosen), self.distance_miles[chosen])


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All rows as of one search revision (or later: what changed while it was read may be in it already)."""

    revision: int = 0
    day: date = date.min  # in California, on which the facts that change count
    rating_without_reviews: float = 0.5  # the rating part of those without reviews
    sets: dict[str, ValueSets] = field(default_factory=lambda: {parameter: ValueSets() for parameter in VALUES})
    base: Layer = field(default_factory=empty_layer)
    tombstones: Mask | None = None  # rows of `base` that `delta` replaces
    delta: Layer = field(default_factory=empty_layer)

    def __len__(self) -> int:
        """How many rows there are."""
        replaced = 0 if self.tombstones is None else int(np.count_nonzero(self.tombstones))
        return len(self.base.rows) - replaced + len(self.delta.rows)

    def candidates(
        self, latitude: float, longitude: float, radius_miles: float, npis: Integers | None = None
    ) -> Candidates:
        """Every ranked provider with a practice location within `radius_miles` of the point (degrees); of `npis`."""
        rows, distance_miles = self.base.within(latitude, longitude, radius_miles, self.tombstones)
        if len(self.delta.rows):
            new, new_miles = self.delta.within(latitude, longitude, radius_miles, None)
            rows, distance_miles = concatenate(rows, new), np.concatenate((distance_miles, new_miles))
        if npis is not None:
            asked = np.flatnonzero(np.isin(rows["npi"], npis))
            rows, distance_miles = take(rows, asked), distance_miles[asked]
        repeated = np.flatnonzero(rows["has_other_locations"])
        if len(repeated):
            nearest = nearest_locations(rows["npi"][repeated], distance_miles[repeated], rows["location"][repeated])
            chosen = np.concatenate((np.flatnonzero(~rows["has_other_locations"]), repeated[nearest]))
            return Candidates(rows, distance_miles).only(chosen)
        return Candidates(rows, distance_miles)

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
        tombstones = self.base.where(numbers)
        if self.tombstones is not None:
            tombstones |= self.tombstones
        delta = self.delta.joined(changed, tombstones=self.delta.where(numbers))
        if len(delta.rows) > MAX_DELTA_ROWS:
            return Snapshot(revision, day, rating_without_reviews, sets, self.base.joined(delta, tombstones))
        return Snapshot(revision, day, rating_without_reviews, sets, self.base, tombstones, delta)
