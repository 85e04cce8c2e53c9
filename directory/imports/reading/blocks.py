"""The rows of one block of a CSV: one by one, or by pyarrow for a filter, which is quicker and refuses odd blocks.

Read one by one, each row has its true line, however misshapen the rows are. pyarrow parses the columns that the filter
asks for, and only rows that pass are read in full.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from directory.imports.reading.encodings import WINDOWS_BYTES, decoded
from directory.imports.reading.fields import Fields

_LINE_BREAK = ord("\n")
MAX_CHARACTER_BYTES = 4  # in UTF-8
MAX_ROW_BYTES = 1024 * 1024
"""A row that takes more has a quote that is not closed."""
_OPEN_QUOTE = "a quote is opened and not closed"

RejectTexts = Callable[[int, list[str], str], None]
"""Gets the line of a misshapen row, what fields it has, and why it is not used."""


class CsvRow(NamedTuple):
    line: int  # of the file, the header being line 1
    fields: list[str]


class CutShortError(Exception):
    """The last row of the file is not whole; the argument is its line."""


class _OutOfLinesError(Exception):
    """The reader asked for a line after the last one of the block."""


class RowReader:
    """Reads a block of lines that starts a row at `first_line`; `is_last` when nothing comes after it.

    After `rows` is exhausted, `bytes_read` and `lines_read` leave out a row that goes on after the block, and
    `windows_rows` counts the rows with bytes that are no UTF-8: those are read in Windows' encoding.
    """

    def __init__(
        self, block: bytes, first_line: int, width: int, csv_format: Mapping[str, Any], *, is_last: bool
    ) -> None:
        self.bytes_read = 0
        self.lines_read = 0
        self.windows_rows = 0
        self._windows_lines: dict[int, bool] = {}  # whether Windows' encoding has all of their bytes
        self._lines = io.BytesIO(block).readlines()
        self._first_line = first_line
        self._width = width
        self._csv_format = csv_format
        self._is_last = is_last
        self._between_values = f"{csv_format.get('delimiter', ',')}\r\n".encode()

    def rows(self, reject: RejectTexts) -> Iterator[CsvRow]:
        """The rows of the right width. Raises `CutShortError` when the last row of the file is not whole.

        A row that spreads over several lines and is misshapen began with a quote that is not closed: its first line
        is rejected, and reading goes on with the second.
        """
        start = 0
        while start < len(self._lines):
            first = start
            reader = csv.reader(self._texts(first), **self._csv_format)
            try:
                while True:
                    start = first + reader.line_num
                    fields = next(reader)
                    end = first + reader.line_num
                    if not any(fields) and not self._lines[start].strip(self._between_values):
                        fields = []  # as blank: Excel leaves lines of separators alone below the last row
                    wrong = self._what_is_wrong(fields, start, end)
                    if wrong:
                        reject(self._first_line + start, fields, wrong)
                        if end > start + 1:
                            break
                    elif fields:
                        if self._windows_lines:
                            self.windows_rows += any(index in self._windows_lines for index in range(start, end))
                        yield CsvRow(self._first_line + start, fields)
            except _OutOfLinesError:
                if self._goes_on(start):
                    break
                reject(self._first_line + start, [], _OPEN_QUOTE)
            except csv.Error as error:
                over_lines = first + reader.line_num > start + 1
                reject(self._first_line + start, [], _OPEN_QUOTE if over_lines else f"the row cannot be read: {error}")
            start += 1
        self.lines_read = min(start, len(self._lines))
        self.bytes_read = sum(map(len, self._lines[: self.lines_read]))

    def _texts(self, first: int) -> Iterator[str]:
        for index in range(first, len(self._lines)):
            line = self._lines[index]
            try:
                text = line.decode()
            except UnicodeDecodeError:
                text = line.decode(errors=WINDOWS_BYTES)
                self._windows_lines[index] = decoded(line) is not None
            yield text
        raise _OutOfLinesError

    def _what_is_wrong(self, fields: list[str], start: int, end: int) -> str | None:
        if not fields:
            return None  # a blank line
        if len(fields) != self._width:
            if self._is_last and len(fields) < self._width and not any(map(bytes.strip, self._lines[end:])):
                raise CutShortError(self._first_line + start)
            columns = f"the row has {len(fields)} columns instead of {self._width}"
            return f"{columns}, perhaps because {_OPEN_QUOTE}" if end > start + 1 else columns
        if any(b"\0" in line for line in self._lines[start:end]):
            return "the row holds a zero byte"
        if self._windows_lines and not all(self._windows_lines.get(index, True) for index in range(start, end)):
            return "the row has bytes that are neither UTF-8 nor in Windows' encoding"
        return None

    def _goes_on(self, start: int) -> bool:
        """Whether the lines from `start` on are to be read again with what comes after the block."""
        rest = sum(map(len, self._lines[start:]))
        if self._is_last and start == len(self._lines) - 1:
            raise CutShortError(self._first_line + start)
        return rest == 0 or (not self._is_last and rest < MAX_ROW_BYTES)


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


def filter_block(
    block: bytes, position: Mapping[str, int], width: int, row_filter: RowFilter, delimiter: str = ","
) -> FilteredBlock | None:
    """The rows that pass, of a block of whole lines in which every row has `width` fields; None for another block.

    `position` gives the index of each of the filter's columns. Bytes that are no UTF-8 are not noticed.
    """
    if b"\0" in block or (b"\r" in block and block.count(b"\r") != block.count(b"\r\n")):
        return None
    blank = delimiter.encode() * (width - 1)
    if block.startswith((blank + b"\n", blank + b"\r\n")) or b"\n%b\n" % blank in block or b"\n%b\r\n" % blank in block:
        return None
    try:
        table = _parse(block, [position[name] for name in row_filter.columns], width, delimiter)
    except pa.ArrowInvalid:
        return None
    breaks = np.flatnonzero(np.frombuffer(block, np.uint8) == _LINE_BREAK)
    ends = breaks
    if table.num_rows != len(breaks):  # some line breaks are inside a value, after an odd number of quotes
        spans = zip([0, *(breaks[:-1] + 1).tolist()], breaks.tolist(), strict=True)
        odd = np.array([block.count(b'"', start, end) % 2 for start, end in spans], np.bool_)
        ends = breaks[~np.bitwise_xor.accumulate(odd)]
    starts = np.concatenate([[0], ends[:-1] + 1])
    if (ends - starts).max(initial=0) > csv.field_size_limit():
        return None
    if table.num_rows != len(ends) or not _is_whole(block[starts[-1] :], width, delimiter):
        return None
    rows = []
    passed = np.flatnonzero(row_filter(table.rename_columns(list(row_filter.columns))))
    keys = table.column(0).take(pa.array(passed)).to_pylist()
    lines = np.searchsorted(breaks, starts[passed])
    for index, line, key in zip(passed.tolist(), lines.tolist(), keys, strict=True):
        fields = next(_reader(block[starts[index] : ends[index]], delimiter))
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


def ends_within_character(block: bytes) -> bool:
    """Whether the last character of `block` lacks bytes that UTF-8 has for it."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    decoder.decode(block[-MAX_CHARACTER_BYTES:])
    return bool(decoder.getstate()[0])


def _parse(block: bytes, columns: Sequence[int], width: int, delimiter: str) -> pa.Table:
    wanted = [str(index) for index in columns]
    return arrow_csv.read_csv(
        pa.py_buffer(block),
        arrow_csv.ReadOptions(
            use_threads=False,
            block_size=len(block) + 1,
            column_names=[str(index) for index in range(width)],
        ),
        arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        arrow_csv.ConvertOptions(
            include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string()), check_utf8=False
        ),
    )


def _is_whole(row: bytes, width: int, delimiter: str) -> bool:
    """Whether the last row of a block closes its quotes, so that the next block starts a row."""
    try:
        return [len(fields) for fields in _reader(row, delimiter, strict=True)] == [width]
    except csv.Error:
        return False


def _reader(rows: bytes, delimiter: str, strict: bool = False) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(rows.decode(), newline="\n"), delimiter=delimiter, strict=strict)
