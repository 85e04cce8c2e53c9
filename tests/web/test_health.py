"""What a load balancer is told."""

from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from directory import create_app


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
    assert "cannot be reached" in answer.text
