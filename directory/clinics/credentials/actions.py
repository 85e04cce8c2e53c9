"""The acts of a representative. Each checks, changes and logs."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import select

from directory.accounts.conflicts import account_id_of
from directory.accounts.models import Representative
from directory.audit.log import record
from directory.credentials.actions import enter_credential, submit_credential
from directory.credentials.checks import CredentialSubmission
from directory.credentials.exclusions.models import BirthDate
from directory.credentials.models import Credential
from directory.credentials.queries import title_of
from directory.credentials.status import CredentialStatus
from directory.extensions import db
from directory.providers.sources import known_source
from directory.web.refusals import InvalidTransitionError
from directory.web.transaction import lock_row
from directory.web.uploads import CleanFile

Files = Sequence[tuple[CleanFile, str]]


class AlreadyListedError(InvalidTransitionError):
    """A new credential that is one of those listed already."""

    def __init__(self, listed: Credential) -> None:
        super().__init__(
            f"{title_of(listed)} is already listed, so it was not entered again. "
            "To renew or correct it, submit that one again."
        )
        self.listed_id = listed.id


def submit_new(actor: str, npi: str, submission: CredentialSubmission, evidence: Files = ()) -> Credential:
    """Enter a credential and ask for a check. The same one sent twice is entered once.

    Raises `ValidationFailedError`, or `AlreadyListedError` when it is listed and something else of it was typed.
    """
    lock_row(db.session.get_one(Representative, (account_id_of(actor), npi)))  # a second click sees the first one's act
    listed = _same_credential(npi, submission)
    if listed is not None and _is_repeated(actor, listed, submission, evidence):
        return listed
    if listed is not None:
        raise AlreadyListedError(listed)
    credential = enter_credential(actor, npi, submission, source_key=known_source("clinic").key)
    submit_credential(actor, credential, submission, evidence)
    return credential


def submit_again(
    actor: str,
    credential: Credential,
    submission: CredentialSubmission,
    evidence: Files = (),
    answer: str | None = None,
) -> None:
    """Submit what is listed: for the first time, to renew it, or to correct it. The same once more changes nothing.

    Raises `ValidationFailedError` or `InvalidTransitionError`.
    """
    if _is_repeated(actor, credential, submission, evidence) and (credential.answer == answer or answer is None):
        return
    known = _hashes(credential)
    new = [(clean, title) for clean, title in evidence if clean.sha256 not in known]
    submit_credential(actor, credential, submission, new, answer)


def note_birth_date(actor: str, npi: str, born_on: date) -> None:
    """Note a provider's date of birth. The log does not say which day."""
    row = db.session.get(BirthDate, npi) or BirthDate(npi=npi)
    row.born_on, row.entered_by, row.entered_at = born_on, actor, datetime.now(UTC)
    db.session.add(row)
    db.session.flush()
    record(actor, "note_birth_date", f"provider:{npi}")


def _same_credential(npi: str, submission: CredentialSubmission) -> Credential | None:
    """The listed credential that a submission is about: a license by state and number, others by what they are in."""
    listed = db.session.scalars(select(Credential).where(Credential.npi == npi, Credential.kind == submission.kind))
    sought = _identity(submission)
    return next((credential for credential in listed if _identity(credential.last_submission) == sought), None)


def _identity(submission: CredentialSubmission) -> tuple[str | None, ...]:
    number = "".join(filter(str.isalnum, submission.number or "")).upper()
    if submission.state:
        return submission.state, number
    return (submission.field or "").casefold(), submission.issuer.casefold(), number


def _is_repeated(actor: str, credential: Credential, submission: CredentialSubmission, evidence: Files) -> bool:
    """Whether the actor sent this very submission with these files before, and nothing happened with it since."""
    return (
        credential.submitted_by == actor
        and credential.status == CredentialStatus.SUBMITTED
        and credential.last_submission == submission
        and {clean.sha256 for clean, _ in evidence} <= _hashes(credential)
    )


def _hashes(credential: Credential) -> set[str]:
    return {kept.sha256 for kept in credential.evidence}
