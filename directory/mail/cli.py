"""Commands: `flask mail ...`."""

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from directory.extensions import db
from directory.mail.models import OutgoingMail
from directory.mail.outbox import NEVER, deliver_queued, retry_given_up
from directory.web.commands import database_errors_explained
from directory.web.filters import count_of
from directory.web.transaction import transaction

mail_cli = AppGroup("mail", help="The outbox.")


@mail_cli.command("send")
@click.option(
    "--limit", default=1000, show_default=True, type=click.IntRange(min=1), help="Send at most this many messages."
)
@click.option("--given-up", is_flag=True, help="Retry those that were given up.")
@database_errors_explained()
def send(limit: int, given_up: bool) -> None:
    """Send what is due. Run it every minute."""
    if given_up:
        with transaction():
            retry_given_up()
    sent = deliver_queued(limit)
    waiting = db.session.scalar(select(func.count()).select_from(OutgoingMail))
    click.echo(f"Sent {count_of(sent, 'message')}; {waiting:,} left in the queue.")


@mail_cli.command("queue")
@database_errors_explained()
def queue() -> None:
    """List the mail that waits, the oldest first, without its texts and whole addresses."""
    waiting = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.queued_at, OutgoingMail.id)).all()
    for mail in waiting:
        name, _, domain = mail.recipient.rpartition("@")
        due = "given up" if mail.next_attempt_at == NEVER else f"next try {mail.next_attempt_at:%Y-%m-%d %H:%M} UTC"
        click.echo(
            f"{mail.id}  {name[:1]}…@{domain}  queued {mail.queued_at:%Y-%m-%d %H:%M} UTC  "
            f"{count_of(mail.attempts, 'try', 'tries')}  {due}{f'  {mail.last_error}' if mail.last_error else ''}"
        )
    given_up = sum(mail.next_attempt_at == NEVER for mail in waiting)
    click.echo(f"{count_of(len(waiting), 'message')} in the queue, {given_up:,} given up.")
