"""A list of excluded providers: read, staged, compared with what is held, and written, whichever office publishes it.

All entries are kept, so that a provider who is added later is matched too; `credentials.exclusions` says who is meant.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Row, false, func, or_, select, update

from directory.credentials.exclusions.actions import match_exclusions
from directory.credentials.exclusions.entries import is_active
from directory.credentials.exclusions.models import UNDECIDED, Exclusion, ListedExclusion, PossibleExclusion
from directory.credentials.name_keys import business_key, person_key
from directory.credentials.scoring import rescore_qualifications
from directory.extensions import db
from directory.imports.merge import (
    Merge,
    MergeOutcome,
    StoredRow,
    differences,
    refuse_shrunk,
    stored_rows,
    write,
)
from directory.imports.models import ImportRun
from directory.imports.reading.fields import Fields, FileKind, Values
from directory.imports.reading.files import ImportFileError
from directory.imports.reading.scan import CsvScan
from directory.imports.runs import FileRun, import_run
from directory.imports.source_age import newest_day
from directory.imports.staging import ParsedRow, StagedRow, StagedRows, last_of_each, stage_rows
from directory.providers.npi import check_digit, has_form_of_npi
from directory.web.days import today_in_california
from directory.web.transaction import transaction

_COMPARED = ("name_key", "born_on", "excluded_on", "exclusion_type", "license_numbers")
"""What tells one entry of an NPI or a name from another."""


class ListedRow(NamedTuple):
    """What a row of a list says: the same of one or more NPIs, or of none that is known."""

    values: Values  # as `ListedExclusion` has them, without the key and the NPI
    npis: Sequence[str]
    unknown: list[str]  # why values are left unknown
    unclear: list[str]  # which of these values belong to the identity
    identity: tuple[tuple[object, ...], tuple[object, ...]]  # what makes it this entry, before and after the NPI


@dataclass(frozen=True, slots=True)
class ExclusionList:
    """How to read one list."""

    source_key: str
    kind: FileKind
    optional: tuple[str, ...]  # columns that it may have
    parse_row: Callable[[Fields, date], ListedRow]  # raises `RowRejectedError`
    named_by: Callable[[Fields], Iterable[str]]  # NPIs and name key of a row that cannot be used


@dataclass(slots=True)
class ImportedExclusions:
    """The result of an import, and the state of the directory after it."""

    file: FileRun
    is_full: bool = True
    removed: int = 0  # entries that a full list no longer has
    changed_providers: int = 0  # providers of whom an exclusion began, ended or changed
    excluded_providers: int = 0  # providers here whom the list excludes today
    waiting: int = 0  # possible matches that verifiers have not decided


def import_exclusions(
    path: str, layout: ExclusionList, is_full: Callable[[str], bool] = lambda name: True, *, accept_shrunk: bool = False
) -> ImportedExclusions:
    """Import the list. Raises `ImportFileError`, and then nothing was changed.

    `is_full` says by the file's name whether what the file does not name is gone.
    """
    with transaction():
        newest = newest_day(layout.source_key)
    with import_run(layout.source_key, [path]) as (file,), StagedRows() as staged:
        done = ImportedExclusions(file)
        named: set[str] = set()
        who: set[str] = set()
        unusable = _read(file, layout, staged, named, who)
        _keep_other_writers_out(file)
        done.is_full = is_full(file.name)
        if done.is_full:
            held = _held(layout.source_key)
            gone = [row for row in held if row.key not in named and not unusable & {row.name_key, row.npi}]
            if gone and not accept_shrunk:
                _refuse_older(file, newest)
                lost = sum((row.npi or row.name_key) not in who for row in gone)  # the others are in other words
                refuse_shrunk(file.name, "entries", lost, len(held))
        for batch in staged.batches("entries"):
            _write_batch(batch, file, None if done.is_full else named)
        if done.is_full:
            write(ListedExclusion, Merge(deletes=[{"key": row.key} for row in gone]))
            done.removed = len(gone)
        changed = match_exclusions(gone_on=file.as_of)
        rescore_qualifications(sorted(changed))
        done.changed_providers = len(changed)
        done.excluded_providers, done.waiting = _standing(layout.source_key)
    return done


def _refuse_older(file: FileRun, newest: date | None) -> None:
    if newest and file.as_of and file.as_of < newest:
        raise ImportFileError(
            f"{file.name} is of {file.as_of.isoformat()}, and one of {newest.isoformat()} was read already: who was "
            "excluded since would no longer be. Download the newest list, or add --accept-shrunk. Nothing was changed."
        )


def name_key(last: str | None, first: str | None, business: str | None) -> str:
    """The key by which an entry is found by name; empty when it gives no whole name."""
    return person_key(last, first) if last else business_key(business)


def valid_npi(text: str) -> str | None:
    """The NPI that an entry gives. Zeros stand for none, and one with a wrong check digit says nothing."""
    valid = has_form_of_npi(text) and check_digit(text[:9]) == text[9]
    return text if valid and text.strip("0") else None


def _read(file: FileRun, layout: ExclusionList, staged: StagedRows, named: set[str], who: set[str]) -> set[str]:
    """Stage the rows, each with its entries: `named` gets their keys, `who` their NPIs, or names where there is none.

    Returns NPIs and name keys of rows that cannot be used.
    """
    unusable: set[str] = set()
    with file.open(layout.kind.prefix, columns=layout.kind.columns) as published:
        fact = {"source_key": layout.source_key, "as_of": published.as_of}

        def parse_row(fields: Fields) -> ParsedRow:
            row = layout.parse_row(fields, published.as_of)
            npis: Sequence[str | None] = row.npis or [None]
            entries = [{**_entry(row, npi, file), **fact, "npi": npi} for npi in npis]
            named.update(entry["key"] for entry in entries)
            who.update(entry["npi"] or entry["name_key"] for entry in entries)
            return ParsedRow(_key(row.identity, *npis), "", {"entries": entries}, row.unknown, npis[0] or "")

        def reject(line: int, fields: Fields, reason: str) -> None:
            named_by = list(layout.named_by(fields))
            unusable.update(named_by)
            file.reject(line, next(filter(has_form_of_npi, named_by), ""), reason)

        stage_rows(CsvScan(published, layout.kind, optional=layout.optional), file, staged, parse_row, reject)
    return unusable - {""}


def _key(identity: tuple[tuple[object, ...], tuple[object, ...]], *npis: str | None) -> str:
    """SHA-256 of what makes it this entry and no other; the rest may change from file to file."""
    before, after = identity
    texts = [str(part or "").upper() for part in (*before, *npis, *after)]
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()


def _entry(row: ListedRow, npi: str | None, file: FileRun) -> Values:
    """A row as the entry of one NPI. Values that cannot be read stay as in the one entry that may be it."""
    entry = {**row.values, "key": _key(row.identity, npi)}
    if not row.unclear:
        return entry
    _keep_other_writers_out(file)
    who = ListedExclusion.npi == npi if npi else ListedExclusion.name_key == entry["name_key"]
    known = [name for name in _COMPARED if name in entry and name not in row.unclear]
    held = stored_rows(
        ListedExclusion,
        who,
        ListedExclusion.source_key == file.source_key,
        *(getattr(ListedExclusion, name).is_not_distinct_from(entry[name]) for name in known),
    )
    return {**entry, **{name: held[0][name] for name in (*row.unclear, "key")}} if len(held) == 1 else entry


def _keep_other_writers_out(file: FileRun) -> None:
    """Take the write lock before reading: SQLite refuses a write that rests on an older read."""
    db.session.execute(update(ImportRun).where(ImportRun.id == file.run_id).values(as_of=file.as_of))


def _write_batch(batch: dict[str, list[StagedRow]], file: FileRun, named: set[str] | None) -> None:
    """Add entries that are new and change those that differ; `named` are all keys of a supplement."""
    last = {
        group: last_of_each(rows, [file], _npi_of(rows[0]) or "", "the same entry")[""].values["entries"]
        for group, rows in batch.items()
    }
    keys = [entry["key"] for entries in last.values() for entry in entries]
    held = {row["key"]: row for row in stored_rows(ListedExclusion, ListedExclusion.key.in_(keys))}
    writes = Merge()
    for entries in last.values():
        outcomes = {_write_entry(values, held.get(values["key"]), writes, named) for values in entries}
        file.counts.add(outcomes.pop() if len(outcomes) == 1 else MergeOutcome.CHANGED)
    write(ListedExclusion, writes)


def _npi_of(row: StagedRow) -> str | None:
    npi: str | None = row.values["entries"][0]["npi"]
    return npi


def _write_entry(values: Values, entry: StoredRow | None, writes: Merge, named: set[str] | None) -> MergeOutcome:
    if named is not None and entry and not values["reinstated_on"]:
        # A supplement that is read again, or late, does not take back what a later one said.
        values = {**values, "reinstated_on": entry["reinstated_on"]}
    if named is not None and not entry and values["reinstated_on"] and (entry := _reinstated(values, named)):
        values = {**values, "key": entry["key"]}
    if entry is None:
        writes.inserts.append(values)
        return MergeOutcome.ADDED
    if changes := differences(entry, values, ("as_of",)):
        writes.updates.append((entry, changes))
        return MergeOutcome.CHANGED
    return MergeOutcome.UNCHANGED


def _reinstated(values: Values, named: set[str]) -> StoredRow | None:
    """The entry that a reinstatement names in other words, when only one can be meant: it joins `named`."""
    who = ListedExclusion.name_key == values["name_key"] if values["name_key"] else false()
    found = stored_rows(
        ListedExclusion,
        or_(who, ListedExclusion.npi == values["npi"]) if values["npi"] else who,
        ListedExclusion.excluded_on == values["excluded_on"],
        ListedExclusion.source_key == values["source_key"],
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


def _held(source_key: str) -> Sequence[Row[str, str, str | None]]:
    """The key, name key and NPI of each entry that is held of the list."""
    entry = ListedExclusion
    return db.session.execute(select(entry.key, entry.name_key, entry.npi).where(entry.source_key == source_key)).all()


def _standing(source_key: str) -> tuple[int, int]:
    """How many providers the list excludes today, and how many possible matches wait."""
    today = today_in_california()
    excluded = db.session.scalar(
        select(func.count(Exclusion.npi.distinct())).where(
            Exclusion.source_key == source_key,
            or_(Exclusion.excluded_on.is_(None), Exclusion.excluded_on <= today),
            is_active(Exclusion, today),
        )
    )
    waiting = db.session.scalar(select(func.count()).where(PossibleExclusion.status.in_(UNDECIDED)))
    return excluded or 0, waiting or 0
