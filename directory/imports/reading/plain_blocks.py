"""Finds the values of many rows at once, in a block of a CSV in which nothing is out of the ordinary.

Each byte is one bit that says whether a quote, a separator or a line break stands there, so that numpy looks at 64
bytes in one step. A byte is within quotes where the exclusive or of all quotes up to it is 1 (Langdale and Lemire,
“Parsing Gigabytes of JSON per Second”, 2019). Only rows that a filter lets through become text, and where each value of
a row ends is looked for when it is asked for.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from directory.compiled import ffi, library
from directory.imports.reading.fields import Fields

ffi.cdef("void mark_byte(const uint8_t *bytes, int64_t count, uint8_t wanted, uint64_t *marks);")
_QUOTE, _BREAK, _CR = b'"\n\r'
_STEPS = np.array([1, 2, 4, 8, 16, 32], np.uint64)
_WORD = 64  # bits
_LAST_BIT = np.uint64(_WORD - 1)
_Bits = NDArray[np.uint64]
_FEW = 8  # times fewer rows than a block has are looked at one by one


class CsvRow(NamedTuple):
    line: int  # of the file, the header being line 1
    fields: list[str]


class CsvLayout(NamedTuple):
    """The index of columns by name, how many there are, and what stands between them."""

    position: Mapping[str, int]
    width: int
    delimiter: str


class PlainBlock:
    """Whole rows, each with all columns, over so many lines.

    One bit each, `separators` are the ends of values, and `edges` all that may stand beside a value.
    """

    def __init__(
        self,
        content: bytes,
        layout: CsvLayout,
        lines: int,
        row_ends: NDArray[np.intp],
        separators: _Bits,
        edges: _Bits,
    ) -> None:
        self.lines = lines
        self._content = content
        self._bytes = np.frombuffer(content, np.uint8)
        self._separators, self._edges = separators, edges
        self._starts, self._ends = np.append(0, row_ends[:-1] + 1), row_ends
        self._position, self._width, self._delimiter = layout

    def __len__(self) -> int:
        return len(self._ends)

    def holding(self, words: NDArray[np.bytes_]) -> NDArray[np.bool_]:
        """Whether a value of each row is one of the `words`, which are of one length; perhaps also where one is not."""
        size = words.itemsize
        ends = reduce(or_, (marks_of(self._content, end) for end in {word[-1] for word in words.tolist()}))
        starts = np.maximum(_places(_next(ends) & self._edges) - size, 0)
        texts = np.ndarray(len(self._bytes) - size + 1, words.dtype, self._content, strides=1)[starts]
        holding = np.zeros(len(self), np.bool_)
        holding[np.searchsorted(self._ends, starts[np.isin(texts, words)])] = True
        return holding

    def texts(self, columns: Sequence[str], size: int, rows: NDArray[np.intp] | None = None) -> NDArray[np.bytes_]:
        """The first `size` bytes of each value of the `columns`, without quotes; by row, of all when none are named."""
        rows = np.arange(len(self)) if rows is None else rows
        indexes = np.array([self._position[column] for column in columns])
        is_short = not indexes.any() and size + 2 <= _WORD  # the first values alone, with their quotes
        value_ends = self._first_ends(rows) if is_short else self._value_ends(rows)
        starts = np.where(indexes, value_ends[:, indexes - 1] + 1, self._starts[rows, None])
        ends = value_ends[:, indexes]
        ends -= self._bytes[ends - 1] == _CR
        quoted = self._bytes[starts] == _QUOTE
        places = (starts + quoted)[..., None] + np.arange(size)
        texts = self._bytes.take(places, mode="clip")
        texts[places >= (ends - quoted)[..., None]] = 0
        found: NDArray[np.bytes_] = texts.view(f"S{size}")[..., 0]
        return found

    def _value_ends(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Where each value of the rows ends: of few rows each by itself, or else all of the block."""
        is_end = _bytes(self._separators, len(self._bytes))
        if _FEW * len(rows) > len(self):
            ends: NDArray[np.intp] = np.flatnonzero(is_end).reshape(-1, self._width)[rows]
            return ends
        places = zip(self._starts[rows].tolist(), (self._ends[rows] + 1).tolist(), strict=True)
        found = [is_end[start:end].nonzero()[0] + start for start, end in places]
        return np.array(found, np.intp).reshape(-1, self._width)

    def _first_ends(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Where the first value of the rows ends, or a word's length after its start when it is longer."""
        starts = self._starts[rows]
        words, bits = starts // _WORD, (starts % _WORD).astype(np.uint64)
        ahead = np.append(self._separators, np.uint64(0))
        ahead = ahead[words] >> bits | ahead[words + 1] << (_LAST_BIT - bits) << np.uint64(1)
        ends: NDArray[np.intp] = starts + np.bitwise_count((ahead & -ahead) - np.uint64(1))
        return ends[:, None]

    def rows(self, chosen: Iterable[int], first_line: int) -> Iterator[CsvRow]:
        """The chosen rows as the csv module reads them; the block begins with `first_line`."""
        breaks, counted = 0, 0
        for index in chosen:
            start = int(self._starts[index])
            if self.lines > len(self):
                breaks, counted = breaks + self._content.count(b"\n", counted, start), start
            text = self._content[start : self._ends[index]].decode()
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
    quotes, breaks = marks_of(content, _QUOTE), marks_of(content, _BREAK)
    separators = breaks | marks_of(content, ord(layout.delimiter))
    within = _odd_so_far(quotes)
    beside = separators | quotes  # what may stand beside a quote: one within a value is doubled
    opening, closing = quotes & within, quotes & ~within
    after_closing = beside | marks_of(content, _CR) if has_cr else beside
    if (opening & ~_next(beside, first=True)).any() or (_next(closing) & ~after_closing).any():
        return None
    separators &= ~within
    row_ends = _places(breaks & ~within)
    if not len(row_ends) or row_ends[-1] != len(content) - 1:
        return None
    if (np.diff(_count_until(separators, row_ends), prepend=0) != width).any():
        return None
    lengths = np.diff(row_ends, prepend=-1)
    if lengths.max() > csv.field_size_limit() or lengths.min() <= width + 1:  # perhaps separators alone
        return None
    lines = int(np.bitwise_count(breaks).sum())
    return PlainBlock(content, layout, lines, row_ends, separators, after_closing)


def is_utf8(content: bytes) -> bool:
    try:
        return content.isascii() or content.decode() is not None
    except UnicodeDecodeError:
        return False


def marks_of(content: bytes, byte: int) -> _Bits:
    """One bit for each byte of the content, the first being the lowest of its word: whether it is this one."""
    marks = np.empty(-(-len(content) // _WORD), np.uint64)
    library().mark_byte(ffi.from_buffer(content), len(content), byte, ffi.from_buffer("uint64_t[]", marks))
    return marks


def _bytes(bits: _Bits, count: int) -> NDArray[np.bool_]:
    return np.unpackbits(bits.view(np.uint8), count=count, bitorder="little").view(np.bool_)


def _places(bits: _Bits) -> NDArray[np.intp]:
    """Which of few bits are 1."""
    words = np.flatnonzero(bits != 0)
    nth, places = np.divmod(np.flatnonzero(_bytes(bits[words], _WORD * len(words))), _WORD)
    found: NDArray[np.intp] = words[nth] * _WORD + places
    return found


def _count_until(bits: _Bits, places: NDArray[np.intp]) -> NDArray[np.intp]:
    """How many bits are 1 up to each place and with it."""
    words, after = np.divmod(places, _WORD)
    counts: NDArray[np.intp] = np.bitwise_count(bits).cumsum(dtype=np.intp)
    beyond: NDArray[np.intp] = np.bitwise_count(bits[words] >> after.astype(np.uint64) >> np.uint64(1)).astype(np.intp)
    return counts[words] - beyond


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
