"""Tasks of verifiers: opened when something needs a person, told by mail, closed by the act that answers them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, func, select, update

from directory.accounts.models import Account
from directory.accounts.queries import active_accounts
from directory.accounts.roles import ADMIN, VERIFIER
from directory.audit.log import record
from directory.credentials.models import VerificationTask
from directory.extensions import db
from directory.mail.outbox import queue_mail
from directory.web.filters import count_of

MAX_LISTED = 10


class TaskKind(StrEnum):
    """In the order of urgency."""

    POSSIBLE_EXCLUSION = "possible_exclusion"
    CHANGED_AT_SOURCE = "changed_at_source"
    SECOND_OPINION = "second_opinion"
    EXPIRING = "expiring"
    SUBMITTED = "submitted"
    CLAIMED = "claimed"
    SAMPLE_RECHECK = "sample_recheck"


TASK_KINDS = {
    TaskKind.POSSIBLE_EXCLUSION: "Possible exclusion",
    TaskKind.CHANGED_AT_SOURCE: "Changed at the source",
    TaskKind.SECOND_OPINION: "Needs a second verifier",
    TaskKind.EXPIRING: "Expiring",
    TaskKind.SUBMITTED: "Submitted",
    TaskKind.CLAIMED: "Claimed",
    TaskKind.SAMPLE_RECHECK: "Sample to check again",
}


def open_task(
    kind: TaskKind,
    npi: str,
    sentence: str,
    *,
    credential_id: int | None = None,
    verification_id: int | None = None,
    possible_exclusion_id: int | None = None,
    due_on: date | None = None,
) -> VerificationTask:
    """Open a task, or give the one that is open already the new sentence and day."""
    key = f"{kind}:{_about(npi, credential_id, verification_id, possible_exclusion_id)}"
    task = db.session.scalar(select(VerificationTask).where(VerificationTask.open_key == key))
    if task is None:
        task = VerificationTask(
            kind=kind,
            npi=npi,
            credential_id=credential_id,
            verification_id=verification_id,
            possible_exclusion_id=possible_exclusion_id,
            open_key=key,
            opened_at=datetime.now(UTC),
        )
        db.session.add(task)
    task.sentence, task.due_on = sentence[:500], due_on
    db.session.flush()
    return task


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


def close_tasks(
    actor: str,
    *,
    credential_id: int | None = None,
    verification_id: int | None = None,
    possible_exclusion_id: int | None = None,
    kinds: tuple[TaskKind, ...] = tuple(TaskKind),
) -> None:
    """Close what waits about one credential, verification or possible exclusion."""
    about: list[ColumnElement[bool]] = [
        column == value
        for column, value in (
            (VerificationTask.credential_id, credential_id),
            (VerificationTask.verification_id, verification_id),
            (VerificationTask.possible_exclusion_id, possible_exclusion_id),
        )
        if value is not None
    ]
    if not about:
        raise ValueError("say what the tasks are about")
    now: dict[str, Any] = {"closed_at": datetime.now(UTC), "closed_by": actor, "open_key": None}
    db.session.flush()
    db.session.execute(
        update(VerificationTask)
        .where(VerificationTask.closed_at.is_(None), VerificationTask.kind.in_(kinds), *about)
        .values(now)
    )


def _about(npi: str, credential_id: int | None, verification_id: int | None, possible_exclusion_id: int | None) -> str:
    """What a task is about, told apart from another table's row of the same number."""
    if possible_exclusion_id is not None:
        return f"possible_exclusion:{possible_exclusion_id}"
    if verification_id is not None:
        return f"verification:{verification_id}"
    return f"credential:{credential_id}" if credential_id is not None else npi


def assign_task(actor: str, task: VerificationTask, account_id: int | None) -> None:
    """Give the task to an account, or take it from its holder with None."""
    before, task.assigned_to = task.assigned_to, account_id
    record(actor, "assign_task", f"task:{task.id}", before={"account": before}, after={"account": account_id})


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
