"""CMS Medicare Physician & Other Practitioners, by Provider and Service: what providers billed to Medicare in a year.

The file leaves out a code of a provider with fewer than 11 patients, so a provider who stands in it without a code
did that "not at all, or for fewer than 11": hence `MedicareYear` for each provider of the directory in the file.

Of those who billed neck injections and are not in the directory the rows are kept too (`UnlistedVolume`), so that the
next import of NPPES can take them.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from directory.credentials.models import MedicareYear, ProcedureVolume, UnlistedVolume
from directory.credentials.queries import PROCEDURES
from directory.credentials.rubric import NECK_TREATMENT
from directory.credentials.scoring import rescore_qualifications
from directory.imports.merge import Merge, delete_missing, known_npis, merge_stored, stored_rows, write
from directory.imports.reading.answers import AnswerRow, AnswerTable, KeptAnswer, mapping, other_interface, text_of
from directory.imports.reading.fields import Fields, FileKind, Values
from directory.imports.reading.files import ImportFileError
from directory.imports.reading.npis import NpiFilter, NpiSet
from directory.imports.reading.plain_blocks import PlainBlock
from directory.imports.runs import FileRun, import_run
from directory.imports.staging import StagedRow, StagedRows, last_of_each, stage_rows_of_npis
from directory.providers.merging import follow_merges
from directory.web.transaction import transaction

SOURCE = "cms_services"
SERVICE_NPI = "Rndrng_NPI"
CODE = "HCPCS_Cd"
PLACE = "Place_Of_Srvc"
PATIENTS = "Tot_Benes"
SERVICES = "Tot_Srvcs"
SERVICE_ROWS = FileKind(
    "mup_phy",
    "a CMS file of services by provider and service (…_Prov_Svc.csv)",
    (SERVICE_NPI, CODE, PLACE, PATIENTS, SERVICES),
    (  # of 2012 to 2016
        ("npi", "hcpcs_code", "place_of_service", "bene_unique_cnt", "line_srvc_cnt"),
        (
            "National Provider Identifier",
            "HCPCS Code",
            "Place of Service",
            "Number of Medicare Beneficiaries",
            "Number of Services",
        ),
    ),
)
ENDINGS = (".csv", ".txt")
FIRST_YEAR = 2012
_CODE_BYTES = 16  # in which a code stands with spaces around it
_YEAR_IN_NAME = re.compile(  # MUP_PHY_R25_P05_V20_D23_Prov_Svc.csv, ..._PUF_CY2012.csv
    r"(?<![a-z\d])DY?(?P<two>\d\d)(?![a-z\d])|(?:(?<![a-z\d])|CY_?)(?P<four>20\d\d)(?!\d|[_-]\d\d(?!\d))", re.IGNORECASE
)
_SERVICES = re.compile(r"(\d{1,3}(,\d{3}){1,3}|\d{1,10})(\.\d{1,10})?")
_PATIENTS = re.compile(r"(\d{1,3}(,\d{3}){1,2}|\d{1,9})(\.0{1,2})?")


@dataclass(frozen=True, slots=True)
class BilledRow:
    """One published row: services of one code at one place of service."""

    services: float
    patients: int


def _service_rows(answer: KeptAnswer) -> Iterator[AnswerRow]:
    """Rows have the file's own columns; answers that only count them have none."""
    body = answer.body
    if isinstance(body, dict) and "found_rows" in body:
        return
    if not isinstance(body, list):
        raise other_interface(answer, "services billed to Medicare")
    for number, row in enumerate(map(mapping, body), 1):
        yield AnswerRow(None, number, {name: text_of(row, name) for name in SERVICE_ROWS.columns})


SERVICE_ANSWERS = AnswerTable(SERVICE_ROWS.columns, _service_rows)


def import_cms_services(path: str, year: int | None) -> FileRun:
    """Import the file. Raises `ImportFileError`, and then nothing was changed.

    `year` is that of the services; None to take it from the file's name.
    """
    with transaction():
        known = known_npis()
    with import_run(SOURCE, [path]) as (file,), StagedRows() as staged:
        with file.open(
            SERVICE_ROWS.prefix, ENDINGS, columns=SERVICE_ROWS.columns, answers=SERVICE_ANSWERS
        ) as published:
            year = year_of(published.label, year, datetime.now(UTC).date())
            is_whole = not published.is_answers
            npis = stage_rows_of_npis(published, SERVICE_ROWS, _ServiceFilter(known), _parse_row, file, staged)
        rejected = npis.rejected
        changed: set[str] = set()
        in_file = staged.groups()
        unlisted: set[str] = set()
        for batch in staged.batches("providers"):
            is_listed = dict(zip(batch, known.holds(np.array([int(npi) for npi in batch])), strict=True))
            listed = {npi: rows for npi, rows in batch.items() if is_listed[npi]}
            changed |= _write_batch(listed, year, file, rejected)
            others = {npi: rows for npi, rows in batch.items() if not is_listed[npi]}
            unlisted |= _keep_unlisted(others, year, file)
        if is_whole:  # a corrected file may no longer have a provider
            for model in (ProcedureVolume, MedicareYear):
                changed |= delete_missing(model, in_file | rejected, model.year == year, model.source_key == SOURCE)
            delete_missing(UnlistedVolume, unlisted, UnlistedVolume.year == year)
        changed |= follow_merges(in_file, (ProcedureVolume, MedicareYear))
        rescore_qualifications(sorted(changed))
    return file


class _ServiceFilter(NpiFilter):
    """Lets through the rows of `known` providers, and of others those of the codes that are counted."""

    def __init__(self, known: NpiSet) -> None:
        super().__init__(known, SERVICE_NPI)
        self._codes = np.array([code.encode() for code in PROCEDURES])

    def __call__(self, block: PlainBlock) -> NDArray[np.bool_]:
        codes = block.texts((CODE,), _CODE_BYTES)[:, 0]
        may_be_counted = np.isin(np.strings.strip(np.strings.upper(codes)), self._codes)
        may_be_counted |= np.strings.str_len(codes) == _CODE_BYTES  # or longer
        return super().__call__(block) | may_be_counted

    def takes(self, fields: Fields) -> bool:
        return super().takes(fields) or fields[CODE].upper() in PROCEDURES


def year_of(name: str, asked: int | None, today: date) -> int:
    """The year of the services in the file of that name. Raises `ImportFileError` when it is not to be told."""
    found = list(_YEAR_IN_NAME.finditer(name))
    years = {2000 + int(each["two"]) for each in found if each["two"]} or {int(each["four"]) for each in found}
    named = years.pop() if len(years) == 1 else None
    if asked is not None and named not in {None, asked}:
        raise ImportFileError(f"{name} is of {named} by its name, not of {asked}. Rename it if the name is wrong.")
    year = asked or named
    if year is None:
        raise ImportFileError(f"The name {name} doesn’t say its year (as …_D23_… does): add --year.")
    if not FIRST_YEAR <= year <= today.year:
        raise ImportFileError(f"There is no file for {year}. The years are {FIRST_YEAR} to {today.year}.")
    return year


def summed(rows: Iterable[BilledRow]) -> tuple[float, int]:
    """Services and patients of one code over its places of service.

    A patient may have been to both, so the patients are at least those of the place with the most.
    """
    rows = list(rows)
    return math.fsum(row.services for row in rows), max(row.patients for row in rows)


def _parse_row(fields: Fields) -> tuple[str, Values]:
    code = fields[CODE].upper()
    if code not in PROCEDURES:
        return ("", {})
    place, services, patients = fields[PLACE].upper(), fields[SERVICES], fields[PATIENTS]
    wrong = why_not_usable(place, services, patients)
    if wrong:
        return (f"{code} {place}", {"wrong": wrong})
    return (
        f"{code} {place}",
        {"services": float(services.replace(",", "")), "patients": int(patients.partition(".")[0].replace(",", ""))},
    )


def why_not_usable(place: str, services: str, patients: str) -> str | None:
    """What is wrong with a row's values, in words; None when nothing is."""
    if place not in {"F", "O"}:
        return f"the place of service {place[:20]!r} is neither F nor O"
    if not _SERVICES.fullmatch(services):
        return f"the number of services {services[:20]!r} is not a number of 0 or more"
    if not _PATIENTS.fullmatch(patients):
        return f"the number of patients {patients[:20]!r} is not a whole number of 0 or more"
    return None


def _code_of(row: StagedRow) -> str:
    return row.key.partition(" ")[0]


def _write_batch(batch: dict[str, list[StagedRow]], year: int, file: FileRun, rejected: set[str]) -> set[str]:
    """Bring what the file says of these providers into the directory. Returns whose facts changed.

    `rejected` gets those of whom a code is rejected here.
    """
    listed = {row["npi"] for row in stored_rows(MedicareYear, MedicareYear.npi.in_(batch), MedicareYear.year == year)}
    fact = {"year": year, "as_of": file.as_of}
    years = Merge(inserts=[{"npi": npi, **fact, "source_key": SOURCE} for npi in batch if npi not in listed])
    billed = {
        (npi, code): of_code
        for npi, rows in batch.items()
        for code, of_code in _billed(npi, rows, file, rejected).items()
    }
    wanted = {}
    for (npi, code), of_code in billed.items():
        services, patients = summed(of_code)
        wanted[npi, code] = {"npi": npi, "hcpcs_code": code, **fact, "services": services, "beneficiaries": patients}
    volumes = merge_stored(
        ProcedureVolume,
        [ProcedureVolume.npi.in_(batch), ProcedureVolume.year == year],
        ["npi", "hcpcs_code"],
        wanted,
        SOURCE,
        removable=lambda row: row["npi"] not in rejected,
    )
    for key, outcome in volumes.outcomes.items():
        file.counts.add(outcome, len(billed[key]))
    write(MedicareYear, years)
    return volumes.npis | years.npis


def _keep_unlisted(batch: dict[str, list[StagedRow]], year: int, file: FileRun) -> set[str]:
    """Keep the volumes of those in the batch, none of whom is in the directory, who billed neck injections; returns
    who they are.
    """
    wanted = {}
    for npi, rows in batch.items():
        file.counts.skipped += len(rows)
        if not any(_code_of(row) == NECK_TREATMENT for row in rows):
            continue
        by_code: dict[str, list[BilledRow]] = defaultdict(list)
        for row in {row.key: row for row in rows if "wrong" not in row.values}.values():
            by_code[_code_of(row)].append(BilledRow(**row.values))
        sums = {code: summed(of_code) for code, of_code in by_code.items()}
        if NECK_TREATMENT not in sums or sums[NECK_TREATMENT][0] <= 0:
            continue
        file.handled += len(rows)
        for code, (services, patients) in sums.items():
            values = {"npi": npi, "year": year, "hcpcs_code": code, "services": services, "beneficiaries": patients}
            wanted[npi, code] = {**values, "as_of": file.as_of}
    of_these = [UnlistedVolume.npi.in_(batch), UnlistedVolume.year == year]
    merge_stored(UnlistedVolume, of_these, ["npi", "hcpcs_code"], wanted, SOURCE)
    return {npi for npi, _ in wanted}


def _billed(npi: str, rows: list[StagedRow], file: FileRun, rejected: set[str]) -> dict[str, list[BilledRow]]:
    """The rows by code. A code with a row that cannot be used is rejected whole: the sum of the others would be too
    low.
    """
    unusable = {_code_of(row): row.line for row in rows if "wrong" in row.values}
    usable = []
    for row in rows:
        if not row.key:
            file.counts.skipped += 1
            file.handled += 1
        elif (code := _code_of(row)) in unusable:
            reason = f"line {unusable[code]} of the same code cannot be used, and without it the sum is too low"
            file.reject(row.line, npi, row.values.get("wrong", reason))
            rejected.add(npi)
        else:
            usable.append(row)
    by_code: dict[str, list[BilledRow]] = defaultdict(list)
    for row in last_of_each(usable, [file], npi).values():
        by_code[_code_of(row)].append(BilledRow(**row.values))
    return by_code
