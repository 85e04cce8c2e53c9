"""The acts of the desk: those on credentials, together with the tasks that ask for them."""

from directory.accounts.conflicts import account_id_of
from directory.credentials.actions import record_check, take_up
from directory.credentials.checks import Check
from directory.credentials.desk.offers import OWN_SAMPLE, is_own_sample
from directory.credentials.evidence import add_evidence
from directory.credentials.models import Credential, Verification, VerificationTask
from directory.credentials.tasks import assign_task
from directory.desk.eligibility import refuse_ineligible
from directory.web.refusals import SelfApprovalError
from directory.web.transaction import EditConflictError, lock_row
from directory.web.uploads import CleanFile


def assign(actor: str, task: VerificationTask, account_id: int | None, shown: int | None) -> None:
    """Give an open task to an account, or to none. `shown` is who had it when the actor decided that.

    Raises `EditConflictError` when another person has it by now or it is closed, and `ConflictOfInterestError` for
    taking one about a provider with whom the actor has a conflict.
    """
    if account_id is not None and account_id == account_id_of(actor):
        refuse_ineligible(actor, task.npi)
    if task.assigned_to == account_id and task.closed_at is None:
        return
    lock_row(task)
    if task.closed_at is not None or task.assigned_to != shown:
        raise EditConflictError
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
    refuse_ineligible(actor, credential.npi)
    add_evidence(actor, credential, clean, title)
