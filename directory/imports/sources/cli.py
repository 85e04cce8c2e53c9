"""`flask sources`: how old the public sources are, and fetching them."""

from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from directory.extensions import db
from directory.imports.lock import is_locked
from directory.imports.source_age import sources_ages
from directory.imports.sources.by_hand import hand_sources
from directory.imports.sources.catalog import SOURCES, FetchError, PublicSource, source_named
from directory.imports.sources.client import SourceClient
from directory.imports.sources.fetching import NoPlaceError, PartlyFetchedError, fetch_source, folder_errors_explained
from directory.imports.sources.store import Fetched, fetched_files, sources_folder
from directory.imports.sources.summary import holdings_in_words
from directory.imports.sources.sync import SyncArea, sync_sources
from directory.places.areas import AreaCodes, codes_around
from directory.places.resolve import place_named
from directory.providers.models import DEMONSTRATION, Provider
from directory.seed_removal import remove_and_say
from directory.web.commands import database_errors_explained
from directory.web.filters import bytes_in_words, count_of
from directory.web.transaction import transaction

NAMES = f"Names: {', '.join(SOURCES)}."
RADIUS_MILES = 40.0
"""Around a place, when none is given."""


@click.group("sources", help="The public sources of facts.")
def sources_cli() -> None:
    pass


sources_cli.add_command(sources_ages)


@sources_cli.command("fetch", epilog=NAMES)
@click.argument("names", nargs=-1, metavar="[NAME ...]")
@click.option("--near", metavar="PLACE", help="Fetch what lies around a ZIP or city.")
@click.option("--radius", type=float, metavar="MILES", help=f"How near; {RADIUS_MILES:g} miles if not given.")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, resolve_path=True),
    help="Keep them here instead of SOURCES_DIR.",
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
    failed = []
    with SourceClient() as client:
        for source in wanted or [source for source in SOURCES.values() if source.is_fetched]:
            try:
                came = fetch_source(client, source, area, whole=whole, folder=folder)
            except NoPlaceError as error:
                came = []
                if wanted:
                    failed.append(f"{source.key}: {error}")
                else:
                    click.echo(f"{source.key}: left out. {error}")
            except FetchError as error:
                came = error.fetched if isinstance(error, PartlyFetchedError) else []
                failed.append(f"{source.key}: {error}")
            for fetched in came:
                click.echo(_in_words(source, fetched))
    for sentence in failed:
        click.echo(sentence, err=True)
    if failed:
        raise click.exceptions.Exit(1)


@sources_cli.command("fetched", epilog=NAMES)
@click.argument("names", nargs=-1, metavar="[NAME ...]")
@with_appcontext
@database_errors_explained()
def list_fetched(names: tuple[str, ...]) -> None:
    """List what was fetched, the newest first: when, from where, its SHA-256, and where it is kept."""
    try:
        keys = [source_named(name).key for name in names]
    except FetchError as error:
        raise click.UsageError(str(error)) from error
    files = fetched_files(keys)
    if not files:
        click.echo("Nothing was fetched yet.")
    for file in files:
        click.echo(f"{file.fetched_at:%Y-%m-%d %H:%M} UTC  {file.source_key}, {file.part}  {file.bytes:,} bytes")
        click.echo(f"    {file.address}")
        click.echo(f"    SHA-256 {file.sha256}  {file.path or 'removed since, to make room'}")


def area_named(near: str | None, radius: float | None) -> AreaCodes | None:
    """The area that a person named; None when none was. Raises `FetchError`, saying what to type instead."""
    if near is None:
        if radius is not None:
            raise FetchError("--radius needs --near: say around which place.")
        return None
    miles = RADIUS_MILES if radius is None else radius
    if not 0 < miles < float("inf"):
        raise FetchError("--radius must be a number of miles above 0.")
    try:
        return codes_around(place_named(near), miles)
    except ValueError as error:
        raise FetchError(f"--near: {error}") from error


def _in_words(source: PublicSource, fetched: Fetched) -> str:
    file = fetched.file
    state = f"{bytes_in_words(file.bytes)} in {file.path}" if fetched.changed else f"nothing newer than {file.path}"
    return f"{source.key}, {file.part}: {state}"


@sources_cli.command("sync", epilog=f"{NAMES} Lists that a person downloads have the names of their folders.")
@click.argument("names", nargs=-1, metavar="[NAME ...]")
@click.option("--near", default="Torrance, CA", show_default=True, metavar="PLACE", help="Around this ZIP or city.")
@click.option("--radius", type=float, default=RADIUS_MILES, show_default=True, metavar="MILES", help="How near.")
@click.option("--remove-demonstration", is_flag=True, help="Take out everything invented first.")
@with_appcontext
@database_errors_explained()
def sync(names: tuple[str, ...], near: str, radius: float, *, remove_demonstration: bool) -> None:
    """Bring the directory of an area up to date: fetch what is new, read it, place, verify and score.

    Of all public sources, or of those named. The worker goes on with it by the clock of each source.
    """
    try:
        area_named(near, radius)
        with folder_errors_explained():
            is_locked(sources_folder() / ".sync")
        by_hand = {source.key for source in hand_sources()}
        keys = {name if name in by_hand else source_named(name).key for name in names} or {*SOURCES, *by_hand}
        if remove_demonstration:
            remove_and_say()
        else:
            _refuse_demonstration()
        problems = sync_sources(SyncArea(near, radius), keys, click.echo)
        with transaction():
            for line in holdings_in_words(near, radius):
                click.echo(line)
    except FetchError as error:
        raise click.UsageError(str(error)) from error
    if problems:
        click.echo(
            "These are not up to date; what was here of them before stays. Do what they say, and run the same again:",
            err=True,
        )
        for key, problem in problems.items():
            click.echo(f"  {key}: {problem}", err=True)
        raise click.exceptions.Exit(1)


def _refuse_demonstration() -> None:
    """Real providers beside invented ones would mislead patients."""
    with transaction():
        invented = db.session.scalar(
            select(func.count()).select_from(Provider).where(Provider.npi.startswith(DEMONSTRATION))
        )
    if invented:
        raise click.ClickException(
            f"The directory holds {count_of(invented, 'invented provider')} of the demonstration. "
            "--remove-demonstration takes them out first (make real ARGS=--remove-demonstration). Nothing was changed."
        )
