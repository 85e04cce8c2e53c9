"""Jobs that the worker runs on a schedule. No other process imports the jobs, what they call, or the queue."""

from flask import Flask

from directory.accounts.roles import ADMIN
from directory.desk.status import Heading, StatusPart, register_status
from directory.jobs.status import worker_lines
from directory.web.commands import LazyCommand


def init_app(app: Flask) -> None:
    """Register this feature."""
    register_status(app, StatusPart(Heading.HEALTH, (ADMIN,), worker_lines))
    app.cli.add_command(LazyCommand("jobs", "directory.jobs.cli:jobs_cli", "Jobs that the worker runs on a schedule."))
    app.cli.add_command(
        LazyCommand("worker", "directory.jobs.cli:worker_command", "Run the jobs by the clock until Ctrl+C.")
    )
