"""Entering a credential, or asking for a new check. The caller opens the transaction."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from directory.accounts.conflicts import account_id_of
from directory.accounts.models import Account
from directory.credentials.actions import enter_credential
from directory.credentials.checks import CredentialSubmission
from directory.credentials.models import Credential, VerificationTask
from directory.credentials.queries import title_of
from directory.credentials.status import CredentialStatus
from directory.credentials.tasks import TaskKind, open_task
from directory.desk.eligibility import refuse_ineligible
from directory.extensions import db
from directory.providers.sources import known_source
from directory.web.transaction import lock_row


def held_credentials(npi: str) -> Sequence[Credential]:
    return db.session.scalars(
        select(Credential).where(Credential.npi == npi).options(lazyload(Credential.source)).order_by(Credential.id)
    ).all()


def enter_by_hand(actor: str, npi: str, submission: CredentialSubmission) -> VerificationTask:
    """Note what a provider told the staff, for another verifier to check. The same one sent twice is entered once.

    Raises `ValidationFailedError` or `ConflictOfInterestError`.
    """
    lock_row(db.session.get_one(Account, account_id_of(actor)))  # so that a second click sees the first one
    refuse_ineligible(actor, npi)
    credential = next((row for row in held_credentials(npi) if _is_repeated(actor, row, submission)), None)
    if credential is None:
        credential = enter_credential(actor, npi, submission, source_key=known_source("staff").key)
    return open_task(TaskKind.CLAIMED, npi, f"{title_of(credential)} was entered by hand.", credential_id=credential.id)


def _is_repeated(actor: str, credential: Credential, submission: CredentialSubmission) -> bool:
    """Whether the actor entered this very submission before, and nothing happened with it since."""
    entered = credential.entered_by == actor and credential.status == CredentialStatus.CLAIMED
    return entered and credential.last_submission == submission


def ask_again(actor: str, credential: Credential, why: str) -> VerificationTask:
    """Open a task to check a credential anew, after a report that it changed.

    Raises `ConflictOfInterestError`.
    """
    refuse_ineligible(actor, credential.npi)
    return open_task(
        TaskKind.CHANGED_AT_SOURCE, credential.npi, f"{title_of(credential)}: {why}", credential_id=credential.id
    )
