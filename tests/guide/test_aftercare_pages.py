"""The page after an injection: what to do, and a calendar file for any day that can be meant, which is kept nowhere."""

import logging
import urllib.parse
import urllib.request
from datetime import date, time, timedelta
from typing import Any

import pytest
import vobject
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.datastructures import MultiDict

from directory.extensions import db
from directory.guide.aftercare.views import InjectionForm
from directory.web.days import today_in_california
from tests.guide.reading import Page
from tests.serving import served

PATH = "/guide/aftercare"
A_DAY = "injected_on"


@pytest.fixture
def visitor(sqlite_app: Flask) -> FlaskClient:
    return sqlite_app.test_client()


def post(client: FlaskClient, injected_on: str, injected_at: str = "") -> Any:
    return client.post(PATH, data={"injected_on": injected_on, "injected_at": injected_at})


@pytest.mark.parametrize("anchor", ["first-24-hours", "what-to-watch-for", "when-to-call", "calendar"])
def test_the_page_has_its_four_places(visitor: FlaskClient, anchor: str) -> None:
    page = Page(visitor.get(PATH).text)
    assert page.at(anchor).text
    assert f"#{anchor}" in [tag.attributes.get("href") for tag in page.named("a")]


def test_the_page_says_what_the_facts_say(visitor: FlaskClient) -> None:
    page = Page(visitor.get(PATH).text)
    assert "Avoid strenuous exercise for at least 24 hours" in page.at("first-24-hours").text
    assert "call 911" in page.at("when-to-call").text
    assert "hours to weeks later" in page.at("what-to-watch-for").text


def test_the_file_comes_as_a_file_that_is_not_cached(visitor: FlaskClient) -> None:
    today = today_in_california()
    answer = post(visitor, today.isoformat())
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=aftercare.ics"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    first = vobject.readOne(answer.text).vevent_list[0]
    assert first.dtstart.value == today


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type the date as month/day/year"),
        ("yesterday", "Type the date as month/day/year"),
        ("2026-02-30", "Type the date as month/day/year"),
        ("2027-02-29", "Type the date as month/day/year"),
        ("31/12/2026", "Type the date as month/day/year"),
        ("<b>1/1/2026</b>", "Type the date as month/day/year"),
        ("1" * 10_000, "Type the date as month/day/year"),
        ("1900-01-01", "Type a date from"),
        ("3000-01-01", "Type a date from"),
        ((today_in_california() + timedelta(days=2 * 365 + 1)).isoformat(), "Type a date from"),
    ],
)
def test_a_day_that_cannot_be_is_said_beside_it_and_kept(visitor: FlaskClient, typed: str, sentence: str) -> None:
    answer = post(visitor, typed, "9:15 am")
    page = Page(answer.text)
    assert answer.status_code == 400
    assert answer.headers["Cache-Control"] == "no-store"
    assert sentence in page.at("injected_on-error").text
    assert 'href="#injected_on"' in answer.text
    assert page.at("injected_on").attributes["value"] == typed
    assert page.at("injected_at").attributes["value"] == "9:15 am"


def test_the_range_is_a_year_to_each_side_and_says_why(visitor: FlaskClient) -> None:
    today, year = today_in_california(), timedelta(days=365)
    for inside in (today - year, today, today + year):
        assert post(visitor, inside.isoformat()).status_code == 200
    for outside in (today - year - timedelta(days=1), today + year + timedelta(days=1)):
        answer = post(visitor, outside.isoformat())
        assert answer.status_code == 400
        assert "all reminders would be in the past" in Page(answer.text).at("injected_on-error").text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("14:30", time(14, 30)),
        ("14:30:00", time(14, 30)),
        ("2:30 pm", time(14, 30)),
        ("2:30pm", time(14, 30)),
        ("2:30 p. m.", time(14, 30)),
        ("2:30 P.M.", time(14, 30)),
        ("9 am", time(9)),
        ("12 am", time(0)),
        ("", None),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, read: time | None, sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context(PATH):
        form = InjectionForm(date(2026, 5, 1), formdata=MultiDict({A_DAY: "2026-05-01", "injected_at": typed}))
        assert form.validate()
        assert form.injected_at.data == read


@pytest.mark.parametrize("typed", ["25:00", "noon", "14:60", "14", "1430", "-1:00"])
def test_a_time_that_cannot_be_is_said_beside_it_and_kept(visitor: FlaskClient, typed: str) -> None:
    answer = post(visitor, today_in_california().isoformat(), typed)
    page = Page(answer.text)
    assert answer.status_code == 400
    assert "Type the time like" in page.at("injected_at-error").text
    assert page.at("injected_at").attributes["value"] == typed


def test_the_29th_of_february_is_a_day_in_a_leap_year_alone(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context(PATH):
        leap = InjectionForm(date(2028, 3, 1), formdata=MultiDict({A_DAY: "2028-02-29"}))
        assert leap.validate()
        common = InjectionForm(date(2027, 3, 1), formdata=MultiDict({A_DAY: "2027-02-29"}))
        assert not common.validate()


def test_the_day_is_not_written_and_not_logged(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    day = today_in_california() - timedelta(days=17)
    body = urllib.parse.urlencode({A_DAY: day.isoformat(), "injected_at": "11:47"}).encode()
    written: list[str] = []

    def note(*given: object) -> None:
        written.append(str(given[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with (
            caplog.at_level(logging.DEBUG),
            served(app) as address,
            urllib.request.urlopen(f"{address}{PATH}", data=body) as answer,  # noqa: S310 (our own server)
        ):
            assert f"{day:%Y%m%d}" in answer.read().decode()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert not [each for each in written if each.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]
    lines = [record.getMessage() for record in caplog.records]
    assert any(f"POST {PATH} HTTP/1.1" in line for line in lines)
    assert not [line for line in lines if day.isoformat() in line or "11:47" in line or "11%3A47" in line]


def test_a_day_in_the_address_is_not_read(visitor: FlaskClient) -> None:
    assert "value" not in [
        key
        for key, value in Page(visitor.get(f"{PATH}?injected_on=2026-01-01").text).at(A_DAY).attributes.items()
        if value
    ]
    assert visitor.post(f"{PATH}?injected_on={today_in_california()}").status_code == 400


def test_the_form_comes_back_filled_when_its_token_is_missing(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sqlite_app.config, "WTF_CSRF_ENABLED", True)
    client, today = sqlite_app.test_client(), today_in_california().isoformat()
    answer = post(client, today)
    page = Page(answer.text)
    assert answer.status_code == 400
    assert page.at(A_DAY).attributes["value"] == today
    token = next(tag.attributes["value"] for tag in page.named("input") if tag.attributes["name"] == "csrf_token")
    assert client.post(PATH, data={A_DAY: today, "csrf_token": token}).mimetype == "text/calendar"


def test_in_spanish_the_mistake_is_said_in_spanish(visitor: FlaskClient) -> None:
    assert "Escriba el día" in Page(visitor.post(f"/es{PATH}", data={A_DAY: "ayer"}).text).at("injected_on-error").text
