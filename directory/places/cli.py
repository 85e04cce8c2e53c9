"""`flask locate`: addresses in, points out. What an outside geocoder answers is kept for `PLACE_CACHE_DAYS`."""

import contextlib
import csv
import io
import sys
from collections import Counter
from typing import TYPE_CHECKING, get_args

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError, IntegrityError

from directory.places.actions import locate_text
from directory.places.place import Precision
from directory.web.transaction import transaction

if TYPE_CHECKING:
    from _csv import Reader, Writer

COLUMNS = ("latitude", "longitude", "precision", "label")
_MAX_WARNINGS = 5


@click.command("locate")
@with_appcontext
def locate() -> None:
    """Add latitude, longitude, precision and label to a CSV.

    Reads CSV with a column `address` from standard input and writes it with all its other columns to standard output:
    flask locate < addresses.csv > points.csv
    """
    addresses = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", newline="")
    points = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    rows, output = csv.reader(addresses), csv.writer(points, lineterminator="\n")
    try:
        _locate_rows(rows, output)
    except UnicodeDecodeError as error:
        raise click.ClickException("The input is not UTF-8. Save it as “CSV UTF-8” and try again.") from error
    except csv.Error as error:
        raise click.ClickException(f"Line {rows.line_num} is not CSV that we can read: {error}.") from error
    except DBAPIError as error:
        raise click.ClickException(
            "The answers of the geocoder could not be kept in the database. Run `flask db upgrade` first."
        ) from error
    finally:
        addresses.detach()  # the streams stay open for the program that runs this command
        points.detach()


def _locate_rows(rows: "Reader", output: "Writer") -> None:
    header = next(filter(None, rows), None)
    if header is None:
        raise click.ClickException("The input is empty: its first line must name the columns, one of them “address”.")
    names = [name.strip().casefold() for name in header]
    if "address" not in names:
        raise click.ClickException(f"The input has no column “address”. Its columns are: {', '.join(header)}.")
    address_at = names.index("address")
    passed = [index for index, name in enumerate(names) if name not in COLUMNS]
    output.writerow([*(header[index] for index in passed), *COLUMNS])
    too_long, precisions = 0, Counter[str]()
    for row in filter(None, rows):
        if len(row) != len(header):
            too_long += len(row) > len(header)
            if len(row) > len(header) and too_long <= _MAX_WARNINGS:
                click.echo(
                    f"Line {rows.line_num} has {len(row)} fields and the header {len(header)}: the last are left out. "
                    "Put quotes around an address that holds commas.",
                    err=True,
                )
            row = [*row, *[""] * (len(header) - len(row))]
        point = _point(row[address_at])
        precisions[point[2]] += 1
        output.writerow([*(row[index] for index in passed), *point])
    if too_long > _MAX_WARNINGS:
        click.echo(f"{too_long} lines had more fields than the header.", err=True)
    counts = ", ".join(f"{name} {precisions[name]:,}" for name in get_args(Precision) if precisions[name])
    click.echo(f"Addresses by precision: {counts or 'none given'}.", err=True)


def _point(address: str) -> tuple[object, object, str, str]:
    with contextlib.suppress(IntegrityError), transaction():  # another process kept the same answer at the same time
        place = locate_text(address)
    return (place.latitude, place.longitude, place.precision, place.label) if place else ("", "", "none", "")
