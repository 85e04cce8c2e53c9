"""`flask import`: public files into the directory."""

import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from directory.extensions import db
from directory.imports.asp import import_asp
from directory.imports.cms_clinicians import import_cms_clinicians
from directory.imports.cms_services import import_cms_services
from directory.imports.exclusions.exclusion_list import ImportedExclusions
from directory.imports.exclusions.leie import import_leie
from directory.imports.exclusions.medi_cal import import_medi_cal
from directory.imports.licenses.layout import read_layout
from directory.imports.licenses.license_file import import_licenses
from directory.imports.merge import MAX_LOST_SHARE
from directory.imports.nppes.nppes_files import import_nppes
from directory.imports.nppes.row_filters import area_around, taxonomies_named
from directory.imports.nucc import import_nucc
from directory.imports.reading.files import ImportFileError
from directory.imports.report import ImportReport, say_report
from directory.imports.reviews.review_file import import_reviews
from directory.imports.reviews.subject_matching import ReviewCounts
from directory.imports.runs import REQUESTED, Counts, recent_runs
from directory.imports.streets import import_streets
from directory.providers.models import DEMONSTRATION, Provider
from directory.providers.placing import place_locations
from directory.reviews.external.source_terms import Terms
from directory.search.query import DEFAULT_RADIUS_MILES
from directory.web.commands import database_errors_explained
from directory.web.filters import count_of
from directory.web.transaction import transaction

imports_cli = AppGroup("import", help="Read public files into the directory.")
IMPORTS: dict[str, Callable[..., ImportReport]] = {}
"""What each command does, by its name, for those that import without a command line."""


def import_command(name: str) -> Callable[[Callable[..., ImportReport]], click.Command]:
    """A command of `flask import` that calls the function and says what came of it, with `--json` as JSON."""

    def add(do_import: Callable[..., ImportReport]) -> click.Command:
        IMPORTS[name] = do_import

        @imports_cli.command(name)
        @wraps(do_import)
        def command(as_json: bool, **asked: Any) -> None:
            started = time.perf_counter()
            try:
                with database_errors_explained():
                    report = do_import(**asked)
            except ImportFileError as error:
                click.echo(f"Error: {error}", err=True)
                raise click.exceptions.Exit(error.exit_code) from error
            except (SQLAlchemyError, OSError) as error:
                raise click.ClickException(f"The import stopped and changed nothing: {error}") from error
            say_report(report, time.perf_counter() - started, as_json=as_json)

        json_help = "End with one line of JSON instead of words."
        command.params.append(click.Option(["--json", "as_json"], is_flag=True, help=json_help))
        return command

    return add


accept_shrunk_option = click.option(
    "--accept-shrunk",
    is_flag=True,
    help=f"Take a list that lacks more than {MAX_LOST_SHARE:.0%} of what is known of it.",
)


@import_command("nucc")
@click.argument("file")
def nucc(file: str) -> ImportReport:
    """Read the NUCC taxonomy, a CSV or a zip of it."""
    return ImportReport([import_nucc(file)])


@import_command("nppes")
@click.argument("file")
@click.argument("more_codes", nargs=-1, metavar="")
@click.option("--locations", metavar="PL_FILE", help="The file of further practice locations (pl_pfile).")
@click.option("--other-names", metavar="FILE", help="The file of other names (othername_pfile).")
@click.option("--near", metavar="PLACE", help="Add only providers who practice near a ZIP or city.")
@click.option("--radius", type=float, metavar="MILES", help=f"How near; {DEFAULT_RADIUS_MILES:g} miles if not given.")
@click.option("--with-demonstration", is_flag=True, help="Add real providers alongside the invented ones.")
@click.option(
    "--taxonomy",
    "codes",
    multiple=True,
    metavar="CODE ...",
    help="Add only providers with one of these NUCC codes; `treating` stands for all who may inject, `alongside` for "
    "physical therapists.",
)
def nppes(
    file: str,
    more_codes: tuple[str, ...],
    locations: str | None,
    other_names: str | None,
    near: str | None,
    radius: float | None,
    codes: tuple[str, ...],
    with_demonstration: bool,
) -> ImportReport:
    """Read the NPPES file of providers, a CSV or a zip as published.

    Providers that the directory knows already are kept up to date whatever the filters say.
    """
    if more_codes and not codes:
        raise ImportFileError(f"Name one file at a time: what is “{more_codes[0]}”?")
    if radius is not None and near is None:
        raise ImportFileError("--radius needs --near: say around which place.")
    if not with_demonstration:
        _ask_about_demonstration()
    miles = DEFAULT_RADIUS_MILES if radius is None else radius
    files = import_nppes(
        file,
        locations,
        other_names,
        area=area_around(near, miles) if near is not None else None,
        taxonomies=taxonomies_named((*codes, *more_codes)),
    )
    return ImportReport(files, *_place())


def _place() -> tuple[dict[str, object], list[str]]:
    """Place what stands in the middle of its ZIP. The import itself is done, whatever becomes of this."""
    try:
        placing = place_locations()
    except SQLAlchemyError as error:
        return {"placed": 0}, [f"The addresses were not placed: {error} To try again: flask providers locate."]
    return {"placed": placing.placed.total()}, placing.sentences()


def _ask_about_demonstration() -> None:
    """Real providers beside invented ones would mislead patients: a person has to want it."""
    invented = select(func.count()).select_from(Provider).where(Provider.npi.startswith(DEMONSTRATION))
    with transaction():
        count = db.session.scalar(invented)
    if not count:
        return
    held = f"The directory holds {count_of(count, 'invented provider')} of the demonstration."
    if REQUESTED.get() is None and sys.stdin.isatty():
        click.confirm(f"{held} `flask seed --remove` takes them out. Import real providers alongside them?", abort=True)
        return
    raise ImportFileError(
        f"{held} Take them out first: flask seed --remove. Or, to try things out, add --with-demonstration. "
        "Nothing was changed."
    )


@import_command("reviews")
@click.argument("file")
@click.option("--source", required=True, metavar="NAME", help="Where the reviews come from; rows may name another.")
@click.option("--url", metavar="URL", help="The source's own page, which readers are led to.")
@click.option("--show-text", is_flag=True, help="The source allows to keep and show the texts.")
@click.option("--max-characters", type=click.IntRange(min=2), metavar="N", help="How much of a text it allows.")
@click.option("--link-required", is_flag=True, help="It asks for a link with each review.")
def reviews(
    file: str,
    source: str,
    url: str | None,
    show_text: bool,
    max_characters: int | None,
    link_required: bool,
) -> ImportReport:
    """Read reviews or averages of another site: CSV, JSON Lines, JSON-LD or a saved page.

    With one of the three options on terms, the terms of the source become what they say. With none they stay as they
    are; a new source allows nothing of its texts.
    """
    if max_characters is not None and not show_text:
        raise ImportFileError("--max-characters needs --show-text: without it nothing of a text is kept.")
    says_terms = show_text or link_required
    terms = Terms(show_text, max_characters, link_required) if says_terms else None
    run, counts = import_reviews(file, source, url, terms)
    return ImportReport([run], asdict(counts), _reviews_in_words(counts))


def _reviews_in_words(counts: ReviewCounts) -> list[str]:
    sentences = [
        (counts.duplicates, ("is", "are"), "the same as reviews of other sources, and not counted."),
        (counts.waiting, ("waits", "wait"), "at /admin/matches until a person says who is meant."),
        (counts.dismissed, ("is", "are"), "about a provider who is not here, as a person decided."),
        (counts.texts_cut, ("text", "texts"), "cut to the new terms."),
    ]
    return [f"{count_of(count, *words)} {rest}" for count, words, rest in sentences if count]


@import_command("leie")
@click.argument("file")
@click.option("--full/--supplement", "is_full", default=None, help="What the file is, if its name doesn’t say.")
@accept_shrunk_option
def leie(file: str, is_full: bool | None, accept_shrunk: bool) -> ImportReport:
    """Read the OIG's list of exclusions, or a supplement to it: a CSV or a zip of it.

    A file whose name has the word UPDATED is the full list: who is not in it is no longer excluded.
    """
    return _exclusions_report(import_leie(file, is_full=is_full, accept_shrunk=accept_shrunk))


@import_command("medi-cal-suspended")
@click.argument("file")
@accept_shrunk_option
def medi_cal_suspended(file: str, accept_shrunk: bool) -> ImportReport:
    """Read Medi-Cal's list of suspended and ineligible providers, always the whole list: a CSV or a zip of it.

    Who is not in it is no longer suspended.
    """
    return _exclusions_report(import_medi_cal(file, accept_shrunk=accept_shrunk))


def _exclusions_report(done: ImportedExclusions) -> ImportReport:
    facts = {
        "full": done.is_full,
        "removed": done.removed,
        "changed_providers": done.changed_providers,
        "excluded_providers": done.excluded_providers,
        "waiting": done.waiting,
    }
    standing = (
        f"{count_of(done.excluded_providers, 'provider')} here excluded by this list today; "
        f"exclusions of {count_of(done.changed_providers, 'provider')} changed."
    )
    removed = f"{count_of(done.removed, 'entry is', 'entries are')} no longer in the list."
    if not done.is_full:
        removed = "The file was read as a supplement, which removes no one: add --full if it is the whole list."
    waiting = f"{count_of(done.waiting, 'possible match waits', 'possible matches wait')} for verifiers."
    sentences = filter(None, (removed, standing, waiting if done.waiting else ""))
    return ImportReport([done.file], facts, list(sentences))


@import_command("cms-services")
@click.argument("file")
@click.option("--year", type=int, metavar="N", help="The year of the services, if the file's name doesn’t say it.")
def cms_services(file: str, year: int | None) -> ImportReport:
    """Read CMS's file of services by provider and service of one year, a CSV or a zip of it."""
    return ImportReport([import_cms_services(file, year)])


@import_command("cms-clinicians")
@click.argument("file")
def cms_clinicians(file: str) -> ImportReport:
    """Read CMS's Doctors & Clinicians national file, a CSV or a zip of it."""
    return ImportReport([import_cms_clinicians(file)])


@import_command("asp")
@click.argument("file")
@click.option("--quarter", metavar="2026Q2", help="The quarter, when neither name nor first lines of the file tell it.")
def asp(file: str, quarter: str | None) -> ImportReport:
    """Read CMS's quarterly file of payment limits (ASP), a CSV or a zip of it."""
    done = import_asp(file, quarter)
    facts = {"quarter": done.quarter, "missing": done.missing}
    missing = [f"The file has no row for {', '.join(done.missing)}."] if done.missing else []
    return ImportReport([done.file], facts, [f"These are the payment limits of {done.quarter}.", *missing])


@import_command("licenses")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--layout", required=True, metavar="NAME|PATH.toml", help="How to read it: california, or your own map.")
@accept_shrunk_option
def licenses(files: tuple[str, ...], layout: str, accept_shrunk: bool) -> ImportReport:
    """Read a state board's list of licenses: text with commas, tabs or the like, or a zip of it.

    A list that comes in several parts (_Data00.xls, _Data01.xls) is one list: give all of them together.
    """
    runs, done = import_licenses(files, read_layout(layout), accept_shrunk=accept_shrunk)
    said = [
        f"{count_of(done.verified, 'license')} verified from boards' lists, {done.sampled:,} of them for a person to "
        f"look up. Of all lists together {count_of(done.inexact, 'license')} left to verifiers, since a list differs."
    ]
    facts = {"verified": done.verified, "sampled": done.sampled, "inexact": done.inexact}
    return ImportReport(runs, facts, said if done.verified or done.inexact else [])


@import_command("streets")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def streets(files: tuple[str, ...]) -> ImportReport:
    """Read streets with their house numbers: TIGER/Line's ADDRFEAT zips, one a county.

    Counties that were read before stay, unless one of the files is of them. With the zips AREAWATER, PRISECROADS and
    PLACE the map gets water, main roads and names.
    """
    report = import_streets(files)
    facts, sentences = _place()
    return ImportReport(report.files, {**report.facts, **facts}, [*report.sentences, *sentences])


@imports_cli.command("runs")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many to list.")
def list_runs(limit: int) -> None:
    """List the most recent imports, the newest first."""
    with database_errors_explained():
        runs = recent_runs(limit)
    if not runs:
        click.echo("Nothing has been imported yet.")
    for run in runs:
        counts = ", ".join(f"{getattr(run, name)} {name}" for name in asdict(Counts()))
        click.echo(f"{run.id}  {run.started_at:%Y-%m-%d %H:%M} UTC  {run.status}  {run.source_key}  {run.file_name}")
        click.echo(f"    {counts}" if run.status == "done" else f"    {run.error or 'not finished'}")
        if run.rejects_file:
            click.echo(f"    rejected rows: {run.rejects_file}")
