"""Commands: `flask ratings ...` and `flask reviews ...`."""

import click
from flask.cli import AppGroup

from directory.extensions import db
from directory.reviews.actions.estimating import estimate_ratings
from directory.reviews.actions.tidying import tidy_reviews
from directory.web.commands import database_errors_explained
from directory.web.filters import count_of

ratings_cli = AppGroup("ratings", help="Rating estimates.")
reviews_cli = AppGroup("reviews", help="Reviews written on this site.")


@ratings_cli.command("refresh")
@database_errors_explained()
def refresh() -> None:
    """Estimate every provider's rating anew from the published reviews."""
    changed = estimate_ratings()
    db.session.commit()
    click.echo(f"Estimated the ratings anew; {changed:,} changed.")


@reviews_cli.command("tidy")
@database_errors_explained()
def tidy() -> None:
    """Delete reviews that nobody confirmed within 30 days, and proofs of visit that belong to no review."""
    tidied = tidy_reviews()
    click.echo(
        f"Deleted {count_of(tidied.reviews, 'unconfirmed review')} and {count_of(tidied.files, 'file')} of no review."
    )
