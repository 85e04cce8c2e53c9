"""Rows that one pass over a file keeps, on disk until the directory takes them: any number in constant memory."""

import json
import sqlite3
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any, NamedTuple, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from directory.imports.reading.block_filter import RowFilter
from directory.imports.reading.digits import NpiSet, leading_digits, lengths, numbers, valid_npis
from directory.imports.reading.fields import Fields, FileKind, RowRejectedError, Values
from directory.imports.reading.files import PublishedFile
from directory.imports.reading.scan import BLOCK_BYTES, CsvScan
from directory.imports.runs import FileRun
from directory.providers.npi import why_not_an_npi

RowParser = Callable[[Fields], tuple[str, Values] | None]
"""Gives a row's key and values, or None for a row that is skipped. Raises `RowRejectedError`."""


class StagedRow(NamedTuple):
    """One row that is kept. `file` is the id of its file's run; `key` is what one NPI has once in the file."""

    npi: str
    file: int
    key: str
    line: int
    values: dict[str, Any]


class TemporaryTables:
    """A SQLite database with the tables of the statements in `tables`, in a file that goes when it is closed."""

    def __init__(self, tables: str) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=OFF")
        self._connection.executescript(tables)
        self._connection.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()


class StagedRows(TemporaryTables):
    """A temporary table of the rows that are kept."""

    def __init__(self) -> None:
        super().__init__("CREATE TABLE staged (npi TEXT, file INTEGER, key TEXT, line INTEGER, row TEXT)")

    def add(self, row: StagedRow) -> None:
        self._connection.execute(
            "INSERT INTO staged VALUES (?, ?, ?, ?, ?)",
            (row.npi, row.file, row.key, row.line, json.dumps(row.values, ensure_ascii=False)),
        )

    def count_npis(self) -> int:
        return int(self._connection.execute("SELECT count(DISTINCT npi) FROM staged").fetchone()[0])

    def npis(self) -> set[str]:
        return {npi for (npi,) in self._connection.execute("SELECT DISTINCT npi FROM staged")}

    def batches(self, npis_a_batch: int) -> Iterator[dict[str, list[StagedRow]]]:
        """All rows by NPI, in the order of their files and lines."""
        found = self._connection.execute("SELECT npi, file, key, line, row FROM staged ORDER BY npi, file, line")
        rows = (StagedRow(npi, file, key, line, json.loads(row)) for npi, file, key, line, row in found)
        by_npi = ((npi, list(of_npi)) for npi, of_npi in groupby(rows, key=lambda row: row.npi))
        while batch := dict(islice(by_npi, npis_a_batch)):
            yield batch


class NpiFilter:
    """Lets through the rows of `wanted` providers, by the NPI in `column`, and all with a wrong NPI."""

    def __init__(self, wanted: NpiSet, column: str) -> None:
        self._wanted = wanted
        self.columns: Sequence[str] = (column,)

    def __call__(self, table: pa.Table) -> NDArray[np.bool_]:
        (column,) = table.columns
        digits = leading_digits(column, 10)
        passed: NDArray[np.bool_] = ~valid_npis(digits, lengths(column)) | self._wanted.holds(numbers(digits))
        return passed


class StagedNpis(NamedTuple):
    """The providers of the rows that are kept, and those of `rejected` ones: what the directory holds of the latter may
    be what such a row says, and should not go because it is missing.
    """

    kept: NpiSet
    rejected: set[str]


def stage_rows(
    published: PublishedFile,
    kind: FileKind,
    row_filter: RowFilter,
    parse_row: RowParser,
    file: FileRun,
    staged: StagedRows,
    *,
    block_bytes: int = BLOCK_BYTES,
) -> StagedNpis:
    """Stage the rows that `parse_row` keeps, under the NPI in the kind's first column; reject and count the others."""
    npi_column = kind.columns[0]
    scan = CsvScan(published, kind.columns, kind.title, block_bytes=block_bytes)
    kept = array("q")
    rejected: set[str] = set()

    def reject(line: int, texts: list[str], reason: str) -> None:
        npi = texts[scan.position[npi_column]].strip() if len(texts) > scan.position[npi_column] else ""
        if not why_not_an_npi(npi):
            rejected.add(npi)
        file.reject(line, npi, reason)

    for line, texts in scan.rows(row_filter, reject):
        fields = Fields(scan.position, texts)
        npi = fields.raw(npi_column)
        try:
            found = parse_row(fields) if not (wrong := why_not_an_npi(npi)) else None
        except RowRejectedError as reason:
            wrong = str(reason)
        if wrong:
            reject(line, texts, wrong)
        elif found:
            key, values = found
            staged.add(StagedRow(npi, file.run_id, key, line, values))
            kept.append(int(npi))
    file.counts.read = scan.read
    file.counts.skipped = scan.read - file.counts.rejected - len(kept)
    return StagedNpis(NpiSet(np.array(kept)), rejected)
