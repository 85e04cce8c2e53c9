"""Finds the values of many rows at once, in a block of a CSV in which nothing is out of the ordinary.

Each byte is one bit that says whether a quote, a separator or a line break stands there, so that numpy looks at 64
bytes in one step. A byte is within quotes where the exclusive or of all quotes up to it is 1 (Langdale and Lemire,
“Parsing Gigabytes of JSON per Second”, 2019). Only rows that a filter lets through become text.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from directory.imports.reading.fields import Fields

_QUOTE, _BREAK, _CR = b'"\n\r'
_STEPS = np.array([1, 2, 4, 8, 16, 32], np.uint64)
_LAST_BIT = np.uint64(63)
_Bits = NDArray[np.uint64]


class CsvRow(NamedTuple):
    line: int  # of the file, the header being line 1
    fields: list[str]


class CsvLayout(NamedTuple):
    """The index of columns by name, how many there are, and what stands between them."""

    position: Mapping[str, int]
    width: int
    delimiter: str


class PlainBlock:
    """Whole rows, each with all columns, over so many lines. `ends` says where each value ends, row by row."""

    def __init__(self, content: bytes, ends: NDArray[np.intp], lines: int, layout: CsvLayout) -> None:
        self.lines = lines
        self._content = content
        self._bytes = np.frombuffer(content, np.uint8)
        self._ends = ends
        self._position, self._width, self._delimiter = layout

    def __len__(self) -> int:
        return len(self._ends) // self._width

    def texts(self, columns: Sequence[str], size: int, rows: NDArray[np.intp] | None = None) -> NDArray[np.bytes_]:
        """The first `size` bytes of each value of the `columns`, without quotes; by row, of all when none are named."""
        firsts = (np.arange(len(self)) if rows is None else rows) * self._width
        values = firsts[:, None] + [self._position[column] for column in columns]
        starts, ends = np.where(values, self._ends[values - 1] + 1, 0), self._ends[values]
        ends -= self._bytes[ends - 1] == _CR
        quoted = self._bytes[starts] == _QUOTE
        places = (starts + quoted)[..., None] + np.arange(size)
        texts = self._bytes[np.minimum(places, len(self._bytes) - 1)]
        texts[places >= (ends - quoted)[..., None]] = 0
        found: NDArray[np.bytes_] = texts.view(f"S{size}")[..., 0]
        return found

    def rows(self, chosen: Iterable[int], first_line: int) -> Iterator[CsvRow]:
        """The chosen rows as the csv module reads them; the block begins with `first_line`."""
        breaks, counted = 0, 0
        for index in chosen:
            start = int(self._ends[index * self._width - 1]) + 1 if index else 0
            if self.lines > len(self):
                breaks, counted = breaks + self._content.count(b"\n", counted, start), start
            text = self._content[start : self._ends[(index + 1) * self._width - 1]].decode()
            fields = next(csv.reader([text], delimiter=self._delimiter))
            yield CsvRow(first_line + (breaks if self.lines > len(self) else index), fields)


class RowFilter(Protocol):
    """Called with a block, it says which rows are read in full: at least those that will be used or rejected."""

    def __call__(self, block: PlainBlock) -> NDArray[np.bool_]:
        """One value a row."""

    def takes(self, fields: Fields) -> bool:
        """Whether a row that was read in full is used. May raise `RowRejectedError`."""


def plain_block(content: bytes, layout: CsvLayout) -> PlainBlock | None:
    """The rows of whole lines that start a row; None where some have to be read one by one.

    That is so for rows of another width, blank lines, quotes within a value that has none around it, bytes that are no
    UTF-8, zero bytes, and line ends of old Macs.
    """
    width = layout.width
    has_cr = b"\r" in content
    if not content or width == 1 or b"\0" in content or not is_utf8(content):
        return None
    if has_cr and content.count(b"\r") != content.count(b"\r\n"):
        return None
    bytes_ = np.frombuffer(content, np.uint8)
    quotes, breaks = _bits(bytes_ == _QUOTE), _bits(bytes_ == _BREAK)
    separators = breaks | _bits(bytes_ == ord(layout.delimiter))
    within = _odd_so_far(quotes)
    beside = separators | quotes  # what may stand beside a quote: one within a value is doubled
    opening, closing = quotes & within, quotes & ~within
    after_closing = beside | _bits(bytes_ == _CR) if has_cr else beside
    if (opening & ~_next(beside, first=True)).any() or (_next(closing) & ~after_closing).any():
        return None
    ends = np.flatnonzero(_bytes(separators & ~within, len(bytes_)))
    rows, rest = divmod(len(ends), width)
    if rest or not rows or _count(breaks & ~within) != rows or ends[-1] != len(bytes_) - 1:
        return None
    row_ends = ends[width - 1 :: width]
    lengths = np.diff(row_ends, prepend=-1)
    if (bytes_[row_ends] != _BREAK).any() or lengths.max() > csv.field_size_limit():
        return None
    if lengths.min() <= width + 1:  # perhaps separators alone
        return None
    return PlainBlock(content, ends, _count(breaks), layout)


def is_utf8(content: bytes) -> bool:
    try:
        return content.isascii() or content.decode() is not None
    except UnicodeDecodeError:
        return False


def _bits(of_bytes: NDArray[np.bool_]) -> _Bits:
    """One bit for each byte, the first being the lowest."""
    words = np.zeros(-(-len(of_bytes) // 64), np.uint64)
    packed = np.packbits(of_bytes, bitorder="little")
    words.view(np.uint8)[: len(packed)] = packed
    return words


def _bytes(bits: _Bits, count: int) -> NDArray[np.bool_]:
    return np.unpackbits(bits.view(np.uint8), count=count, bitorder="little").view(np.bool_)


def _count(bits: _Bits) -> int:
    return int(np.bitwise_count(bits).sum())


def _next(bits: _Bits, *, first: bool = False) -> _Bits:
    """For each byte the bit of the one before it; `first` for the first."""
    moved = bits << np.uint64(1)
    moved[1:] |= bits[:-1] >> _LAST_BIT
    moved[0] |= np.uint64(first)
    return moved


def _odd_so_far(bits: _Bits) -> _Bits:
    """For each byte whether the bits up to it and its own are odd in number."""
    odd = bits.copy()
    for step in _STEPS:
        odd ^= odd << step
    before = np.bitwise_xor.accumulate(odd >> _LAST_BIT)
    odd[1:] ^= np.uint64(0) - before[:-1]
    return odd
