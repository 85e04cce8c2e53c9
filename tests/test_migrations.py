"""Migrations make the tables that the models describe, on both databases, and can be undone."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.exc import DBAPIError

from directory import create_app
from directory.audit.log import record
from directory.credentials.models import Credential
from directory.credentials.queries import qualifications
from directory.extensions import db
from directory.reviews.models import RatingEstimate, Review


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app over a database without any table."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('migrations') / 'empty.sqlite3'}"
    else:
        server = request.getfixturevalue("postgresql_server").replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS migrations"))
            connection.execute(text("CREATE DATABASE migrations"))
        engine.dispose()
        url = server.replace("/postgres?", "/migrations?")
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": url})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_the_migrated_tables_are_those_of_the_models(empty_app: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), db.metadata)
    assert differences == []


def test_every_migration_can_be_undone(empty_app: Flask) -> None:
    upgrade()
    assert "provider" in inspect(db.engine).get_table_names()
    downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]


def test_the_second_migration_loses_no_row(empty_app: Flask) -> None:
    """On SQLite a changed table is copied, and what refers to its rows must stay."""
    upgrade(revision="0001")
    with db.engine.begin() as connection:
        for statement in (
            "INSERT INTO source (key, name, kind) VALUES ('demo', 'Demonstration', 'demonstration')",
            "INSERT INTO provider (npi, entity_type, name, source_key, as_of) "
            "VALUES ('9000000017', 1, 'A', 'demo', '2026-01-01')",
            "INSERT INTO review (id, npi, source_key, source_review_id, status, rating, verified, created_at) "
            "VALUES (1, '9000000017', 'demo', 'r1', 'published', 5, false, '2026-01-01 00:00:00')",
            "INSERT INTO outcome (review_id, onset_days, side_effects) VALUES (1, 7, '[]')",
            "INSERT INTO rating_estimate (npi, estimate, low, high, reviews_counted, computed_at) "
            "VALUES ('9000000017', 4.1, 3, 5, 1, '2026-01-01 00:00:00')",
        ):
            connection.execute(text(statement))
    upgrade()
    review = db.session.scalars(select(Review)).one()
    assert review.outcome
    assert review.outcome.onset_days == 7
    assert (review.weight, review.discounts, review.version, review.rating) == (1.0, [], 1, 5.0)
    assert db.session.scalars(select(RatingEstimate)).one().reviews_discounted == 0


def test_the_third_migration_keeps_what_was_verified(empty_app: Flask) -> None:
    upgrade(revision="0002")
    with db.engine.begin() as connection:
        for statement in (
            "INSERT INTO source (key, name, kind) VALUES ('demo', 'Demonstration', 'demonstration')",
            "INSERT INTO provider (npi, entity_type, name, source_key, as_of) "
            "VALUES ('9000000017', 1, 'A', 'demo', '2026-01-01')",
            "INSERT INTO credential (id, npi, kind, issuer, state, status, public_discipline, source_key, as_of) "
            "VALUES (1, '9000000017', 'licence', 'A board', 'CA', 'verified', false, 'demo', '2026-01-01')",
            "INSERT INTO verification (id, credential_id, verified_at, method, primary_source, outcome) "
            "VALUES (1, 1, '2026-01-02 00:00:00', 'look-up page', 'A board', 'verified')",
        ):
            connection.execute(text(statement))
    upgrade()
    credential = db.session.scalars(select(Credential)).one()
    assert (credential.version, credential.entered_by, credential.verified_until) == (1, "program", None)
    (verification,) = credential.verifications
    assert (verification.state, verification.recorded_by) == ("final", "program")
    assert qualifications("9000000017").qualification.license_verified


def test_the_migrated_audit_log_is_append_only(empty_app: Flask) -> None:
    upgrade()
    record("command", "try", "test:1")
    db.session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text("DELETE FROM audit_event"))
    db.session.rollback()
