"""Commands: `flask mail ...`."""

from dataclasses import dataclass
from datetime import datetime

import click
from flask.cli import AppGroup
from sqlalchemy import select

from directory.extensions import db
from directory.mail.models import OutgoingMail
from directory.mail.outbox import NEVER, deliver_queued, retry_given_up
from directory.web.commands import database_errors_explained
from directory.web.filters import count_of
from directory.web.transaction import transaction

mail_cli = AppGroup("mail", help="The outbox.")


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


@mail_cli.command("send")
@click.option("--limit", default=1000, show_default=True, type=click.IntRange(min=1), help="At most so many messages.")
@click.option("--given-up", is_flag=True, help="Try those that were given up once more.")
@database_errors_explained()
def send(limit: int, given_up: bool) -> None:
    """Send what is due. Run it every minute."""
    if given_up:
        with transaction():
            retry_given_up()
    sent = deliver_queued(limit)
    waiting = len(waiting_mail())
    click.echo(f"Sent {count_of(sent, 'message')}; {waiting:,} left in the queue.")


@mail_cli.command("queue")
@database_errors_explained()
def queue() -> None:
    """List the mail that waits, without its texts."""
    waiting = waiting_mail()
    for mail in waiting:
        due = f"next try {mail.next_attempt_at:%Y-%m-%d %H:%M} UTC" if mail.next_attempt_at else "given up"
        click.echo(
            f"{mail.number}  {mail.recipient}  queued {mail.queued_at:%Y-%m-%d %H:%M} UTC  "
            f"{count_of(mail.attempts, 'try', 'tries')}  {due}{f'  {mail.last_error}' if mail.last_error else ''}"
        )
    given_up = sum(mail.next_attempt_at is None for mail in waiting)
    click.echo(f"{count_of(len(waiting), 'message')} in the queue, {given_up:,} given up.")
