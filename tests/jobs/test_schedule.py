"""The worker does its jobs, and each can be done by hand."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from huey.api import PeriodicTask

from directory import create_app
from directory.config import ROOT
from directory.extensions import db
from directory.jobs.cli import worker_of
from directory.jobs.schedule import JOBS, Job
from tests import factories

LONG = 60  # seconds, within which even a busy machine starts the worker


@pytest.mark.postgresql
def test_every_job_does_its_work_on_an_empty_directory(cli: FlaskCliRunner) -> None:
    for name in JOBS:
        result = cli.invoke(args=["jobs", "run", name])
        assert result.exit_code == 0, result.output
        assert result.output.rstrip().endswith(".")


def test_the_list_names_every_job_and_its_time(sqlite_app: Flask) -> None:
    listed = sqlite_app.test_cli_runner().invoke(args=["jobs", "list"]).output
    assert [line.split()[0] for line in listed.splitlines()] == list(JOBS)
    assert "daily at 08:05 UTC" in listed


def test_the_jobs_fall_due_when_they_say(sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sqlite_app.config, "JOBS_URL", f"sqlite:///{tmp_path / 'jobs.sqlite3'}")
    huey = worker_of(sqlite_app)
    due = {
        moment: {task.name for task in huey.read_periodic(moment) if isinstance(task, PeriodicTask)}
        for moment in (
            datetime(2026, 6, 1, 8, 5),  # noqa: DTZ001 (huey's moments are UTC and bare)
            datetime(2026, 6, 1, 9, 30),  # noqa: DTZ001 (huey's times have no zone)
            datetime(2026, 6, 1, 9, 31),  # noqa: DTZ001 (huey's times have no zone)
        )
    }
    assert list(due.values()) == [
        {"calendar", "mail", "uploads", "rescore"},
        {"calendar", "mail", "uploads", "tell-verifiers"},
        {"calendar", "mail", "uploads"},
    ]


@pytest.mark.parametrize("url", ["mysql://x", "jobs.sqlite3"])
def test_another_kind_of_queue_is_refused(sqlite_app: Flask, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sqlite_app.config, "JOBS_URL", url)
    result = sqlite_app.test_cli_runner().invoke(args=["worker"])
    assert result.exit_code == 1
    assert "use sqlite:///FILE" in result.output


def test_a_worker_expires_what_lapsed_and_stops_when_told(tmp_path: Path) -> None:
    database = tmp_path / "directory.sqlite3"
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{database}"})
    with app.app_context():
        db.create_all()
        license = factories.license(factories.provider().npi)
        license.expires_on = datetime.now(UTC).date() - timedelta(days=3)
        db.session.commit()
        db.engine.dispose()
    environ = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{database}",
        "JOBS_URL": f"sqlite:///{tmp_path / 'jobs.sqlite3'}",
    }
    log = tmp_path / "log"
    with log.open("w") as output:
        worker = subprocess.Popen(
            [sys.executable, "-m", "flask", "worker"], cwd=ROOT, env=environ, stdout=output, stderr=output
        )
    try:
        ends = time.monotonic() + LONG
        while "1 credential expired" not in log.read_text() and time.monotonic() < ends and worker.poll() is None:
            time.sleep(0.1)  # another process writes it
    finally:
        worker.send_signal(signal.SIGINT)
        worker.wait(timeout=LONG)
    assert worker.returncode == 0, log.read_text()
    assert "1 credential expired" in log.read_text()
    assert _status(database) == "expired"


def test_a_worker_that_a_shell_started_with_an_ampersand_can_be_stopped_from_its_first_job_on(
    sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_first_job(_job: Job) -> str:
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("the signal was ignored")

    monkeypatch.setitem(sqlite_app.config, "JOBS_URL", f"sqlite:///{tmp_path / 'jobs.sqlite3'}")
    monkeypatch.setattr("directory.jobs.cli.run_job", run_first_job)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does
    try:
        result = sqlite_app.test_cli_runner().invoke(args=["worker"])
    finally:
        signal.signal(signal.SIGINT, before)
    assert result.exit_code == 0, result.output
    assert "Working" in result.output


def _status(database: Path) -> str:
    with sqlite3.connect(database) as connection:
        return str(connection.execute("SELECT status FROM credential").fetchone()[0])
