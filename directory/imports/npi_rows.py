"""Rows about providers, read out of a public file into the spool in one pass."""

from array import array
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from directory.imports.reading.block_filter import Chooser
from directory.imports.reading.digits import NpiSet, leading_digits, lengths, numbers, valid_npis
from directory.imports.reading.fields import Fields, Layout
from directory.imports.reading.files import PublishedFile
from directory.imports.reading.scan import BLOCK_BYTES, CsvScan
from directory.imports.rows import RowRejectedError, Values
from directory.imports.runs import FileRun, Workplace
from directory.imports.staging import Kept, Spool
from directory.providers.npi import why_not_an_npi

Look = Callable[[Fields], tuple[str, Values] | None]
"""Gives what a row is kept under and as, or None for a row that is skipped. Raises `RowRejectedError`."""


class Spooled(NamedTuple):
    """The providers of the rows that are kept, and those of rejected ones: what the directory holds of the latter may
    be what such a row says, and should not go because it is missing.
    """

    kept: NpiSet
    unread: set[str]


class NpiChooser:
    """The quick look at a file that names NPIs in `column`: rows of wanted providers, and all with a wrong NPI."""

    def __init__(self, wanted: NpiSet, column: str) -> None:
        self._wanted = wanted
        self.columns: Sequence[str] = (column,)

    def __call__(self, table: pa.Table) -> NDArray[np.bool_]:
        (column,) = table.columns
        digits = leading_digits(column, 10)
        chosen: NDArray[np.bool_] = ~valid_npis(digits, lengths(column)) | self._wanted.holds(numbers(digits))
        return chosen


def spool_npi_rows(
    published: PublishedFile,
    layout: Layout,
    choose: Chooser,
    look: Look,
    work: Workplace,
    file: FileRun,
    spool: Spool,
    *,
    block_bytes: int = BLOCK_BYTES,
) -> Spooled:
    """Spool the rows that `look` keeps, under the NPI in the layout's first column; reject and count the others."""
    npi_column = layout.columns[0]
    scan = CsvScan(published, layout.columns, layout.kind, block_bytes=block_bytes)
    kept = array("q")
    unread: set[str] = set()

    def reject(line: int, texts: list[str], reason: str) -> None:
        npi = texts[scan.position[npi_column]].strip() if len(texts) > scan.position[npi_column] else ""
        if not why_not_an_npi(npi):
            unread.add(npi)
        work.reject(file, line, npi, reason)

    for line, texts in scan.rows(choose, reject):
        fields = Fields(scan.position, texts)
        npi = fields.raw(npi_column)
        try:
            found = look(fields) if not (wrong := why_not_an_npi(npi)) else None
        except RowRejectedError as reason:
            wrong = str(reason)
        if wrong:
            reject(line, texts, wrong)
        elif found:
            key, values = found
            spool.add(Kept(npi, file.run_id, key, line, values))
            kept.append(int(npi))
    file.counts.read = scan.read
    file.counts.skipped = scan.read - file.counts.rejected - len(kept)
    return Spooled(NpiSet(np.array(kept)), unread)
