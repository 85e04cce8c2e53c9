"""The NUCC Health Care Provider Taxonomy: what each specialty code means."""

import re

from directory.imports.merge import merge, stored_rows, write
from directory.imports.reading.fields import Fields, FileKind, RowRejectedError, Values, check_lengths
from directory.imports.reading.scan import CsvScan
from directory.imports.runs import FileRun, import_run
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
    with import_run(SOURCE, [path]) as (file,):
        _apply(_read(file), file)
    return file


def _read(file: FileRun) -> dict[str, Values]:
    """The file's codes; of a code that stands twice the last row."""
    found: dict[str, Values] = {}
    lines: dict[str, int] = {}
    with file.open(TAXONOMY.prefix, columns=TAXONOMY.columns) as published:
        scan = CsvScan(published, TAXONOMY)

        def reject(line: int, _fields: Fields, reason: str) -> None:
            file.reject(line, "", reason)

        for line, values in scan.parsed_rows(_values, reject):
            code = values["code"]
            if code in found:
                file.reject(lines[code], "", f"the code {code} is repeated in line {line}, which was taken")
            found[code] = {**values, "as_of": published.as_of}
            lines[code] = line
        file.note_read(scan)
    return found


def _values(fields: Fields) -> Values:
    values: Values = {"code": fields[CODE], "display_name": fields[DISPLAY_NAME]}
    if not _CODE.fullmatch(values["code"]):
        raise RowRejectedError(f"the code {values['code'][:20]!r} is not nine capitals or digits and an X")
    if not values["display_name"]:
        raise RowRejectedError(f"the {DISPLAY_NAME} is empty")
    check_lengths(Specialty, values)
    return values


def _apply(wanted: dict[str, Values], file: FileRun) -> None:
    stored = {row["code"]: row for row in stored_rows(Specialty)}
    merged = merge(stored, wanted, SOURCE, removable=lambda row: False, left_alone=("as_of",), replaced_source="demo")
    write(Specialty, merged)
    for outcome in merged.outcomes.values():
        file.counts.add(outcome)
    if merged.changes_anything:
        note_search_change(None)  # results show the names of specialties
