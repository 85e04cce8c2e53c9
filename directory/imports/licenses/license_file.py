"""A state board's list of licenses: those that providers of this directory claim are compared with what is held."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from directory.credentials.kinds import CredentialKind
from directory.credentials.licenses.from_files import FilesVerified, verify_from_files
from directory.credentials.licenses.records import (
    UnreadRow,
    apply_license_records,
    number_key,
    report_unread,
    report_vanished,
)
from directory.credentials.models import BoardFile, Credential, LicenseRecord
from directory.extensions import db
from directory.imports.licenses.layout import LicenseLayout
from directory.imports.licenses.license_rows import stage_licenses
from directory.imports.merge import StoredRow, merge, refuse_shrunk, stored_rows, write
from directory.imports.reading.files import ImportFileError, UnusableFileError
from directory.imports.runs import FileRun, import_run
from directory.imports.source_age import newest_day
from directory.imports.staging import StagedRow, StagedRows, last_of_each
from directory.providers.models import ProviderSpecialty
from directory.providers.sources import Source, SourceKind
from directory.web.days import today_in_california
from directory.web.transaction import transaction

ENDINGS = (".csv", ".txt", ".tsv", ".xls")  # the last are text with tabs, despite the name
DECIDING = ("active", "revoked", "expires_on", "public_actions", "name")
"""Values in which two rows about one license contradict each other; of addresses there may be several."""
WHERE_READ = ("as_of", "board_file_id")
"""What a newer file that says the same changes of a row."""
Key = tuple[str, str]
"""`number_key` of a license and its type: what one state's boards have once."""


def import_licenses(
    paths: Sequence[str], layout: LicenseLayout, *, accept_shrunk: bool = False
) -> tuple[list[FileRun], FilesVerified]:
    """Import the parts of the board's list, which together are the whole of it. Returns also what it verified.

    Raises `ImportFileError`, and then nothing was changed but that the source is known, and that verifiers have a task
    about each license that is held and whose row could not be used.
    """
    with transaction():
        _know_source(layout)
        newest = newest_day(layout.source_key)
        wanted = _wanted_numbers(layout.state)
    unread: dict[str, UnreadRow] = {}
    try:
        with import_run(layout.source_key, paths) as files, StagedRows() as staged:
            for file in files:
                with file.open("", ENDINGS, columns=layout.columns.values()) as published:
                    if newest and published.as_of < newest:
                        days = f"{published.as_of.isoformat()}, and one of {newest.isoformat()}"
                        raise ImportFileError(f"{file.name} is of {days} was read already.")
                    stage_licenses(published, layout, wanted, file, staged, unread)
            verified = _apply(layout, files, staged, unread, wanted, accept_shrunk=accept_shrunk)
    except UnusableFileError:
        with transaction():
            report_unread(layout.state, unread, layout.source_name)
        raise
    return files, verified


def _apply(
    layout: LicenseLayout,
    files: Sequence[FileRun],
    staged: StagedRows,
    unread: dict[str, UnreadRow],
    wanted: set[str],
    *,
    accept_shrunk: bool,
) -> FilesVerified:
    last: dict[Key, StagedRow] = {}
    for batch in staged.batches("licenses"):
        for number, rows in batch.items():
            of_number = last_of_each(rows, files, "", "the same license")
            last |= {(number, license_type): row for license_type, row in of_number.items()}
            for row in rows:
                if any(row.values[name] != of_number[row.key].values[name] for name in DECIDING):
                    unread[number] = UnreadRow(row.values["name"], "two rows say different things of it")
    board_files = {file.run_id: _board_file(file, layout).id for file in files}
    listed = {key: {**row.values, "board_file_id": board_files[row.file]} for key, row in last.items()}
    held = stored_rows(LicenseRecord, LicenseRecord.state == layout.state)
    stored: dict[Key, StoredRow] = {(row["number_key"], row["license_type"]): row for row in held}
    ours = {key: row for key, row in stored.items() if row["source_key"] == layout.source_key}
    names = ", ".join(file.name for file in files)
    if ours and not (listed or unread):
        raise UnusableFileError(
            f"{names} has none of the {len(ours):,} licenses that are known from this board. Is it another board's?"
        )
    if not accept_shrunk:
        known = [key for key in ours if key[0] in wanted]
        lost = [key for key in known if key not in listed and key[0] not in unread]
        refuse_shrunk(names, "licenses", len(lost), len(known))
    merged = merge(
        stored,
        listed,
        layout.source_key,
        removable=lambda row: row["number_key"] not in unread,
        left_alone=WHERE_READ,
    )
    for key, outcome in merged.outcomes.items():
        next(file for file in files if file.run_id == last[key].file).counts.add(outcome)
    written = {id(row) for row, _ in merged.updates}
    merged.updates += [  # that a newer file says the same is what verifies a license again
        (row, {name: listed[key][name] for name in WHERE_READ})
        for key, row in ours.items()
        if key in listed and id(row) not in written and any(row[name] != listed[key][name] for name in WHERE_READ)
    ]
    write(LicenseRecord, merged)
    apply_license_records(None, today_in_california())
    gone = {row["number_key"] for row in merged.deletes} - {number for number, _ in listed}
    report_vanished(layout.state, gone, layout.source_name)
    report_unread(layout.state, unread, layout.source_name)
    return verify_from_files(today_in_california())


def _board_file(file: FileRun, layout: LicenseLayout) -> BoardFile:
    """The file as evidence. The same file read again is the same evidence."""
    with Path(file.path).open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    same = {"source_key": layout.source_key, "name": file.name[:300], "as_of": file.as_of, "sha256": sha256}
    known = db.session.scalar(select(BoardFile).filter_by(**same).order_by(BoardFile.id).limit(1))
    if known is not None:
        return known
    names_discipline = "public_actions" in layout.columns
    kept = BoardFile(**same, board=layout.board, run_id=file.run_id, names_discipline=names_discipline)
    db.session.add(kept)
    db.session.flush()
    return kept


def _wanted_numbers(state: str) -> set[str]:
    """`number_key` of all licenses of that state that providers claim or hold."""
    claimed = select(Credential.number).where(Credential.kind == CredentialKind.LICENSE, Credential.state == state)
    declared = select(ProviderSpecialty.license_number).where(ProviderSpecialty.license_state == state)
    numbers = (number for numbers in (claimed, declared) for number in db.session.scalars(numbers))
    return {number_key(number) for number in numbers} - {""}


def _know_source(layout: LicenseLayout) -> None:
    source = db.session.get(Source, layout.source_key)
    if source is None:
        source = Source(key=layout.source_key, kind=SourceKind.PUBLIC_FILE)
        db.session.add(source)
    source.name, source.url = layout.source_name[:200], layout.source_url
