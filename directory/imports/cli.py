"""`flask import`: public files into the directory."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from directory.extensions import db
from directory.imports import nucc
from directory.imports.nppes import importing as nppes
from directory.imports.nppes.apply import SOURCE
from directory.imports.nppes.area import area_around
from directory.imports.nppes.filter import taxonomies_named
from directory.imports.progress import Progress
from directory.imports.reading.files import ImportRefused
from directory.imports.reviews import importing as reviews
from directory.imports.runs import Counts, FileRun, recent_runs
from directory.reviews.elsewhere.terms import Terms
from directory.search.query import DEFAULT_RADIUS_MILES
from directory.web.commands import database_errors_explained
from directory.web.filters import count_of

imports_cli = AppGroup("import", help="Read public files into the directory.")
as_json_option = click.option("--json", "as_json", is_flag=True, help="End with one line of JSON instead of words.")


@imports_cli.command("nucc")
@click.argument("file")
@as_json_option
def import_nucc(file: str, as_json: bool) -> None:
    """Read the NUCC taxonomy, a CSV or a zip of it."""
    run_import(nucc.SOURCE, as_json, lambda: nucc.import_nucc(file, Progress()))


@imports_cli.command("nppes")
@click.argument("file")
@click.argument("more_codes", nargs=-1, metavar="")
@click.option("--locations", metavar="PL_FILE", help="The file of further practice locations (pl_pfile).")
@click.option("--other-names", metavar="FILE", help="The file of other names (othername_pfile).")
@click.option("--near", metavar="PLACE", help="Add only providers who practise near a ZIP or city.")
@click.option("--radius", type=float, metavar="MILES", help=f"How near; {DEFAULT_RADIUS_MILES:g} miles if not given.")
@click.option(
    "--taxonomy",
    "codes",
    multiple=True,
    metavar="CODE ...",
    help="Add only providers with one of these NUCC codes; `treating` stands for all that treat neck spasms.",
)
@as_json_option
def import_nppes(
    file: str,
    more_codes: tuple[str, ...],
    locations: str | None,
    other_names: str | None,
    near: str | None,
    radius: float | None,
    codes: tuple[str, ...],
    as_json: bool,
) -> None:
    """Read the NPPES file of providers, a CSV or a zip as published.

    Providers that the directory knows already are kept up to date whatever the filters say.
    """

    def work() -> list[FileRun]:
        if more_codes and not codes:
            raise ImportRefused(f"Name one file at a time: what is “{more_codes[0]}”?")
        if radius is not None and near is None:
            raise ImportRefused("--radius needs --near: say around which place.")
        taxonomies = taxonomies_named((*codes, *more_codes))
        miles = DEFAULT_RADIUS_MILES if radius is None else radius
        asked = nppes.NppesImport(
            providers=file,
            locations=locations,
            other_names=other_names,
            area=area_around(near, miles) if near is not None else None,
            taxonomies=taxonomies,
        )
        options = {"near": near, "radius": miles if near is not None else None, "taxonomy": sorted(taxonomies or ())}
        return nppes.import_nppes(asked, {name: value for name, value in options.items() if value}, Progress())

    run_import(SOURCE, as_json, work)


@imports_cli.command("reviews")
@click.argument("file")
@click.option("--source", required=True, metavar="NAME", help="Where the reviews come from; rows may name another.")
@click.option("--url", metavar="URL", help="The source's own page, which readers are led to.")
@click.option("--show-text", is_flag=True, help="The source allows to keep and show the texts.")
@click.option("--most-characters", type=click.IntRange(min=2), metavar="N", help="How much of a text it allows.")
@click.option("--link-required", is_flag=True, help="It asks for a link beside each review.")
@as_json_option
def import_reviews(
    file: str,
    source: str,
    url: str | None,
    show_text: bool,
    most_characters: int | None,
    link_required: bool,
    as_json: bool,
) -> None:
    """Read reviews or averages of another site: CSV, JSON Lines, JSON-LD or a saved page.

    With one of the three options on terms, the terms of the source become what they say. With none they stay as they
    are; a new source allows nothing of its texts.
    """
    started = time.perf_counter()
    with explained():
        if most_characters is not None and not show_text:
            raise ImportRefused("--most-characters needs --show-text: without it nothing of a text is kept.")
        says_terms = show_text or link_required
        terms = Terms(show_text, most_characters, link_required) if says_terms else None
        done = reviews.import_reviews(reviews.ReviewImport(file, source, url, terms), Progress())
    seconds = time.perf_counter() - started
    counts = done.files[0].counts
    if as_json:
        summary = summary_of(done.source_key, file, counts, done.files[0].rejects_file, seconds)
        click.echo(json.dumps({**summary, **asdict(done.applied), "texts_cut": done.texts_cut}))
        return
    say_counts(done.files)
    applied = done.applied
    if applied.duplicates:
        click.echo(
            f"{count_of(applied.duplicates, 'is', 'are')} the same as reviews of other sources, and not counted."
        )
    if applied.waiting:
        click.echo(f"{count_of(applied.waiting, 'waits', 'wait')} at /admin/matches until a person says who is meant.")
    if applied.dismissed:
        click.echo(f"{count_of(applied.dismissed, 'is', 'are')} about somebody of whom a person said: nobody here.")
    if done.texts_cut:
        click.echo(f"{count_of(done.texts_cut, 'text')} cut to the new terms.")


@imports_cli.command("runs")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many to list.")
def list_runs(limit: int) -> None:
    """List the most recent imports, the newest first."""
    with explained():
        runs = recent_runs(limit)
    if not runs:
        click.echo("Nothing has been imported yet.")
    for run in runs:
        counts = ", ".join(f"{getattr(run, name)} {name}" for name in asdict(Counts()))
        click.echo(f"{run.id}  {run.started_at:%Y-%m-%d %H:%M} UTC  {run.status}  {run.source_key}  {run.file_name}")
        click.echo(f"    {counts}" if run.status == "done" else f"    {run.error or 'not finished'}")
        if run.rejects_file:
            click.echo(f"    rejected rows: {run.rejects_file}")


def run_import(source: str, as_json: bool, work: Callable[[], list[FileRun]]) -> None:
    """Do an import and say what came of it."""
    started = time.perf_counter()
    with explained():
        files = work()
    seconds = time.perf_counter() - started
    total = sum((file.counts for file in files), Counts())
    rejects_file = next((file.rejects_file for file in files if file.rejects_file), None)
    if as_json:
        summary = summary_of(source, files[0].path, total, rejects_file, seconds)
        if len(files) > 1:
            summary["files"] = [
                summary_of(source, file.path, file.counts, file.rejects_file, file.seconds) for file in files
            ]
        click.echo(json.dumps(summary))
        return
    say_counts(files)


def say_counts(files: list[FileRun]) -> None:
    """Say what became of the rows of each file."""
    for file in files:
        counts = ", ".join(f"{count:,} {name}" for name, count in asdict(file.counts).items())
        click.echo(f"{file.name}: {counts}.")
    if rejects_file := next((file.rejects_file for file in files if file.rejects_file), None):
        click.echo(f"Which rows were rejected and why: {rejects_file}")


def summary_of(source: str, path: str, counts: Counts, rejects_file: str | None, seconds: float) -> dict[str, object]:
    """What --json says of a file."""
    return {
        "source": source,
        "file": path,
        **asdict(counts),
        "rejects_file": rejects_file,
        "seconds": round(seconds, 3),
    }


@contextmanager
def explained() -> Iterator[None]:
    """Whatever stops an import becomes one sentence on stderr and exit code 1."""
    try:
        with database_errors_explained():
            yield
    except ImportRefused as error:
        raise click.ClickException(str(error)) from error
    except (SQLAlchemyError, OSError) as error:
        raise click.ClickException(f"The import stopped and changed nothing: {error}") from error
    finally:
        db.session.rollback()
