"""Adding to the audit log."""

import hashlib
import json
import os
import pwd
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from directory.audit.models import AuditEvent, AuditHead
from directory.extensions import db

PROGRAM = "program"
"""The actor of what no person did."""
FIRST_PREVIOUS = "0" * 64
HEAD_ID = 1
INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}  # those that know conflicts


def command_actor() -> str:
    """The actor of a command: the operating system's user whose process it is, such as "command:ana"."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run under a number that has no name
        name = str(os.getuid())
    return f"command:{name}"


def record(
    actor: str, act: str, subject: str, *, before: Any = None, after: Any = None, reason: str = ""
) -> AuditEvent:
    """Add one event in the current transaction: `actor` did `act` to `subject`.

    `before` and `after` are plain JSON values of what changed. Never put a person's address or text in them. Raises
    `TypeError` or `ValueError` for what JSON cannot say. The log's lock is held from here to the end of the
    transaction, so do slow work before.
    """
    before, after = _as_json(before), _as_json(after)
    number, previous = _next_number()
    event = AuditEvent(
        number=number,
        happened_at=datetime.now(UTC),
        actor=actor,
        act=act,
        subject=subject,
        before=before,
        after=after,
        reason=reason,
        previous_hash=previous,
    )
    event.hash = hash_of(event)
    db.session.add(event)
    db.session.execute(update(AuditHead).where(AuditHead.id == HEAD_ID).values(hash=event.hash))
    return event


def newest_hash() -> str:
    """The hash of the newest event, which no other state of the log has; empty before the first."""
    return db.session.scalar(select(AuditHead.hash)) or ""


def hash_of(event: AuditEvent) -> str:
    """SHA-256 of the event's values and the hash of the one before, as canonical JSON."""
    values = [
        event.number,
        event.happened_at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.actor,
        event.act,
        event.subject,
        event.before,
        event.after,
        event.reason,
        event.previous_hash,
    ]
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _next_number() -> tuple[int, str]:
    """The next event's number and the hash before it. The update's lock keeps other writers out until the commit."""
    advance = (
        update(AuditHead)
        .where(AuditHead.id == HEAD_ID)
        .values(number=AuditHead.number + 1)
        .returning(AuditHead.number, AuditHead.hash)
    )
    row = db.session.execute(advance).one_or_none()
    if row is None:  # the first event ever; when two writers find this at once, one row comes to be
        start = INSERT[db.session.get_bind().dialect.name](AuditHead).values(id=HEAD_ID, number=0, hash=FIRST_PREVIOUS)
        db.session.execute(start.on_conflict_do_nothing())
        row = db.session.execute(advance).one()
    return row.number, row.hash


def _as_json(value: Any) -> Any:
    """A copy of `value` as it comes back from the database, so that its hash stays the same: keys are texts."""
    return json.loads(json.dumps(value, allow_nan=False))
