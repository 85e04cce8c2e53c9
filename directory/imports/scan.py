"""One pass over a CSV of any size in constant memory.

The file is taken in blocks of whole lines. pyarrow parses each block for the few columns that decide, and a chooser
says which rows to look at closely; only those are parsed in full. A block in which anything is out of the ordinary
(a row of another width, a line break inside a value, a blank line) is read row by row with the `csv` module instead,
which knows the true line number of each row. Both ways give the same rows.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from directory.imports.files import UTF8_BOM, ImportRefused, PublishedFile

BLOCK_BYTES = 4 * 1024 * 1024
HEADER_BYTES = 64 * 1024
LONGEST_ROW_BYTES = 1024 * 1024
"""A row that takes more has a quote that nobody closed."""
_NOTHING_CHANGED = "Nothing was changed."
_LINE_BREAK = 10


class Row(NamedTuple):
    line: int  # of the file, the header being line 1
    fields: list[str]


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
        """Rows read so far, those of another width included."""
        self._block_bytes = block_bytes
        self._pending = b""  # read, and not yet part of a block
        self._offset = 0  # of the next block in the file
        self._line = 1
        header = self._read_header()
        self._check_encoding(header, final=False)
        names = next(csv.reader([header.removeprefix(UTF8_BOM).decode()]), [])
        self.width = len(names)
        self.position = _positions(names, required, file.label, kind)
        self._advance(len(header) + 1, 1)

    def rows(self, choose: Chooser, reject: Callable[[int, list[str], str], None]) -> Iterator[Row]:
        """The rows that `choose` wants, and perhaps others; `reject(line, fields, reason)` gets the misshapen ones.

        Raises `ImportRefused` when the file is cut short, damaged, not UTF-8 or has no rows.
        """
        final = False
        while not final:
            fresh = self.file.read(self._block_bytes)
            final = not fresh
            block = self._pending + fresh
            # The last line waits, so that the final block always has the file's last row.
            end = len(block) if final else block.rfind(b"\n", 0, max(block.rfind(b"\n"), 0)) + 1
            self._pending, block = block[end:], block[:end]
            if not block:
                self._refuse_endless_row(self._pending)
                continue
            self._check_encoding(block, final)
            chosen = None if final else self._choose_quickly(block, choose)
            if chosen is None:
                yield from self._read_closely(block, final, reject)
            else:
                yield from chosen
        if not self.read:
            raise ImportRefused(f"{self.file.label} has a header and no rows. {_NOTHING_CHANGED}")

    def _read_header(self) -> bytes:
        text = b""
        while b"\n" not in text and len(text) < LONGEST_ROW_BYTES:
            fresh = self.file.read(min(self._block_bytes, HEADER_BYTES))
            if not fresh:
                break
            text += fresh
        header, _, self._pending = text.partition(b"\n")
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

    def _advance(self, size: int, lines: int) -> None:
        self._line += lines
        self._offset += size

    def _choose_quickly(self, block: bytes, choose: Chooser) -> list[Row] | None:
        """The wanted rows of a block in which each line is one row of the right width; None for another block."""
        if b"\0" in block or block.count(b"\r") != block.count(b"\r\n"):
            return None
        wanted = [str(self.position[name]) for name in choose.columns]
        try:
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
        except pa.ArrowInvalid:
            return None
        ends = np.flatnonzero(np.frombuffer(block, np.uint8) == _LINE_BREAK)
        if table.num_rows != len(ends) or not self._is_whole(block[ends[-2] + 1 if len(ends) > 1 else 0 :]):
            return None
        rows = []
        chosen = np.flatnonzero(choose(table.rename_columns(list(choose.columns))))
        keys = table.column(0).take(pa.array(chosen)).to_pylist()
        for index, key in zip(chosen.tolist(), keys, strict=True):
            start = ends[index - 1] + 1 if index else 0
            fields = next(csv.reader([block[start : ends[index]].decode()]))
            if len(fields) != self.width or fields[self.position[choose.columns[0]]] != key:
                return None
            rows.append(Row(self._line + index, fields))
        self.read += len(ends)
        self._advance(len(block), len(ends))
        return rows

    def _is_whole(self, line: bytes) -> bool:
        """Whether the last line of a block closes its quotes, so that the next block starts a row."""
        try:
            return len(next(csv.reader([line.decode()], strict=True))) == self.width
        except csv.Error:
            return False

    def _read_closely(self, block: bytes, final: bool, reject: Callable[[int, list[str], str], None]) -> Iterator[Row]:
        """Every row of `block`. Bytes of a row that goes on after the block are put back before what comes next."""
        lines = re.findall(rb"[^\n]*\n|[^\n]+", block)
        first_line = self._line
        index = 0
        while index < len(lines):
            source = _Lines(lines, index)
            reader = csv.reader(source)
            try:
                while True:
                    index = source.next_index
                    fields = next(reader)
                    spoilt = self._what_is_wrong(fields, lines[index : source.next_index])
                    if not spoilt:
                        if fields:
                            self.read += 1
                            yield Row(first_line + index, fields)
                        continue
                    if final and len(fields) < self.width and not any(map(bytes.strip, lines[source.next_index :])):
                        raise self._cut_short(first_line + index)
                    self.read += 1
                    reject(first_line + index, fields, spoilt)
                    if source.next_index > index + 1:
                        break
            except _OutOfLinesError:
                rest = b"".join(lines[index:])
                if not rest or (not final and len(rest) < LONGEST_ROW_BYTES):
                    self._pending = rest + self._pending
                    self._advance(len(block) - len(rest), index)
                    return
                if final and index == len(lines) - 1:
                    raise self._cut_short(first_line + index) from None
                self._reject_open_quote(first_line + index, reject)
            except csv.Error as error:
                if source.next_index > index + 1:
                    self._reject_open_quote(first_line + index, reject)
                else:
                    self.read += 1
                    reject(first_line + index, [], f"the row cannot be read: {error}")
            index += 1  # go on with the next line: the row that began here took lines that are rows themselves
        self._advance(len(block), len(lines))

    def _reject_open_quote(self, line: int, reject: Callable[[int, list[str], str], None]) -> None:
        self.read += 1
        reject(line, [], "a quote is opened and not closed")

    def _what_is_wrong(self, fields: list[str], lines: list[bytes]) -> str | None:
        if not fields:
            return None  # a blank line
        if len(fields) != self.width:
            over = ", perhaps because a quote is not closed" if len(lines) > 1 else ""
            return f"the row has {len(fields)} columns instead of {self.width}{over}"
        if any(b"\0" in line for line in lines):
            return "the row holds a zero byte"
        return None

    def _cut_short(self, line: int) -> ImportRefused:
        return ImportRefused(
            f"{self.file.label} is cut short: its last row, line {line}, is not whole. Download it again. "
            f"{_NOTHING_CHANGED}"
        )

    def _refuse_endless_row(self, pending: bytes) -> None:
        if len(pending) > self._block_bytes + 16 * LONGEST_ROW_BYTES:
            raise ImportRefused(f"{self.file.label} is no CSV: line {self._line} has no end. {_NOTHING_CHANGED}")


class _OutOfLinesError(Exception):
    """The reader asked for a line after the last one of the block."""


class _Lines:
    """Gives lines as text and remembers how many were taken."""

    def __init__(self, lines: list[bytes], start: int) -> None:
        self._lines = lines
        self.next_index = start

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self.next_index == len(self._lines):
            raise _OutOfLinesError
        self.next_index += 1
        return self._lines[self.next_index - 1].decode()


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


def _folded(name: Any) -> str:
    return " ".join(str(name).split()).casefold()
