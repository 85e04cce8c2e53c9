"""A review whose page after sending was shown is there, once, however often the server is killed.

REVIEW_KILL_SUBMISSIONS says how many reviews `make test-all` sends, 40 by default; the full run by hand sends 500.
"""

import html
import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest
from flask import Flask
from sqlalchemy import select

from directory import create_app
from directory.config import ROOT
from directory.extensions import db
from directory.reviews.models import Review
from tests import factories
from tests.reviews.writing.sending import answers

SUBMISSIONS = int(os.environ.get("REVIEW_KILL_SUBMISSIONS", "40"))
SENDERS = 4
KILL_EVERY = 10  # pages shown, or somewhat fewer
FEW = 12  # with one kill
PATIENCE_SECONDS = 120.0


class Server:
    """A server process of its own, started anew after each kill."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.kills = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._log = folder / "server.log"
        self._environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder / 'directory.sqlite3'}",
            "REVIEW_PROOFS_DIR": str(folder / "proofs"),
            "SUBMISSION_LIMIT": "1000000 per hour",
        }

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "--threads", str(SENDERS), "--bind", f"127.0.0.1:{self.port}"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "wsgi:app"], cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """SIGKILL for the master and its worker together: nobody tidies up."""
        assert self._process
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.kills += 1


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()


class Sender:
    """A person with a browser that keeps its cookie and its form while the server is away."""

    def __init__(self, server: Server, npi: str) -> None:
        self._server, self._path = server, f"/providers/{npi}/reviews/new"
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor()).open

    def send(self, text: str, address: str) -> None:
        """Open the form, then press its button until the next page is shown."""
        page = self._until_answered(None)
        fields = answers(text=text, email=address, form_key=_hidden(page, "form_key"))
        fields["csrf_token"] = _hidden(page, "csrf_token")
        assert "Check your email" in self._until_answered(urllib.parse.urlencode(fields).encode())

    def _until_answered(self, body: bytes | None) -> str:
        given_up_at = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with self._open(self._server.address + self._path, body, timeout=30) as answer:
                    return str(answer.read().decode())
            except urllib.error.HTTPError:
                raise
            except (OSError, http.client.HTTPException):  # the server is away, or went in the middle of an answer
                if time.monotonic() > given_up_at:
                    raise
                time.sleep(0.05)


@pytest.mark.parametrize("submissions", [FEW, pytest.param(SUBMISSIONS, marks=pytest.mark.exhaustive)])
def test_every_review_whose_page_was_shown_is_there_once(tmp_path: Path, submissions: int) -> None:
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'directory.sqlite3'}"})
    with app.app_context():
        db.create_all()
        npi = factories.provider().npi
        db.session.commit()
    texts = [f"Review number {number}, written in plain words." for number in range(submissions)]
    with running(tmp_path) as server:
        shown = send_all(server, npi, texts)
        assert server.kills >= max(1, min(3, submissions // KILL_EVERY))
    assert sorted(shown) == sorted(texts)
    assert sorted(texts_kept(app)) == sorted(texts)


def send_all(server: Server, npi: str, texts: list[str]) -> list[str]:
    """Send `texts` from several people at once and kill the server on the way; gives those whose page was shown."""
    chance = random.Random(16)
    waiting: SimpleQueue[int] = SimpleQueue()
    for number in range(len(texts)):
        waiting.put(number)
    shown: list[str] = []

    def run() -> None:
        sender = Sender(server, npi)
        while True:
            try:
                number = waiting.get_nowait()
            except Empty:
                return
            sender.send(texts[number], f"writer{number}@example.org")
            shown.append(texts[number])

    people = [threading.Thread(target=run) for _ in range(SENDERS)]
    for person in people:
        person.start()
    next_kill = chance.randint(1, KILL_EVERY)
    while any(person.is_alive() for person in people):
        if len(shown) >= next_kill:
            time.sleep(chance.uniform(0, 0.1))  # somewhere within the next answers
            server.kill()
            server.start()
            next_kill = len(shown) + chance.randint(1, KILL_EVERY)
        time.sleep(0.002)
    return shown


def texts_kept(app: Flask) -> list[str]:
    with app.app_context():
        return [text or "" for text in db.session.scalars(select(Review.text).where(Review.source_key == "site"))]


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"the form has no {name}"
    return html.unescape(found[1])
