"""One check of a credential against its primary source, and what makes it one that counts."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from directory.credentials.kinds import CredentialKind
from directory.credentials.status import CredentialStatus
from directory.web.days import day_in_words
from directory.web.phrases import N_

MAX_CHECK_AGE_DAYS = 120  # before the decision: NCQA credentialing, from July 1, 2025


class Method(StrEnum):
    """How a credential was checked against its primary source."""

    BULK_FILE = N_("bulk file")
    LOOK_UP_PAGE = N_("look-up page")
    LETTER = N_("letter")
    PHONE = N_("phone")


@dataclass(frozen=True, slots=True)
class CredentialSubmission:
    """What a provider is said to hold. `field` is a key of `kinds.FIELDS`, or free text."""

    kind: CredentialKind
    issuer: str
    field: str | None = None
    number: str | None = None
    state: str | None = None  # two letters, of a license
    issued_on: date | None = None
    expires_on: date | None = None  # the last day on which it holds


@dataclass(frozen=True, slots=True)
class Check:
    """What a verifier found at the primary source. The dates, number and discipline are those seen there."""

    outcome: CredentialStatus  # verified, could_not_verify, rejected or revoked
    method: Method
    primary_source: str  # "Medical Board of California, license search"
    checked_on: date
    contact: str | None = None  # with whom, on the phone
    evidence_id: int | None = None
    board_file_id: int | None = None  # of a board's list, that the program read
    note: str | None = None
    number: str | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    public_discipline: bool = False


def faults_of_submission(submission: CredentialSubmission, today: date) -> dict[str, str]:
    """What is wrong with a submission, as sentences by the name of the value; empty when nothing is."""
    faults = _faults_of_dates(submission.issued_on, submission.expires_on, today)
    if submission.expires_on and submission.expires_on < today and "expires_on" not in faults:
        faults["expires_on"] = (
            f"It expired on {day_in_words(submission.expires_on)}. Submit it again once it is renewed."
        )
    if submission.kind == CredentialKind.LICENSE:
        if not (submission.number or "").strip():
            faults["number"] = "Enter the license number."
        if not submission.state:
            faults["state"] = "Choose the state that issued the license."
    return faults


def faults_of_check(check: Check, kind: CredentialKind, today: date) -> dict[str, str]:
    """What is wrong with a check, as sentences by the name of the value; empty when it counts."""
    faults = _faults_of_dates(check.issued_on, check.expires_on, today) | faults_of_age(check.checked_on, today)
    if not check.primary_source.strip():
        faults["primary_source"] = "Name the primary source, such as the board and its look-up page."
    if check.method == Method.PHONE and not (check.contact or "").strip():
        faults["contact"] = "Say who you spoke with, and when."
    if check.method == Method.LETTER and check.evidence_id is None:
        faults["evidence_id"] = "Attach the letter."
    if check.outcome == CredentialStatus.VERIFIED:
        if check.expires_on and check.expires_on < today:
            faults.setdefault(
                "expires_on",
                f"It expired on {day_in_words(check.expires_on)}, so it can’t be verified as active.",
            )
        if kind == CredentialKind.LICENSE and not (check.number or "").strip():
            faults["number"] = "Enter the license number as the board has it."
    elif not (check.note or "").strip():
        faults["note"] = "Say what you found, for the second verifier and the provider."
    return faults


def faults_of_age(checked_on: date, today: date) -> dict[str, str]:
    """What is wrong with deciding `today` on a check made on that day."""
    age = today - checked_on
    if age < timedelta(0):
        return {"checked_on": "The day of the check is still to come. Enter the day on which you looked."}
    if age > timedelta(days=MAX_CHECK_AGE_DAYS):
        return {"checked_on": f"A check counts for {MAX_CHECK_AGE_DAYS} days before the decision. Check it again."}
    return {}


def _faults_of_dates(issued_on: date | None, expires_on: date | None, today: date) -> dict[str, str]:
    faults = {}
    if issued_on and issued_on > today:
        faults["issued_on"] = "The day of issue is still to come."
    if issued_on and expires_on and expires_on <= issued_on:
        faults["expires_on"] = "It can’t expire before it was issued. Check both dates."
    return faults
