"""One pass over a CSV of any size in constant memory.

The file is taken in blocks of whole lines. For a filter, the rows of a plain block are found at once, and only those
that pass become text. A block with anything out of the ordinary (a row of another width, a blank line, bytes that are
no UTF-8), the last block, and a file that is read without a filter are read row by row. Both ways give the same rows.
"""

import csv
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import MappingProxyType
from typing import Any

import numpy as np

from directory.imports.reading.encodings import UTF8_BOM, WINDOWS_BYTES, cr_line_ends, refuse_utf16
from directory.imports.reading.fields import (
    Fields,
    FileKind,
    MissingColumnsError,
    column_positions,
    where_columns_are,
)
from directory.imports.reading.files import HEAD_BYTES, ImportFileError, PublishedFile
from directory.imports.reading.plain_blocks import CsvLayout, CsvRow, PlainBlock, RowFilter, plain_block
from directory.imports.reading.row_reader import MAX_ROW_BYTES, CutShortError, RowReader, ends_within_character

RejectRow = Callable[[int, Fields, str], None]
"""Gets the line of a row that cannot be used, what values it has, and why."""

_Passing = tuple[PlainBlock, list[int]] | None
"""A block and which of its rows pass; None for one that is read row by row."""

BLOCK_BYTES = 2 * 1024 * 1024
BLOCKS_AHEAD = 1
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
        self._may_be_empty = kind.may_be_empty or file.is_answers
        self.read = 0
        """Rows read so far, misshapen ones included."""
        self.windows_rows = 0
        """Those with bytes that are no UTF-8, which are read in Windows' encoding."""
        self._line = 1
        self._unused = b""  # what was read together with the header
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

    def rows(self, reject: RejectRow, row_filter: RowFilter | None = None) -> Iterator[tuple[int, Fields]]:
        """The line of each row that `row_filter` lets through, and perhaps of others, and its values.

        `reject` gets the misshapen ones. Raises `ImportFileError` when the file is cut short, damaged or has no rows.
        """
        for line, texts in self._rows(reject, row_filter):
            yield line, Fields(self.position, texts)
        if not self.read and not self._may_be_empty:
            raise ImportFileError(f"{self.file.label} has a header and no rows. {_NOTHING_CHANGED}")

    def _rows(self, reject: RejectRow, row_filter: RowFilter | None) -> Iterator[CsvRow]:
        unread = b""
        for content, is_last, passing in self._passing_ahead(row_filter):
            if passing is None or unread or is_last:
                unread = yield from self._read_rows(unread + content, is_last, reject)
                continue
            block, rows = passing
            yield from block.rows(rows, self._line)
            self.read += len(block)
            self._line += block.lines

    def _passing_ahead(self, row_filter: RowFilter | None) -> Iterator[tuple[bytes, bool, _Passing]]:
        """Blocks, whether each is the last, and the rows that pass: numpy finds those of the next ones meanwhile."""
        layout = CsvLayout(self.position, self.width, self._csv_format.get("delimiter", ","))

        def passing(content: bytes) -> _Passing:
            block = plain_block(content, layout) if row_filter else None
            return (block, np.flatnonzero(row_filter(block)).tolist()) if row_filter and block else None

        with ThreadPoolExecutor(BLOCKS_AHEAD) as executor:
            ahead: deque[tuple[bytes, bool, Future[_Passing]]] = deque()
            for content, is_last in self._blocks():
                ahead.append((content, is_last, executor.submit(passing, content)))
                while ahead and (is_last or len(ahead) > BLOCKS_AHEAD):
                    earlier, was_last, found = ahead.popleft()
                    yield earlier, was_last, found.result()

    def _blocks(self) -> Iterator[tuple[bytes, bool]]:
        """Blocks that end with a line, and whether each is the last.

        The file's last line is always in the last block, where a row that is not whole means that the file was cut.
        """
        unused = self._unused
        while fresh := self.file.read(BLOCK_BYTES):
            end = fresh.rstrip().rfind(b"\n") + 1
            if end:
                content, unused = b"".join((unused, memoryview(fresh)[:end])), fresh[end:]
                yield content, False
                continue
            unused += fresh
            if len(unused) > BLOCK_BYTES + 16 * MAX_ROW_BYTES:
                raise ImportFileError(f"{self.file.label} is not a CSV: a line in it has no end. {_NOTHING_CHANGED}")
        yield unused, True

    def _take_header(self) -> bytes:
        head = self.file.read(HEAD_BYTES)
        refuse_utf16(self.file.label, head)
        while b"\n" not in head and len(head) < MAX_ROW_BYTES and (fresh := self.file.read(HEAD_BYTES)):
            head += fresh
        header = head[: self._header_end(head)]
        self._unused = head[len(header) + 1 :]
        self._line += header.count(b"\n") + 1
        return header.removeprefix(UTF8_BOM)

    def _header_end(self, head: bytes) -> int:
        """Where the first line ends; a line break in quotes is part of a column's name."""
        has_quotes = self._csv_format.get("quoting") != csv.QUOTE_NONE
        first = end = head.find(b"\n")
        while has_quotes and end >= 0 and head.count(b'"', 0, end) % 2:
            end = head.find(b"\n", end + 1)
        return next((place for place in (end, first) if place >= 0), len(head))

    def _why_no_columns(self, header: bytes, kind: FileKind, error: Exception) -> ImportFileError:
        label = self.file.label
        if b"\r" in header.rstrip(b"\r"):
            return cr_line_ends(label)
        lines = [header, *self._unused[:HEAD_BYTES].split(b"\n")]
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

    def _read_rows(self, block: bytes, is_last: bool, reject: RejectRow) -> Generator[CsvRow, None, bytes]:
        """Returns the row that goes on after the block."""
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
        self._line += reader.lines_read
        return reader.unread

    def _cut_short(self, line: int) -> ImportFileError:
        return ImportFileError(
            f"{self.file.label} is cut short: its last row, line {line}, is not complete. Download it again. "
            f"{_NOTHING_CHANGED}"
        )
