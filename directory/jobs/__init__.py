"""What the worker does by the clock.

The commands import the jobs, what these call and the queue when one of them is run: no other process needs them.
"""

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from directory.web.commands import LazyCommand


def init_app(app: Flask) -> None:
    """Register this feature."""
    app.cli.add_command(LazyCommand("jobs", "directory.jobs.cli:jobs_cli", "What the worker does by the clock."))
    app.cli.add_command(_run_worker)


@click.command("worker")
@with_appcontext
def _run_worker() -> None:
    """Run the jobs by the clock until Ctrl+C. One worker is enough."""
    from directory.jobs.worker import run_worker

    run_worker(current_app._get_current_object())  # type: ignore[attr-defined]  # the proxy's own
