"""Logs hold no query."""

import logging
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from directory.web import WithoutQuery
from tests.serving import served

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def server_address(sqlite_app: Flask) -> Iterator[str]:
    with served(sqlite_app) as address:
        yield address


@pytest.mark.parametrize("near", ["90503", "33.83,+-118.34", "%E3%80%80secret", "a?b%20HTTP/1.1%22", "%0Asecret"])
def test_the_servers_log_holds_the_path_without_the_query(
    server_address: str, near: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="werkzeug"):
        urllib.request.urlopen(f"{server_address}/privacy?near={near}").close()  # noqa: S310 (our own server)
    lines = [record.getMessage() for record in caplog.records if record.name == "werkzeug"]
    assert any("GET /privacy HTTP/1.1" in line for line in lines)
    assert not any("near" in line or "secret" in line or "?" in line for line in lines)


def test_a_line_without_a_query_stays_as_it_is() -> None:
    record = logging.LogRecord("werkzeug", logging.INFO, "", 0, '"%s" %s %s', ("GET / HTTP/1.1", "200", "-"), None)
    assert WithoutQuery().filter(record)
    assert record.getMessage() == '"GET / HTTP/1.1" 200 -'


@pytest.mark.own_app
def test_an_unexpected_error_is_logged_without_the_query(
    sqlite_app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sqlite_app.config, "TESTING", False)
    monkeypatch.setitem(sqlite_app.config, "PROPAGATE_EXCEPTIONS", False)
    sqlite_app.add_url_rule("/broken", "broken", lambda: 1 / 0)
    assert sqlite_app.test_client().get("/broken?near=90503").status_code == 500
    assert "/broken" in caplog.text
    assert "90503" not in caplog.text


def test_the_documented_gunicorn_format_leaves_the_query_out() -> None:
    documented = re.search(r"--access-logformat '([^']+)'", (ROOT / "docs" / "operating.md").read_text("utf-8"))
    assert documented, "docs/operating.md gives no access log format for gunicorn"
    with_query = {"%(r)s", "%(q)s", "%(f)s", "%({Referer}i)s"}  # whole request line, query, referrer
    assert not with_query & set(re.findall(r"%\([^)]+\)s", documented[1]))
