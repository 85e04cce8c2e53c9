"""The NUCC Health Care Provider Taxonomy: what each specialty code means."""

import re

from directory.imports.merge import merge
from directory.imports.reading.block_filter import EveryRow
from directory.imports.reading.fields import Fields, RowRejectedError, Values, check_lengths
from directory.imports.reading.scan import CsvScan
from directory.imports.runs import FileRun, import_run
from directory.imports.stored import stored_rows, write
from directory.providers.models import Specialty
from directory.providers.revision import note_search_change

SOURCE = "nucc"
_MUST = {
    "code": "Code",
    "grouping": "Grouping",
    "classification": "Classification",
    "display_name": "Display Name",
    "section": "Section",
}
_MAY = {"specialization": "Specialization", "definition": "Definition", "notes": "Notes"}
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
    with file.open("nucc_taxonomy") as published:
        file.name = published.label
        as_of = file.as_of = published.as_of
        scan = CsvScan(published, (*_MUST.values(), *_MAY.values()), "the NUCC taxonomy")

        def reject(line: int, _fields: list[str], reason: str) -> None:
            file.reject(line, "", reason)

        for line, texts in scan.rows(EveryRow(_MUST["code"]), reject):
            try:
                values = _values(Fields(scan.position, texts))
            except RowRejectedError as error:
                reject(line, texts, str(error))
                continue
            code = values["code"]
            if code in found:
                reject(lines[code], texts, f"the code {code} stands again in line {line}, which was taken")
            found[code] = {**values, "as_of": as_of}
            lines[code] = line
        file.counts.read = scan.read
    return found


def _values(fields: Fields) -> Values:
    values: Values = {name: fields[column] for name, column in _MUST.items()}
    if not _CODE.fullmatch(values["code"]):
        raise RowRejectedError(f"the code {values['code'][:20]!r} is not nine capitals or digits and an X")
    for name, value in values.items():
        if not value:
            raise RowRejectedError(f"the {_MUST[name]} is empty")
    values |= {name: fields[column] or None for name, column in _MAY.items()}
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
