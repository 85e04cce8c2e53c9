"""Commands: `flask audit ...`."""

import json
import re
from typing import Any

import click
from flask.cli import AppGroup

from directory.audit.queries import latest_events
from directory.audit.verify import Mark, check_log
from directory.web.commands import database_errors_explained
from directory.web.filters import count_of

audit_cli = AppGroup("audit", help="The log of who did what.")


class MarkType(click.ParamType[Mark]):
    """NUMBER:HASH, as `flask audit verify` prints it."""

    name = "NUMBER:HASH"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Mark:
        found = re.fullmatch(r"([1-9]\d{0,17}):([0-9a-f]{64})", value)
        if not found:
            self.fail("use NUMBER:HASH, as `flask audit verify` printed it", param, ctx)
        return Mark(int(found[1]), found[2])


@audit_cli.command("verify")
@click.option("--kept", type=MarkType(), help="What an earlier run printed last. The log up to there must be the same.")
@database_errors_explained()
def verify(kept: Mark | None) -> None:
    """Say whether the log is intact, or name the first event that was changed (status 1)."""
    state = check_log(kept)
    if state.fault:
        raise click.ClickException(f"Event {state.fault.number} {state.fault.sentence}.")
    click.echo(f"The log is intact: {count_of(state.last.number, 'event')}.")
    if state.last.number:
        click.echo(f"Keep this elsewhere: {state.last.number}:{state.last.hash}")


@audit_cli.command("list")
@click.option("--subject", help="What was acted on, such as review:12.")
@click.option("--actor", help="Who acted, such as account:7.")
@click.option("--act", help="What was done, such as reject_review.")
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(min=1), help="Show at most this many events."
)
@database_errors_explained()
def list_events(subject: str | None, actor: str | None, act: str | None, limit: int) -> None:
    """List the latest events, newest first."""
    for event in latest_events(subject=subject, actor=actor, act=act, limit=limit):
        values = {"before": event.before, "after": event.after, "reason": event.reason or None}
        told = {name: value for name, value in values.items() if value is not None}
        click.echo(
            f"{event.number}  {event.happened_at:%Y-%m-%d %H:%M:%S} UTC  {event.actor}  {event.act}  {event.subject}"
            + (f"  {json.dumps(told, ensure_ascii=False)}" if told else "")
        )
