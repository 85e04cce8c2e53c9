"""What waits for a verifier, by urgency."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from directory.accounts.conflicts import account_id_of, conflicted_npis
from directory.accounts.models import Account, Role
from directory.accounts.roles import ADMIN, VERIFIER
from directory.credentials.desk.choice import Assigned, QueueChoice
from directory.credentials.models import Credential, Verification, VerificationTask
from directory.credentials.queries import title_of
from directory.credentials.tasks import TASK_KINDS, TaskKind
from directory.extensions import db
from directory.providers.models import Provider
from directory.web.days import age_in_words, today_in_california
from directory.web.pagination import Pages

ITEMS_A_PAGE = 25
Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class WaitingTask:
    """One line of the queue."""

    task: VerificationTask
    title: str  # "California license"
    age: str
    overdue: bool
    assigned_to: str | None  # the account's name
    not_for_you: str | None  # why the reader may not do it, as a sentence


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue. `counts` has every kind, of all that the other filters let through."""

    items: list[WaitingTask]
    pages: Pages
    counts: dict[TaskKind, int]


@dataclass(frozen=True, slots=True)
class Neighbors:
    """The tasks before and after one in the queue; None where there is none."""

    previous: int | None
    next: int | None


def waiting_queue(choice: QueueChoice, actor: str) -> Queue:
    """The page of the queue that `choice` asks for; a page beyond the last is the last."""
    counts = _counts(choice, actor)
    total = counts[choice.kind] if choice.kind else sum(counts.values())
    pages = Pages.nearest(choice.page, ITEMS_A_PAGE, total)
    tasks = db.session.scalars(
        _chosen(select(VerificationTask), choice, actor)
        .outerjoin(VerificationTask.credential)
        .options(
            contains_eager(VerificationTask.provider).lazyload(Provider.source),
            contains_eager(VerificationTask.credential).lazyload(Credential.source),
            joinedload(VerificationTask.verification),
            joinedload(VerificationTask.possible_exclusion),
        )
        .order_by(*_urgency())
        .offset(pages.skipped)
        .limit(ITEMS_A_PAGE)
    ).all()
    names = _names({task.assigned_to for task in tasks if task.assigned_to})
    conflicted = conflicted_npis(actor)
    now, today = datetime.now(UTC), today_in_california()
    items = [
        WaitingTask(
            task,
            title_of_task(task),
            age_in_words(task.opened_at, now),
            task.due_on is not None and task.due_on < today,
            names.get(task.assigned_to) if task.assigned_to else None,
            _not_for(actor, task, conflicted),
        )
        for task in tasks
    ]
    return Queue(items, pages, counts)


def neighbors(task_id: int, choice: QueueChoice, actor: str) -> Neighbors:
    """What stands before and after a task in the queue. Of one that no longer waits the next is the queue's first."""
    order = _urgency()
    numbered = _chosen(
        select(
            VerificationTask.id,
            func.lag(VerificationTask.id).over(order_by=order).label("previous"),
            func.lead(VerificationTask.id).over(order_by=order).label("next"),
        ),
        choice,
        actor,
    ).subquery()
    found = db.session.execute(select(numbered).where(numbered.c.id == task_id)).one_or_none()
    if found and found.next:
        return Neighbors(found.previous, found.next)
    first = db.session.scalar(
        _chosen(select(VerificationTask.id), choice, actor)
        .where(VerificationTask.id != task_id)
        .order_by(*order)
        .limit(1)
    )
    return Neighbors(found.previous if found else None, first)


def waiting_count() -> int:
    """How many tasks wait."""
    return db.session.scalar(select(func.count(VerificationTask.id)).where(is_waiting())) or 0


def is_waiting() -> ColumnElement[bool]:
    """That a task is open, and that what it asks for was not found out already and waits for a second verifier."""
    proposed = exists().where(
        Verification.credential_id == VerificationTask.credential_id, Verification.state == "waiting"
    )
    return VerificationTask.closed_at.is_(None) & or_(VerificationTask.kind == TaskKind.SECOND_OPINION, ~proposed)


def title_of_task(task: VerificationTask) -> str:
    """What a task is about: the credential, or its kind."""
    if task.credential:
        return title_of(task.credential)
    return TASK_KINDS[TaskKind.POSSIBLE_EXCLUSION if task.possible_exclusion_id else TaskKind(task.kind)]


def assignable() -> list[Account]:
    """The people whom an admin may give a task to."""
    return list(
        db.session.scalars(
            select(Account)
            .where(Account.active, Account.roles.any(Role.name.in_([VERIFIER, ADMIN])))
            .order_by(Account.name, Account.id)
        )
    )


def _not_for(actor: str, task: VerificationTask, conflicted: set[str]) -> str | None:
    if task.npi in conflicted:
        return "Not for you: you have a conflict of interest with this provider."
    credential, first, possible = task.credential, task.verification, task.possible_exclusion
    if credential and actor in {credential.entered_by, credential.submitted_by}:
        return "Not for you: you entered this credential."
    if task.kind == TaskKind.SECOND_OPINION and first and first.recorded_by == actor:
        return "Not for you: you recorded the first opinion."
    if possible and possible.proposed_by == actor:
        return "Not for you: you said that it is the same person, and another verifier has to agree."
    return None


def _counts(choice: QueueChoice, actor: str) -> dict[TaskKind, int]:
    statement = _chosen(select(VerificationTask.kind, func.count()), choice, actor, of_any_kind=True)
    found = {TaskKind(kind): count for kind, count in db.session.execute(statement.group_by(VerificationTask.kind))}
    return {kind: found.get(kind, 0) for kind in TaskKind}


def _chosen(
    statement: Select[*Columns], choice: QueueChoice, actor: str, *, of_any_kind: bool = False
) -> Select[*Columns]:
    """What waits of the choice, joined with its providers."""
    statement = statement.join(Provider, Provider.npi == VerificationTask.npi).where(is_waiting())
    if choice.kind and not of_any_kind:
        statement = statement.where(VerificationTask.kind == choice.kind)
    if choice.assigned is Assigned.ME:
        statement = statement.where(VerificationTask.assigned_to == account_id_of(actor))
    elif choice.assigned is Assigned.NOBODY:
        statement = statement.where(VerificationTask.assigned_to.is_(None))
    if choice.provider:
        named = Provider.name.icontains(choice.provider, autoescape=True)
        statement = statement.where(or_(named, Provider.npi.startswith(choice.provider, autoescape=True)))
    return statement


def _urgency() -> list[Any]:
    """Kind by kind; of what expires first what has lapsed; then the due day, then what has waited longest."""
    by_kind = case({kind.value: rank for rank, kind in enumerate(TaskKind)}, value=VerificationTask.kind)
    kind = case((VerificationTask.possible_exclusion_id.is_not(None), 0), else_=by_kind)  # its second opinion too
    today = today_in_california()
    lapsed = and_(
        VerificationTask.kind == TaskKind.EXPIRING,
        or_(VerificationTask.due_on.is_(None), VerificationTask.due_on < today),
    )
    return [
        kind,
        case((lapsed, 0), else_=1),
        case((VerificationTask.due_on.is_(None), 1), else_=0),
        VerificationTask.due_on,
        VerificationTask.opened_at,
        VerificationTask.id,
    ]


def _names(account_ids: set[int]) -> dict[int, str]:
    found = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids)))
    return {account_id: name for account_id, name in found}  # noqa: C416 (dict() takes a result for a mapping)
