"""What somebody answers before a consultation is in the one answer of the site: no database, log, cookie or cache."""

import logging
import urllib.parse
import urllib.request
from importlib import import_module

import pytest
from flask import Flask
from sqlalchemy import event, select

from directory.extensions import db
from tests.guide.reading import Page
from tests.serving import served

PATH = "/guide/prepare"
SECRET = "Myasthenia-of-Jane-Roe"
ANSWERS = {"neck_words": SECRET, "nerve_muscle": "yes", "red_flags": "throat", "since": "4/2019"}


def everything_stored() -> str:
    return "".join(str(tuple(row)) for table in db.metadata.sorted_tables for row in db.session.execute(select(table)))


@pytest.mark.parametrize("wanted", ["page", "text", "form"])
@pytest.mark.parametrize("since", ["4/2019", "never"])
def test_no_answer_is_written_to_the_database(app: Flask, wanted: str, since: str) -> None:
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        answer = app.test_client().post(PATH, data=ANSWERS | {"since": since, "as": wanted})
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert SECRET in answer.text
    assert not [each for each in statements if each.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]
    assert SECRET not in everything_stored()


@pytest.mark.parametrize("wanted", ["page", "text", "form"])
def test_no_log_holds_an_answer(sqlite_app: Flask, wanted: str, caplog: pytest.LogCaptureFixture) -> None:
    body = urllib.parse.urlencode(ANSWERS | {"as": wanted}).encode()
    with (
        caplog.at_level(logging.DEBUG),
        served(sqlite_app) as address,
        urllib.request.urlopen(f"{address}{PATH}", data=body) as answer,  # noqa: S310 (our own server)
    ):
        assert SECRET in answer.read().decode()
    lines = [record.getMessage() for record in caplog.records]
    assert any(f"POST {PATH} HTTP/1.1" in line for line in lines)
    assert not [line for line in lines if SECRET in line or "2019" in line or "nerve_muscle" in line]


def test_an_error_of_ours_logs_no_answer(
    sqlite_app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sqlite_app.config, "TESTING", False)
    monkeypatch.setitem(sqlite_app.config, "PROPAGATE_EXCEPTIONS", False)

    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(import_module("directory.guide.prepare.views"), "make_sheet", fail)
    answer = sqlite_app.test_client().post(PATH, data=ANSWERS)
    assert answer.status_code == 500
    assert "broken" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("wanted", ["page", "text", "form"])
@pytest.mark.parametrize("since", ["4/2019", "never"])
def test_an_answer_is_not_cached_and_sets_no_cookie(sqlite_app: Flask, wanted: str, since: str) -> None:
    answer = sqlite_app.test_client().post(PATH, data=ANSWERS | {"since": since, "as": wanted})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_the_cookie_of_the_forms_token_says_nothing_else(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sqlite_app.config, "WTF_CSRF_ENABLED", True)
    client = sqlite_app.test_client()
    client.post(PATH, data=ANSWERS)
    with client.session_transaction() as kept:
        assert set(kept) <= {"csrf_token"}


def test_answers_in_an_address_are_not_read(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    form = Page(client.get(PATH, query_string=ANSWERS).text)
    assert form.at("neck_words").text == ""
    assert not [tag for tag in form.tags if "checked" in tag.attributes]
    assert SECRET not in Page(client.post(PATH, query_string=ANSWERS).text).at("sheet").text


def test_the_next_person_sees_nothing_of_the_one_before(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    client.post(PATH, data=ANSWERS)
    assert SECRET not in client.get(PATH).text
    assert SECRET not in client.post(PATH).text
