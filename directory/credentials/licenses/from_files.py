"""What a board's own list verifies: a license that it confirms exactly, by the program, with the file as evidence.

Exactly is: one record of the list has the state and number; it names this provider and no other claims it; its type is
a license of the provider's profession; and it is active, without public actions, in a file that is recent enough. Every
other submission stays with people, whose task says what differs. So does a random sample of what was verified.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import selectinload

from directory.audit.log import PROGRAM
from directory.credentials.actions import entered_by, record_check, take_up
from directory.credentials.checks import Check, Method, faults_of_age
from directory.credentials.kinds import CredentialKind
from directory.credentials.licenses.professions import Profession, professions_of
from directory.credentials.licenses.records import LicenseKey, check_by_list, license_key, records_by_key
from directory.credentials.licenses.rules import list_it_rests_on, suspend_rule, suspensions, withdraw
from directory.credentials.models import Credential, LicenseRecord, Verification, VerificationTask
from directory.credentials.name_keys import middle_names_agree, names_agree
from directory.credentials.queries import title_of
from directory.credentials.scoring import rescoring_together
from directory.credentials.status import NEGATIVE, CredentialStatus
from directory.credentials.tasks import TaskKind, open_task
from directory.desk.eligibility import refuse_ineligible
from directory.extensions import db
from directory.providers.models import PERSON, Provider, ProviderSpecialty
from directory.web.chunks import chunks
from directory.web.days import day_in_words, read_day, today_in_california
from directory.web.hmac_hash import keyed_hash
from directory.web.refusals import ValidationFailedError
from directory.web.transaction import EditConflictError, take_version

SAMPLE_SHARE = 0.05
"""Of the licenses that are verified from a list, how many a person looks up; and at least one of each list."""
TO_VERIFY = (CredentialStatus.CLAIMED, CredentialStatus.SUBMITTED)
MAX_AT_ONCE = 500
_DRAWN_DIGITS = 13


@dataclass(slots=True)
class FilesVerified:
    """What came of comparing the submissions with the lists."""

    npis: set[str] = field(default_factory=set)  # whose licenses were verified
    verified: int = 0
    sampled: int = 0
    inexact: int = 0  # submissions that a list has under their number and does not confirm exactly


@dataclass(frozen=True, slots=True)
class _Submission:
    """A license of a person, as submitted last."""

    id: int
    npi: str
    status: CredentialStatus
    first_name: str | None
    middle_name: str | None
    last_name: str | None
    said: Mapping[str, Any]

    def is_named(self, name: str) -> bool:
        return names_agree(self.first_name, self.last_name, name)


def verify_from_files(today: date) -> FilesVerified:
    """Verify the submissions that their board's list confirms exactly, and tell verifiers what differs of the others.

    Doing it twice is the same as once. Nothing is done where the setting says so.
    """
    done = FilesVerified()
    records = _records() if current_app.config["VERIFY_FROM_FILES"] else {}
    submissions = _submissions_under(records) if records else {}
    waiting = {
        submission.id: submission
        for held in submissions.values()
        for submission in held
        if submission.status in TO_VERIFY
    }
    if not waiting:
        return done
    professions, decided, suspended = _professions(waiting.values()), _decided_by_people(waiting), suspensions()
    exact: dict[int, LicenseRecord] = {}
    inexact: dict[int, str] = {}
    for key, held in submissions.items():
        for submission in held:
            if submission.id not in waiting:
                continue
            record = _record_of(submission, records[key])
            if isinstance(record, str):
                inexact[submission.id] = record
            elif why := (
                _why_not(record, professions[submission.npi], submission, today)
                or ("People decided on it before." if submission.id in decided else "")
                or ("Another provider claims the same license." if _is_shared(submission, held, record) else "")
                or ("Verifying from this list is suspended." if record.source_key in suspended else "")
            ):
                inexact[submission.id] = why
            else:
                exact[submission.id] = record
    with rescoring_together():
        _verify(exact, done)
    _explain(inexact)
    done.inexact = len(inexact)
    return done


def confirm_file_verification(actor: str, credential: Credential, look_up: str, version: int | None = None) -> None:
    """Say, as a person who looked it up at `look_up`, that what the program verified is right."""
    found = Check(
        CredentialStatus.VERIFIED,
        Method.LOOK_UP_PAGE,
        look_up,
        today_in_california(),
        number=credential.number,
        issued_on=credential.issued_on,
        expires_on=credential.expires_on,
    )
    record_check(actor, credential, found, version)


def refute_file_verification(
    actor: str, credential: Credential, note: str, *, is_general: bool, version: int | None = None
) -> None:
    """Say that what the program verified is wrong: it counts no longer, and its list verifies nothing more.

    Raises `ValidationFailedError` without a note, `SelfApprovalError`, or `EditConflictError` when it changed.
    """
    refuse_ineligible(actor, credential.npi, entered_by(credential))
    take_version(credential, version)
    source_key = list_it_rests_on(credential)
    if source_key is None:
        raise EditConflictError
    if not note.strip():
        raise ValidationFailedError({"note": "Say what is wrong: others decide by it about the whole list."})
    withdraw(actor, [credential], note.strip(), "declined")
    suspend_rule(actor, source_key, credential, note.strip(), is_general=is_general)


def _records() -> dict[LicenseKey, list[LicenseRecord]]:
    keys = db.session.execute(select(LicenseRecord.state, LicenseRecord.number_key).distinct())
    return records_by_key((state, number) for state, number in keys)


def _submissions_under(keys: Mapping[LicenseKey, Any]) -> dict[LicenseKey, list[_Submission]]:
    """All licenses that persons of the directory hold or submit, by those of the `keys` that they have."""
    found: dict[LicenseKey, list[_Submission]] = defaultdict(list)
    for row in db.session.execute(
        select(
            Credential.id,
            Credential.npi,
            Credential.status,
            Credential.state,
            Credential.number,
            Credential.submission,
            Provider.first_name,
            Provider.middle_name,
            Provider.last_name,
        )
        .join(Provider, Provider.npi == Credential.npi)
        .where(
            Credential.kind == CredentialKind.LICENSE,
            Credential.state.in_({state for state, _ in keys}),
            Provider.entity_type == PERSON,
            Provider.merged_into.is_(None),
        )
        .order_by(Credential.id)
    ):
        key = license_key(row.state, row.number, row.submission)
        if key and key in keys:
            names = (row.first_name, row.middle_name, row.last_name)
            status = CredentialStatus(row.status)
            found[key].append(_Submission(row.id, row.npi, status, *names, row.submission or {}))
    return found


def _professions(submissions: Iterable[_Submission]) -> dict[str, frozenset[Profession]]:
    """By NPI, what the specialties that were declared make of each."""
    codes: dict[str, list[str]] = {submission.npi: [] for submission in submissions}
    for some in chunks(sorted(codes), MAX_AT_ONCE):
        specialty = ProviderSpecialty
        for npi, code in db.session.execute(
            select(specialty.npi, specialty.specialty_code).where(specialty.npi.in_(some))
        ):
            codes[npi].append(code)
    return {npi: professions_of(held) for npi, held in codes.items()}


def _decided_by_people(ids: Iterable[int]) -> set[int]:
    """Those of which people found something else, or took back what the program had verified."""
    found: set[int] = set()
    negative = Verification.outcome.in_(NEGATIVE) & (Verification.state == "final")
    for some in chunks(sorted(ids), MAX_AT_ONCE):
        told = or_(Verification.state == "declined", negative)
        found |= set(
            db.session.scalars(select(Verification.credential_id).where(Verification.credential_id.in_(some), told))
        )
    return found


def _record_of(submission: _Submission, records: Sequence[LicenseRecord]) -> LicenseRecord | str:
    """The one record that names the person, or why there is none, as a sentence."""
    named = [record for record in records if submission.is_named(record.name)]
    if not named:
        there = ", ".join(sorted({record.name for record in records}))
        return f"The board's list has that number under another name: {there}."
    if len(named) > 1:
        return "The board's list has more than one license of that number and name."
    if not middle_names_agree(submission.first_name, submission.middle_name, named[0].name):
        return f"The board's list has it under another middle name: {named[0].name}."
    return named[0]


def _why_not(record: LicenseRecord, professions: frozenset[Profession], submission: _Submission, today: date) -> str:
    """Why a record that names the person does not confirm the license exactly, as a sentence; empty when it does."""
    lapsed = record.expires_on is not None and record.expires_on < today
    if record.revoked or not record.active or lapsed:
        until = f", valid until {day_in_words(record.expires_on)}" if record.expires_on else ""
        return f"The board's list says {record.board_status}{until}."
    if (record.public_actions or "").strip():
        return f"The board has published: {record.public_actions}"
    if record.profession not in professions:
        return f"Its type may not fit the specialty: {record.license_type or 'the list gives none'}."
    if faults_of_age(record.as_of, today):
        return f"The board's list of {day_in_words(record.as_of)} is too old."
    if record.board_file_id is None:
        return "The board's list has to be read once more before it can verify."
    for name, what, found in (
        ("issued_on", "first issued", record.issued_on),
        ("expires_on", "valid until", record.expires_on),
    ):
        said = read_day(submission.said.get(name))
        if said and found and said != found:
            return f"The board's list has another day: {what} {day_in_words(found)}."
    return ""


def _is_shared(submission: _Submission, held: Sequence[_Submission], record: LicenseRecord) -> bool:
    return any(other.npi != submission.npi and other.is_named(record.name) for other in held)


def _verify(exact: Mapping[int, LicenseRecord], done: FilesVerified) -> None:
    sample = _sample(exact)
    for some in chunks(sorted(exact), MAX_AT_ONCE):
        for credential in db.session.scalars(
            select(Credential)
            .where(Credential.id.in_(some))
            .options(selectinload(Credential.verifications))
            .order_by(Credential.id)
        ).all():
            record = exact[credential.id]
            take_up(PROGRAM, credential)
            found = check_by_list(credential, record, today_in_california(), CredentialStatus.VERIFIED)
            record_check(PROGRAM, credential, found)
            credential.issuer = record.board
            done.npis.add(credential.npi)
            done.verified += 1
            if credential.id in sample:
                what = f"{title_of(credential)} {record.number} was verified by the program from the board's list"
                sentence = f"{what} of {day_in_words(record.as_of)}. Look it up on the board's page."
                open_task(TaskKind.SAMPLE_RECHECK, credential, sentence)
                done.sampled += 1


def _sample(exact: Mapping[int, LicenseRecord]) -> set[int]:
    """Which of these a person looks up: those whose draw is below `SAMPLE_SHARE`, and one of a list that had none.

    The draw is made from the site's secret, the file and the license: no one outside can foretell it, and to ask again
    draws the same.
    """
    draws = {number: _draw(number, record.board_file_id) for number, record in exact.items()}
    sample = {number for number, draw in draws.items() if draw < SAMPLE_SHARE}
    by_list: dict[str, list[int]] = defaultdict(list)
    for number, record in exact.items():
        by_list[record.source_key].append(number)
    for source_key, numbers in by_list.items():
        if not sample.intersection(numbers) and not _was_sampled(source_key):
            sample.add(min(numbers, key=draws.__getitem__))
    return sample


def _draw(credential_id: int, file_id: int | None) -> float:
    """A number from 0 to 1."""
    digits = keyed_hash("file_sample", f"{file_id}:{credential_id}")[:_DRAWN_DIGITS]
    return int(digits, 16) / float(16**_DRAWN_DIGITS)


def _was_sampled(source_key: str) -> bool:
    """Whether a license of that list was ever in the sample."""
    sampled = exists().where(
        VerificationTask.kind == TaskKind.SAMPLE_RECHECK,
        VerificationTask.credential_id == Verification.credential_id,
        Verification.board_file.has(source_key=source_key),
    )
    return bool(db.session.scalar(select(sampled)))


def _explain(inexact: Mapping[int, str]) -> None:
    """Say in each submission's open task why the list did not verify it."""
    for some in chunks(sorted(inexact), MAX_AT_ONCE):
        tasks = select(VerificationTask).where(
            VerificationTask.credential_id.in_(some),
            VerificationTask.kind.in_((TaskKind.CLAIMED, TaskKind.SUBMITTED)),
            VerificationTask.closed_at.is_(None),
        )
        for task in db.session.scalars(tasks.options(selectinload(VerificationTask.credential))).all():
            if task.credential is None or task.credential_id is None:
                continue
            was = "submitted" if task.kind == TaskKind.SUBMITTED else "claimed"
            sentence = (
                f"{title_of(task.credential)} {was}, not verified from the board's list: {inexact[task.credential_id]}"
            )
            if task.sentence != sentence[:500]:
                task.sentence = sentence[:500]
    db.session.flush()
