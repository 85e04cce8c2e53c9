"""Tasks at the verifier's desk: opened when something needs a person, closed by the act that answers it."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, select, update

from directory.audit.log import record
from directory.credentials.models import VerificationTask
from directory.extensions import db


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
    """Open a task, or give the one that is open already the new sentence and day. The caller commits."""
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


def close_tasks(
    actor: str,
    *,
    credential_id: int | None = None,
    verification_id: int | None = None,
    possible_exclusion_id: int | None = None,
    kinds: tuple[TaskKind, ...] = tuple(TaskKind),
) -> None:
    """Close what waits about one credential, verification or possible exclusion. The caller commits."""
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
    """Give the task to an account, or to nobody. The caller commits."""
    before, task.assigned_to = task.assigned_to, account_id
    record(actor, "assign_task", f"task:{task.id}", before={"account": before}, after={"account": account_id})
