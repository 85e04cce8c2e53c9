"""What is done at the desk: acts on credentials together with the tasks that ask for them. The caller commits."""

from typing import Any

from sqlalchemy import CursorResult, update

from directory.accounts.conflicts import account_id_of, refuse_conflict
from directory.accounts.models import Account
from directory.credentials.actions import enter_credential, record_check, take_up
from directory.credentials.checks import Check, ClaimedCredential
from directory.credentials.claims import last_claim
from directory.credentials.desk.entering import held_credentials
from directory.credentials.desk.samples import OWN_SAMPLE, is_own_sample
from directory.credentials.evidence import add_evidence
from directory.credentials.kinds import CredentialStatus
from directory.credentials.models import Credential, Verification, VerificationTask
from directory.credentials.queries import title_of
from directory.credentials.tasks import TaskKind, assign_task, open_task
from directory.extensions import db
from directory.providers.sources import known_source
from directory.web.refusals import SelfApprovalError
from directory.web.transaction import EditConflictError
from directory.web.uploads import CleanFile


def assign(actor: str, task: VerificationTask, account_id: int | None, shown: int | None) -> None:
    """Give an open task to an account, or to nobody. `shown` is who had it when the actor decided that.

    Raises `EditConflictError` when somebody else has it by now or it is closed, and `ConflictOfInterestError` for
    taking one that the
    actor may not act on.
    """
    if account_id is not None and account_id == account_id_of(actor):
        refuse_conflict(actor, task.npi)
    if task.assigned_to == account_id and task.closed_at is None:
        return
    held: CursorResult[Any] = db.session.execute(  # type: ignore[assignment]  # an update gives a cursor's result
        update(VerificationTask)
        .where(
            VerificationTask.id == task.id,
            VerificationTask.closed_at.is_(None),
            VerificationTask.assigned_to.is_not_distinct_from(shown),
        )
        .values(assigned_to=shown)  # holds the row until the commit
        .execution_options(synchronize_session=False)
    )
    if held.rowcount != 1:
        raise EditConflictError
    db.session.refresh(task, ["assigned_to"])
    assign_task(actor, task, account_id)


def take_up_task(actor: str, task: VerificationTask, credential: Credential, version: int) -> None:
    """Begin to verify the credential and take its task. Raises as `take_up`."""
    take_up(actor, credential, version)
    if task.closed_at is None:
        assign_task(actor, task, account_id_of(actor))


def check(actor: str, credential: Credential, found: Check, version: int) -> Verification:
    """Record what was found.

    Raises as `record_check`, and `SelfApprovalError` for a sample of the actor's own batch.
    """
    if is_own_sample(actor, credential):
        raise SelfApprovalError(OWN_SAMPLE)
    return record_check(actor, credential, found, version)


def attach(actor: str, credential: Credential, clean: CleanFile, title: str) -> None:
    """Keep a letter or another file that came to the verifier. Raises `ConflictOfInterestError`."""
    refuse_conflict(actor, credential.npi)
    add_evidence(actor, credential, clean, title)


def enter_by_hand(actor: str, npi: str, claim: ClaimedCredential) -> VerificationTask:
    """Note what a provider told the staff, for another verifier to check. The same one sent twice is entered once.

    Raises `ValidationFailedError` or `ConflictOfInterestError`.
    """
    own = update(Account).where(Account.id == account_id_of(actor)).values(name=Account.name)
    db.session.execute(own)  # holds the actor's own row until the commit, so that a second click sees the first one
    refuse_conflict(actor, npi)
    credential = next((row for row in held_credentials(npi) if _is_repeated(actor, row, claim)), None)
    if credential is None:
        credential = enter_credential(actor, npi, claim, source_key=known_source("staff").key)
    return open_task(TaskKind.CLAIMED, npi, f"{title_of(credential)} was entered by hand.", credential_id=credential.id)


def _is_repeated(actor: str, credential: Credential, claim: ClaimedCredential) -> bool:
    """Whether the actor entered this very claim before, and nothing happened with it since."""
    entered = credential.entered_by == actor and credential.status == CredentialStatus.CLAIMED
    return entered and last_claim(credential) == claim


def ask_again(actor: str, credential: Credential, why: str) -> VerificationTask:
    """Open a task to check a credential anew, because somebody heard that it changed.

    Raises `ConflictOfInterestError`.
    """
    refuse_conflict(actor, credential.npi)
    return open_task(
        TaskKind.CHANGED_AT_SOURCE, credential.npi, f"{title_of(credential)}: {why}", credential_id=credential.id
    )
