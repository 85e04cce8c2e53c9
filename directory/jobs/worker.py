"""The worker: huey calls each job at its time, within the app's context."""

import contextlib
import logging
from typing import Any

import click
from flask import Flask
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.exceptions import ConfigurationError

from directory.jobs.schedule import JOBS, Job, run_job

logger = logging.getLogger(__name__)


def run_worker(app: Flask) -> None:
    """Do every job once, since it may have fallen due while no worker ran, then each at its time until Ctrl+C.

    Raises `click.ClickException` for a JOBS_URL that will not do.
    """
    huey = worker_of(app)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    click.echo(f"Working: {', '.join(JOBS)}. Ctrl+C stops.")
    with contextlib.suppress(KeyboardInterrupt):
        for job in JOBS.values():
            logger.info("%s: %s", job.name, run_job(job))
        huey.create_consumer(workers=1, scheduler_interval=1).run()


def worker_of(app: Flask) -> Huey:
    """The queue of `app`'s jobs, each within the app's context.

    Raises `click.ClickException` for a JOBS_URL that will not do.
    """
    huey = _queue(app.config["JOBS_URL"])
    for job in JOBS.values():
        _register(app, huey, job)
    return huey


def _register(app: Flask, huey: Huey, job: Job) -> None:
    @huey.periodic_task(crontab(**job.when), name=job.name, expires=600)  # type: ignore[untyped-decorator]  # no types
    def run() -> None:
        with app.app_context():
            logger.info("%s: %s", job.name, run_job(job))


def _queue(url: str) -> Huey:
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
