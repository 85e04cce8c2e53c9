"""The OIG's List of Excluded Individuals and Entities: the full list, or a month's supplement.

All entries are kept, so that a provider who is added later is matched too; `credentials.exclusions` says who is meant.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import false, func, or_, select, update

from directory.credentials.exclusions.actions import match_exclusions
from directory.credentials.exclusions.entries import is_active
from directory.credentials.exclusions.matched import SOURCE
from directory.credentials.exclusions.models import UNDECIDED, Exclusion, LeieEntry, PossibleExclusion
from directory.credentials.name_keys import business_key, person_key
from directory.credentials.scoring import rescore_qualifications
from directory.extensions import db
from directory.imports.merge import Merge, StoredRow, differences, stored_rows, write
from directory.imports.models import ImportRun
from directory.imports.reading.fields import Fields, RowRejectedError, Values, check_lengths
from directory.imports.reading.files import ImportFileError
from directory.imports.reading.scan import CsvScan
from directory.imports.runs import FileRun, import_run
from directory.imports.staging import StagedRow, StagedRows, last_of_each
from directory.places.names import state_code
from directory.providers.npi import check_digit, has_form_of_npi
from directory.web.days import today_in_california

FULL_LIST = "UPDATED"
"""What the OIG's name for the full list starts with."""
MIN_SHARE = 0.5
"""A full list that names fewer than this share of the entries held is taken for one that was cut."""
LAST, FIRST, BUSINESS, NPI = "LASTNAME", "FIRSTNAME", "BUSNAME", "NPI"
EXCLUDED, REINSTATED = "EXCLDATE", "REINDATE"
_TEXTS = {
    "last_name": LAST,
    "first_name": FIRST,
    "middle_name": "MIDNAME",
    "business_name": BUSINESS,
    "general": "GENERAL",
    "specialty": "SPECIALTY",
    "address": "ADDRESS",
    "city": "CITY",
    "postal_code": "ZIP",
    "exclusion_type": "EXCLTYPE",
    "waiver_state": "WVRSTATE",
}
_DAYS = {"born_on": "DOB", "excluded_on": EXCLUDED, "reinstated_on": REINSTATED, "waived_on": "WAIVERDATE"}
COLUMNS = (*_TEXTS.values(), *_DAYS.values(), NPI, "STATE")
"""All that the file must have; it has UPIN too, which is out of use."""


@dataclass(slots=True)
class ImportedLeie:
    """What came of it, and how the directory stands after it."""

    file: FileRun
    is_full: bool = False
    removed: int = 0  # entries that a full list no longer has
    changed_providers: int = 0  # providers of whom an exclusion began, ended or changed
    excluded_providers: int = 0  # providers here whom the list excludes today
    waiting: int = 0  # possible matches that verifiers have not decided


def import_leie(path: str, *, is_full: bool | None = None, accept_shrunk: bool = False) -> ImportedLeie:
    """Import the file. Raises `ImportFileError`, and then nothing was changed.

    `is_full` says whether what the file does not name is gone; None to tell by the file's name.
    """
    with import_run(SOURCE, [path]) as (file,), StagedRows() as staged:
        done = ImportedLeie(file)
        unusable = _read(file, staged)
        _keep_other_writers_out(file)
        done.is_full = _is_named_full(file.name) if is_full is None else is_full
        named = staged.groups()
        if done.is_full and not accept_shrunk:
            _refuse_shrunk(file, len(named))
        for batch in staged.batches("entries"):
            _write_batch(batch, file, None if done.is_full else named)
        if done.is_full:
            done.removed = _remove_gone(named, unusable)
        changed = match_exclusions(gone_on=file.as_of)
        rescore_qualifications(sorted(changed))
        done.changed_providers = len(changed)
        done.excluded_providers, done.waiting = _standing()
    return done


def _read(file: FileRun, staged: StagedRows) -> set[str]:
    """Stage the entries under their keys. Returns NPIs and name keys of rows that cannot be used."""
    unusable: set[str] = set()
    with file.open(FULL_LIST.lower(), columns=COLUMNS) as published:
        scan = CsvScan(published, COLUMNS, "the OIG's list of exclusions")

        def reject(line: int, fields: Fields, reason: str) -> None:
            unusable.update((npi_of(fields[NPI]) or "", name_key(fields[LAST], fields[FIRST], fields[BUSINESS])))
            file.reject(line, fields[NPI], reason)

        for line, values in scan.parsed_rows(lambda fields: entry_values(fields, published.as_of), reject):
            staged.add(StagedRow(values["key"], file.run_id, "", line, values))
        file.note_read(scan)
    return unusable - {""}


def _keep_other_writers_out(file: FileRun) -> None:
    """Write before anything is read that the next writes hang on: SQLite refuses to write on what has grown old."""
    db.session.execute(update(ImportRun).where(ImportRun.id == file.run_id).values(as_of=file.as_of))


def _write_batch(batch: dict[str, list[StagedRow]], file: FileRun, named: set[str] | None) -> None:
    """Add entries that are new and change those that differ; `named` are all keys of a supplement."""
    held = {row["key"]: row for row in stored_rows(LeieEntry, LeieEntry.key.in_(batch))}
    writes = Merge()
    for key, rows in batch.items():
        values = last_of_each(rows, [file], rows[0].values["npi"] or "", "the same entry")[""].values
        entry = held.get(key)
        if named is not None and entry and not values["reinstated_on"]:
            # A supplement that is read again, or late, does not take back what a later one said.
            values = {**values, "reinstated_on": entry["reinstated_on"]}
        if named is not None and not entry and values["reinstated_on"] and (entry := _reinstated(values, named)):
            values = {**values, "key": entry["key"]}
        if entry is None:
            writes.inserts.append(values)
            file.counts.added += 1
        elif changes := differences(entry, values, ("as_of",)):
            writes.updates.append((entry, changes))
            file.counts.changed += 1
        else:
            file.counts.unchanged += 1
    write(LeieEntry, writes)


def _reinstated(values: Values, named: set[str]) -> StoredRow | None:
    """The entry that a reinstatement names in other words, when only one can be meant: it joins `named`."""
    who = LeieEntry.name_key == values["name_key"] if values["name_key"] else false()
    found = stored_rows(
        LeieEntry,
        or_(who, LeieEntry.npi == values["npi"]) if values["npi"] else who,
        LeieEntry.excluded_on == values["excluded_on"],
    )
    meant = [entry for entry in found if entry["key"] not in named and _may_be_one(values, entry)]
    if len(meant) != 1:
        return None
    named.add(meant[0]["key"])
    return meant[0]


def _may_be_one(values: Values, entry: StoredRow) -> bool:
    """Whether something beside the name or the NPI agrees, and nothing that both give differs."""
    told = [values[name] == entry[name] for name in ("npi", "born_on") if values[name] and entry[name]]
    return all(told) if told else bool(values["state"]) and values["state"] == entry["state"]


def _remove_gone(named: set[str], unusable: set[str]) -> int:
    """Remove the entries that a full list no longer has; returns how many.

    One that a row may have meant which could not be used stays.
    """
    held = db.session.execute(select(LeieEntry.key, LeieEntry.name_key, LeieEntry.npi))
    gone: list[StoredRow] = [
        {"key": row.key} for row in held if row.key not in named and not unusable & {row.name_key, row.npi}
    ]
    write(LeieEntry, Merge(deletes=gone))
    return len(gone)


def _is_named_full(label: str) -> bool:
    """Whether the file, or the zip that it is in, has the OIG's name for the full list."""
    return any(part.upper().startswith(FULL_LIST) for part in label.split("/"))


def _refuse_shrunk(file: FileRun, rows: int) -> None:
    held = db.session.scalar(select(func.count()).select_from(LeieEntry)) or 0
    if rows < MIN_SHARE * held:
        raise ImportFileError(
            f"{file.name} names {rows:,} entries where {held:,} are held, so it is probably not the whole list: "
            "download it again, or import it with --supplement if it is one. If the list has really shrunk so far, add "
            "--accept-shrunk. Nothing was changed."
        )


def _standing() -> tuple[int, int]:
    """How many providers the list excludes today, and how many possible matches wait."""
    today = today_in_california()
    excluded = db.session.scalar(
        select(func.count(Exclusion.npi.distinct())).where(
            Exclusion.source_key == SOURCE,
            Exclusion.excluded_on <= today,
            is_active(Exclusion, today),
        )
    )
    waiting = db.session.scalar(select(func.count()).where(PossibleExclusion.status.in_(UNDECIDED)))
    return excluded or 0, waiting or 0


def entry_values(fields: Fields, as_of: date) -> Values:
    """The columns of `LeieEntry`. Raises `RowRejectedError`."""
    values: Values = {name: " ".join(fields[column].split()) or None for name, column in _TEXTS.items()}
    values |= {name: _day(fields, column) for name, column in _DAYS.items()}
    values |= {"npi": npi_of(fields[NPI]), "state": _state(fields["STATE"]), "as_of": as_of}
    values["name_key"] = name_key(values["last_name"], values["first_name"], values["business_name"])
    if not (values["last_name"] or values["business_name"] or values["npi"]):
        raise RowRejectedError(f"there is neither a {LAST} nor a {BUSINESS} nor a valid NPI")
    if values["exclusion_type"] is None:
        raise RowRejectedError("the EXCLTYPE is empty")
    if values["excluded_on"] is None:
        raise RowRejectedError(f"the {EXCLUDED} is empty")
    if values["reinstated_on"] and values["reinstated_on"] < values["excluded_on"]:
        raise RowRejectedError(f"the {REINSTATED} is before the {EXCLUDED}")
    if values["born_on"] and values["born_on"] >= values["excluded_on"]:
        raise RowRejectedError(f"the DOB is not before the {EXCLUDED}")
    check_lengths(LeieEntry, values)
    values["key"] = entry_key(values)
    return values


def entry_key(values: Values) -> str:
    """SHA-256 of what makes it this entry and no other; the rest may change from file to file.

    An address counts only where neither a date of birth nor an NPI tells two of one name apart.
    """
    names = ("last_name", "first_name", "middle_name", "business_name", "npi", "exclusion_type")
    told_apart = values["born_on"] or values["npi"]
    places = () if told_apart else ("address", "city", "state", "postal_code")
    days = (values["born_on"], values["excluded_on"])
    texts = [(values[name] or "").upper() for name in (*names, *places)]
    return hashlib.sha256("\x1f".join([*texts, *(str(day or "") for day in days)]).encode()).hexdigest()


def name_key(last: str | None, first: str | None, business: str | None) -> str:
    """By what an entry is found by name; empty when it has no whole name."""
    return person_key(last, first) if last else business_key(business)


def npi_of(text: str) -> str | None:
    """The NPI that an entry gives. Zeros stand for none, and one with a wrong check digit says nothing."""
    valid = has_form_of_npi(text) and check_digit(text[:9]) == text[9]
    return text if valid and text.strip("0") else None


def _state(text: str) -> str | None:
    return state_code(text) or (text.upper() if len(text) == 2 else None)


def _day(fields: Fields, column: str) -> date | None:
    is_given = fields[column].strip("0")  # 00000000 stands for none
    return fields.day(column, "%Y%m%d", "20251231") if is_given else None
