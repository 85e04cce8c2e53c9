"""Tasks of verifiers: opened when something needs a person, told by mail, closed by the act that answers them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum

from flask import current_app
from sqlalchemy import func, select, update

from directory.accounts.conflicts import account_id_of
from directory.accounts.models import Account
from directory.accounts.queries import active_accounts
from directory.accounts.roles import ADMIN, VERIFIER
from directory.audit.log import record
from directory.credentials.exclusions.models import PossibleExclusion
from directory.credentials.models import Credential, Verification, VerificationTask
from directory.desk.eligibility import refuse_ineligible
from directory.extensions import db
from directory.mail.outbox import queue_mail
from directory.web.chunks import chunks
from directory.web.filters import count_of
from directory.web.transaction import EditConflictError, lock_row

About = Credential | Verification | PossibleExclusion  # what a task is about
MAX_LISTED = 10


class TaskKind(StrEnum):
    """In the order of urgency."""

    POSSIBLE_EXCLUSION = "possible_exclusion"
    CHANGED_AT_SOURCE = "changed_at_source"
    SECOND_OPINION = "second_opinion"
    EXPIRING = "expiring"
    SUBMITTED = "submitted"
    SAMPLE_RECHECK = "sample_recheck"
    RULE_REVIEW = "rule_review"
    CLAIMED = "claimed"


TASK_KINDS = {
    TaskKind.POSSIBLE_EXCLUSION: "Possible exclusion",
    TaskKind.CHANGED_AT_SOURCE: "Changed at the source",
    TaskKind.SECOND_OPINION: "Needs a second verifier",
    TaskKind.EXPIRING: "Expiring",
    TaskKind.SUBMITTED: "Submitted",
    TaskKind.SAMPLE_RECHECK: "Sample to check again",
    TaskKind.RULE_REVIEW: "Verified from a suspended list",
    TaskKind.CLAIMED: "Claimed",
}


def open_task(kind: TaskKind, about: About, sentence: str, due_on: date | None = None) -> VerificationTask:
    """Open a task, or give the one that is open already the new sentence and day."""
    key = open_key(kind, about.__tablename__, about.id)
    task = db.session.scalar(select(VerificationTask).where(VerificationTask.open_key == key))
    if task is None:
        owner = about.credential if isinstance(about, Verification) else about
        ids = {f"{row.__tablename__}_id": row.id for row in (owner, about)}
        task = VerificationTask(kind=kind, npi=owner.npi, open_key=key, opened_at=datetime.now(UTC), **ids)
        db.session.add(task)
    task.sentence, task.due_on = sentence[:500], due_on
    db.session.flush()
    return task


def open_tasks(sentences: Mapping[Credential, str], kind: TaskKind) -> None:
    """Open a task of that kind about each of many credentials that has none open."""
    keys = {open_key(kind, Credential.__tablename__, credential.id): credential for credential in sentences}
    is_open: set[str | None] = set()
    for some in chunks(sorted(keys), 500):
        is_open |= set(db.session.scalars(select(VerificationTask.open_key).where(VerificationTask.open_key.in_(some))))
    for key, credential in keys.items():
        if key not in is_open:
            values = {"kind": kind, "npi": credential.npi, "credential_id": credential.id, "open_key": key}
            sentence = sentences[credential][:500]
            db.session.add(VerificationTask(**values, sentence=sentence, opened_at=datetime.now(UTC)))
    db.session.flush()


def open_key(kind: TaskKind, table: str, row_id: int) -> str:
    """What the open task of that kind about that row has as `open_key`."""
    return f"{kind}:{table}:{row_id}"


def open_task_ids(npi: str) -> dict[int, int]:
    """The oldest open task about each credential, by the credential's id."""
    found = db.session.execute(
        select(VerificationTask.credential_id, func.min(VerificationTask.id))
        .where(
            VerificationTask.npi == npi,
            VerificationTask.closed_at.is_(None),
            VerificationTask.credential_id.is_not(None),
        )
        .group_by(VerificationTask.credential_id)
    )
    return {credential_id: task_id for credential_id, task_id in found if credential_id is not None}


def close_tasks(actor: str, about: About, kinds: Collection[TaskKind] = tuple(TaskKind)) -> None:
    """Close what waits about one credential, verification or possible exclusion."""
    db.session.flush()
    db.session.execute(
        update(VerificationTask)
        .filter_by(**{f"{about.__tablename__}_id": about.id})
        .where(VerificationTask.closed_at.is_(None), VerificationTask.kind.in_(kinds))
        .values(closed_at=datetime.now(UTC), closed_by=actor, open_key=None)
    )


def assign_task(actor: str, task: VerificationTask, account_id: int | None) -> None:
    """Give the task to an account, or take it from its holder with None."""
    before, task.assigned_to = task.assigned_to, account_id
    record(actor, "assign_task", f"task:{task.id}", before={"account": before}, after={"account": account_id})


def reassign_task(actor: str, task: VerificationTask, account_id: int | None, shown: int | None) -> None:
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


def notify_verifiers() -> int:
    """Queue a letter to each person for whom a task was opened since the last time; returns how many.

    A task without a holder is told to all verifiers, or to the admins where there is no verifier.
    """
    tasks = db.session.scalars(
        select(VerificationTask)
        .where(VerificationTask.told_at.is_(None), VerificationTask.closed_at.is_(None))
        .order_by(VerificationTask.id)
    ).all()
    if not tasks:
        return 0
    everybody = active_accounts(VERIFIER) or active_accounts(ADMIN)
    by_account: dict[str, list[VerificationTask]] = defaultdict(list)
    for task in tasks:
        owner = db.session.get(Account, task.assigned_to) if task.assigned_to else None
        for account in [owner] if owner and owner.active else everybody:
            by_account[account.email].append(task)
        task.told_at = datetime.now(UTC)
    for email, waiting in sorted(by_account.items()):
        queue_mail(email, f"{count_of(len(waiting), 'new task')} at the verifier's desk", _letter(waiting))
    return len(by_account)


def _letter(tasks: Sequence[VerificationTask]) -> str:
    kinds = Counter(TaskKind(task.kind) for task in tasks)
    lines = [f"{TASK_KINDS[kind]}: {kinds[kind]}" for kind in TaskKind if kinds[kind]]
    urgent = sorted(tasks, key=lambda task: list(TaskKind).index(TaskKind(task.kind)))
    lines += ["", *(f"- {task.sentence} (NPI {task.npi})" for task in urgent[:MAX_LISTED])]
    if len(tasks) > MAX_LISTED:
        lines.append(f"... and {len(tasks) - MAX_LISTED} more.")
    return "\n".join([*lines, "", f"{current_app.config['SITE_URL']}/admin/verify", ""])
