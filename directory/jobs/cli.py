"""`flask jobs`: the jobs by hand. `flask worker`: the jobs by the clock."""

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from directory.jobs.schedule import JOBS, run_job
from directory.web.commands import database_errors_explained

jobs_cli = AppGroup("jobs", help="What the worker does by the clock.")


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
    from directory.jobs.worker import run_worker  # here, since huey costs `flask jobs` 10 MB

    run_worker(current_app._get_current_object())  # type: ignore[attr-defined]  # the proxy's own
