"""Commands: `flask ratings ...`."""

import click
from flask.cli import AppGroup

from directory.extensions import db
from directory.reviews.actions.estimating import estimate_ratings
from directory.web.commands import database_errors_explained

ratings_cli = AppGroup("ratings", help="Rating estimates.")


@ratings_cli.command("refresh")
@database_errors_explained()
def refresh() -> None:
    """Estimate every provider's rating anew from the published reviews."""
    changed = estimate_ratings()
    db.session.commit()
    click.echo(f"Estimated the ratings anew; {changed:,} changed.")
