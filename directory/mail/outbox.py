"""Mail is queued in the transaction of what it tells of, so that neither can be lost without the other.

After a request that queued mail, a thread of the process delivers; `flask worker` delivers what remains. No request
waits for the mail server. Each of them leases a message, sends it and deletes it, and never two the same one at once.
When one dies between the mail server's yes and the deletion, the message goes out once more after the lease has run
out: each is sent at least once.
"""

import contextlib
import re
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.errors import MessageError
from email.utils import formataddr, parseaddr
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

from flask import Flask, current_app, g, has_request_context
from flask_mailman import EmailMessage
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from directory.extensions import db
from directory.extensions import mail as mailman
from directory.mail.models import OutgoingMail
from directory.web.messages import gettext

FIRST_WAIT = timedelta(minutes=1)  # doubled after each failure
MAX_WAIT = timedelta(hours=6)
GIVES_UP_AFTER = timedelta(days=5)
NEVER = datetime(9000, 1, 1, tzinfo=UTC)  # when a message that was given up is due
LEASE = timedelta(minutes=15)  # for how long no other process touches a message, at least
WAITS_PER_MESSAGE = 20  # more than the times that sending one waits for the mail server, MAIL_TIMEOUT seconds each
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[\w.-]+")


def queue_mail(recipient: str, subject: str, text: str) -> OutgoingMail:
    """Queue one plain text message in the current transaction.

    The site's signature follows the text, in the language at hand. A subject is brought onto one line of at most 200
    characters. Raises `ValueError` when `recipient` is not one bare
    address, ASCII before the @; forms say so to people with `Email(allow_smtputf8=False)`.
    """
    if not _ADDRESS.fullmatch(recipient) or len(recipient) > OutgoingMail.recipient.type.length:
        raise ValueError("the recipient is not one plain email address")
    printable = "".join(letter if letter.isprintable() else " " for letter in subject)
    now = datetime.now(UTC)
    mail = OutgoingMail(
        recipient=recipient,
        subject=" ".join(printable.split())[:200],
        text=f"{text.rstrip()}\n\n{_signature()}",
        queued_at=now,
        next_attempt_at=now,
    )
    db.session.add(mail)
    if has_request_context():
        g.mail_was_queued = True
    return mail


def deliver_queued(limit: int = 1000) -> int:
    """Send what is due, each message in a transaction of its own; returns how many the mail server took.

    A message that could not be sent stays with its error and is tried again after 1, 2, 4, ... minutes, at most 6
    hours; one that failed for 5 days stays in the queue and is not tried again. Nothing is raised for either. When
    the mail server cannot be reached the rest is left for the next time. Does not touch the caller's session.
    """
    sent = 0
    with Session(db.engine, expire_on_commit=False) as session, _mail_server() as server:
        for mail in _due(session, limit):
            if not _lease(session, mail):
                continue
            try:
                server.open()
                server.send_messages([_message(mail)])
            except (OSError, ValueError, MessageError) as error:
                _put_off(session, mail, error)
                if not isinstance(error, (SMTPRecipientsRefused, SMTPDataError, ValueError, MessageError)):
                    break  # it is the server and not this message
            else:
                session.execute(delete(OutgoingMail).where(OutgoingMail.id == mail.id))
                session.commit()
                sent += 1
    return sent


class DeliveryThread:
    """The one thread of a process that sends mail."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._executor = ThreadPoolExecutor(1, "mail")  # starts the thread when it is needed
        self._next: Future[None] | None = None

    def deliver_soon(self) -> None:
        """Send what is due, when what the thread sends now is done. Returns at once."""
        if self._next is None or self._next.running() or self._next.done():
            self._next = self._executor.submit(self._deliver)

    def _deliver(self) -> None:
        with self._app.app_context():
            try:
                deliver_queued()
            except Exception:
                self._app.logger.exception("Queued mail was not delivered; the worker tries again.")


def deliver_after_requests(app: Flask) -> None:
    """Have each request that queued mail start its delivery when it ends: how long it takes does not tell of the mail.

    Under test the mail is sent before the request ends, so that a test finds it.
    """
    thread = DeliveryThread(app)

    @app.teardown_request
    def deliver(_error: BaseException | None) -> None:
        if not g.pop("mail_was_queued", False):
            return
        if app.testing:
            deliver_queued()
        else:
            thread.deliver_soon()


def retry_given_up() -> None:
    """Make every message that was given up due once more."""
    again = update(OutgoingMail).where(OutgoingMail.next_attempt_at == NEVER)
    db.session.execute(again.values(next_attempt_at=datetime.now(UTC)))


def _signature() -> str:
    """Who writes, and where answers are read. The first line is the one by which mail programs know a signature."""
    name, site = gettext("Neck Spasm Directory"), current_app.config["SITE_URL"]
    _, address = parseaddr(current_app.config["MAIL_REPLY_TO"] or current_app.config["MAIL_DEFAULT_SENDER"])
    questions = gettext("Questions? Reply to this email, or write to %(address)s.", address=address)
    return f"-- \n{name}\n{site}\n{questions}\n"


def _message(mail: OutgoingMail) -> EmailMessage:
    """The message for the mail server, from the site by its name; answers go to the address for them."""
    name, address = parseaddr(current_app.config["MAIL_DEFAULT_SENDER"])
    reply_to = current_app.config["MAIL_REPLY_TO"]
    return EmailMessage(
        mail.subject,
        mail.text,
        formataddr((name or gettext("Neck Spasm Directory"), address)),
        [mail.recipient],
        reply_to=[reply_to] if reply_to else None,
    )


@contextlib.contextmanager
def _mail_server() -> Iterator[Any]:
    """One connection for all messages, opened with the first."""
    server = mailman.get_connection()
    try:
        yield server
    finally:
        with contextlib.suppress(OSError):
            server.close()


def _due(session: Session, limit: int) -> list[OutgoingMail]:
    due = select(OutgoingMail).where(OutgoingMail.next_attempt_at <= datetime.now(UTC))
    found = list(session.scalars(due.order_by(OutgoingMail.next_attempt_at, OutgoingMail.id).limit(limit)))
    session.commit()
    return found


def _lease(session: Session, mail: OutgoingMail) -> bool:
    """Take the message for this worker unless another took it since it was read."""
    now = datetime.now(UTC)
    until = now + max(LEASE, timedelta(seconds=WAITS_PER_MESSAGE * current_app.config["MAIL_TIMEOUT"]))
    lease = (
        update(OutgoingMail)
        .where(OutgoingMail.id == mail.id, OutgoingMail.attempts == mail.attempts, OutgoingMail.next_attempt_at <= now)
        .values(attempts=OutgoingMail.attempts + 1, next_attempt_at=until)
        .returning(OutgoingMail.attempts)
    )
    taken = session.execute(lease, execution_options={"synchronize_session": False}).one_or_none() is not None
    session.commit()
    return taken


def _put_off(session: Session, mail: OutgoingMail, error: Exception) -> None:
    """Keep the error, without the person's address, and when to try again."""
    now = datetime.now(UTC)
    given_up = now - mail.queued_at >= GIVES_UP_AFTER
    reason = f"{type(error).__name__}: {error}".replace(mail.recipient, "the recipient")[:500]
    wait = min(FIRST_WAIT * 2 ** min(mail.attempts, 10), MAX_WAIT)
    later = update(OutgoingMail).where(OutgoingMail.id == mail.id)
    session.execute(
        later.values(last_error=reason, next_attempt_at=NEVER if given_up else now + wait),
        execution_options={"synchronize_session": False},
    )
    session.commit()
    current_app.logger.warning("Mail %d was not sent (%s): %s", mail.id, "given up" if given_up else "waits", reason)
