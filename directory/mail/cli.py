"""Commands: `flask mail ...`."""

import click
from flask.cli import AppGroup

from directory.extensions import db
from directory.mail.outbox import deliver_queued, try_given_up_again
from directory.mail.queries import waiting_mail
from directory.web.commands import database_errors_explained
from directory.web.filters import count_of

mail_cli = AppGroup("mail", help="The outbox.")


@mail_cli.command("send")
@click.option("--limit", default=1000, show_default=True, type=click.IntRange(min=1), help="At most so many messages.")
@click.option("--given-up", is_flag=True, help="Try those that were given up once more.")
@database_errors_explained()
def send(limit: int, given_up: bool) -> None:
    """Send what is due. Run it every minute."""
    if given_up:
        try_given_up_again()
        db.session.commit()
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
