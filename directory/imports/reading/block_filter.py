"""Blocks of a CSV parsed by pyarrow for the columns that a filter asks for; only rows that pass are read in full."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from directory.imports.reading.fields import Fields
from directory.imports.reading.row_reader import CsvRow

_LINE_BREAK = ord("\n")


class RowFilter(Protocol):
    """Called with a table, it says which rows are read in full: at least those that will be used or rejected."""

    @property
    def columns(self) -> Sequence[str]: ...

    def __call__(self, table: pa.Table) -> NDArray[np.bool_]:
        """One value a row of `table`, which has `columns` as text."""

    def takes(self, fields: Fields) -> bool:
        """Whether a row that was read in full is used. May raise `RowRejectedError`."""


class FilteredBlock(NamedTuple):
    """The rows of a block that pass, their lines counted from its first; and how many rows and lines it has."""

    rows: list[CsvRow]
    row_count: int
    line_count: int


def filter_block(block: bytes, position: Mapping[str, int], width: int, row_filter: RowFilter) -> FilteredBlock | None:
    """The rows that pass, of a block of whole lines in which every row has `width` fields; None for another block.

    `position` gives the index of each of the filter's columns. Bytes that are no UTF-8 are not noticed.
    """
    if b"\0" in block or (b"\r" in block and block.count(b"\r") != block.count(b"\r\n")):
        return None
    try:
        table = _parse(block, [position[name] for name in row_filter.columns], width)
    except pa.ArrowInvalid:
        return None
    breaks = np.flatnonzero(np.frombuffer(block, np.uint8) == _LINE_BREAK)
    ends = breaks
    if table.num_rows != len(breaks):  # some line breaks are inside a value, after an odd number of quotes
        spans = zip([0, *(breaks[:-1] + 1).tolist()], breaks.tolist(), strict=True)
        odd = np.array([block.count(b'"', start, end) % 2 for start, end in spans], np.bool_)
        ends = breaks[~np.bitwise_xor.accumulate(odd)]
    starts = np.concatenate([[0], ends[:-1] + 1])
    if table.num_rows != len(ends) or not _is_whole(block[starts[-1] :], width):
        return None
    rows = []
    passed = np.flatnonzero(row_filter(table.rename_columns(list(row_filter.columns))))
    keys = table.column(0).take(pa.array(passed)).to_pylist()
    lines = np.searchsorted(breaks, starts[passed])
    for index, line, key in zip(passed.tolist(), lines.tolist(), keys, strict=True):
        fields = next(_reader(block[starts[index] : ends[index]]))
        if len(fields) != width or fields[position[row_filter.columns[0]]] != key:
            return None
        rows.append(CsvRow(line, fields))
    return FilteredBlock(rows, len(ends), len(breaks))


def is_utf8(block: bytes) -> bool:
    """What decoding would say, without making the text."""
    ends = pa.py_buffer(np.array([0, len(block)], np.int64))
    try:
        pa.Array.from_buffers(pa.large_binary(), 1, [None, ends, pa.py_buffer(block)]).cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True


def _parse(block: bytes, columns: Sequence[int], width: int) -> pa.Table:
    wanted = [str(index) for index in columns]
    return arrow_csv.read_csv(
        pa.py_buffer(block),
        arrow_csv.ReadOptions(
            use_threads=False,
            block_size=len(block) + 1,
            column_names=[str(index) for index in range(width)],
        ),
        arrow_csv.ParseOptions(newlines_in_values=True),
        arrow_csv.ConvertOptions(
            include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string()), check_utf8=False
        ),
    )


def _is_whole(row: bytes, width: int) -> bool:
    """Whether the last row of a block closes its quotes, so that the next block starts a row."""
    try:
        return [len(fields) for fields in _reader(row, strict=True)] == [width]
    except csv.Error:
        return False


def _reader(rows: bytes, strict: bool = False) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(rows.decode(), newline="\n"), strict=strict)
