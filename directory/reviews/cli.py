"""Commands: `flask ratings ...` and `flask reviews ...`."""

import csv
import sys
from datetime import datetime

import click
from flask.cli import AppGroup

from directory.audit.log import command_actor, record
from directory.ratings.csv_reviews import read_reviews
from directory.ratings.model import no_averages
from directory.ratings.parameters import learn_parameters
from directory.ratings.review_days import InvalidValueError
from directory.reviews.estimating import estimate_ratings
from directory.reviews.external.source_terms import (
    SourceError,
    Terms,
    change_terms,
    known_review_source,
    sources_with_counts,
    terms_of,
)
from directory.reviews.writing.tidying import tidy_reviews
from directory.web.commands import database_errors_explained
from directory.web.filters import count_of
from directory.web.transaction import transaction

MAX_FIELD_LENGTH = 10_000_000  # characters
ratings_cli = AppGroup("ratings", help="Rating estimates.")
reviews_cli = AppGroup("reviews", help="Reviews written on this site.")


@ratings_cli.command("estimate")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day to estimate for; that of the newest review if not given.",
)
def estimate(as_of: datetime | None) -> None:
    """Read reviews as CSV from standard input and print the rating estimates as CSV. Needs no database.

    The source named "site" is the scale. Rows that cannot be used are listed on standard error and left out.
    """
    sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace", newline="")  # type: ignore[union-attr]  # a text file
    usual = csv.field_size_limit(MAX_FIELD_LENGTH)
    click.get_current_context().call_on_close(lambda: csv.field_size_limit(usual))
    complaints: list[tuple[int, str]] = []
    try:
        found = read_reviews(sys.stdin, complaints, as_of.date() if as_of else None)
    except InvalidValueError as error:
        raise click.ClickException(str(error)) from error
    for line, reason in complaints:
        click.echo(f"line {line}: {reason}", err=True)
    parameters = learn_parameters(found.reviews, found.sources, len(found.providers))
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(("provider_npi", "rating", "low", "high", "reviews_counted", "reviews_discounted"))
    for npi, (rating, low, high, *counts) in found.estimates(no_averages(), parameters).items():
        out.writerow((npi, f"{rating:.4f}", f"{low:.4f}", f"{high:.4f}", *counts))


@ratings_cli.command("refresh")
@database_errors_explained()
def refresh() -> None:
    """Estimate every provider's rating again from the published reviews."""
    with transaction():
        changed = estimate_ratings()
        record(command_actor(), "refresh_ratings", "ratings", after={"changed": changed})
    click.echo(f"Estimated the ratings again; {changed:,} changed.")


@reviews_cli.command("tidy")
@database_errors_explained()
def tidy() -> None:
    """Delete reviews that were not confirmed within 30 days, and proofs of visit that belong to no review."""
    with transaction():
        reviews, files = tidy_reviews(command_actor())
    click.echo(f"Deleted {count_of(reviews, 'unconfirmed review')} and {count_of(files, 'file')} of no review.")


@reviews_cli.command("terms")
@click.argument("name", required=False)
@click.option("--show-text/--no-text", default=None, help="Whether the source allows to keep and show texts.")
@click.option("--max-characters", type=click.IntRange(min=2), metavar="N", help="How much of a text it allows.")
@click.option("--whole-text", is_flag=True, help="It allows the whole text.")
@click.option("--link-required/--no-link-required", default=None, help="Whether it asks for a link with each review.")
@database_errors_explained()
def terms(
    name: str | None, show_text: bool | None, max_characters: int | None, whole_text: bool, link_required: bool | None
) -> None:
    """List the sources of reviews from elsewhere with their terms, or change those of one.

    What is not given stays as it is. Stricter terms cut the stored texts right away.
    """
    if name is None:
        _list_sources()
        return
    try:
        source = known_review_source(name)
    except SourceError as error:
        raise click.ClickException(str(error)) from error
    if source is None:
        raise click.ClickException(
            f"There is no source “{name}”: it comes with its first import. See `flask reviews terms`."
        )
    before = terms_of(source)
    shows = before.show_text if show_text is None else show_text
    most = None if whole_text else max_characters or before.max_characters
    if max_characters is not None and (whole_text or not shows):
        raise click.UsageError("--max-characters goes with --show-text, and not with --whole-text.")
    wanted = Terms(shows, most if shows else None, before.link_required if link_required is None else link_required)
    with transaction():
        cut = change_terms(source, wanted, command_actor())
    click.echo(f"{source.name}: {wanted}.")
    if cut:
        click.echo(f"{count_of(cut, 'stored text was', 'stored texts were')} cut to these terms.")


def _list_sources() -> None:
    found = sources_with_counts()
    if not found:
        click.echo("No reviews came from elsewhere yet.")
    for source, reviews, averages in found:
        click.echo(f"{source.key}  {source.name}: {terms_of(source)}.")
        click.echo(f"    {count_of(reviews, 'review')}, {count_of(averages, 'average')}")
