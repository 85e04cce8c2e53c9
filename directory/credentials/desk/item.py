"""One item as its page lays it out: the submission, what its source says, the evidence, and what happened before."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from directory.accounts.queries import names_of
from directory.credentials.exclusions.lists import list_words
from directory.credentials.exclusions.models import BirthDate
from directory.credentials.kinds import FIELDS, KINDS, CredentialKind
from directory.credentials.licenses.records import is_named, records_of
from directory.credentials.models import BoardFile, Credential, LicenseRecord, Verification, VerificationTask
from directory.credentials.primary_sources import LookUp
from directory.credentials.status import COUNTING, STANDINGS, CredentialStatus
from directory.desk.deciding import PastAct
from directory.extensions import db
from directory.providers.models import Provider
from directory.providers.queries import specialty_names
from directory.web.days import day_in_words, read_day
from directory.web.filters import day

CLAIMED = {
    "issuer": "Issuer",
    "field": "Field",
    "number": "Number",
    "state": "State",
    "issued_on": "Issued",
    "expires_on": "Last day",
}
CHECKLIST = (
    "Compare the whole name, with middle name, suffix and former names.",
    "Compare the date of birth and license numbers. For anything not known here, ask the practice or search the list.",
    "Compare addresses, states and type of work with where the provider was and what they did.",
    "A common name alone is not a match. When in doubt, look in the list and ask a colleague.",
)
"""What a verifier compares of a possible exclusion."""


class Verdict(StrEnum):
    """How two values stand to each other, in the words of the page."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_CLAIMED = "only at the source"
    NOT_AT_SOURCE = "only in the submission"
    NEITHER = "neither says"


class Compared(NamedTuple):
    """One value of a submission beside a board's record: what the record says, in words, and whether it agrees."""

    what: str
    found: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """What tells a provider from namesakes, besides names and addresses."""

    born_on: date | None
    specialties: list[str]  # names, or codes that the taxonomy here does not have
    licenses: list[str]  # state and number, or the state alone


@dataclass(frozen=True, slots=True)
class Item:
    """What the page shows of a task. `names` has what to call each actor."""

    task: VerificationTask
    credential: Credential | None
    submission: list[tuple[str, str | date | None, str | date | None]]  # what, as claimed last, as in force
    was_verified: bool  # so that what is in force is what a source said
    records: list[tuple[LicenseRecord, list[Compared]]]  # of boards' files, beside the submission
    last_seen: Mapping[str, Any]  # by the credential's newest check
    waiting_check: Verification | None  # that needs a second verifier
    look_ups: tuple[LookUp, ...]
    checklist: tuple[str, ...]
    entry: Mapping[str, Any]  # of a list of exclusions, that may be about the provider
    person: KnownPerson | None  # whom it may be about
    names: Mapping[str, str]

    @property
    def version(self) -> int:
        """Of the credential or the possible exclusion."""
        return next((row.version for row in (self.credential, self.task.possible_exclusion) if row), 0)

    @property
    def list_name(self) -> str:
        """Of the list that has the entry."""
        return list_words(self.entry.get("source_key")).name

    @property
    def newest_check(self) -> int:
        """The number of the newest check; 0 for none."""
        checks = self.credential.verifications if self.credential else []
        return checks[0].id if checks else 0

    @property
    def board_file(self) -> BoardFile | None:
        """The file from which the newest check that counts was read."""
        newest = self.credential.newest_check if self.credential else None
        return newest.board_file if newest else None

    @property
    def history(self) -> list[PastAct]:
        """The checks of the credential, the newest first."""
        return [_past_check(check, self.names) for check in (self.credential.verifications if self.credential else [])]


def task_for_page(task_id: int) -> VerificationTask | None:
    """The task with all that its page shows, as it is now; None for an unknown one."""
    credential = joinedload(VerificationTask.credential)
    return db.session.scalar(
        select(VerificationTask)
        .where(VerificationTask.id == task_id)
        .options(
            joinedload(VerificationTask.provider).selectinload(Provider.locations),
            joinedload(VerificationTask.provider).selectinload(Provider.specialties),
            joinedload(VerificationTask.provider).selectinload(Provider.other_names),
            credential.selectinload(Credential.verifications),
            credential.selectinload(Credential.evidence),
            selectinload(VerificationTask.possible_exclusion),
        )
        .execution_options(populate_existing=True)
    )


def item_of(task: VerificationTask) -> Item:
    credential = task.credential
    checks = credential.verifications if credential else []
    possible = task.possible_exclusion
    actors: set[str | None] = {task.closed_by, f"account:{task.assigned_to}" if task.assigned_to else None}
    for check in checks:
        actors |= {check.recorded_by, check.second_by}
    if credential:
        actors |= {credential.entered_by, credential.submitted_by, *(kept.added_by for kept in credential.evidence)}
    if possible:
        actors |= {possible.proposed_by, possible.decided_by}
    last_check = credential.newest_check if credential else None
    return Item(
        task=task,
        credential=credential,
        submission=_submitted_lines(credential) if credential else [],
        was_verified=any(check.state == "final" and check.outcome in COUNTING for check in checks),
        records=_compared_records(credential, task.provider) if credential else [],
        last_seen=_with_days(last_check.seen if last_check else None),
        waiting_check=next((check for check in checks if check.state == "waiting"), None),
        look_ups=_look_ups(credential, possible.entry if possible else {}),
        checklist=KINDS[credential.kind].checklist if credential else CHECKLIST,
        entry=_with_days(possible.entry if possible else None),
        person=_known_person(task.provider) if possible else None,
        names=names_of(actor for actor in actors if actor),
    )


def primary_source_of(item: Item) -> str:
    """What a verifier is likely to name as the primary source."""
    if item.records:
        return item.records[0][0].board
    issuer = item.credential.issuer if item.credential else ""
    return issuer or (item.look_ups[0].name if item.look_ups else "")


def _with_days(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Stored values with the days, which JSON keeps as texts, as days again; None for what is missing or empty."""
    kept: dict[str, Any] = defaultdict(lambda: None, values or {})
    for name in kept:
        if name.endswith("_on") and kept[name]:
            kept[name] = read_day(kept[name])
    return kept


def _known_person(provider: Provider) -> KnownPerson:
    codes = [held.specialty_code for held in provider.specialties]
    names = specialty_names(codes)
    licenses = db.session.execute(
        select(Credential.state, Credential.number).where(
            Credential.npi == provider.npi, Credential.kind == CredentialKind.LICENSE
        )
    )
    named = {*licenses, *((held.license_state, held.license_number) for held in provider.specialties)}
    born = db.session.get(BirthDate, provider.npi)
    return KnownPerson(
        born.born_on if born else None,
        [names.get(code, code) for code in codes],
        sorted(" ".join(filter(None, license)) for license in named if any(license)),
    )


def _look_ups(credential: Credential | None, entry: Mapping[str, Any]) -> tuple[LookUp, ...]:
    if credential is None:
        return (list_words(entry.get("source_key")).look_up,)
    submission = credential.last_submission
    return KINDS[submission.kind].look_ups(submission.state, submission.field)


def _submitted_lines(credential: Credential) -> list[tuple[str, str | date | None, str | date | None]]:
    submission = credential.last_submission
    lines = []
    for name, what in CLAIMED.items():
        claimed, in_force = getattr(submission, name), getattr(credential, name)
        if name == "field":
            claimed, in_force = FIELDS.get(claimed or "", claimed), FIELDS.get(in_force or "", in_force)
        if claimed or in_force:
            lines.append((what, claimed, in_force))
    return lines


def _compared_records(credential: Credential, provider: Provider) -> list[tuple[LicenseRecord, list[Compared]]]:
    submission = credential.last_submission
    return [
        (
            record,
            [
                Compared("Name", record.name, Verdict.AGREES if is_named(provider, record.name) else Verdict.DIFFERS),
                compare("Number", submission.number, record.number),
                compare("Issued", submission.issued_on, record.issued_on),
                compare("Last day", submission.expires_on, record.expires_on),
            ],
        )
        for record in records_of(credential)
    ]


def _past_check(check: Verification, names: Mapping[str, str]) -> PastAct:
    how = f"{check.method}, {check.contact}" if check.contact else check.method
    when = day(check.checked_on)
    sentence = f", checked {when} by {names[check.recorded_by]} ({how}) at {check.primary_source}."
    second = names[check.second_by] if check.second_by else None
    if check.state == "waiting":
        sentence += " Waits for a second verifier."
    elif check.state == "declined":
        sentence += f" Not followed: {second} disagreed." if second else " Not followed."
    elif check.state == "withdrawn":
        sentence += f" Withdrawn by {second}."
    elif second:
        sentence += f" {second} agreed."
    words = (("", check.note), ("Second verifier", check.second_note))
    return PastAct(
        STANDINGS[CredentialStatus(check.outcome)].capitalize(),
        sentence,
        [(label, text) for label, text in words if text],
    )


def compare(what: str, claimed: str | date | None, found: str | date | None) -> Compared:
    """Two days, or two texts without regard to case, space and punctuation."""
    ours, theirs = _folded(claimed), _folded(found)
    if not ours:
        verdict = Verdict.NOT_CLAIMED if theirs else Verdict.NEITHER
    elif not theirs:
        verdict = Verdict.NOT_AT_SOURCE
    else:
        verdict = Verdict.AGREES if ours == theirs else Verdict.DIFFERS
    return Compared(what, day_in_words(found) if isinstance(found, date) else found or "", verdict)


def _folded(value: str | date | None) -> str:
    return re.sub(r"[\W_]+", "", str(value or "").casefold())
