"""Whether the worker does its jobs, for the staff's first page."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from directory.desk.status import StatusLine
from directory.extensions import db
from directory.jobs.models import JobRun
from directory.web.days import age_in_words

SILENT_FOR = timedelta(minutes=15)
"""Its jobs run every minute, but one may take long."""


def worker_lines() -> list[StatusLine]:
    """When the worker last ran a job, and the jobs that failed."""
    now = datetime.now(UTC)
    runs = db.session.scalars(select(JobRun).order_by(JobRun.ran_at.desc())).all()
    if not runs:
        return [StatusLine("Worker", "It hasn’t run yet. Start it: flask worker.", needs_attention=True)]
    last = runs[0]
    is_silent = now - last.ran_at > SILENT_FOR
    said = f"Last ran a job {age_in_words(last.ran_at, now)} ago."
    lines = [StatusLine("Worker", f"{said} Start it: flask worker." if is_silent else said, needs_attention=is_silent)]
    failed = [run for run in runs if not run.succeeded]
    return lines + [
        StatusLine(f"Job {run.name}", f"Failed {age_in_words(run.ran_at, now)} ago: {run.said}", needs_attention=True)
        for run in failed
    ]
