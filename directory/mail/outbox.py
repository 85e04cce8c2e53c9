"""Mail is queued in the transaction of what it tells of, so that neither can be lost without the other."""

from datetime import UTC, datetime

from directory.extensions import db
from directory.mail.models import OutgoingMail


def queue_mail(recipient: str, subject: str, text: str) -> OutgoingMail:
    """Queue one plain text message in the current transaction. Call `deliver_queued` after the commit."""
    now = datetime.now(UTC)
    mail = OutgoingMail(recipient=recipient, subject=subject, text=text, queued_at=now, next_attempt_at=now)
    db.session.add(mail)
    return mail


def deliver_queued(most: int = 20) -> int:
    """Send what is due, each message in a transaction of its own; returns how many the mail server took.

    A message that could not be sent stays queued with its error and is tried again later; nothing is raised for it.
    """
    raise NotImplementedError
