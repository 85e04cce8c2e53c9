"""Numbers read out of columns of text, many at once."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

NO_NUMBER = -1


def leading_digits(column: pa.ChunkedArray, count: int) -> NDArray[np.uint8]:
    """The first `count` characters of each text as digits, shape (texts, count); above 9 for what is no digit."""
    texts = column.combine_chunks()
    _, offsets_buffer, bytes_buffer = texts.buffers()
    ends = np.frombuffer(offsets_buffer, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    characters = np.frombuffer(bytes_buffer, np.uint8) if bytes_buffer else np.zeros(0, np.uint8)
    if (np.diff(ends) == count).all():  # as NPIs are: the texts are one rectangle
        return characters[ends[0] : ends[-1]].reshape(-1, count) - np.uint8(ord("0"))
    places = ends[:-1, None] + np.arange(count, dtype=np.int32)
    digits = np.full(places.shape, 255, np.uint8)
    inside = places < ends[1:, None]
    digits[inside] = characters[places[inside]] - ord("0")
    return digits


def lengths(column: pa.ChunkedArray) -> NDArray[np.int32]:
    """The length of each text in bytes."""
    texts = column.combine_chunks()
    return np.diff(np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1])


def numbers(digits: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The number that each row of digits writes; `NO_NUMBER` for a row that is not all digits."""
    value: NDArray[np.int64] = digits.astype(np.int64) @ (10 ** np.arange(digits.shape[1] - 1, -1, -1, dtype=np.int64))
    return np.where((digits <= 9).all(axis=1), value, NO_NUMBER)


def valid_npis(digits: NDArray[np.uint8], text_lengths: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Whether each row of ten digits is a real NPI, by the rule of `providers.npi`."""
    doubled = digits[:, :-1:2].astype(np.int64) * 2
    total = 24 + (doubled // 10 + doubled % 10).sum(axis=1) + digits[:, 1::2].astype(np.int64).sum(axis=1)
    ok: NDArray[np.bool_] = (digits <= 9).all(axis=1) & (text_lengths == 10) & (total % 10 == 0)
    ok &= (digits[:, 0] == 1) | (digits[:, 0] == 2)
    return ok


class NpiSet:
    """Many NPIs in eight bytes each."""

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
