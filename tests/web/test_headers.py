"""The browser connects only to this site, and keeps static files for as long as they stay the same."""

import pytest
from flask import Flask, request, url_for

from directory import create_app
from directory.web.headers import security_headers, tile_sources

LOCAL = {"SQLALCHEMY_DATABASE_URI": "sqlite://"}


@pytest.mark.parametrize("path", ["/", "/search?near=90503", "/search?near=", "/nowhere", "/static/css/site.css"])
def test_every_answer_carries_the_headers(sqlite_app: Flask, path: str) -> None:
    headers = sqlite_app.test_client().get(path).headers
    for name, value in security_headers(tiles_url="", production=False).items():
        assert headers[name] == value


def test_the_policy_allows_no_inline_code_and_no_other_host() -> None:
    policy = security_headers(tiles_url="", production=False)["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    for allowance in ("unsafe", "http:", "https:", "*", "script-src", "style-src", "connect-src"):
        assert allowance not in policy


def test_only_the_operators_tile_host_is_allowed_besides() -> None:
    policy = security_headers("https://{s}.tiles.example.org/{z}/{x}/{y}.png?key=1", False)["Content-Security-Policy"]
    assert "img-src 'self' data: https://*.tiles.example.org;" in policy
    assert tile_sources("") == ""
    assert tile_sources("/tiles/{z}/{x}/{y}.png") == ""


def test_the_place_in_the_address_leaves_with_no_link() -> None:
    assert security_headers("", False)["Referrer-Policy"] == "same-origin"


def test_production_alone_insists_on_https() -> None:
    assert "Strict-Transport-Security" in security_headers("", production=True)
    assert "Strict-Transport-Security" not in security_headers("", production=False)


@pytest.mark.parametrize(("trust", "address"), [(True, "203.0.113.9"), (False, "127.0.0.1")])
def test_a_proxys_word_counts_only_when_it_is_trusted(trust: bool, address: str) -> None:
    app = create_app({**LOCAL, "TRUST_PROXY": trust})
    app.add_url_rule("/who", "who", lambda: f"{request.remote_addr} {request.scheme}")
    answer = app.test_client().get("/who", headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"})
    assert answer.text == f"{address} {'https' if trust else 'http'}"


def test_reading_and_searching_set_no_cookie(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    for path in ("/", "/search?near=90503", "/how-we-rank", "/privacy"):
        assert "Set-Cookie" not in client.get(path).headers


def test_the_address_of_a_file_carries_its_version(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        address = url_for("static", filename="css/site.css")
    answer = sqlite_app.test_client().get(address)
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.status_code == 200


def test_another_version_is_not_kept(sqlite_app: Flask) -> None:
    for query in ("", "?v=", "?v=0"):
        answer = sqlite_app.test_client().get(f"/static/css/site.css{query}")
        assert answer.status_code == 200
        assert "immutable" not in answer.headers["Cache-Control"]


def test_a_file_that_is_not_there_is_not_found(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        address = url_for("static", filename="css/nothing.css")
    assert sqlite_app.test_client().get(address).status_code == 404
