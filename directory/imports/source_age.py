"""What was read of each public source, how old it is, and when it is fetched next: for `flask sources` and pages."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import click
from flask import current_app, url_for
from flask.cli import with_appcontext
from sqlalchemy import func, select

from directory.accounts.queries import active_accounts
from directory.accounts.roles import ADMIN
from directory.audit.log import PROGRAM, record
from directory.audit.queries import latest_events
from directory.desk.status import StatusLine
from directory.extensions import db
from directory.imports.licenses.layout import LICENSES, own_layouts
from directory.imports.lock import state_of_run
from directory.imports.models import ImportRun, SourceSync
from directory.mail.outbox import queue_mail
from directory.places.areas import county_name
from directory.places.streets.index import counties_in
from directory.providers.sources import KNOWN_SOURCES, Source
from directory.web.commands import database_errors_explained
from directory.web.days import day_in_words, local_day, today_in_california
from directory.web.filters import count_of

PUBLISHED_EVERY_DAYS = {
    "nppes": 31,  # the full file; weekly ones in between
    "nucc": 183,
    "leie": 31,
    "medi_cal_suspended": 31,
    "cms_services": 366,
    "cms_clinicians": 31,
    "cms_asp": 92,
    "tiger": 366,
}
LICENSES_EVERY_DAYS = 31
TIGER = "tiger"
RUN_WORDS = {"done": "Read", "running": "Started", "failed": "Failed", "interrupted": "Broken off"}
REMINDER = "remind_of_old_sources"
REMINDED_EVERY = timedelta(days=31)


class Age(StrEnum):
    FRESH = "fresh"
    OLD = "old"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One public source: its newest import that was done. No file, day and age where there was none."""

    key: str
    name: str
    url: str | None  # its publisher's page
    file: str | None
    as_of: date | None
    age_days: int | None
    published_every_days: int
    next_at: datetime | None  # when it is fetched by the clock; None where a person has to
    problem: str | None  # why it could not be fetched or imported when that was last tried

    @property
    def age(self) -> Age:
        if self.age_days is None:
            return Age.NEVER
        return Age.OLD if self.age_days > self.published_every_days else Age.FRESH


def sources_status(today: date) -> list[SourceStatus]:
    """Each public source that the directory reads, as of `today`: license files that have a layout or were read too."""
    names = {key: (KNOWN_SOURCES[key][0], KNOWN_SOURCES[key][2]) for key in PUBLISHED_EVERY_DAYS}
    names |= {layout.source_key: (layout.source_name, layout.source_url) for layout in own_layouts()}
    licenses = select(Source).where(Source.key.startswith(LICENSES, autoescape=True)).order_by(Source.key)
    names |= {source.key: (source.name, source.url) for source in db.session.scalars(licenses)}
    runs = _newest_done(names)
    syncs = {sync.source_key: sync for sync in db.session.scalars(select(SourceSync))}
    return [_status(key, *name, runs.get(key), syncs.get(key), today) for key, name in names.items()]


def old_sources(today: date) -> list[SourceStatus]:
    """Sources that were read once, and of which a newer file should be out by `today`."""
    return [status for status in sources_status(today) if status.age is Age.OLD]


def import_lines() -> list[StatusLine]:
    """The last import of each source that was read, and when a newer file should be out, for the staff's first page."""
    today, runs = today_in_california(), _last_runs()
    lines = []
    for status in sources_status(today):
        run = runs.pop(status.key, None)
        if run is not None:
            lines.append(_import_line(status.name, run, status))
        elif status.problem:
            said = f"Not read yet. {_problem_in_words(status)}"
            lines.append(StatusLine(status.name, said, url_for("importing.list_runs"), needs_attention=True))
    names = dict(db.session.execute(select(Source.key, Source.name).where(Source.key.in_(runs))).all())
    lines += [_import_line(names[key], run, None) for key, run in sorted(runs.items())]
    return lines or [StatusLine("Files", "None was imported yet.", url_for("importing.list_runs"))]


def _import_line(name: str, run: ImportRun, status: SourceStatus | None) -> StatusLine:
    state = state_of_run(run)
    said = f"{RUN_WORDS[state]} on {day_in_words(local_day(run.started_at))}: "
    said += f"{count_of(run.read, 'row')}, {run.rejected:,} rejected."
    is_old = status is not None and status.age is Age.OLD
    if status is not None and status.as_of is not None:
        due = status.as_of + timedelta(days=status.published_every_days)
        if is_old:
            said += f" A newer file has been due since {day_in_words(due)}."
        elif status.next_at is None:
            said += f" Next due {day_in_words(due)}."
    if status is not None and status.problem:
        said += f" {_problem_in_words(status)}"
    elif status is not None and status.next_at is not None:
        said += f" Fetched next on {day_in_words(local_day(status.next_at))}."
    url = url_for("importing.show_run", run_id=run.id)
    is_wrong = state in {"failed", "interrupted"} or bool(status and status.problem)
    return StatusLine(name, said, url, needs_attention=is_old or is_wrong)


def _problem_in_words(status: SourceStatus) -> str:
    again = f" Tried again on {day_in_words(local_day(status.next_at))}." if status.next_at else ""
    return f"The last try to bring it up to date failed: {status.problem}{again}"


def _last_runs() -> dict[str, ImportRun]:
    """The last run of each source, whatever became of it."""
    newest = select(func.max(ImportRun.id)).group_by(ImportRun.source_key)
    return {run.source_key: run for run in db.session.scalars(select(ImportRun).where(ImportRun.id.in_(newest)))}


def newest_day(source_key: str) -> date | None:
    """The day that the newest file read of a source speaks of."""
    run = _newest_done([source_key]).get(source_key)
    return run.as_of if run else None


def remind_of_old_sources(today: date) -> int:
    """Queue a letter to each admin when sources are old by `today`, at most once in `REMINDED_EVERY`.

    Returns how many letters.
    """
    old = old_sources(today)
    last = next(iter(latest_events(act=REMINDER, limit=1)), None)
    if not old or (last and datetime.now(UTC) - last.happened_at < REMINDED_EVERY):
        return 0
    admins = active_accounts(ADMIN)
    for admin in admins:
        queue_mail(admin.email, f"{count_of(len(old), 'public file is', 'public files are')} old", _letter(old))
    if admins:
        record(PROGRAM, REMINDER, "sources", after={"sources": [status.key for status in old]})
    return len(admins)


def _letter(old: list[SourceStatus]) -> str:
    lines = [
        f"- {status.name}: the newest file read is {count_of(status.age_days or 0, 'day')} old; "
        f"a new one comes every {status.published_every_days} days."
        for status in old
    ]
    advice = (
        "`flask sources sync` fetches and reads them; `flask sources status` tells the age of each, and what failed."
    )
    page = f"{current_app.config['SITE_URL']}/admin"
    return "\n".join(["Newer public files should be out:", "", *lines, "", advice, "", page, ""])


def _status(
    key: str, name: str, url: str | None, run: ImportRun | None, sync: SourceSync | None, today: date
) -> SourceStatus:
    as_of = (run.as_of or run.started_at.date()) if run else None
    return SourceStatus(
        key=key,
        name=name,
        url=url,
        file=run.file_name if run else None,
        as_of=as_of,
        age_days=max(0, (today - as_of).days) if as_of else None,
        published_every_days=PUBLISHED_EVERY_DAYS.get(key, LICENSES_EVERY_DAYS),
        next_at=sync.next_at if sync else None,
        problem=sync.problem if sync else None,
    )


def _newest_done(source_keys: Iterable[str]) -> dict[str, ImportRun]:
    """By source the run of its newest file that was read."""
    newest_first = func.row_number().over(
        partition_by=ImportRun.source_key, order_by=(ImportRun.as_of.desc().nulls_last(), ImportRun.id.desc())
    )
    done = select(ImportRun.id, newest_first.label("place")).where(
        ImportRun.source_key.in_(list(source_keys)), ImportRun.status == "done"
    )
    numbered = done.subquery()
    runs = select(ImportRun).join(numbered, numbered.c.id == ImportRun.id).where(numbered.c.place == 1)
    return {run.source_key: run for run in db.session.scalars(runs)}


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of a table.")
@with_appcontext
def sources_ages(as_json: bool) -> None:
    """Say of each public source what was read last, how old it is, and whether a newer file should be out."""
    with database_errors_explained():
        sources = sources_status(today_in_california())
    if as_json:
        click.echo(json.dumps([_age_as_json(source) for source in sources]))
        return
    for source in sources:
        click.echo(f"{source.age:<5}  {source.key}: {source.name}")
        click.echo(f"       {_age_in_words(source)}; published every {source.published_every_days} days")
        if source.problem:
            click.echo(f"       {_problem_in_words(source)}")
        if source.key == TIGER:
            click.echo(f"       {counties_in_words()}")


def counties_in_words() -> str:
    """Which counties the index of streets holds, and of which edition."""
    counties = counties_in(Path(current_app.config["STREETS_FILE"]))
    if not counties:
        return "no county is in the index of streets"
    each = [f"{county_name(county.fips)} ({county.edition}, {count_of(county.ranges, 'range')})" for county in counties]
    return f"in the index of streets: {'; '.join(each)}"


def _age_in_words(source: SourceStatus) -> str:
    if source.as_of is None or source.age_days is None:
        return "nothing was read yet"
    return f"{source.file}, of {source.as_of.isoformat()}, {count_of(source.age_days, 'day')} old"


def _age_as_json(source: SourceStatus) -> dict[str, object]:
    days = {
        "as_of": source.as_of and source.as_of.isoformat(),
        "next_at": source.next_at and source.next_at.isoformat(),
    }
    return {**asdict(source), **days, "state": source.age}
