"""What a board's public file says of licences that were verified: it renews them, ends them, or asks for a person.

A licence that is only claimed or submitted is left to people; so is a name that differs.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from directory.audit import log
from directory.audit.log import PROGRAM
from directory.credentials.actions import expire, record_check, take_up
from directory.credentials.checks import Check
from directory.credentials.comparing import PersonName, names_agree
from directory.credentials.kinds import COUNTING, OLDEST_CHECK_DAYS, CredentialKind, CredentialStatus, Method
from directory.credentials.models import Credential, LicenceRecord, Verification
from directory.credentials.names_alike import business_key
from directory.credentials.queries import title_of
from directory.credentials.scoring import rescore_qualification
from directory.credentials.standing import in_words
from directory.credentials.tasks import TaskKind, open_task
from directory.extensions import db
from directory.providers.models import Provider

_WATCHED = (*COUNTING, CredentialStatus.EXPIRED)
_NOT_IN_A_NUMBER = re.compile(r"[^A-Z0-9]")
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_SAYS_SOMETHING = re.compile(r"[1-9]")


def number_key(text: str | None) -> str:
    """One spelling for all ways to write a licence number: "a 012345" and "A-12345" become "A12345".

    Empty for a text that holds no number, such as "PENDING" or "00000".
    """
    key = _LEADING_ZEROS.sub("", _NOT_IN_A_NUMBER.sub("", (text or "").upper()))
    return key if _SAYS_SOMETHING.search(key) else ""


def name_agrees(record: LicenceRecord, provider: Provider) -> bool:
    """Whether the board's record names the provider."""
    if provider.organization_name:
        return business_key(record.name) == business_key(provider.organization_name) != ""
    return names_agree(PersonName(provider.first_name or "", provider.last_name or ""), record.name)


def apply_licence_records(npis: Collection[str] | None, today: date) -> set[str]:
    """Let the boards' records count for the verified and expired licences of these providers (None: of all).

    A record that is newer than the last check and agrees verifies the licence again. One that says revoked, or no
    longer active, takes it out at once. Whatever a person should look at becomes a task. Returns the providers with a
    licence that was moved, verified again or reported. Doing it twice is the same as once. The caller commits.
    """
    licences = _watched_licences(npis)
    records = _records_by_number({licence.state for licence in licences if licence.state})
    providers = _providers({licence.npi for licence in licences})
    changed = set()
    for licence in licences:
        provider = providers[licence.npi]
        record = _record_of(provider, records[licence.state or "", number_key(licence.number)])
        if record is not None and _apply(licence, record, provider, today):
            changed.add(licence.npi)
    return changed


def report_vanished(state: str, gone: Collection[str], source_name: str) -> None:
    """Open a task for each licence that counts and that the board's newest file no longer has.

    `gone` are `number_key`s of that state. The caller commits.
    """
    for licence in _watched_licences(None) if gone else []:
        if licence.status in COUNTING and licence.state == state and number_key(licence.number) in gone:
            _report(licence, f"{title_of(licence)} {licence.number} is no longer in: {source_name}.")


def _apply(licence: Credential, record: LicenceRecord, provider: Provider, today: date) -> bool:
    """Whether anything was done."""
    newest = _newest_check(licence)
    checked_on = _day_of(newest)
    if record.as_of < checked_on:
        return False  # somebody looked later
    is_newer = record.as_of > checked_on
    if not name_agrees(record, provider):
        return _report_name(licence, record) if is_newer else False
    if record.revoked:
        return _revoke(licence, record, today)
    if not record.active or (record.expires_on is not None and record.expires_on < today):
        return _lapse(licence, record, today)
    is_fresh = is_newer and (today - record.as_of).days <= OLDEST_CHECK_DAYS
    disciplined = bool(record.public_actions) and not licence.public_discipline
    if is_fresh and not _awaits_decision(licence, newest):
        _verify_again(licence, record, today)
    elif not disciplined or licence.status not in COUNTING:
        return False
    if disciplined:
        _note_discipline(licence, record)
    return True


def _revoke(licence: Credential, record: LicenceRecord, today: date) -> bool:
    sentence = f"{title_of(licence)}: the board's file of {in_words(record.as_of)} says {record.board_status}."
    if (today - record.as_of).days <= OLDEST_CHECK_DAYS:
        record_check(PROGRAM, licence, _check(licence, record, today, CredentialStatus.REVOKED, sentence))
    elif licence.status not in COUNTING:
        return False
    _report(licence, sentence)
    return True


def _lapse(licence: Credential, record: LicenceRecord, today: date) -> bool:
    if licence.status not in COUNTING:
        return False
    why = f"the board's file of {in_words(record.as_of)} says {record.board_status}"
    if record.expires_on is not None and record.expires_on < today:
        licence.expires_on = record.expires_on
        why += f", expired on {in_words(record.expires_on)}"
    expire(licence, f"{title_of(licence)}: {why}.")
    return True


def _verify_again(licence: Credential, record: LicenceRecord, today: date) -> None:
    if licence.status == CredentialStatus.EXPIRED:
        take_up(PROGRAM, licence)
    record_check(PROGRAM, licence, _check(licence, record, today, CredentialStatus.VERIFIED, None))


def _check(
    licence: Credential, record: LicenceRecord, today: date, outcome: CredentialStatus, note: str | None
) -> Check:
    return Check(
        outcome=outcome,
        method=Method.BULK_FILE,
        primary_source=f"{record.board}: {record.source.name}"[:200],
        checked_on=record.as_of,
        note=note,
        number=record.number,
        issued_on=record.issued_on,
        expires_on=record.expires_on or _still_to_come(licence.expires_on, today),
        public_discipline=licence.public_discipline or bool(record.public_actions),
    )


def _still_to_come(day: date | None, today: date) -> date | None:
    """A known expiry, where the board's file gives none."""
    return day if day is not None and day >= today else None


def _note_discipline(licence: Credential, record: LicenceRecord) -> None:
    if not licence.public_discipline:
        licence.public_discipline = True
        log.record(PROGRAM, "note_discipline", f"credential:{licence.id}", after={"public_discipline": True})
        rescore_qualification(licence.npi)
    _report(licence, f"{title_of(licence)}: the board has published: {record.public_actions}")


def _report_name(licence: Credential, record: LicenceRecord) -> bool:
    if licence.status not in COUNTING:
        return False
    _report(licence, f"{title_of(licence)}: the board has it under the name {record.name}, as {record.board_status}.")
    return True


def _report(licence: Credential, sentence: str) -> None:
    open_task(TaskKind.CHANGED_AT_SOURCE, licence.npi, sentence, credential_id=licence.id)


def _newest_check(licence: Credential) -> Verification | None:
    return next((check for check in licence.verifications if check.state == "final"), None)


def _day_of(check: Verification | None) -> date:
    return (check.checked_on or check.verified_at.date()) if check else date.min


def _awaits_decision(licence: Credential, newest: Verification | None) -> bool:
    """Whether somebody submitted it since, so that a person is to look at what they say."""
    return licence.submitted_at is not None and (newest is None or newest.verified_at < licence.submitted_at)


def _watched_licences(npis: Collection[str] | None) -> list[Credential]:
    licences = (
        select(Credential)
        .where(Credential.kind == CredentialKind.LICENCE, Credential.status.in_(_WATCHED))
        .options(selectinload(Credential.verifications))
        .order_by(Credential.id)
    )
    return list(db.session.scalars(licences if npis is None else licences.where(Credential.npi.in_(npis))))


def _records_by_number(states: Iterable[str]) -> dict[tuple[str, str], list[LicenceRecord]]:
    records: dict[tuple[str, str], list[LicenceRecord]] = defaultdict(list)
    stored = select(LicenceRecord).where(LicenceRecord.state.in_(states)).order_by(LicenceRecord.id)
    for record in db.session.scalars(stored.execution_options(populate_existing=True)):
        records[record.state, record.number_key].append(record)
    return records


def _providers(npis: Collection[str]) -> dict[str, Provider]:
    return {row.npi: row for row in db.session.scalars(select(Provider).where(Provider.npi.in_(npis)))}


def _record_of(provider: Provider, records: list[LicenceRecord]) -> LicenceRecord | None:
    """Of several records of one number (boards count each for itself) the one that names the provider, if any."""
    agreeing = [record for record in records if name_agrees(record, provider)]
    if agreeing:
        return max(agreeing, key=lambda record: (record.active, record.as_of))
    return records[0] if len(records) == 1 else None
