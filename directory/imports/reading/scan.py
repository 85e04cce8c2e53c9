"""One pass over a CSV of any size in constant memory.

The file is taken in blocks of whole lines. For a filter, pyarrow parses each block for the few columns that the filter
asks for, and only the rows that pass are parsed in full; pyarrow and numpy leave the interpreter free while they work,
so several blocks are parsed at once, and taken in order. A block with anything out of the ordinary (a row of another
width, a blank line, bytes that are no UTF-8), the last block, and a file that is read without a filter are read row by
row, which knows the true line of each row. Both ways give the same rows.
"""

import csv
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from types import MappingProxyType
from typing import Any, TypeVar

from directory.imports.reading.blocks import (
    MAX_ROW_BYTES,
    CsvRow,
    CutShortError,
    FilteredBlock,
    RowFilter,
    RowReader,
    ends_within_character,
    filter_block,
    is_utf8,
)
from directory.imports.reading.encodings import UTF8_BOM, WINDOWS_BYTES, cr_line_ends, refuse_utf16
from directory.imports.reading.fields import (
    Fields,
    FileKind,
    MissingColumnsError,
    RowRejectedError,
    column_positions,
    where_columns_are,
)
from directory.imports.reading.files import HEAD_BYTES, ImportFileError, PublishedFile

Parsed = TypeVar("Parsed")
RejectRow = Callable[[int, Fields, str], None]
"""Gets the line of a row that cannot be used, what values it has, and why."""

BLOCK_BYTES = 4 * 1024 * 1024
BLOCKS_AT_ONCE = min(4, os.cpu_count() or 1)
_NOTHING_CHANGED = "Nothing was changed."


class CsvScan:
    """Reads `file`. `position` gives the index in a row's fields of each column of its kind, and of the optional ones
    that are there.
    """

    def __init__(
        self,
        file: PublishedFile,
        kind: FileKind,
        *,
        optional: Sequence[str] = (),
        csv_format: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        """Read the header. Raises `ImportFileError` when a column of the `kind` is missing.

        `csv_format` are parameters of `csv.reader` for a file that has other than commas and quotes, which is read
        without a filter.
        """
        self.file = file
        self.read = 0
        """Rows read so far, misshapen ones included."""
        self.windows_rows = 0
        """Those with bytes that are no UTF-8, which are read in Windows' encoding."""
        self._buffer = b""
        self._start = 0  # of what is not yet used, in the buffer
        self._offset = 0  # of the same, in the file
        self._line = 1
        self._ended = False
        self._csv_format = csv_format
        header = self._take_header()
        if kind.is_older_with_tabs(header.decode(errors=WINDOWS_BYTES)):
            self._csv_format = csv_format = {"delimiter": "\t"}
        try:
            names = next(csv.reader([header.decode(errors=WINDOWS_BYTES)], **csv_format), [])
            self.position = column_positions(names, kind, optional, file.label)
        except (csv.Error, MissingColumnsError) as error:
            raise self._why_no_columns(header, kind, error) from error
        self.width = len(names)

    def parsed_rows(
        self, parse_row: Callable[[Fields], Parsed], reject: RejectRow, row_filter: RowFilter | None = None
    ) -> Iterator[tuple[int, Parsed]]:
        """The line of each row and what `parse_row` makes of it; `reject` gets those for which it raises
        `RowRejectedError` too. Otherwise as `rows`.
        """
        for line, fields in self.rows(reject, row_filter):
            try:
                parsed = parse_row(fields)
            except RowRejectedError as error:
                reject(line, fields, str(error))
                continue
            yield line, parsed

    def rows(self, reject: RejectRow, row_filter: RowFilter | None = None) -> Iterator[tuple[int, Fields]]:
        """The line of each row that `row_filter` lets through, and perhaps of others, and its values.

        `reject` gets the misshapen ones. Raises `ImportFileError` when the file is cut short, damaged or has no rows.
        """
        with ThreadPoolExecutor(BLOCKS_AT_ONCE) as executor:
            for line, texts in self._rows(reject, row_filter, executor):
                yield line, Fields(self.position, texts)
        if not self.read and not self.file.is_answers:
            raise ImportFileError(f"{self.file.label} has a header and no rows. {_NOTHING_CHANGED}")

    def _rows(self, reject: RejectRow, row_filter: RowFilter | None, executor: Executor) -> Iterator[CsvRow]:
        size = BLOCK_BYTES
        is_last = False
        while not is_last:
            if row_filter and size == BLOCK_BYTES:
                yield from self._rows_of_plain_blocks(row_filter, executor)
            block, is_last = self._next_block(size)
            before = self._offset
            yield from self._read_rows(block, is_last, reject)
            size = BLOCK_BYTES if self._offset > before else 2 * size  # for a row that is longer than the block
            if size > BLOCK_BYTES + 16 * MAX_ROW_BYTES:
                raise ImportFileError(
                    f"{self.file.label} is not a CSV: line {self._line} has no end. {_NOTHING_CHANGED}"
                )

    def _rows_of_plain_blocks(self, row_filter: RowFilter, executor: Executor) -> Iterator[CsvRow]:
        """The rows that pass from here to the first block that has to be read row by row."""
        parses: deque[tuple[bytes, Future[FilteredBlock | None]]] = deque()
        while True:
            while len(parses) <= BLOCKS_AT_ONCE and (block := self._cut_block()):
                delimiter = self._csv_format.get("delimiter", ",")
                parse = executor.submit(filter_block, block, self.position, self.width, row_filter, delimiter)
                parses.append((block, parse))
            if not parses:
                return
            block, parse = parses[0]
            passed = parse.result() if block.isascii() or is_utf8(block) else None
            if passed is None:
                self._buffer = b"".join((*(block for block, _ in parses), self._buffer[self._start :]))
                self._start = 0
                return
            parses.popleft()
            rows = [CsvRow(self._line + row.line, row.fields) for row in passed.rows]
            self.read += passed.row_count
            self._advance(len(block), passed.line_count)
            yield from rows

    def _cut_block(self) -> bytes:
        """The next block of whole lines, taken out of the buffer; empty when it is the file's last one."""
        block, is_last = self._next_block(BLOCK_BYTES)
        if is_last:
            return b""
        self._start += len(block)
        return block

    def _next_block(self, size: int) -> tuple[bytes, bool]:
        """Unused bytes, at most `size`, that end with a line; and whether they are the last.

        The file's last line is always in the last block, where a row that is not whole means that the file was cut.
        """
        self._fill(size)
        if self._ended and len(self._buffer) - self._start <= size:
            return self._buffer[self._start :], True
        end = self._buffer.rfind(b"\n", self._start, min(self._start + size, self._content_end())) + 1
        return self._buffer[self._start : end], False

    def _fill(self, size: int) -> None:
        """Have `size` unused bytes in the buffer, unless the file ends before."""
        while not self._ended and (unused := len(self._buffer) - self._start) < size:
            fresh = self.file.read(size - unused)
            self._ended = not fresh
            self._buffer = self._buffer[self._start :] + fresh
            self._start = 0

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
        self._fill(min(BLOCK_BYTES, HEAD_BYTES))
        refuse_utf16(self.file.label, self._buffer)
        while b"\n" not in self._buffer and not self._ended and len(self._buffer) < MAX_ROW_BYTES:
            self._fill(2 * len(self._buffer))
        header = self._buffer[: self._header_end()]
        self._start = min(len(header) + 1, len(self._buffer))
        self._advance(self._start, header.count(b"\n") + 1)
        return header.removeprefix(UTF8_BOM)

    def _header_end(self) -> int:
        """Where the first line ends; a line break in quotes is part of a column's name."""
        has_quotes = self._csv_format.get("quoting") != csv.QUOTE_NONE
        first = end = self._buffer.find(b"\n")
        while has_quotes and end >= 0 and self._buffer.count(b'"', 0, end) % 2:
            end = self._buffer.find(b"\n", end + 1)
        return next((place for place in (end, first) if place >= 0), len(self._buffer))

    def _why_no_columns(self, header: bytes, kind: FileKind, error: Exception) -> ImportFileError:
        label = self.file.label
        if b"\r" in header.rstrip(b"\r"):
            return cr_line_ends(label)
        lines = [header, *self._buffer[self._start :][:HEAD_BYTES].split(b"\n")]
        texts = [line.decode(errors="replace") for line in lines]
        if where := where_columns_are(texts, kind, self._csv_format.get("delimiter", ","), label):
            return ImportFileError(where)
        try:
            header.decode()
        except UnicodeDecodeError as wrong:
            return ImportFileError(
                f"{label} is not UTF-8 (line 1, byte {wrong.start + 1} of the file): save it as UTF-8 or download it "
                f"again. {_NOTHING_CHANGED}"
            )
        if isinstance(error, MissingColumnsError):
            return error
        return ImportFileError(
            f"{label} is not {kind.title}: its first line is not a row of columns. {_NOTHING_CHANGED}"
        )

    def _read_rows(self, block: bytes, is_last: bool, reject: RejectRow) -> Iterator[CsvRow]:
        if is_last and ends_within_character(block):
            raise self._cut_short(self._line + block.count(b"\n"))
        reader = RowReader(block, self._line, self.width, self._csv_format, is_last=is_last)

        def reject_and_count(line: int, texts: list[str], reason: str) -> None:
            self.read += 1
            missing = [""] * (self.width - len(texts))
            reject(line, Fields(self.position, texts + missing), reason)

        try:
            for row in reader.rows(reject_and_count):
                self.read += 1
                yield row
        except CutShortError as error:
            raise self._cut_short(int(error.args[0])) from None
        self.windows_rows += reader.windows_rows
        self._start += reader.bytes_read
        self._advance(reader.bytes_read, reader.lines_read)

    def _cut_short(self, line: int) -> ImportFileError:
        return ImportFileError(
            f"{self.file.label} is cut short: its last row, line {line}, is not complete. Download it again. "
            f"{_NOTHING_CHANGED}"
        )
