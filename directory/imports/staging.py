"""Rows that one pass over a file keeps, on disk until the directory takes them: any number in constant memory."""

import pickle
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import NamedTuple, Self

import numpy as np

from directory.imports.reading.fields import Fields, FileKind, RowRejectedError, Values
from directory.imports.reading.files import PublishedFile
from directory.imports.reading.npis import NpiSet
from directory.imports.reading.plain_blocks import RowFilter
from directory.imports.reading.scan import CsvScan, RejectRow
from directory.imports.runs import FileRun, writing_bar
from directory.providers.npi import why_not_an_npi

GROUPS_A_BATCH = 500


class ParsedRow(NamedTuple):
    """What a row that is kept says: see `StagedRow`. `unknown` says why values are left out, `npi` whose they are."""

    group: str
    key: str
    values: Values
    unknown: Sequence[str] = ()
    npi: str = ""


RowParser = Callable[[Fields], ParsedRow | None]
"""Gives None for a row that is skipped. Raises `RowRejectedError`."""


class StagedRow(NamedTuple):
    """One row that is kept. `group` is what is written together, such as the NPI; a group has `key` once in the file.
    `file` is the id of its file's run.
    """

    group: str
    file: int
    key: str
    line: int
    values: Values


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
        super().__init__('CREATE TABLE staged ("group" TEXT, file INTEGER, key TEXT, line INTEGER, content BLOB)')

    def add(self, row: StagedRow) -> None:
        self._connection.execute("INSERT INTO staged VALUES (?, ?, ?, ?, ?)", (*row[:4], pickle.dumps(row.values)))

    def groups(self) -> set[str]:
        return {group for (group,) in self._connection.execute('SELECT DISTINCT "group" FROM staged')}

    def batches(self, unit: str) -> Iterator[dict[str, list[StagedRow]]]:
        """All rows by group, in the order of their files and lines, with a bar that counts groups by the `unit`."""
        count = self._connection.execute('SELECT count(DISTINCT "group") FROM staged').fetchone()[0]
        found = self._connection.execute('SELECT * FROM staged ORDER BY "group", file, line')
        rows = (
            StagedRow(group, file, key, line, pickle.loads(content))  # noqa: S301 (`add` wrote it)
            for group, file, key, line, content in found
        )
        groups = ((group, list(of_group)) for group, of_group in groupby(rows, key=lambda row: row.group))
        with writing_bar(count, unit) as bar:
            while batch := dict(islice(groups, GROUPS_A_BATCH)):
                yield batch
                bar.update(len(batch))


def last_of_each(
    rows: Iterable[StagedRow], files: Sequence[FileRun], npi: str, what: str = "the same"
) -> dict[str, StagedRow]:
    """The last row of each key: files that say one thing twice are believed where they end.

    Earlier rows that said something else of `what` are rejected; those that said the same change nothing.
    """
    rows = list(rows)
    last = {row.key: row for row in rows}
    for row in rows:
        taken = last[row.key]
        if row is taken:
            continue
        file, later = (next(file for file in files if file.run_id == each.file) for each in (row, taken))
        if row.values == taken.values:
            file.counts.unchanged += 1
        else:
            where = f"line {taken.line}" if file is later else f"line {taken.line} of {later.name}"
            file.reject(row.line, npi, f"{where} says something else of {what}, and comes later")
    return last


def stage_rows(
    scan: CsvScan,
    file: FileRun,
    staged: StagedRows,
    parse_row: RowParser,
    reject: RejectRow | None = None,
    row_filter: RowFilter | None = None,
) -> None:
    """Stage what `parse_row` makes of each row; count the others.

    `reject` gets those that cannot be used, and rejects them in the `file`; it does no more when it is left out.
    """
    reject = reject or (lambda line, fields, reason: file.reject(line, "", reason))
    kept = 0
    for line, fields in scan.rows(reject, row_filter):
        try:
            parsed = parse_row(fields)
        except RowRejectedError as error:
            reject(line, fields, str(error))
            continue
        if parsed is None:
            continue
        kept += 1
        for reason in parsed.unknown:
            file.leave_unknown(line, parsed.npi, reason)
        staged.add(StagedRow(parsed.group, file.run_id, parsed.key, line, parsed.values))
    file.note_read(scan)
    file.counts.skipped = scan.read - file.counts.rejected - kept


class StagedNpis(NamedTuple):
    """The providers of the rows that are kept, and those of `rejected` ones: what the directory holds of the latter may
    be what such a row says, and should not go because it is missing.
    """

    kept: NpiSet
    rejected: set[str]


def stage_rows_of_npis(
    published: PublishedFile,
    kind: FileKind,
    row_filter: RowFilter,
    parse_row: Callable[[Fields], tuple[str, Values]],
    file: FileRun,
    staged: StagedRows,
    *,
    optional: Sequence[str] = (),
) -> StagedNpis:
    """Stage the key and values of the rows that the filter takes, under the NPI in the kind's first column.

    `optional` are columns that the file may have besides those of its kind.
    """
    npi_column = kind.columns[0]
    kept = array("q")
    rejected: set[str] = set()

    def parse_valid(fields: Fields) -> ParsedRow | None:
        npi = fields.raw(npi_column)
        if wrong := why_not_an_npi(npi):
            raise RowRejectedError(wrong)
        if not row_filter.takes(fields):
            return None
        row = ParsedRow(npi, *parse_row(fields))
        kept.append(int(npi))
        return row

    def reject(line: int, fields: Fields, reason: str) -> None:
        npi = fields[npi_column]
        if not why_not_an_npi(npi):
            rejected.add(npi)
            file.handled += 1
        file.reject(line, npi, reason)

    stage_rows(CsvScan(published, kind, optional=optional), file, staged, parse_valid, reject, row_filter)
    return StagedNpis(NpiSet(np.array(kept)), rejected)
