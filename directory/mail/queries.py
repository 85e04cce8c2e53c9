"""Reads of the outbox."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from directory.extensions import db
from directory.mail.models import OutgoingMail
from directory.mail.outbox import NEVER


@dataclass(frozen=True, slots=True)
class OutboxState:
    """Messages that wait, of these those that failed before, since when the oldest; and those that were given up."""

    waiting: int
    failing: int
    given_up: int
    oldest: datetime | None


def outbox_state() -> OutboxState:
    is_given_up = OutgoingMail.next_attempt_at == NEVER
    waits = case((~is_given_up, OutgoingMail.queued_at))
    failing = case((~is_given_up & OutgoingMail.last_error.is_not(None), 1))
    row = db.session.execute(
        select(func.count(waits), func.count(failing), func.count(case((is_given_up, 1))), func.min(waits))
    ).one()
    return OutboxState(*row)
