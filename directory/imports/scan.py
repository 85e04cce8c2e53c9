"""One pass over a CSV of any size in constant memory.

The file is taken in blocks of whole lines. pyarrow parses each block for the few columns that decide, and a chooser
says which rows to look at closely; only those are parsed in full. Where anything is out of the ordinary (a row of
another width, a line break inside a value, a blank line), smaller and smaller blocks are tried until a small one is
read row by row, which knows the true line of each row. Both ways give the same rows.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from directory.imports.close_reading import LONGEST_ROW_BYTES, CloseReading, CutShortError, Reject, Row
from directory.imports.files import UTF8_BOM, ImportRefused, PublishedFile

BLOCK_BYTES = 4 * 1024 * 1024
SMALLEST_BLOCK_BYTES = 64 * 1024
_SPLIT = 8
_LINE_BREAK, _QUOTE = b'\n"'
_NOTHING_CHANGED = "Nothing was changed."


class Chooser(Protocol):
    """Says which rows to look at closely: at least those that will be used or rejected."""

    @property
    def columns(self) -> Sequence[str]: ...

    def __call__(self, table: pa.Table) -> NDArray[np.bool_]:
        """One value a row of `table`, which has `columns` as text."""


class CsvScan:
    """Reads `file`. `position` gives each required column's index in a row's fields."""

    def __init__(
        self, file: PublishedFile, required: Sequence[str], kind: str, *, block_bytes: int = BLOCK_BYTES
    ) -> None:
        """Read the header. Raises `ImportRefused` when one of the `required` columns is missing.

        `kind` names in messages what the file should be ("an NPPES provider file").
        """
        self.file = file
        self.read = 0
        """Rows read so far, misshapen ones included."""
        self._block_bytes = block_bytes
        self._smallest = min(SMALLEST_BLOCK_BYTES, block_bytes)
        self._buffer = b""
        self._start = 0  # of what is not yet used, in the buffer
        self._offset = 0  # of the same, in the file
        self._line = 1
        self._ended = False
        header = self._take_header()
        names = next(csv.reader([header.removeprefix(UTF8_BOM).decode()]), [])
        self.width = len(names)
        self.position = _positions(names, required, file.label, kind)

    def rows(self, choose: Chooser, reject: Reject) -> Iterator[Row]:
        """The rows that `choose` wants, and perhaps others; `reject` gets the misshapen ones.

        Raises `ImportRefused` when the file is cut short, damaged, not UTF-8 or has no rows.
        """
        size = self._block_bytes
        final = long_row = False
        while not final:
            self._fill(size)
            block, final = self._next_block(size, long_row)
            if not block and not final:
                self._refuse_endless_row(size)
                long_row = True
            else:
                self._check_encoding(block, final)
                before = self._offset
                closely = final or long_row
                chosen = None if closely else self._choose_quickly(block, choose)
                if chosen is None and not closely and len(block) > self._smallest:
                    size = max(len(block) // _SPLIT, self._smallest)
                    continue
                yield from self._read_closely(block, final, reject) if chosen is None else chosen
                long_row = self._offset == before
            size = 2 * size if long_row else min(2 * size, self._block_bytes)
        if not self.read:
            raise ImportRefused(f"{self.file.label} has a header and no rows. {_NOTHING_CHANGED}")

    def _fill(self, size: int) -> None:
        """Have `size` unused bytes in the buffer, unless the file ends before."""
        while not self._ended and (unused := len(self._buffer) - self._start) < size:
            fresh = self.file.read(size - unused)
            self._ended = not fresh
            self._buffer = self._buffer[self._start :] + fresh
            self._start = 0

    def _next_block(self, size: int, long_row: bool) -> tuple[bytes, bool]:
        """Unused bytes, at most `size`, that end with a line; and whether they are the last.

        `long_row` says that what is unused begins a row that the last block did not hold whole.

        The file's last line is always in the last block, where a row that is not whole means that the file was cut.
        """
        unused = len(self._buffer) - self._start
        last = min(self._start + size, len(self._buffer.rstrip()))
        end = self._buffer.rfind(b"\n", self._start, max(last, self._start)) + 1
        if self._ended and unused <= size and (unused <= self._smallest or not end or long_row):
            return self._buffer[self._start :], True
        return self._buffer[self._start : max(end, self._start)], False

    def _advance(self, size: int, lines: int) -> None:
        self._start += size
        self._offset += size
        self._line += lines

    def _take_header(self) -> bytes:
        self._fill(min(self._block_bytes, SMALLEST_BLOCK_BYTES))
        while b"\n" not in self._buffer and not self._ended and len(self._buffer) < LONGEST_ROW_BYTES:
            self._fill(2 * len(self._buffer))
        header = self._buffer.partition(b"\n")[0]
        self._check_encoding(header, final=False)
        self._advance(min(len(header) + 1, len(self._buffer)), 1)
        return header

    def _check_encoding(self, block: bytes, final: bool) -> None:
        if block.isascii():
            return
        try:
            block.decode()
        except UnicodeDecodeError as error:
            line = self._line + block.count(b"\n", 0, error.start)
            if final and error.reason == "unexpected end of data":
                raise self._cut_short(line) from error
            raise ImportRefused(
                f"{self.file.label} is not UTF-8 (line {line}, byte {self._offset + error.start + 1} of the file): "
                f"save it as UTF-8 or download it again. {_NOTHING_CHANGED}"
            ) from error

    def _choose_quickly(self, block: bytes, choose: Chooser) -> list[Row] | None:
        """The wanted rows of a block in which every row has the right width; None for another block."""
        if b"\0" in block or (b"\r" in block and block.count(b"\r") != block.count(b"\r\n")):
            return None
        try:
            table = self._parse(block, choose.columns)
        except pa.ArrowInvalid:
            return None
        characters = np.frombuffer(block, np.uint8)
        breaks = np.flatnonzero(characters == _LINE_BREAK)
        ends = breaks
        if table.num_rows != len(breaks):  # some line breaks are inside a value, after an odd number of quotes
            odd = np.bitwise_xor.reduceat(characters == _QUOTE, np.concatenate([[0], breaks[:-1] + 1]))
            ends = breaks[~np.bitwise_xor.accumulate(odd)]
        starts = np.concatenate([[0], ends[:-1] + 1])
        if table.num_rows != len(ends) or not self._is_whole(block[starts[-1] :]):
            return None
        rows = []
        chosen = np.flatnonzero(choose(table))
        keys = table.column(0).take(pa.array(chosen)).to_pylist()
        lines = self._line + np.searchsorted(breaks, starts[chosen])
        for index, line, key in zip(chosen.tolist(), lines.tolist(), keys, strict=True):
            fields = next(_reader(block[starts[index] : ends[index]]))
            if len(fields) != self.width or fields[self.position[choose.columns[0]]] != key:
                return None
            rows.append(Row(line, fields))
        self.read += len(ends)
        self._advance(len(block), len(breaks))
        return rows

    def _parse(self, block: bytes, columns: Sequence[str]) -> pa.Table:
        wanted = [str(self.position[name]) for name in columns]
        table = arrow_csv.read_csv(
            pa.py_buffer(block),
            arrow_csv.ReadOptions(
                use_threads=False,
                block_size=len(block) + 1,
                column_names=[str(index) for index in range(self.width)],
            ),
            arrow_csv.ParseOptions(newlines_in_values=True),
            arrow_csv.ConvertOptions(
                include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string()), check_utf8=False
            ),
        )
        return table.rename_columns(list(columns))

    def _is_whole(self, row: bytes) -> bool:
        """Whether the last row of a block closes its quotes, so that the next block starts a row."""
        try:
            return [len(fields) for fields in _reader(row, strict=True)] == [self.width]
        except csv.Error:
            return False

    def _read_closely(self, block: bytes, final: bool, reject: Reject) -> Iterator[Row]:
        reading = CloseReading(block, self._line, self.width, final=final)

        def reject_and_count(line: int, fields: list[str], reason: str) -> None:
            self.read += 1
            reject(line, fields, reason)

        try:
            for row in reading.rows(reject_and_count):
                self.read += 1
                yield row
        except CutShortError as error:
            raise self._cut_short(int(error.args[0])) from None
        self._advance(reading.bytes_read, reading.lines_read)

    def _cut_short(self, line: int) -> ImportRefused:
        return ImportRefused(
            f"{self.file.label} is cut short: its last row, line {line}, is not whole. Download it again. "
            f"{_NOTHING_CHANGED}"
        )

    def _refuse_endless_row(self, size: int) -> None:
        if size > self._block_bytes + 16 * LONGEST_ROW_BYTES:
            raise ImportRefused(f"{self.file.label} is no CSV: line {self._line} has no end. {_NOTHING_CHANGED}")


def _reader(rows: bytes, strict: bool = False) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(rows.decode(), newline="\n"), strict=strict)


def _positions(names: Sequence[str], required: Sequence[str], label: str, kind: str) -> Mapping[str, int]:
    """Where each required column stands. Capitals and spaces in the header do not matter."""
    places: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        places.setdefault(_folded(name), []).append(index)
    missing = [name for name in required if _folded(name) not in places]
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        named = ", ".join(f"“{name}”" for name in missing[:3])
        raise ImportRefused(
            f"{label} is not {kind}: it lacks the column{'s' if len(missing) > 1 else ''} {named}{more}. "
            f"{_NOTHING_CHANGED}"
        )
    repeated = [name for name in required if len(places[_folded(name)]) > 1]
    if repeated:
        raise ImportRefused(f"{label} has the column “{repeated[0]}” more than once. {_NOTHING_CHANGED}")
    return {name: places[_folded(name)][0] for name in required}


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
