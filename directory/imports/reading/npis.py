"""Many NPIs at once: out of a column of texts, and as a set that takes eight bytes each."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from directory.imports.reading.fields import Fields

NO_NPI = -1
_POWERS = 10 ** np.arange(9, -1, -1, dtype=np.int64)


def npi_numbers(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Each NPI as a number; `NO_NPI` for a text that is no real one by the rule of `providers.npi`."""
    plain = pc.and_(pc.equal(pc.binary_length(column), 10), pc.ascii_is_decimal(column))
    texts = pc.if_else(plain, column, "0" * 10).combine_chunks()  # of one length, so that they lie as a rectangle
    digits = np.frombuffer(texts.buffers()[2], np.uint8, 10 * len(texts)).reshape(-1, 10) - np.uint8(ord("0"))
    doubled = 2 * digits[:, :-1:2]
    total = 24 + (doubled - 9 * (doubled > 9)).sum(axis=1) + digits[:, 1::2].sum(axis=1)
    valid = (total % 10 == 0) & ((digits[:, 0] == 1) | (digits[:, 0] == 2))
    return np.where(valid, digits.astype(np.int64) @ _POWERS, NO_NPI)


class NpiSet:
    def __init__(self, npis: NDArray[np.int64]) -> None:
        self._sorted = np.unique(npis)

    def __contains__(self, npi: str) -> bool:
        return bool(self.holds(np.array([int(npi)]))[0])

    def holds(self, npis: NDArray[np.int64]) -> NDArray[np.bool_]:
        if not len(self._sorted):
            return np.zeros(len(npis), np.bool_)
        places = np.searchsorted(self._sorted, npis)
        found: NDArray[np.bool_] = self._sorted[np.minimum(places, len(self._sorted) - 1)] == npis
        return found

    def __or__(self, other: "NpiSet") -> "NpiSet":
        return NpiSet(np.concatenate([self._sorted, other._sorted]))


class NpiFilter:
    """Lets through the rows of `wanted` providers, by the NPI in `column`, and all with a wrong NPI."""

    def __init__(self, wanted: NpiSet, column: str) -> None:
        self._wanted = wanted
        self._column = column
        self.columns: Sequence[str] = (column,)

    def __call__(self, table: pa.Table) -> NDArray[np.bool_]:
        npis = npi_numbers(table[self._column])
        passed: NDArray[np.bool_] = (npis == NO_NPI) | self._wanted.holds(npis)
        return passed

    def takes(self, fields: Fields) -> bool:
        return fields.raw(self._column) in self._wanted
