"""Error pages say what went wrong and lead on."""

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient
from flask_wtf.csrf import CSRFError

from directory import create_app
from directory.extensions import limiter
from directory.web.errors import TEXTS
from directory.web.languages import offer_translations
from tests.in_spanish import english_in


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """An app with a page for each way to fail, and no database."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite:////nonexistent/directory.sqlite3"})
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    def expired() -> None:
        raise CSRFError("The CSRF token has expired.")

    app.add_url_rule("/fail/<int:code>", "fail", abort)
    app.add_url_rule("/broken", "broken", lambda: 1 / 0)
    app.add_url_rule("/expired", "expired", expired)
    offer_translations(app, "fail", "broken", "expired")
    return app.test_client()


@pytest.mark.parametrize("status", sorted(TEXTS))
def test_an_error_page_has_plain_words_and_a_way_on(failing: FlaskClient, status: int) -> None:
    answer = failing.get(f"/fail/{status}")
    assert answer.status_code == status
    assert str(TEXTS[status].title) in answer.text
    assert '<a href="/" role="button">Find a provider</a>' in answer.text


@pytest.mark.parametrize(
    "address", ["/nowhere", "/expired", "/broken", *(f"/fail/{status}" for status in (*TEXTS, 418))]
)
def test_an_error_page_is_in_the_language_of_the_address(failing: FlaskClient, address: str) -> None:
    answer = failing.get(f"/es{address}")
    assert '<html lang="es">' in answer.text
    assert '<a href="/es/" role="button">Encuentre un proveedor</a>' in answer.text
    assert english_in(answer.text) == []


def test_an_error_without_words_of_its_own_still_leads_on(failing: FlaskClient) -> None:
    answer = failing.get("/fail/418")
    assert answer.status_code == 418
    assert "That didn’t work" in answer.text


def test_a_bug_shows_the_error_page_even_without_a_database(failing: FlaskClient) -> None:
    answer = failing.get("/broken")
    assert answer.status_code == 500
    assert str(TEXTS[500].title) in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_a_search_without_a_database_shows_the_error_page(failing: FlaskClient) -> None:
    assert failing.get("/search?near=90503").status_code == 500


def test_a_wrong_method_names_the_right_ones(failing: FlaskClient) -> None:
    answer = failing.delete("/privacy")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_an_expired_form_says_so(failing: FlaskClient) -> None:
    answer = failing.get("/expired")
    assert answer.status_code == 400
    assert "open for too long" in answer.text


def test_htmx_gets_the_error_in_the_message_line_alone(failing: FlaskClient) -> None:
    answer = failing.get("/broken", headers={"HX-Request": "true"})
    assert answer.status_code == 500
    assert "<html" not in answer.text
    assert str(TEXTS[500].title) in answer.text
    assert answer.headers["HX-Retarget"] == "#page-message"


@pytest.mark.own_app
def test_too_large_a_request_is_refused(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sqlite_app.config, "MAX_CONTENT_LENGTH", 10)
    sqlite_app.add_url_rule("/take", "take", lambda: request.get_data(), methods=["POST"])
    answer = sqlite_app.test_client().post("/take", data=b"x" * 11)
    assert answer.status_code == 413
    assert str(TEXTS[413].title) in answer.text
    assert "Go back: what you typed is still there." in answer.text


@pytest.mark.own_app
def test_a_limit_that_was_reached_says_to_wait_and_that_nothing_typed_is_lost(sqlite_app: Flask) -> None:
    sqlite_app.add_url_rule("/send", "send", limiter.limit("1 per hour")(lambda: "taken"), methods=["POST"])
    client = sqlite_app.test_client()
    answers = [client.post("/send", environ_base={"REMOTE_ADDR": f"192.0.2.{host}"}) for host in (1, 1, 2)]
    assert [answer.status_code for answer in answers] == [200, 429, 200]
    assert "Wait a few minutes" in answers[1].text
    assert "go back: what you typed is still there." in answers[1].text
