"""What waits in the outbox, without its texts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from directory.extensions import db
from directory.mail.models import OutgoingMail
from directory.mail.outbox import NEVER


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """One message that was not sent yet. `next_attempt_at` is None when it was given up."""

    number: int
    recipient: str  # shortened: a…@example.org
    queued_at: datetime
    attempts: int
    next_attempt_at: datetime | None
    last_error: str | None


def waiting_mail() -> list[WaitingMail]:
    """All that waits, oldest first."""
    table = OutgoingMail
    rows = db.session.execute(
        select(
            table.id, table.recipient, table.queued_at, table.attempts, table.next_attempt_at, table.last_error
        ).order_by(table.queued_at, table.id)
    )
    return [
        WaitingMail(number, _shortened(recipient), queued, attempts, None if due == NEVER else due, error)
        for number, recipient, queued, attempts, due, error in rows
    ]


def _shortened(recipient: str) -> str:
    name, _, domain = recipient.rpartition("@")
    return f"{name[:1]}…@{domain}"
