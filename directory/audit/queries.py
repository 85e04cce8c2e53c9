"""Reads of the audit log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from directory.audit.models import AuditEvent
from directory.extensions import db
from directory.web.pagination import Pages

EVENTS_A_PAGE = 50
EVENTS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which events are looked for; what is None or empty asks for nothing."""

    number: int | None = None
    actor: str | None = None  # "account:7"
    act: str | None = None
    subject: str | None = None
    words: str | None = None  # each of them is in the reason
    since: datetime | None = None
    until: datetime | None = None  # the first moment that is too late

    def conditions(self) -> list[ColumnElement[bool]]:
        exact = {name: getattr(self, name) for name in ("number", "actor", "act", "subject")}
        wanted: list[ColumnElement[bool]] = [
            getattr(AuditEvent, name) == value for name, value in exact.items() if value is not None
        ]
        wanted += [AuditEvent.reason.icontains(word, autoescape=True) for word in (self.words or "").split()]
        wanted += [AuditEvent.happened_at >= self.since] if self.since else []
        wanted += [AuditEvent.happened_at < self.until] if self.until else []
        return wanted


def latest_events(
    *, subject: str | None = None, actor: str | None = None, act: str | None = None, limit: int = 50
) -> Sequence[AuditEvent]:
    """The newest events first, of `subject`, by `actor` and of kind `act` where given."""
    wanted = LogFilter(subject=subject, actor=actor, act=act).conditions()
    return db.session.scalars(select(AuditEvent).where(*wanted).order_by(AuditEvent.number.desc()).limit(limit)).all()


def found_events(wanted: LogFilter, page: int = 1) -> tuple[Sequence[AuditEvent], Pages]:
    """One page of the events that are looked for, the newest first; beyond the last it is the last."""
    conditions = wanted.conditions()
    total = db.session.scalar(select(func.count()).select_from(AuditEvent).where(*conditions)) or 0
    pages = Pages.nearest(page, EVENTS_A_PAGE, total)
    found = select(AuditEvent).where(*conditions).order_by(AuditEvent.number.desc())
    events = db.session.scalars(found.offset(pages.skipped).limit(pages.size)).all()
    return events, pages


def each_event(wanted: LogFilter, before: int, at_once: int = EVENTS_AT_ONCE) -> Iterator[AuditEvent]:
    """The events that are looked for with a number under `before`, oldest first, `at_once` of them in memory.

    Each chunk is read by itself, so that a slow reader keeps no transaction open. Needs an app context.
    """
    last = 0
    while True:
        with Session(db.engine) as session:
            chunk = session.scalars(
                select(AuditEvent)
                .where(*wanted.conditions(), AuditEvent.number > last, AuditEvent.number < before)
                .order_by(AuditEvent.number)
                .limit(at_once)
            ).all()
        yield from chunk
        if len(chunk) < at_once:
            return
        last = chunk[-1].number


def occurring_acts() -> list[str]:
    """Every act in the log, by name: one step in the index for each, however many events there are."""
    first: Any = select(func.min(AuditEvent.act).label("act")).cte("acts", recursive=True)
    following = select(func.min(AuditEvent.act)).where(AuditEvent.act > first.c.act).scalar_subquery()
    acts = first.union_all(select(following).where(first.c.act.is_not(None)))
    return [act for act in db.session.scalars(select(acts.c.act).order_by(acts.c.act)) if act is not None]
