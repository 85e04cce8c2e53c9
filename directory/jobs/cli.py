"""`flask jobs`: the jobs by hand. `flask worker`: huey calls each job at its time, within the app's context.

The functions import huey themselves, since it costs `flask jobs` 10 MB.
"""

import contextlib
import logging
import signal
from typing import TYPE_CHECKING, Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from directory.audit.log import command_actor, record
from directory.jobs.schedule import JOBS, Job, run_job
from directory.web.commands import database_errors_explained
from directory.web.transaction import transaction

if TYPE_CHECKING:
    from huey import Huey

logger = logging.getLogger(__name__)
jobs_cli = AppGroup("jobs", help="Jobs that the worker runs on a schedule.")


@jobs_cli.command("list")
def list_jobs() -> None:
    """List the jobs and when the worker runs them."""
    for job in JOBS.values():
        meaning = job.work.__doc__ or ""
        click.echo(f"{job.name:<15} {job.when_in_words:<20} {meaning[:1].lower()}{meaning[1:].rstrip('.')}")


@jobs_cli.command("run")
@click.argument("name", type=click.Choice(list(JOBS)))
@database_errors_explained()
def run_one(name: str) -> None:
    """Do one job now."""
    with transaction():
        record(command_actor(), "run_job", f"job:{name}")
    click.echo(run_job(JOBS[name]))


@click.command("worker")
@with_appcontext
def worker_command() -> None:
    """Run the jobs by the clock until Ctrl+C. One worker is enough."""
    huey = worker_of(current_app._get_current_object())  # type: ignore[attr-defined]  # the proxy's own
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    # A shell has what it starts with & ignore Ctrl+C's signal. huey hears it again, but the first jobs come before.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    click.echo(f"Working: {', '.join(JOBS)}. Ctrl+C stops.")
    with contextlib.suppress(KeyboardInterrupt):
        for job in JOBS.values():  # each may have fallen due while no worker ran
            if job.is_done_at_start:
                logger.info("%s: %s", job.name, run_job(job))
        # While one thread imports what was uploaded and one what was fetched, the third does the rest.
        huey.create_consumer(workers=3, scheduler_interval=1).run()


def worker_of(app: Flask) -> "Huey":
    """The queue of `app`'s jobs. Raises `click.ClickException` for a JOBS_URL that will not do."""
    huey = _queue(app.config["JOBS_URL"])
    for job in JOBS.values():
        _register(app, huey, job)
    return huey


def _register(app: Flask, huey: "Huey", job: Job) -> None:
    from huey import crontab

    @huey.periodic_task(crontab(**job.when), name=job.name, expires=600)  # type: ignore[untyped-decorator]  # no types
    def run() -> None:
        with app.app_context():
            logger.info("%s: %s", job.name, run_job(job))


def _queue(url: str) -> "Huey":
    from huey import PostgresHuey, RedisHuey, SqliteHuey
    from huey.exceptions import ConfigurationError

    options: dict[str, Any] = {"name": "directory", "results": False}
    try:
        if url.startswith(("redis://", "rediss://")):
            return RedisHuey(url=url, **options)
        if url.startswith(("postgres://", "postgresql://")):
            return PostgresHuey(dsn=url, **options)
    except ConfigurationError as error:
        raise click.ClickException(f"JOBS_URL: {error}") from error
    if not url.startswith("sqlite:///"):
        raise click.ClickException(f"JOBS_URL={url!r}: use sqlite:///FILE, postgresql://... or redis://...")
    return SqliteHuey(filename=url.removeprefix("sqlite:///"), **options)
