"""Pages of text, and what a load balancer asks."""

from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from directory import create_app


def test_the_pages_reach_each_other(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    for path in ("/how-we-rank", "/how-we-verify", "/sources", "/privacy", "/accessibility"):
        assert f'href="{path}"' in client.get("/").text


def test_every_page_says_when_to_call_911(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    for path in ("/", "/search", "/privacy", "/nowhere"):
        assert 'href="tel:911"' in client.get(path).text


@pytest.mark.parametrize(
    ("setting", "value", "promise", "notice"),
    [
        (
            "MAP_TILES_URL",
            "https://tiles.example.org/{z}/{x}/{y}.png",
            "connects only to this site",
            "map server that the operator",
        ),
        ("PLACE_GEOCODER", "nominatim", "goes only to this site", "address service"),
    ],
)
def test_privacy_tells_of_another_service_only_where_there_is_one(
    sqlite_app: Flask, setting: str, value: str, promise: str, notice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sqlite_app.test_client()
    page = client.get("/privacy").text
    assert promise in page
    assert notice not in page
    monkeypatch.setitem(sqlite_app.config, setting, value)
    page = client.get("/privacy").text
    assert notice in page
    assert promise not in page


def _app(database: Path) -> Flask:
    return create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{database}"})


def test_a_living_process_is_healthy_even_without_a_database(tmp_path: Path) -> None:
    assert _app(tmp_path / "missing" / "directory.sqlite3").test_client().get("/healthz").status_code == 200


def test_it_is_ready_once_the_migrations_are_current(tmp_path: Path) -> None:
    app = _app(tmp_path / "directory.sqlite3")
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert "flask db upgrade" in answer.text
    with app.app_context():
        upgrade()
    assert app.test_client().get("/readyz").status_code == 200


def test_it_is_not_ready_without_its_database(tmp_path: Path) -> None:
    answer = _app(tmp_path / "missing" / "directory.sqlite3").test_client().get("/readyz")
    assert answer.status_code == 503
    assert "can’t be reached" in answer.text
