"""Rows of a CSV one by one, with the true line of each, however misshapen they are."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

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

    After `rows` is exhausted, `bytes_read` and `lines_read` leave out a row that goes on after the block.
    """

    def __init__(
        self, block: bytes, first_line: int, width: int, csv_format: Mapping[str, Any], *, is_last: bool
    ) -> None:
        self.bytes_read = 0
        self.lines_read = 0
        self._lines = io.BytesIO(block).readlines()
        self._first_line = first_line
        self._width = width
        self._csv_format = csv_format
        self._is_last = is_last

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
                    wrong = self._what_is_wrong(fields, start, end)
                    if wrong:
                        reject(self._first_line + start, fields, wrong)
                        if end > start + 1:
                            break
                    elif fields:
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
            yield self._lines[index].decode()
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
        return None

    def _goes_on(self, start: int) -> bool:
        """Whether the lines from `start` on are to be read again with what comes after the block."""
        rest = sum(map(len, self._lines[start:]))
        if self._is_last and start == len(self._lines) - 1:
            raise CutShortError(self._first_line + start)
        return rest == 0 or (not self._is_last and rest < MAX_ROW_BYTES)
