"""One pass over a CSV of any size in constant memory.

The file is taken in blocks of whole lines. pyarrow parses each block for the few columns that a filter asks for;
only the rows that pass it are parsed in full. Where anything is out of the ordinary (a row of
another width, a line break inside a value, a blank line), smaller and smaller blocks are tried until a small one is
read row by row, which knows the true line of each row. Both ways give the same rows.

pyarrow and numpy leave the interpreter free while they work, so several blocks are parsed at once, and taken in order.
"""

import csv
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor

from directory.imports.reading.block_filter import FilteredBlock, RowFilter, filter_block, is_utf8
from directory.imports.reading.fields import column_positions
from directory.imports.reading.files import UTF8_BOM, ImportFileError, PublishedFile
from directory.imports.reading.row_reader import MAX_ROW_BYTES, CsvRow, CutShortError, RejectRow, RowReader

BLOCK_BYTES = 4 * 1024 * 1024
MIN_BLOCK_BYTES = 64 * 1024
BLOCKS_AT_ONCE = min(4, os.cpu_count() or 1)
_SPLIT = 8
_NOTHING_CHANGED = "Nothing was changed."


class CsvScan:
    """Reads `file`. `position` gives the index in a row's fields of each required column, and of the optional ones
    that are there.
    """

    def __init__(
        self,
        file: PublishedFile,
        required: Sequence[str],
        title: str,
        *,
        optional: Sequence[str] = (),
        block_bytes: int = BLOCK_BYTES,
    ) -> None:
        """Read the header. Raises `ImportFileError` when one of the `required` columns is missing.

        `title` names in messages what the file should be ("an NPPES provider file").
        """
        self.file = file
        self.read = 0
        """Rows read so far, misshapen ones included."""
        self._block_bytes = block_bytes
        self._smallest = min(MIN_BLOCK_BYTES, block_bytes)
        self._buffer = b""
        self._start = 0  # of what is not yet used, in the buffer
        self._offset = 0  # of the same, in the file
        self._line = 1
        self._ended = False
        header = self._take_header()
        names = next(csv.reader([header.removeprefix(UTF8_BOM).decode()]), [])
        self.width = len(names)
        self.position = column_positions(names, required, optional, file.label, title)

    def rows(self, row_filter: RowFilter, reject: RejectRow) -> Iterator[CsvRow]:
        """The rows that `row_filter` lets through, and perhaps others; `reject` gets the misshapen ones.

        Raises `ImportFileError` when the file is cut short, damaged, not UTF-8 or has no rows.
        """
        with ThreadPoolExecutor(BLOCKS_AT_ONCE) as executor:
            yield from self._rows(row_filter, reject, executor)
        if not self.read:
            raise ImportFileError(f"{self.file.label} has a header and no rows. {_NOTHING_CHANGED}")

    def _rows(self, row_filter: RowFilter, reject: RejectRow, executor: Executor) -> Iterator[CsvRow]:
        size = self._block_bytes
        final = long_row = False
        while not final:
            if size == self._block_bytes:
                yield from self._rows_of_plain_blocks(row_filter, executor)
            self._fill(size)
            block, final = self._next_block(size, long_row)
            if not block and not final:
                self._refuse_endless_row(size)
                long_row = True
            else:
                self._check_encoding(block, final)
                before = self._offset
                row_by_row = final or long_row
                passed = None if row_by_row else filter_block(block, self.position, self.width, row_filter)
                if passed is None and not row_by_row and len(block) > self._smallest:
                    size = max(len(block) // _SPLIT, self._smallest)
                    continue
                if passed is None:
                    yield from self._read_rows(block, final, reject)
                else:
                    self._start += len(block)
                    yield from self._take(block, passed)
                long_row = self._offset == before
            size = 2 * size if long_row else min(2 * size, self._block_bytes)

    def _rows_of_plain_blocks(self, row_filter: RowFilter, executor: Executor) -> Iterator[CsvRow]:
        """The rows that pass from here to the first block that has to be read in another way."""
        parses: deque[tuple[bytes, Future[FilteredBlock | None]]] = deque()
        while True:
            while len(parses) <= BLOCKS_AT_ONCE and (block := self._cut_block()):
                parses.append((block, executor.submit(filter_block, block, self.position, self.width, row_filter)))
            if not parses:
                return
            block, parse = parses[0]
            self._check_encoding(block, final=False)
            passed = parse.result()
            if passed is None:
                self._buffer = b"".join((*(block for block, _ in parses), self._buffer[self._start :]))
                self._start = 0
                return
            parses.popleft()
            yield from self._take(block, passed)

    def _cut_block(self) -> bytes:
        """The next block of whole lines, taken out of the buffer; empty when the file's last one may be in it."""
        self._fill(self._block_bytes)
        if self._ended:
            return b""
        block, _ = self._next_block(self._block_bytes, long_row=False)
        self._start += len(block)
        return block

    def _take(self, block: bytes, passed: FilteredBlock) -> list[CsvRow]:
        """The rows of a block that is used, with their lines in the file."""
        rows = [CsvRow(self._line + row.line, row.fields) for row in passed.rows]
        self.read += passed.row_count
        self._advance(len(block), passed.line_count)
        return rows

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
        last = min(self._start + size, self._content_end())
        end = self._buffer.rfind(b"\n", self._start, max(last, self._start)) + 1
        if self._ended and unused <= size and (unused <= self._smallest or not end or long_row):
            return self._buffer[self._start :], True
        return self._buffer[self._start : max(end, self._start)], False

    def _content_end(self) -> int:
        """Where the white space at the end of the buffer begins."""
        end = len(self._buffer)
        while end and self._buffer[end - 1 : end].isspace():
            end -= 1
        return end

    def _advance(self, size: int, lines: int) -> None:
        """Count what was used, for messages and lines of rows."""
        self._offset += size
        self._line += lines

    def _take_header(self) -> bytes:
        self._fill(min(self._block_bytes, MIN_BLOCK_BYTES))
        while b"\n" not in self._buffer and not self._ended and len(self._buffer) < MAX_ROW_BYTES:
            self._fill(2 * len(self._buffer))
        header = self._buffer.partition(b"\n")[0]
        self._check_encoding(header, final=False)
        self._start = min(len(header) + 1, len(self._buffer))
        self._advance(self._start, 1)
        return header

    def _check_encoding(self, block: bytes, final: bool) -> None:
        if block.isascii() or is_utf8(block):
            return
        try:
            block.decode()
        except UnicodeDecodeError as error:
            line = self._line + block.count(b"\n", 0, error.start)
            if final and error.reason == "unexpected end of data":
                raise self._cut_short(line) from error
            raise ImportFileError(
                f"{self.file.label} is not UTF-8 (line {line}, byte {self._offset + error.start + 1} of the file): "
                f"save it as UTF-8 or download it again. {_NOTHING_CHANGED}"
            ) from error

    def _read_rows(self, block: bytes, final: bool, reject: RejectRow) -> Iterator[CsvRow]:
        reading = RowReader(block, self._line, self.width, final=final)

        def reject_and_count(line: int, fields: list[str], reason: str) -> None:
            self.read += 1
            reject(line, fields, reason)

        try:
            for row in reading.rows(reject_and_count):
                self.read += 1
                yield row
        except CutShortError as error:
            raise self._cut_short(int(error.args[0])) from None
        self._start += reading.bytes_read
        self._advance(reading.bytes_read, reading.lines_read)

    def _cut_short(self, line: int) -> ImportFileError:
        return ImportFileError(
            f"{self.file.label} is cut short: its last row, line {line}, is not whole. Download it again. "
            f"{_NOTHING_CHANGED}"
        )

    def _refuse_endless_row(self, size: int) -> None:
        if size > self._block_bytes + 16 * MAX_ROW_BYTES:
            raise ImportFileError(f"{self.file.label} is no CSV: line {self._line} has no end. {_NOTHING_CHANGED}")
