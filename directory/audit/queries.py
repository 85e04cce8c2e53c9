"""Reads of the audit log."""

from collections.abc import Sequence

from sqlalchemy import select

from directory.audit.models import AuditEvent
from directory.extensions import db


def latest_events(
    *, subject: str | None = None, actor: str | None = None, act: str | None = None, limit: int = 50
) -> Sequence[AuditEvent]:
    """The newest events first, of `subject`, by `actor` and of kind `act` where given."""
    wanted = {AuditEvent.subject: subject, AuditEvent.actor: actor, AuditEvent.act: act}
    found = select(AuditEvent).where(*(column == value for column, value in wanted.items() if value is not None))
    return db.session.scalars(found.order_by(AuditEvent.number.desc()).limit(limit)).all()
