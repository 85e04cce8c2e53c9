"""Many NPIs at once: out of a column of texts, and as a set that takes eight bytes each."""

from bisect import bisect_left

import numpy as np
from numpy.typing import NDArray

from directory.imports.reading.fields import Fields
from directory.imports.reading.plain_blocks import PlainBlock

NO_NUMBER = -1
_NPI_DIGITS = 10


def as_numbers(texts: NDArray[np.bytes_], digits: int) -> NDArray[np.int64]:
    """The number that so many digits at the start of each text write; `NO_NUMBER` where other characters stand."""
    values = _digits(texts)[:digits]
    powers = 10 ** np.arange(digits - 1, -1, -1, dtype=np.int64)
    return np.where((values <= 9).all(axis=0), powers @ values, NO_NUMBER)


def npi_numbers(block: PlainBlock, column: str) -> NDArray[np.int64]:
    """The NPI of each row as a number; `NO_NUMBER` for a text that is no real one by the rule of `providers.npi`."""
    texts = block.texts((column,), _NPI_DIGITS + 1)[:, 0]
    digits = _digits(texts)[:_NPI_DIGITS]
    doubled = 2 * digits[:-1:2]
    total = 24 + (doubled - 9 * (doubled > 9)).sum(axis=0) + digits[1::2].sum(axis=0)
    is_real = (total % 10 == 0) & ((digits[0] == 1) | (digits[0] == 2))
    return np.where(is_real & (np.strings.str_len(texts) == _NPI_DIGITS), as_numbers(texts, _NPI_DIGITS), NO_NUMBER)


def _digits(texts: NDArray[np.bytes_]) -> NDArray[np.uint8]:
    """The value of the characters, a row for the first of each text; it is above 9 for what is no digit."""
    characters = np.ascontiguousarray(texts).view(np.uint8).reshape(len(texts), texts.itemsize)
    return np.ascontiguousarray(characters.T) - np.uint8(ord("0"))


class NpiSet:
    def __init__(self, npis: NDArray[np.int64]) -> None:
        self._sorted = np.unique(npis).astype(np.int64)
        self._numbers = self._sorted.data  # of which one takes less time to look up

    def __contains__(self, npi: str) -> bool:
        number = int(npi)
        place = bisect_left(self._numbers, number)
        return place < len(self._numbers) and self._numbers[place] == number

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
        passed: NDArray[np.bool_] = (npis == NO_NUMBER) | self._wanted.holds(npis)
        return passed

    def takes(self, fields: Fields) -> bool:
        return fields.raw(self._column) in self._wanted
