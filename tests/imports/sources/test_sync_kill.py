"""A sync that is killed leaves nothing half done, and the next one goes on where it ended."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from directory.config import ROOT
from directory.extensions import db
from directory.imports.models import FetchedFile, ImportRun
from directory.providers.models import Provider
from tests.imports.sources.server import Fault, SourcesServer
from tests.imports.sources.world import World
from tests.imports.sources.world_files import content_at, nppes_zip

WEEKLY = "/nppes/NPPES_Data_Dissemination_112226_112826_Weekly_V2.zip"
PATIENCE_SECONDS = 120


def start(app: Flask, server: SourcesServer, folder: Path) -> subprocess.Popen[str]:
    settings = {
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        **{name: app.config[name] for name in ("SOURCES_DIR", "IMPORT_REJECTS_DIR")},
        **server.settings(),
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "sources", "sync", "nucc", "nppes"]
    log = (folder / "log").open("a")
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=log, text=True)


def kill_when(process: subprocess.Popen[str], holds: Callable[[], bool]) -> None:
    """SIGKILL as soon as `holds`."""
    for _ in range(PATIENCE_SECONDS * 50):
        assert process.poll() is None, "it ended before it could be killed"
        if holds():
            process.send_signal(signal.SIGKILL)
            process.wait()
            return
        time.sleep(0.02)
    process.kill()
    raise AssertionError("it did not come about")


def an_import_runs() -> bool:
    db.session.rollback()
    running = select(func.count()).where(ImportRun.status == "running", ImportRun.source_key == "nppes")
    return bool(db.session.scalar(running))


@pytest.mark.own_app
@pytest.mark.exhaustive
def test_it_goes_on_after_a_kill_and_does_nothing_twice(
    sqlite_app: Flask, sources_server: SourcesServer, tmp_path: Path
) -> None:
    world = World(count=400)
    sources_server.content = partial(content_at, world)
    sources_server.put("/nppes/NPI_Files.html", f"<a href='{WEEKLY}'>the week</a>")
    sources_server.put(WEEKLY, nppes_zip(world))
    sources_server.fail(WEEKLY, Fault(slow_bytes=1000, pause_seconds=0.05))
    incoming = Path(sqlite_app.config["SOURCES_DIR"], "nppes", ".incoming", WEEKLY.rpartition("/")[2])
    kill_when(start(sqlite_app, sources_server, tmp_path), lambda: incoming.exists() and incoming.stat().st_size > 3000)
    assert not db.session.scalar(select(func.count()).select_from(Provider))
    kill_when(start(sqlite_app, sources_server, tmp_path), an_import_runs)
    assert sources_server.asked(WEEKLY)[1].headers["Range"].startswith("bytes=")
    db.session.rollback()
    assert not db.session.scalar(select(func.count()).select_from(Provider))
    assert start(sqlite_app, sources_server, tmp_path).wait() == 0, (tmp_path / "log").read_text()
    db.session.rollback()
    log = (tmp_path / "log").read_text()
    providers = db.session.scalar(select(func.count()).select_from(Provider))
    assert f"Here now:\n  {providers} providers, " in log
    assert providers
    parts = db.session.scalars(select(FetchedFile.part).where(FetchedFile.source_key == "nppes")).all()
    assert len(parts) == len(set(parts)) == 2  # the week's file and the answers about the area, each once
    states = select(ImportRun.status).where(ImportRun.source_key == "nppes").order_by(ImportRun.id)
    assert set(db.session.scalars(states)) == {"interrupted", "done"}
    assert start(sqlite_app, sources_server, tmp_path).wait() == 0
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Provider)) == providers
