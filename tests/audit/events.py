"""Events of another day than today, in the chain like all."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from directory.audit.log import FIRST_PREVIOUS, HEAD_ID, hash_of
from directory.audit.models import AuditEvent, AuditHead
from directory.extensions import db


def happened(moment: datetime, actor: str, act: str, subject: str, **values: Any) -> int:
    """Add and commit an event that happened at `moment`; gives its number."""
    head = db.session.scalars(select(AuditHead)).one_or_none() or AuditHead(id=HEAD_ID, number=0, hash=FIRST_PREVIOUS)
    event = AuditEvent(
        number=head.number + 1,
        happened_at=moment,
        actor=actor,
        act=act,
        subject=subject,
        before=values.get("before"),
        after=values.get("after"),
        reason=values.get("reason", ""),
        previous_hash=head.hash,
    )
    event.hash = hash_of(event)
    head.number, head.hash = event.number, event.hash
    db.session.add_all([head, event])
    number = event.number
    db.session.commit()
    return number
