"""The audit log: append-only, each event chained to the one before by its hash.

The database itself refuses to change or remove an event: `db.create_all()` makes triggers with the table. A migration
that creates `audit_event` calls `create_triggers` right after; one that has to rebuild the table (on SQLite, any change
of a column does) drops them and makes them again.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from directory.extensions import Model


class AuditEvent(Model):
    """Who did what to what, when and why."""

    __tablename__ = "audit_event"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 1, 2, 3, ... without gaps
    happened_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(120), index=True)  # "account:7", "command:ana", "writer", "program"
    act: Mapped[str] = mapped_column(String(60), index=True)  # "publish_review"
    subject: Mapped[str] = mapped_column(String(120), index=True)  # "review:12"
    before: Mapped[Any | None] = mapped_column(JSON)
    after: Mapped[Any | None] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text, default="")
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(Model):
    """The number and hash of the last event. Its row is locked while an event is added. One row."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


# SQLite drops the old row of an INSERT OR REPLACE without asking the delete trigger, hence the third one.
CREATE = {
    "sqlite": (
        "CREATE TRIGGER audit_event_update BEFORE UPDATE ON audit_event "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
        "CREATE TRIGGER audit_event_delete BEFORE DELETE ON audit_event "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
        "CREATE TRIGGER audit_event_replace BEFORE INSERT ON audit_event "
        "WHEN EXISTS (SELECT 1 FROM audit_event WHERE number = NEW.number OR hash = NEW.hash) "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
        "CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()",
    ),
}
DROP = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS audit_event_update",
        "DROP TRIGGER IF EXISTS audit_event_delete",
        "DROP TRIGGER IF EXISTS audit_event_replace",
    ),
    "postgresql": (
        "DROP TRIGGER IF EXISTS audit_event_append_only ON audit_event",
        "DROP FUNCTION IF EXISTS refuse_audit_change()",
    ),
}


def create_triggers(connection: Connection) -> None:
    """Arm the table on `connection`'s database (in a migration: `op.get_bind()`)."""
    for statement in CREATE[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def drop_triggers(connection: Connection) -> None:
    """Disarm the table; call it before the table is dropped or rebuilt."""
    for statement in DROP[connection.dialect.name]:
        connection.exec_driver_sql(statement)


@event.listens_for(AuditEvent.__table__, "after_create")
def _arm(_table: Any, connection: Connection, **_options: Any) -> None:
    create_triggers(connection)


@event.listens_for(AuditEvent.__table__, "before_drop")
def _disarm(_table: Any, connection: Connection, **_options: Any) -> None:
    drop_triggers(connection)
