"""Adding to the audit log."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update

from directory.audit.models import AuditEvent, AuditHead
from directory.extensions import db

FIRST_PREVIOUS = "0" * 64


def record(
    actor: str, act: str, subject: str, *, before: Any = None, after: Any = None, reason: str = ""
) -> AuditEvent:
    """Add one event in the current transaction: `actor` did `act` to `subject`.

    `before` and `after` are plain JSON values of what changed. Never put a person's address or text in them.
    """
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
    db.session.execute(update(AuditHead).values(hash=event.hash))
    return event


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
    row = db.session.execute(
        update(AuditHead).values(number=AuditHead.number + 1).returning(AuditHead.number, AuditHead.hash)
    ).one_or_none()
    if row is not None:
        return row.number, row.hash
    db.session.add(AuditHead(id=1, number=1, hash=FIRST_PREVIOUS))
    db.session.flush()
    return 1, FIRST_PREVIOUS
