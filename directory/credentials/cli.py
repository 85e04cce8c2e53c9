"""Commands: `flask credentials ...`."""

import click
from flask.cli import AppGroup

from directory.audit.log import command_actor, record
from directory.credentials.scoring import rescore_all_qualifications
from directory.web.commands import database_errors_explained
from directory.web.transaction import transaction

credentials_cli = AppGroup("credentials", help="Credentials and qualification scores.")


@credentials_cli.command("rescore")
@database_errors_explained()
def rescore() -> None:
    """Score every provider by the rubric as of today. Run it nightly: licenses expire by the calendar."""
    with transaction():
        scored, changed = rescore_all_qualifications()
        after = {"scored": scored, "changed": changed}
        record(command_actor(), "rescore_qualifications", "qualifications", after=after)
    click.echo(f"Scored {scored:,} providers; {changed:,} scores changed.")
