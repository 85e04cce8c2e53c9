"""The NUCC Health Care Provider Taxonomy: what each specialty code means."""

import re
from datetime import date
from functools import partial

from directory.imports.merge import merge_stored
from directory.imports.reading.fields import Fields, FileKind, RowRejectedError, Values, check_lengths
from directory.imports.reading.scan import CsvScan
from directory.imports.runs import FileRun, import_run
from directory.imports.staging import ParsedRow, StagedRow, StagedRows, last_of_each, stage_rows
from directory.providers.models import Specialty
from directory.providers.revision import note_search_change

SOURCE = "nucc"
CODE, DISPLAY_NAME = "Code", "Display Name"
TAXONOMY = FileKind(
    "nucc_taxonomy",
    "the NUCC taxonomy",
    (CODE, "Grouping", "Classification", "Specialization", "Definition", "Notes", DISPLAY_NAME, "Section"),
)
_CODE = re.compile(r"[0-9A-Z]{9}X")


def import_nucc(path: str) -> FileRun:
    """Import the file. Raises `ImportFileError`, and then nothing was changed.

    Codes that the file no longer has stay: providers may still carry them.
    """
    with import_run(SOURCE, [path]) as (file,), StagedRows() as staged:
        with file.open(TAXONOMY.prefix, columns=TAXONOMY.columns) as published:
            stage_rows(CsvScan(published, TAXONOMY), file, staged, partial(_parse_row, published.as_of))
        for batch in staged.batches("codes"):
            _write_batch(batch, file)
    return file


def _parse_row(day: date, fields: Fields) -> ParsedRow:
    values: Values = {"code": fields[CODE], "display_name": fields[DISPLAY_NAME], "as_of": day}
    if not _CODE.fullmatch(values["code"]):
        raise RowRejectedError(f"the code {values['code'][:20]!r} is not nine capitals or digits and an X")
    if not values["display_name"]:
        raise RowRejectedError(f"the {DISPLAY_NAME} is empty")
    check_lengths(Specialty, values)
    return ParsedRow(values["code"], "", values)


def _write_batch(batch: dict[str, list[StagedRow]], file: FileRun) -> None:
    wanted = {code: last_of_each(rows, [file], "", f"the code {code}")[""].values for code, rows in batch.items()}
    merged = merge_stored(
        Specialty,
        [Specialty.code.in_(batch)],
        ["code"],
        wanted,
        SOURCE,
        removable=lambda row: False,
        replaced_source="demo",
    )
    for outcome in merged.outcomes.values():
        file.counts.add(outcome)
    if merged.changes_anything:
        note_search_change(None)  # results show the names of specialties
