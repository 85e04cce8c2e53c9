"""What waits for a verifier, by urgency, and the figures at its head."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self, TypeVarTuple

from flask import url_for
from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from directory.accounts.conflicts import account_id_of, conflicted_npis
from directory.accounts.models import Account, Role
from directory.accounts.roles import ADMIN, VERIFIER
from directory.accounts.work import Waiting
from directory.credentials.desk.offers import first_persons
from directory.credentials.expiry import NOTICE_DAYS
from directory.credentials.models import Credential, Verification, VerificationTask
from directory.credentials.queries import title_of
from directory.credentials.status import COUNTING, CredentialStatus
from directory.credentials.tasks import TASK_KINDS, TaskKind
from directory.desk import queue
from directory.desk.eligibility import refusal_to
from directory.desk.queue import ITEMS_A_PAGE, Neighbors, Queue, QueueChoice, option_of, search_words
from directory.desk.status import StatusLine
from directory.extensions import db
from directory.providers.models import Provider
from directory.web.days import PACIFIC, age_in_words, today_in_california
from directory.web.filters import count_of
from directory.web.pagination import Pages, asked_page

SECONDS_A_DAY = 24 * 3600
Columns = TypeVarTuple("Columns")


class Assigned(StrEnum):
    ANYONE = "anyone"
    ME = "me"
    NOBODY = "nobody"


@dataclass(frozen=True)
class TaskChoice(QueueChoice):
    """Which tasks are asked for. `provider` is part of a name, or how an NPI begins."""

    kind: TaskKind | None = None
    assigned: Assigned = Assigned.ANYONE
    provider: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Self:
        """What an address asks for; anything that is not offered stands for the default."""
        return cls(
            asked_page(asked),
            option_of(TaskKind, asked.get("kind")),
            option_of(Assigned, asked.get("assigned")) or Assigned.ANYONE,
            search_words(asked.get("provider")),
        )


@dataclass(frozen=True, slots=True)
class WaitingTask:
    """One line of the queue."""

    task: VerificationTask
    title: str  # "California license"
    age: str
    overdue: bool
    not_for_you: str | None  # why the reader may not do it, as a sentence


def waiting_queue(choice: TaskChoice, actor: str) -> Queue[WaitingTask]:
    """The page of the queue that `choice` asks for; a page beyond the last is the last."""
    counts = _counts(choice, actor)
    total = sum(counts.values())
    pages = Pages.nearest(choice.page, ITEMS_A_PAGE, counts[choice.kind] if choice.kind else total)
    tasks = db.session.scalars(
        _chosen(select(VerificationTask), choice, actor)
        .outerjoin(VerificationTask.credential)
        .options(
            contains_eager(VerificationTask.provider).lazyload(Provider.source),
            contains_eager(VerificationTask.credential).lazyload(Credential.source),
            joinedload(VerificationTask.holder),
            joinedload(VerificationTask.verification),
            joinedload(VerificationTask.possible_exclusion),
        )
        .order_by(*_urgency())
        .offset(pages.skipped)
        .limit(ITEMS_A_PAGE)
    ).all()
    conflicts = conflicted_npis(actor)
    now, today = datetime.now(UTC), today_in_california()
    items = []
    for task in tasks:
        refusal = refusal_to(actor, task.npi, first_persons(task), conflicts)
        items.append(
            WaitingTask(
                task,
                title_of_task(task),
                age_in_words(task.opened_at, now),
                task.due_on is not None and task.due_on < today,
                str(refusal) if refusal else None,
            )
        )
    return Queue(items, pages, counts, total)


def neighbors(task_id: int, choice: TaskChoice, actor: str) -> Neighbors:
    """The tasks before and after one in the part of the queue that `choice` asks for."""
    return queue.neighbors(_chosen(select(VerificationTask.id), choice, actor), _urgency(), task_id)


def waiting_count() -> int:
    """How many tasks wait."""
    return db.session.scalar(select(func.count(VerificationTask.id)).where(is_waiting())) or 0


def waiting_tasks(account: Account) -> Waiting:
    """What waits, for the staff's first page."""
    own = func.count(case((VerificationTask.assigned_to == account.id, 1)))
    counts = select(func.count(VerificationTask.id), func.min(VerificationTask.opened_at), own)
    return Waiting(*db.session.execute(counts.where(is_waiting())).one())


def expiring_line() -> list[StatusLine]:
    """Credentials that stop counting soon, for the staff's first page."""
    number = count_expiring(today_in_california())
    if not number:
        return []
    url = url_for("verifying.show_queue", kind=TaskKind.EXPIRING.value)
    return [StatusLine("Credentials", f"{count_of(number, 'credential')} will expire within {NOTICE_DAYS} days.", url)]


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


def _counts(choice: TaskChoice, actor: str) -> dict[TaskKind, int]:
    statement = _chosen(select(VerificationTask.kind, func.count()), choice, actor, of_any_kind=True)
    found = {TaskKind(kind): count for kind, count in db.session.execute(statement.group_by(VerificationTask.kind))}
    return {kind: found.get(kind, 0) for kind in TaskKind}


def _chosen(
    statement: Select[*Columns], choice: TaskChoice, actor: str, *, of_any_kind: bool = False
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
        words = choice.provider.split()  # each alone: a middle name may stand between them
        named = and_(*(Provider.name.icontains(word, autoescape=True) for word in words))
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


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Of the whole queue and directory; `median_age_days` is None when nothing waits."""

    waiting: int
    median_age_days: float | None
    verified_this_month: int  # credentials, since the first of the month in California
    expiring_soon: int  # what counts today and will not in `NOTICE_DAYS` days


def dashboard(now: datetime | None = None) -> Dashboard:
    """The figures as of `now`, four queries."""
    now, today = now or datetime.now(UTC), today_in_california()
    month = now.astimezone(PACIFIC).replace(day=1, hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    verified = select(func.count(Verification.credential_id.distinct())).where(
        Verification.state == "final",
        Verification.outcome == CredentialStatus.VERIFIED,
        Verification.verified_at >= month,
    )
    waiting = waiting_count()
    return Dashboard(
        waiting,
        _median_age_days(waiting, now),
        db.session.scalars(verified).one(),
        count_expiring(today),
    )


def count_expiring(today: date) -> int:
    """How many credentials count on `today` and will not in `NOTICE_DAYS` days."""
    soon = today + timedelta(days=NOTICE_DAYS)
    expiring = select(func.count(Credential.id)).where(
        Credential.status.in_(COUNTING),
        or_(Credential.expires_on <= soon, Credential.verified_until <= soon),
        func.coalesce(Credential.expires_on, today) >= today,
        func.coalesce(Credential.verified_until, today) >= today,
    )
    return db.session.scalars(expiring).one()


def _median_age_days(waiting: int, now: datetime) -> float | None:
    """The age in the middle; of an even number the mean of the two in the middle."""
    if not waiting:
        return None
    middle = db.session.scalars(
        select(VerificationTask.opened_at)
        .where(is_waiting())
        .order_by(VerificationTask.opened_at)
        .offset((waiting - 1) // 2)
        .limit(2 - waiting % 2)
    ).all()
    ages = [(now - opened_at).total_seconds() / SECONDS_A_DAY for opened_at in middle]
    return sum(ages) / len(ages) if ages else None
