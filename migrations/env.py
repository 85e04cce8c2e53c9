"""How Alembic reaches the app's database: by the `flask db` commands, which bring the app with them."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from flask import current_app

from directory.extensions import UTCDateTime

database = current_app.extensions["migrate"].db


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column types as plain SQLAlchemy, so that a migration outlives the code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


def drop_empty_revision(_context: MigrationContext, _revision: Any, directives: list[MigrationScript]) -> None:
    """Let `flask db migrate` write no file when nothing changed. `flask db check` reads the empty revision."""
    upgrade_ops = directives[0].upgrade_ops
    if hasattr(context.config.cmd_opts, "autogenerate") and upgrade_ops is not None and upgrade_ops.is_empty():
        directives.clear()


def run_migrations() -> None:
    with database.engine.connect() as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        if on_sqlite:
            # A table is changed by copying it. Dropping the old one would take along all rows that refer to it.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.rollback()
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,  # SQLite changes a table by copying it
            compare_type=True,
            render_item=render_item,
            process_revision_directives=drop_empty_revision,
        )
        with context.begin_transaction():
            context.run_migrations()
            astray = connection.exec_driver_sql("PRAGMA foreign_key_check").all() if on_sqlite else []
            if astray:
                raise RuntimeError(f"rows refer to others that are not there: {astray[:5]}")
        if on_sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


run_migrations()
