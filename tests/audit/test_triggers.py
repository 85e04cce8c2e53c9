"""The database refuses to change or remove an audit event, whoever asks."""

import pytest
from flask import Flask
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from directory.audit.log import record
from directory.audit.models import AuditEvent, create_triggers, drop_triggers
from directory.extensions import db


@pytest.fixture
def logged(app: Flask) -> Flask:
    record("command", "test", "review:1")
    record("command", "test", "review:2")
    db.session.commit()
    return app


def _refused(statement: object) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(statement)
    db.session.rollback()
    assert db.session.query(AuditEvent).count() == 2
    db.session.rollback()


def test_an_event_cannot_be_changed(logged: Flask) -> None:
    _refused(update(AuditEvent).values(actor="nobody"))
    db.session.query(AuditEvent).first().reason = "another"
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.commit()
    db.session.rollback()


def test_an_event_cannot_be_removed(logged: Flask) -> None:
    _refused(delete(AuditEvent).where(AuditEvent.number == 2))


def test_an_event_cannot_be_written_over(logged: Flask) -> None:
    if db.engine.dialect.name == "postgresql":
        _refused(
            text(
                "INSERT INTO audit_event SELECT * FROM audit_event ON CONFLICT (number) DO UPDATE SET actor = 'nobody'"
            )
        )
    else:
        _refused(text("INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event"))


def test_the_log_cannot_be_emptied(logged: Flask) -> None:
    _refused(text("TRUNCATE audit_event" if db.engine.dialect.name == "postgresql" else "DELETE FROM audit_event"))


def test_a_migration_can_take_the_triggers_away_and_make_them_again(logged: Flask) -> None:
    connection = db.session.connection()
    drop_triggers(connection)
    drop_triggers(connection)
    create_triggers(connection)
    db.session.commit()
    _refused(delete(AuditEvent))
