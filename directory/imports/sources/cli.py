"""`flask sources`: how old the public sources are, and fetching them."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from directory.imports.source_age import sources_ages
from directory.imports.sources.catalog import SOURCES, FetchError, PublicSource, source_named
from directory.imports.sources.client import SourceClient
from directory.imports.sources.fetching import fetch_source
from directory.imports.sources.store import Fetched
from directory.places.areas import AreaCodes, codes_around
from directory.places.resolve import place_named
from directory.search.query import DEFAULT_RADIUS_MILES
from directory.web.commands import database_errors_explained


@click.group("sources", help="The public sources of facts.")
def sources_cli() -> None:
    pass


sources_cli.add_command(sources_ages)


@sources_cli.command("fetch")
@click.argument("names", nargs=-1, metavar="[NAME ...]")
@click.option("--near", metavar="PLACE", help="Fetch what lies around a ZIP or city.")
@click.option("--radius", type=float, metavar="MILES", help=f"How near; {DEFAULT_RADIUS_MILES:g} miles if not given.")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), help="Keep them here instead of SOURCES_DIR."
)
@click.option("--whole", is_flag=True, help="Whole files of the nation too, instead of answers about an area.")
@with_appcontext
@database_errors_explained()
def fetch(names: tuple[str, ...], near: str | None, radius: float | None, folder: Path | None, *, whole: bool) -> None:
    """Fetch public files from where they are published: all that have an address, or those named."""
    try:
        wanted = [source_named(name) for name in names]
        area = area_named(near, radius)
    except FetchError as error:
        raise click.UsageError(str(error)) from error
    if not wanted:
        wanted = [source for source in SOURCES.values() if source.is_fetched and (area or not source.needs_area)]
    failed = []
    with SourceClient() as client:
        for source in wanted:
            try:
                for fetched in fetch_source(client, source, area, whole=whole, folder=folder):
                    click.echo(_in_words(source, fetched))
            except FetchError as error:
                failed.append(f"{source.key}: {error}")
    for sentence in failed:
        click.echo(sentence, err=True)
    if failed:
        raise click.exceptions.Exit(1)


def area_named(near: str | None, radius: float | None) -> AreaCodes | None:
    """The area that a person named; None when none was. Raises `FetchError`, saying what to type instead."""
    if near is None:
        if radius is not None:
            raise FetchError("--radius needs --near: say around which place.")
        return None
    miles = DEFAULT_RADIUS_MILES if radius is None else radius
    if not 0 < miles < float("inf"):
        raise FetchError("--radius must be a number of miles above 0.")
    try:
        return codes_around(place_named(near), miles)
    except ValueError as error:
        raise FetchError(str(error)) from error


def _in_words(source: PublicSource, fetched: Fetched) -> str:
    file = fetched.file
    state = f"{file.bytes / 1024**2:,.1f} MB in {file.path}" if fetched.changed else f"nothing newer than {file.path}"
    return f"{source.key}, {file.part}: {state}"
