"""The compiled search: what `kernel.h` declares, over arrays of numpy."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from directory.compiled import ffi, library
from directory.places.distance import EARTH_RADIUS_MILES
from directory.search.grid import CELLS_A_BAND, bands_around, columns_around, unit_vectors

ffi.cdef(Path(__file__).with_name("kernel.h").read_text())


def _record(name: str) -> np.dtype[Any]:
    """The numpy type of a struct of plain numbers."""
    kinds = {"double": np.float64, "float": np.float32, "int32_t": np.int32, "int64_t": np.int64}
    fields = [(field, of.type.cname) for field, of in ffi.typeof(name).fields]
    return np.dtype([(field, kinds.get(kind) or _record(kind)) for field, kind in fields], align=True)


POINT, FURTHER, BOUNDS, FACTS, CELL, RUN, RESULT = map(
    _record, ("Point", "Further", "Bounds", "Facts", "Cell", "Run", "Result")
)


class CLayer:
    """A `Layer` over arrays that it keeps alive. `replaced` are rows that no longer count."""

    def __init__(self, layer: Any, replaced: NDArray[np.bool_] | None) -> None:
        arrays = {name: getattr(layer, name) for name in ("points", "facts", "further", "keys", "cells", "runs")}
        if replaced is not None:
            arrays |= {"replaced": replaced, "touched": _any_between(replaced, layer.cells["start"])}
        self._arrays = {name: ffi.from_buffer(array) for name, array in arrays.items()}
        columns = {name: ffi.cast("void *", buffer) for name, buffer in self._arrays.items()}
        self.struct = ffi.new("Layer *", {"cell_count": len(layer.cells) - 1, **columns})
        self.rows, self.profiles = len(layer.points), len(layer.profiles)

    def rows_within(self, latitude: float, longitude: float, radius_miles: float) -> NDArray[np.int32]:
        """All rows in the circle (degrees), in no order."""
        rows = np.empty(self.rows, dtype=np.int32)
        count = library().find_rows(
            self.struct, _circle(latitude, longitude, radius_miles), _pointer("int32_t[]", rows)
        )
        return rows[: _counted(count)].copy()


def find_page(
    layers: Sequence[CLayer],
    passes: NDArray[np.bool_],
    only: Sequence[NDArray[np.int32]] | None,
    circle: tuple[float, float, float],
    **query: float,
) -> tuple[int, int, NDArray[np.int32], NDArray[Any]]:
    """The total, the offset that was taken, the counts by profile, and the results (of `RESULT`).

    `passes` says by profile whether the filters let it through; the profiles of the layers follow each other, those of
    the first from 0 on. `circle` is latitude, longitude and radius in miles; `query` has the weights,
    `rating_without_reviews`, `halving_miles`, `offset` and `limit`.
    """
    counts, results = np.zeros(len(passes), dtype=np.int32), np.empty(int(query["limit"]), dtype=RESULT)
    parts = ffi.new("Part[]", len(layers))
    first_profile = 0
    for index, layer in enumerate(layers):
        parts[index].layer, parts[index].first_profile = layer.struct, first_profile
        first_profile += layer.profiles
        if only is not None:
            parts[index].only, parts[index].only_count = _pointer("int32_t[]", only[index]), len(only[index])
    asked = _circle(*circle, **query, profiles=len(passes))
    asked.passes, asked.counts = _pointer("uint8_t[]", passes), _pointer("int32_t[]", counts)
    total = _counted(library().find_page(parts, len(layers), asked, _pointer("Result[]", results)))
    return total, asked.offset, counts, results[: min(total - asked.offset, len(results))]


def _circle(latitude: float, longitude: float, radius_miles: float, **others: float) -> Any:
    x, y, z = unit_vectors(latitude, longitude).tolist()
    first, last = bands_around(latitude, radius_miles)
    runs = columns_around(latitude, longitude, radius_miles)
    return ffi.new(
        "Query *",
        {
            **{"x": x, "y": y, "z": z, "radius_miles": radius_miles, "earth_miles": EARTH_RADIUS_MILES},
            **{"bands": last - first + 1, "first_band": first * CELLS_A_BAND, "cells_a_band": CELLS_A_BAND},
            **{"runs": len(runs), "columns": [column for run in runs for column in run]},
            **others,
        },
    )


def _any_between(mask: NDArray[np.bool_], starts: NDArray[np.int32]) -> NDArray[np.bool_]:
    counts = np.add.reduceat(mask, starts[:-1], dtype=np.int64) if len(starts) > 1 else np.zeros(0)
    return counts > 0


def _pointer(kind: str, array: NDArray[Any]) -> Any:
    return ffi.from_buffer(kind, array)


def _counted(count: int) -> int:
    if count < 0:
        raise MemoryError("There is no memory for this search.")
    return count
