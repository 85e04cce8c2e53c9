"""The CMS Doctors & Clinicians national file: school, graduation, group practices and how a provider bills Medicare.

One provider stands in it once for each enrollment, group and address. What is in force is its last value that is not
empty, and all its groups. None of it counts in the rubric.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from directory.credentials.models import MedicareEnrollment, MedicareGroup
from directory.imports.merge import MergeOutcome, delete_missing, known_npis, merge_stored
from directory.imports.reading.answers import (
    AnswerRow,
    AnswerTable,
    KeptAnswer,
    letters_of,
    mapping,
    other_interface,
    text_of,
)
from directory.imports.reading.fields import Fields, FileKind, RowRejectedError, Values, check_lengths
from directory.imports.reading.npis import NpiFilter
from directory.imports.runs import FileRun, import_run
from directory.imports.staging import StagedRow, StagedRows, stage_rows_of_npis
from directory.providers.merging import follow_merges
from directory.providers.names import organization_name
from directory.web.transaction import transaction

SOURCE = "cms_clinicians"
CLINICIAN_NPI = "NPI"
SCHOOL = "Med_sch"
GRADUATED = "Grd_yr"
TELEHEALTH = "Telehlth"
GROUP = "Facility Name"
GROUP_ID = "org_pac_id"
MEMBERS = "num_org_mem"
ASSIGNMENT = "ind_assgn"
CLINICIANS = FileKind(
    "dac_nationaldownloadablefile",
    "the CMS Doctors & Clinicians file",
    (CLINICIAN_NPI, SCHOOL, GRADUATED, TELEHEALTH, GROUP, GROUP_ID, MEMBERS, ASSIGNMENT),
)
FIRST_GRADUATION = 1930
_NO_SCHOOL = "OTHER"
_YEAR = re.compile(r"\d{4}")
_MEMBERS = re.compile(r"\d{1,7}")
_TELEHEALTH = {"Y": True, "N": False}
_ASSIGNMENT = frozenset({"Y", "M"})


def _clinician_rows(answer: KeptAnswer) -> Iterator[AnswerRow]:
    """The interface writes the file's columns in small letters and without signs."""
    rows = answer.body.get("results") if isinstance(answer.body, dict) else None
    if not isinstance(rows, list) or "result_count" in answer.body:
        raise other_interface(answer, "Doctors & Clinicians")
    for number, row in enumerate(map(mapping, rows), 1):
        values = {letters_of(name): name for name in row}
        cells = {column: text_of(row, values.get(letters_of(column), "")) for column in CLINICIANS.columns}
        yield AnswerRow(None, number, cells)


CLINICIAN_ANSWERS = AnswerTable(CLINICIANS.columns, _clinician_rows)


def import_cms_clinicians(path: str) -> FileRun:
    """Import the file. Raises `ImportFileError`, and then nothing was changed."""
    with transaction():
        known = known_npis()
    with import_run(SOURCE, [path]) as (file,), StagedRows() as staged:
        with file.open(CLINICIANS.prefix, columns=CLINICIANS.columns, answers=CLINICIAN_ANSWERS) as published:
            parse_row = partial(_parse_row, datetime.now(UTC).year)
            is_whole = not published.is_answers
            npis = stage_rows_of_npis(published, CLINICIANS, NpiFilter(known, CLINICIAN_NPI), parse_row, file, staged)
        for batch in staged.batches("providers"):
            _write_batch(batch, file, npis.rejected)
        for model in (MedicareEnrollment, MedicareGroup) if is_whole else ():
            delete_missing(model, staged.groups() | npis.rejected, model.source_key == SOURCE)
        follow_merges(staged.groups(), (MedicareEnrollment, MedicareGroup))
    return file


def _parse_row(this_year: int, fields: Fields) -> tuple[str, Values]:
    year, members, school = fields[GRADUATED], fields[MEMBERS], fields[SCHOOL]
    if year and not _YEAR.fullmatch(year):
        raise RowRejectedError(f"the {GRADUATED} {year[:20]!r} is not a year")
    if members and not _MEMBERS.fullmatch(members):
        raise RowRejectedError(f"the {MEMBERS} {members[:20]!r} is not a whole number")
    enrollment = {
        "medical_school": organization_name(school) if school and school.upper() != _NO_SCHOOL else None,
        "graduation_year": int(year) if year and FIRST_GRADUATION <= int(year) <= this_year else None,
        "accepts_assignment": fields[ASSIGNMENT].upper() if fields[ASSIGNMENT].upper() in _ASSIGNMENT else None,
        "telehealth": _TELEHEALTH.get(fields[TELEHEALTH].upper()),
    }
    check_lengths(MedicareEnrollment, enrollment)
    group = None
    if fields[GROUP_ID] and fields[GROUP]:
        group = {
            "org_pac_id": fields[GROUP_ID],
            "name": organization_name(fields[GROUP]),
            "members": int(members) if members else None,
        }
        check_lengths(MedicareGroup, group)
    return ("", {"enrollment": enrollment, "group": group})


def _write_batch(batch: dict[str, list[StagedRow]], file: FileRun, rejected: set[str]) -> None:
    """Bring what the file says of these providers into the directory; `rejected` have rows that could not be used."""
    enrollments = merge_stored(
        MedicareEnrollment,
        [MedicareEnrollment.npi.in_(batch)],
        ["npi"],
        {npi: {"npi": npi, **_enrollment(rows), "as_of": file.as_of} for npi, rows in batch.items()},
        SOURCE,
    )
    groups = merge_stored(
        MedicareGroup,
        [MedicareGroup.npi.in_(batch)],
        ["npi", "org_pac_id"],
        {
            (npi, group["org_pac_id"]): {"npi": npi, **group, "as_of": file.as_of}
            for npi, rows in batch.items()
            for group in (row.values["group"] for row in rows)
            if group
        },
        SOURCE,
        removable=lambda row: row["npi"] not in rejected,
    )
    changed = groups.npis
    for npi, rows in batch.items():
        outcome = enrollments.outcomes[npi]
        if outcome is MergeOutcome.UNCHANGED and npi in changed:
            outcome = MergeOutcome.CHANGED
        file.counts.add(outcome, len(rows))


def _enrollment(rows: list[StagedRow]) -> Values:
    """Of each value the last that is given."""
    values: Values = dict.fromkeys(rows[0].values["enrollment"])
    for row in rows:
        values |= {name: value for name, value in row.values["enrollment"].items() if value is not None}
    return values
