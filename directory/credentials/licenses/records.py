"""What a board's public file says of licenses that were verified: it renews them, ends them, or asks for a person.

A license that is only claimed or submitted is left to people; so is a name that differs.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import lazyload, selectinload

from directory.audit import log
from directory.audit.log import PROGRAM
from directory.credentials.actions import expire, record_check, take_up
from directory.credentials.checks import MAX_CHECK_AGE_DAYS, Check, Method
from directory.credentials.kinds import CredentialKind
from directory.credentials.licenses.rules import list_it_rests_on, suspensions, withdraw
from directory.credentials.models import Credential, LicenseRecord, Verification
from directory.credentials.name_keys import business_key, names_agree
from directory.credentials.queries import title_of
from directory.credentials.scoring import rescore_qualification, rescoring_together
from directory.credentials.status import COUNTING, CredentialStatus
from directory.credentials.tasks import TaskKind, open_task
from directory.extensions import db
from directory.providers.models import Provider
from directory.web.chunks import chunks
from directory.web.days import day_in_words

LicenseKey = tuple[str, str]  # state and `number_key`
MAX_AT_ONCE = 500  # values in one statement
_WATCHED = (*COUNTING, CredentialStatus.EXPIRED)
_NOT_IN_A_NUMBER = re.compile(r"[^A-Z0-9]")
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_SAYS_SOMETHING = re.compile(r"[1-9]")


def number_key(text: str | None) -> str:
    """One spelling for all ways to write a license number: "a 012345" and "A-12345" become "A12345".

    Empty for a text that holds no number, such as "PENDING" or "00000".
    """
    key = _LEADING_ZEROS.sub("", _NOT_IN_A_NUMBER.sub("", (text or "").upper()))
    return key if _SAYS_SOMETHING.search(key) else ""


def is_named(provider: Provider, name: str) -> bool:
    """Whether a name in a board's file is the provider's."""
    if provider.organization_name:
        return business_key(name) == business_key(provider.organization_name) != ""
    return names_agree(provider.first_name, provider.last_name, name)


def records_by_key(keys: Iterable[LicenseKey]) -> dict[LicenseKey, list[LicenseRecord]]:
    """What the boards' files have under each key, as the database has it now: imports write past the session."""
    found: dict[LicenseKey, list[LicenseRecord]] = defaultdict(list)
    for some in chunks(sorted(set(keys)), MAX_AT_ONCE):
        for record in db.session.scalars(
            select(LicenseRecord)
            .where(
                LicenseRecord.state.in_({state for state, _ in some}),
                LicenseRecord.number_key.in_({number for _, number in some}),
            )
            .options(lazyload(LicenseRecord.source))  # a handful of sources, and thousands of records
            .order_by(LicenseRecord.id)
            .execution_options(populate_existing=True)
        ):
            found[record.state, record.number_key].append(record)
    return found


def license_key(state: str | None, number: str | None, submission: Mapping[str, Any] | None) -> LicenseKey | None:
    """State and `number_key` as claimed last, else as in force; None when either is not known."""
    submission = submission or {}
    state, key = submission.get("state") or state, number_key(submission.get("number") or number)
    return (state, key) if state and key else None


def records_of(credential: Credential) -> Sequence[LicenseRecord]:
    """What the boards' files have under the state and number that was submitted; nothing for no license."""
    if credential.kind != CredentialKind.LICENSE:
        return []
    key = license_key(credential.state, credential.number, credential.submission)
    return records_by_key([key]).get(key, []) if key else []


def apply_license_records(npis: Collection[str] | None, today: date) -> set[str]:
    """Let the boards' records count for the verified and expired licenses of these providers (None: of all).

    A record that is newer than the last check and agrees verifies the license again. One that says revoked, or no
    longer active, takes it out at once. Whatever a person should look at becomes a task. Returns the providers with a
    license that was moved, verified again or reported. Doing it twice is the same as once.
    """
    licenses = _watched_licenses(npis)
    keys = {license.id: (license.state or "", number_key(license.number)) for license in licenses}
    records = records_by_key(keys.values())
    named = select(Provider).where(Provider.npi.in_({license.npi for license in licenses}))
    providers = {provider.npi: provider for provider in db.session.scalars(named)}
    suspended = suspensions()
    changed = set()
    with rescoring_together():
        for license in licenses:
            provider = providers[license.npi]
            record = _record_of(provider, records.get(keys[license.id], []))
            if record is None:
                continue
            if _apply(license, record, provider, today, may_renew=record.source_key not in suspended):
                changed.add(license.npi)
    return changed


def report_vanished(state: str, gone: Collection[str], source_name: str) -> None:
    """Open a task for each license that counts and that the board's newest file no longer has. One that rested on the
    file alone is no longer verified.

    `gone` are `number_key`s of that state.
    """
    for license in _watched_licenses(None) if gone else []:
        if license.status in COUNTING and license.state == state and number_key(license.number) in gone:
            sentence = f"{title_of(license)} {license.number} is no longer in: {source_name}."
            if list_it_rests_on(license):
                withdraw(PROGRAM, [license], sentence, "withdrawn")
            _report(license, sentence)


class UnreadRow(NamedTuple):
    """A row of a board's file that could not be used: the name in it, which may be empty, and why."""

    name: str
    reason: str


def report_unread(state: str, unread: Mapping[str, UnreadRow], source_name: str) -> None:
    """Open a task for each license that is held and of which the board's newest file has a row that could not be used.

    `unread` is by `number_key` of that state. Boards count each for itself: a number without a letter may be another
    person's, whose name the row then gives.
    """
    for license in _watched_licenses(None) if unread else []:
        key = number_key(license.number)
        row = unread.get(key) if license.state == state else None
        if row is None:
            continue
        provider = db.session.get_one(Provider, license.npi)
        if not row.name or not key.isdigit() or is_named(provider, row.name):
            named = f"{title_of(license)} {license.number} is in a row that could not be used"
            _report(license, f"{named}: {row.reason}. Look it up at the board. ({source_name})")


def _apply(license: Credential, record: LicenseRecord, provider: Provider, today: date, *, may_renew: bool) -> bool:
    """Whether anything was done. A list that is suspended may not renew, and takes out what it says does not hold."""
    newest = license.newest_check
    checked_on = newest.checked_on if newest else date.min
    if record.as_of < checked_on:
        return False  # a later check
    is_newer = record.as_of > checked_on
    if not is_named(provider, record.name):
        if not is_newer or license.status not in COUNTING:
            return False
        named = f"the board has it under the name {record.name}, as {record.board_status}."
        _report(license, f"{title_of(license)}: {named}")
        return True
    if record.revoked:
        return _revoke(license, record, today)
    if not record.active or (record.expires_on is not None and record.expires_on < today):
        return _lapse(license, record, today)
    is_fresh = may_renew and is_newer and (today - record.as_of).days <= MAX_CHECK_AGE_DAYS
    disciplined = bool(record.public_actions) and not license.public_discipline
    if is_fresh and not _awaits_decision(license, newest):
        if license.status == CredentialStatus.EXPIRED:
            take_up(PROGRAM, license)
        record_check(PROGRAM, license, check_by_list(license, record, today, CredentialStatus.VERIFIED))
    elif not disciplined or license.status not in COUNTING:
        return False
    if disciplined:
        _note_discipline(license, record)
    return True


def _revoke(license: Credential, record: LicenseRecord, today: date) -> bool:
    sentence = f"{title_of(license)}: the board's file of {day_in_words(record.as_of)} says {record.board_status}."
    if (today - record.as_of).days <= MAX_CHECK_AGE_DAYS:
        record_check(PROGRAM, license, check_by_list(license, record, today, CredentialStatus.REVOKED, sentence))
    elif license.status not in COUNTING:
        return False
    _report(license, sentence)
    return True


def _lapse(license: Credential, record: LicenseRecord, today: date) -> bool:
    if license.status not in COUNTING:
        return False
    why = f"the board's file of {day_in_words(record.as_of)} says {record.board_status}"
    if record.expires_on is not None and record.expires_on < today:
        license.expires_on = record.expires_on
        why += f", expired on {day_in_words(record.expires_on)}"
    expire(license, f"{title_of(license)}: {why}.")
    return True


def check_by_list(
    license: Credential, record: LicenseRecord, today: date, outcome: CredentialStatus, note: str | None = None
) -> Check:
    known = license.expires_on if license.expires_on and license.expires_on >= today else None
    return Check(
        outcome=outcome,
        method=Method.BULK_FILE,
        primary_source=f"{record.board}: {record.source.name}"[:200],
        checked_on=record.as_of,
        board_file_id=record.board_file_id,
        note=note,
        number=record.number,
        issued_on=record.issued_on,
        expires_on=record.expires_on or known,  # where the file gives none
        public_discipline=license.public_discipline or bool(record.public_actions),
    )


def _note_discipline(license: Credential, record: LicenseRecord) -> None:
    if not license.public_discipline:
        license.public_discipline = True
        log.record(PROGRAM, "note_discipline", f"credential:{license.id}", after={"public_discipline": True})
        rescore_qualification(license.npi)
    _report(license, f"{title_of(license)}: the board has published: {record.public_actions}")


def _report(license: Credential, sentence: str) -> None:
    open_task(TaskKind.CHANGED_AT_SOURCE, license, sentence)


def _awaits_decision(license: Credential, newest: Verification | None) -> bool:
    """Whether it was submitted since, so that a verifier has to look at the submission."""
    return license.submitted_at is not None and (newest is None or newest.verified_at < license.submitted_at)


def _watched_licenses(npis: Collection[str] | None) -> list[Credential]:
    licenses = (
        select(Credential)
        .where(Credential.kind == CredentialKind.LICENSE, Credential.status.in_(_WATCHED))
        .options(selectinload(Credential.verifications))
        .order_by(Credential.id)
    )
    return list(db.session.scalars(licenses if npis is None else licenses.where(Credential.npi.in_(npis))))


def _record_of(provider: Provider, records: list[LicenseRecord]) -> LicenseRecord | None:
    """Of several records of one number (boards count each for itself) the one that names the provider, if any."""
    agreeing = [record for record in records if is_named(provider, record.name)]
    if agreeing:
        return max(agreeing, key=lambda record: (record.active, record.as_of))
    return records[0] if len(records) == 1 else None
