"""A fetch that is killed in the middle, and again, goes on where it ended and keeps the file whole and once."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from directory.config import ROOT
from directory.extensions import db
from directory.imports.models import FetchedFile
from tests.imports.leie_files import entry, leie_csv
from tests.imports.sources.server import Fault, SourcesServer

LEIE = "/exclusions/downloadables/UPDATED.csv"
PATIENCE_SECONDS = 120


def start(app: Flask, server: SourcesServer) -> subprocess.Popen[bytes]:
    settings = {"DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"], "SOURCES_DIR": app.config["SOURCES_DIR"]}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "sources", "fetch", "leie"]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings, **server.settings()})


def kill_past(process: subprocess.Popen[bytes], part: Path, size: int) -> int:
    """SIGKILL once the part is larger than `size`; returns how large it was then."""
    for _ in range(PATIENCE_SECONDS * 100):
        assert process.poll() is None, "it ended before it could be killed"
        if part.exists() and part.stat().st_size > size:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return part.stat().st_size
        time.sleep(0.01)
    process.kill()
    raise AssertionError("nothing came")


@pytest.mark.own_app
@pytest.mark.exhaustive
def test_a_fetch_that_is_killed_twice_keeps_the_file_whole(sqlite_app: Flask, sources_server: SourcesServer) -> None:
    body = leie_csv(*(entry(lastname=f"EXAMPLE{number}") for number in range(2000))).encode()
    sources_server.put(LEIE, body)
    slow = Fault(slow_bytes=2000, pause_seconds=0.02)
    sources_server.fail(LEIE, slow, slow)
    folder = Path(sqlite_app.config["SOURCES_DIR"], "leie")
    part = folder / ".incoming" / "UPDATED.csv"
    first = kill_past(start(sqlite_app, sources_server), part, 20_000)
    second = kill_past(start(sqlite_app, sources_server), part, first + 20_000)
    assert start(sqlite_app, sources_server).wait() == 0
    ranges = [request.headers.get("Range") for request in sources_server.asked(LEIE)]
    assert ranges == [None, f"bytes={first}-", f"bytes={second}-"]
    file = db.session.scalars(select(FetchedFile)).one()
    assert file.sha256 == hashlib.sha256(body).hexdigest()
    assert Path(str(file.path)).read_bytes() == body
    assert list(part.parent.iterdir()) == []
    assert start(sqlite_app, sources_server).wait() == 0
    assert len(db.session.scalars(select(FetchedFile)).all()) == 1
