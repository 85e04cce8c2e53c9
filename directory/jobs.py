"""Jobs that run by the clock: in the worker (`flask worker`), or one at a time by hand (`flask jobs run NAME`).

Each job may run twice, or late, without harm. What it does belongs to the feature that it calls.
"""

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from directory.accounts.claims.actions import expire_claims
from directory.credentials.evidence import sweep_evidence
from directory.credentials.exclusions.matching import match_exclusions
from directory.credentials.license_records import apply_license_records
from directory.credentials.scoring import rescore_all_qualifications, rescore_qualifications
from directory.credentials.telling import tell_verifiers
from directory.credentials.watching import watch_calendar
from directory.extensions import db
from directory.imports.reminding import remind_of_old_sources
from directory.mail.outbox import deliver_queued
from directory.reviews.actions.estimating import estimate_ratings
from directory.reviews.actions.tidying import tidy_reviews
from directory.web.commands import database_errors_explained
from directory.web.days import today_in_california
from directory.web.filters import count_of

logger = logging.getLogger(__name__)
jobs_cli = AppGroup("jobs", help="What the worker does by the clock.")


@dataclass(frozen=True, slots=True)
class Job:
    """`when` are huey's crontab fields, in UTC; `work` says in a sentence what it did."""

    name: str
    when: dict[str, str]
    when_in_words: str
    meaning: str
    work: Callable[[], str]


def _watch_calendar() -> str:
    watched = watch_calendar()
    return f"{count_of(watched.expired, 'credential')} expired, {watched.expiring:,} expiring."


def _tell_verifiers() -> str:
    return f"{count_of(tell_verifiers(), 'letter')} to verifiers."


def _send_mail() -> str:
    return f"{count_of(deliver_queued(1000), 'message')} sent."


def _check_again() -> str:
    changed = match_exclusions() | apply_license_records(None, today_in_california())
    rescore_qualifications(sorted(changed))
    db.session.commit()
    return f"{count_of(len(changed), 'provider')} changed by exclusions and license files."


def _remind() -> str:
    return f"{count_of(remind_of_old_sources(today_in_california()), 'letter')} about old files."


def _rescore() -> str:
    scored, changed = rescore_all_qualifications()
    db.session.commit()
    return f"{count_of(scored, 'provider')} scored; {changed:,} scores changed."


def _estimate() -> str:
    changed = estimate_ratings()
    db.session.commit()
    return f"{count_of(changed, 'rating estimate')} changed."


def _tidy() -> str:
    tidied = tidy_reviews()
    files, claims = tidied.files + sweep_evidence(), expire_claims()
    removed = f"{count_of(tidied.reviews, 'unconfirmed review')} and {count_of(files, 'file')} removed"
    return f"{removed}; {count_of(claims, 'claim')} ended."


EVERY_MINUTE = {"minute": "*"}
JOBS = {
    job.name: job
    for job in (
        Job("calendar", EVERY_MINUTE, "every minute", "expire what lapsed, announce what will", _watch_calendar),
        Job("mail", EVERY_MINUTE, "every minute", "send the mail that is due", _send_mail),
        Job(
            "tell-verifiers",
            {"minute": "*/10"},
            "every ten minutes",
            "write to verifiers about new tasks",
            _tell_verifiers,
        ),
        Job(
            "check-again",
            {"minute": "50", "hour": "7"},
            "daily at 07:50 UTC",
            "hold everybody against the exclusions and license files as last read",
            _check_again,
        ),
        Job(
            "rescore",
            {"minute": "5", "hour": "8"},
            "daily at 08:05 UTC",
            "score every provider as of today",
            _rescore,
        ),
        Job(
            "ratings",
            {"minute": "20", "hour": "9"},
            "daily at 09:20 UTC",
            "learn the rating parameters and estimate anew",
            _estimate,
        ),
        Job(
            "old-files",
            {"minute": "0", "hour": "16"},
            "daily at 16:00 UTC",
            "write to admins, once a month, when newer public files should be read",
            _remind,
        ),
        Job(
            "tidy",
            {"minute": "40", "hour": "9"},
            "daily at 09:40 UTC",
            "remove what nobody came back for; end old claims",
            _tidy,
        ),
    )
}


def run_job(job: Job) -> str:
    """Do it now. What it left open in the database is rolled back."""
    try:
        return job.work()
    finally:
        db.session.remove()


@jobs_cli.command("list")
def list_jobs() -> None:
    """List the jobs and when the worker runs them."""
    for job in JOBS.values():
        click.echo(f"{job.name:<15} {job.when_in_words:<20} {job.meaning}")


@jobs_cli.command("run")
@click.argument("name", type=click.Choice(list(JOBS)))
@database_errors_explained()
def run_one(name: str) -> None:
    """Do one job now."""
    click.echo(run_job(JOBS[name]))


@click.command("worker")
@with_appcontext
def worker_command() -> None:
    """Run the jobs by the clock until Ctrl+C. One worker is enough."""
    from directory.worker import worker_of  # here, since huey costs 10 MB that every other process can spare

    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own
    huey = worker_of(app)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    click.echo(f"Working: {', '.join(JOBS)}. Ctrl+C stops.")
    with contextlib.suppress(KeyboardInterrupt):
        for job in JOBS.values():  # whatever fell due while no worker ran
            logger.info("%s: %s", job.name, run_job(job))
        huey.create_consumer(workers=1, scheduler_interval=1).run()
