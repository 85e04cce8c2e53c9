"""Reading the whole log to see whether anything was changed, taken out, put in, reordered or cut off."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from directory.audit.log import FIRST_PREVIOUS, HEAD_ID, hash_of, record
from directory.audit.models import AuditEvent, AuditHead
from directory.extensions import db

EVENTS_AT_ONCE = 1000
LOG = "audit_log:1"  # what events call the log itself


@dataclass(frozen=True, slots=True)
class Mark:
    """An event's number and hash: what an operator keeps elsewhere to see later that the log up to it is the same."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The first event that is not as it was written, and what is wrong with it."""

    number: int
    sentence: str


@dataclass(frozen=True, slots=True)
class LogState:
    """`last` is the last event that was found good (number 0 when there is none), `fault` what comes after it."""

    last: Mark
    fault: Fault | None


def check_log(kept: Mark | None = None, at_once: int = EVENTS_AT_ONCE) -> LogState:
    """Read all events in order, as of one moment, and compare them with their hashes, the head and the mark `kept`."""
    last = Mark(0, FIRST_PREVIOUS)
    with Session(db.engine) as session:
        head = _head(session)
        try:
            for event, head_number, head_hash in _events(session, at_once):
                head = None if head_number is None or head_hash is None else Mark(head_number, head_hash)
                fault = _fault_of(event, last, kept)
                if fault:
                    return LogState(last, fault)
                last = Mark(event.number, event.hash)
        except (TypeError, ValueError):  # the database holds what no column of this type can
            if at_once > 1:
                return check_log(kept, at_once=1)
            return LogState(last, Fault(last.number + 1, "cannot be read"))
    return LogState(last, _fault_of_end(last, head, kept))


def check_and_record(actor: str) -> LogState:
    """Check the whole log, and note in it what was found."""
    state = check_log()
    after = {"whole": state.fault is None, "last": state.last.number}
    if state.fault:
        after |= {"first_bad": state.fault.number}
    record(actor, "check_log", LOG, after=after)
    return state


def _head(session: Session) -> Mark | None:
    row = session.execute(select(AuditHead.number, AuditHead.hash).where(AuditHead.id == HEAD_ID)).one_or_none()
    return Mark(row.number, row.hash) if row else None


def _events(session: Session, at_once: int) -> Iterator[Row[AuditEvent, int | None, str | None]]:
    """Every event with the number and hash of the head: one statement, since writers may be at work."""
    number, last_hash = (
        select(column).where(AuditHead.id == HEAD_ID).scalar_subquery() for column in (AuditHead.number, AuditHead.hash)
    )
    events = select(AuditEvent, number, last_hash).order_by(AuditEvent.number)
    yield from session.execute(events.execution_options(yield_per=at_once))


def _fault_of(event: AuditEvent, last: Mark, kept: Mark | None) -> Fault | None:
    if event.number < last.number + 1:
        return Fault(event.number, "was put in before the first one")
    if event.number > last.number + 1:
        return Fault(last.number + 1, "is missing")
    if hash_of(event) != event.hash:
        return Fault(event.number, "was changed")
    if event.previous_hash != last.hash:
        return Fault(max(last.number, 1), f"was replaced: event {event.number} was written after another one")
    if kept and kept.number == event.number and kept.hash != event.hash:
        return Fault(event.number, "or one before it was replaced: it has not the hash that was kept")
    return None


def _fault_of_end(last: Mark, head: Mark | None, kept: Mark | None) -> Fault | None:
    if head is None and last.number:
        return Fault(last.number, "is the last one here, and the record of the last one is missing")
    if head and head.number > last.number:
        return Fault(last.number + 1, f"is missing, with all up to event {head.number}")
    if head and head.number < last.number:
        return Fault(head.number + 1, "was put in behind the last one")
    if head and head.hash != last.hash:
        return Fault(last.number, "was replaced: the log's head names another hash")
    if kept and kept.number > last.number:
        return Fault(last.number + 1, f"is missing, with all up to event {kept.number}, whose hash was kept")
    return None
