"""The rows of a block of a CSV one by one: each with its true line, however misshapen the rows are."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from directory.imports.reading.encodings import WINDOWS_BYTES, decoded
from directory.imports.reading.plain_blocks import CsvRow

MAX_CHARACTER_BYTES = 4  # in UTF-8
MAX_ROW_BYTES = 1024 * 1024
"""A row that takes more has a quote that is not closed."""
_OPEN_QUOTE = "a quote is opened and not closed"

RejectTexts = Callable[[int, list[str], str], None]
"""Gets the line of a misshapen row, what fields it has, and why it is not used."""


class CutShortError(Exception):
    """The last row of the file is not whole; the argument is its line."""


class _OutOfLinesError(Exception):
    """The reader asked for a line after the last one of the block."""


class RowReader:
    """Reads a block of lines that starts a row at `first_line`; `is_last` when nothing comes after it.

    After `rows` is exhausted, `unread` is the row that goes on after the block, which `lines_read` leaves out, and
    `windows_rows` counts the rows with bytes that are no UTF-8: those are read in Windows' encoding.
    """

    def __init__(
        self, block: bytes, first_line: int, width: int, csv_format: Mapping[str, Any], *, is_last: bool
    ) -> None:
        self.unread = b""
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
        self.unread = b"".join(self._lines[self.lines_read :])

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


def ends_within_character(block: bytes) -> bool:
    """Whether the last character of `block` lacks bytes that UTF-8 has for it."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    decoder.decode(block[-MAX_CHARACTER_BYTES:])
    return bool(decoder.getstate()[0])
