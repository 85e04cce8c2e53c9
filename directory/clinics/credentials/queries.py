"""What a representative sees of the provider's credentials."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from directory.credentials.exclusions.models import BirthDate
from directory.credentials.kinds import FIELDS, KINDS, CredentialKind
from directory.credentials.models import Credential, Evidence, Verification, VerificationTask
from directory.credentials.queries import ShownCredential, shown_credential
from directory.credentials.status import COUNTING, NEGATIVE, STANDINGS, CredentialStatus
from directory.credentials.tasks import TaskKind
from directory.extensions import db
from directory.places.names import STATES
from directory.web.days import today_in_california
from directory.web.filters import day

ACT_WORDS = {
    CredentialStatus.CLAIMED: "Submit",
    CredentialStatus.SUBMITTED: "Change what you submitted",
    CredentialStatus.VERIFIED: "Renew or correct",
    CredentialStatus.EXPIRING: "Renew or correct",
    CredentialStatus.EXPIRED: "Submit the renewal",
    CredentialStatus.COULD_NOT_VERIFY: "Answer and submit again",
    CredentialStatus.REJECTED: "Answer and submit again",
    CredentialStatus.REVOKED: "Answer and submit again",
}
"""What may be done with a credential now; one that is being verified is left alone."""


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What a check found, as the clinic reads it. `note` is given where it went against the credential."""

    outcome: str
    primary_source: str
    checked_on: date
    note: str | None


@dataclass(frozen=True, slots=True)
class ListedCredential:
    credential: Credential
    shown: ShownCredential
    facts: list[tuple[str, str]]  # what is in force, or claimed while nothing is
    asked: list[tuple[str, str]]  # what was claimed since and differs
    place: str  # where it is in the process, in a sentence
    decide_by: date | None
    finding: CheckFinding | None
    evidence: list[Evidence]
    act: str | None  # what the representative may do with it


def listed_credentials(npi: str) -> list[ListedCredential]:
    """All credentials of a provider, in the order of kinds."""
    today = today_in_california()
    rows = db.session.scalars(
        select(Credential)
        .where(Credential.npi == npi)
        .options(selectinload(Credential.verifications), selectinload(Credential.evidence))
        .order_by(Credential.id)
    ).all()
    deadlines = _deadlines(npi)
    order = list(KINDS)
    rows = sorted(rows, key=lambda row: order.index(CredentialKind(row.kind)))
    return [_listed(row, deadlines.get(row.id), today) for row in rows]


def credential_of(npi: str, credential_id: int) -> Credential | None:
    """The credential, if it is that provider's."""
    credential = db.session.get(Credential, credential_id)
    return credential if credential is not None and credential.npi == npi else None


def finding_on(credential: Credential) -> CheckFinding | None:
    """What the newest final check found; one that waits for a second verifier is not told."""
    newest = next((check for check in credential.verifications if check.state == "final"), None)
    return _finding(newest) if newest else None


def birth_date_of(npi: str) -> BirthDate | None:
    return db.session.get(BirthDate, npi)


def _deadlines(npi: str) -> dict[int, date]:
    """By which day an open submission is to be decided, by the credential's id."""
    task = VerificationTask
    rows = db.session.execute(
        select(task.credential_id, task.due_on).where(
            task.npi == npi, task.kind == TaskKind.SUBMITTED, task.closed_at.is_(None)
        )
    )
    return {row.credential_id: row.due_on for row in rows if row.credential_id and row.due_on}


def _listed(credential: Credential, decide_by: date | None, today: date) -> ListedCredential:
    shown = shown_credential(credential, today)
    in_force = {
        "issuer": credential.issuer,
        "field": credential.field,
        "number": credential.number,
        "state": credential.state,
        "issued_on": credential.issued_on,
        "expires_on": credential.expires_on,
    }
    submission = credential.last_submission
    labels = _labels(CredentialKind(credential.kind))
    status = CredentialStatus(credential.status)
    asked = {name: getattr(submission, name) for name in in_force} if decide_by else {}
    return ListedCredential(
        credential=credential,
        shown=shown,
        facts=[(labels[name], _in_words(name, value)) for name, value in in_force.items() if value and name in labels],
        asked=[
            (labels[name], _in_words(name, value))
            for name, value in asked.items()
            if value and value != in_force[name] and name in labels
        ],
        place=_place(credential, status, is_open=decide_by is not None),
        decide_by=decide_by,
        finding=finding_on(credential),
        evidence=list(credential.evidence),
        act=ACT_WORDS.get(status),
    )


def _labels(kind: CredentialKind) -> dict[str, str]:
    words = KINDS[kind]
    labels = {"state": "State", "field": "Field", "issuer": words.issuer, "issued_on": words.issued_on}
    return labels | {"number": words.number or "Number", "expires_on": words.expires_on or "Valid until"}


def _in_words(name: str, value: Any) -> str:
    words = {"state": STATES, "field": FIELDS}.get(name, {})
    return day(value) if isinstance(value, date) else words.get(value, value)


def _place(credential: Credential, status: CredentialStatus, *, is_open: bool) -> str:
    if status == CredentialStatus.CLAIMED:
        return "Not submitted yet. Submit it with what shows it, so that a verifier checks it."
    if status == CredentialStatus.SUBMITTED:
        return "Submitted. It waits for a verifier."
    if status == CredentialStatus.IN_REVIEW:
        return "A verifier is checking it. It cannot be changed meanwhile."
    if status in COUNTING:
        return "It counts. A renewal was submitted and waits for a verifier." if is_open else "It counts."
    if status in NEGATIVE:
        return "It does not count. Answer with a document that shows otherwise, or leave it."
    return "It no longer counts. Submit its renewal once you have it."


def _finding(check: Verification) -> CheckFinding:
    outcome = CredentialStatus(check.outcome)
    return CheckFinding(
        outcome=STANDINGS[outcome],
        primary_source=check.primary_source,
        checked_on=check.checked_on,
        note=check.note if outcome not in COUNTING else None,
    )
