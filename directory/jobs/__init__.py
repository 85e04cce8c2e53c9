"""What the worker does by the clock. No other process imports the jobs, what they call, or the queue."""

from flask import Flask

from directory.web.commands import LazyCommand


def init_app(app: Flask) -> None:
    """Register this feature."""
    app.cli.add_command(LazyCommand("jobs", "directory.jobs.cli:jobs_cli", "What the worker does by the clock."))
    app.cli.add_command(
        LazyCommand("worker", "directory.jobs.cli:worker_command", "Run the jobs by the clock until Ctrl+C.")
    )
