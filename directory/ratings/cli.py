"""Commands: `flask ratings ...`. `reviews/cli.py` adds the command that reads the database's reviews."""

import csv
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime

import click
from flask.cli import AppGroup

from directory.ratings.csv_reviews import Complaint, InvalidColumnsError, read_rows
from directory.ratings.model import estimate_ratings, no_averages
from directory.ratings.parameters import learn_parameters

MAX_FIELD_LENGTH = 10_000_000  # characters
ratings_cli = AppGroup("ratings", help="Rating estimates.")


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
    complaints: list[Complaint] = []
    try:
        found = read_rows(_csv_rows(), complaints, as_of.date() if as_of else None)
    except InvalidColumnsError as error:
        raise click.ClickException(str(error)) from error
    for complaint in complaints:
        click.echo(f"line {complaint.line}: {complaint.reason}", err=True)
    providers = len(found.providers)
    parameters = learn_parameters(found.reviews, found.sources, providers)
    rated = estimate_ratings(found.reviews, no_averages(), found.sources, providers, parameters)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(("provider_npi", "rating", "low", "high", "reviews_counted", "reviews_discounted"))
    columns = (rated.rating, rated.low, rated.high, found.counted(), found.discounted())
    for npi, rating, low, high, counted, discounted in zip(found.providers, *columns, strict=True):
        out.writerow((npi, f"{rating:.4f}", f"{low:.4f}", f"{high:.4f}", counted, discounted))


def _csv_rows() -> Iterator[tuple[int, Sequence[str]]]:
    """The rows of standard input, each with the line on which it starts."""
    longest = csv.field_size_limit(MAX_FIELD_LENGTH)
    rows = csv.reader(sys.stdin)
    line = 1
    try:
        for row in rows:
            yield line, row
            line = rows.line_num + 1
    except csv.Error as error:
        raise click.ClickException(f"line {line}: this is not CSV ({error}).") from error
    finally:
        csv.field_size_limit(longest)
