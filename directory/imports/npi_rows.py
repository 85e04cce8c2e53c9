"""Rows about providers of this directory, read out of a public file into the spool in one pass."""

from collections.abc import Callable
from typing import NamedTuple

from directory.imports.nppes.columns import Fields, Layout
from directory.imports.nppes.filter import NpiChooser
from directory.imports.reading.digits import NpiSet
from directory.imports.reading.files import PublishedFile
from directory.imports.reading.scan import CsvScan
from directory.imports.rows import RowRejected, Values
from directory.imports.runs import FileRun, Workplace
from directory.imports.spool import Kept, Spool
from directory.providers.npi import why_not_an_npi


class Looked(NamedTuple):
    """What one row of a provider is kept under and as."""

    key: str
    values: Values


def spool_npi_rows(
    published: PublishedFile,
    layout: Layout,
    known: NpiSet,
    look: Callable[[Fields], Looked],
    work: Workplace,
    file: FileRun,
    spool: Spool,
) -> set[str]:
    """Spool each row of a known provider, under the NPI in the layout's first column, as `look` says.

    `look` raises `RowRejected` for a row that cannot be used. Returns the NPIs of rejected rows: what the directory
    holds of these may be what such a row says, and should not go because it is missing.
    """
    npi_column = layout.columns[0]
    scan = CsvScan(published, layout.columns, layout.kind)
    unread: set[str] = set()
    kept = 0

    def reject(line: int, texts: list[str], reason: str) -> None:
        npi = texts[scan.position[npi_column]].strip() if len(texts) > scan.position[npi_column] else ""
        unread.add(npi)
        work.reject(file, line, npi, reason)

    for line, texts in scan.rows(NpiChooser(known, npi_column), reject):
        fields = Fields(scan.position, texts)
        npi = fields.raw(npi_column)
        if wrong := why_not_an_npi(npi):
            reject(line, texts, wrong)
        elif npi in known:
            try:
                key, values = look(fields)
            except RowRejected as reason:
                reject(line, texts, str(reason))
                continue
            spool.add(Kept(npi, file.run_id, key, line, values))
            kept += 1
    file.counts.read = scan.read
    file.counts.skipped = scan.read - file.counts.rejected - kept
    return unread
