"""Many NPIs at once: out of a column of texts, and as a set that takes eight bytes each."""

import numpy as np
from numpy.typing import NDArray

from directory.imports.reading.fields import Fields
from directory.imports.reading.plain_blocks import PlainBlock

NO_NPI = -1
_NPI_BYTES = 11
"""One more than an NPI has, which tells it from what is longer."""
_POWERS = 10 ** np.arange(9, -1, -1, dtype=np.int64)


def npi_numbers(block: PlainBlock, column: str) -> NDArray[np.int64]:
    """The NPI of each row as a number; `NO_NPI` for a text that is no real one by the rule of `providers.npi`."""
    texts = block.texts((column,), _NPI_BYTES)[:, 0]
    digits = texts[:, :10] - np.uint8(ord("0"))
    doubled = 2 * digits[:, :-1:2]
    total = 24 + (doubled - 9 * (doubled > 9)).sum(axis=1) + digits[:, 1::2].sum(axis=1)
    is_plain = (digits <= 9).all(axis=1) & (texts[:, 10] == 0)
    valid = is_plain & (total % 10 == 0) & ((digits[:, 0] == 1) | (digits[:, 0] == 2))
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

    def __call__(self, block: PlainBlock) -> NDArray[np.bool_]:
        npis = npi_numbers(block, self._column)
        passed: NDArray[np.bool_] = (npis == NO_NPI) | self._wanted.holds(npis)
        return passed

    def takes(self, fields: Fields) -> bool:
        return fields.raw(self._column) in self._wanted
