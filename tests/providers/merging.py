"""Rows of every table that belongs to a provider, and what the whole database holds."""

import itertools
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Column, insert, select

from directory.extensions import Model, UTCDateTime, db
from directory.providers.merge_plan import OwnedTable, owned_tables
from directory.providers.models import WhenMerged
from directory.providers.sources import known_source

NOT_RESTORED = {"audit_event", "audit_head", "search_revision", "search_change", "provider_merge"}
"""What a merge and its undoing add to: the log, the search's revisions, and the record of the merge."""
_numbers = itertools.count(1000)
VALUES: dict[type, Any] = {
    int: lambda: next(_numbers),
    float: lambda: 4.0,
    bool: lambda: True,
    date: lambda: date(2026, 1, 2),
    datetime: lambda: datetime(2026, 1, 2, tzinfo=UTC),
    time: lambda: time(9, 0),
    Decimal: lambda: Decimal(100),
}
SHORT = {"state": "CA", "country": "US", "precision": "zip", "kind": "license", "language": "es"}


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables but `NOT_RESTORED`."""
    db.session.flush()
    tables = [table for table in Model.metadata.sorted_tables if table.name not in NOT_RESTORED]
    return {
        table.name: sorted(
            (tuple(row) for row in db.session.execute(select(table)) if "merged" not in row[:1]),
            key=repr,
        )
        for table in tables
    }


def fill(npi: str, account_id: int, **shared: Any) -> None:
    """Add one row to each table that belongs to the provider and that has none, `shared` values where columns are."""
    known_source("demo")
    db.session.flush()
    made: dict[str, Any] = {}
    for owned in owned_tables():
        if not owned.rows(npi):
            values = {
                column.name: _value(owned, column, npi, account_id, made, shared) for column in owned.table.columns
            }
            values = {name: value for name, value in values.items() if value is not ...}
            db.session.execute(insert(owned.table).values(values))
        row = owned.rows(npi)[0]
        if owned.rule is not WhenMerged.STAY:
            made[owned.table.name] = row.get("id")


def _value(
    owned: OwnedTable, column: Column[Any], npi: str, account_id: int, made: dict[str, Any], shared: dict[str, Any]
) -> Any:
    """A value for `column`; an ellipsis to leave it out."""
    referred = next((key.column.table.name for key in column.foreign_keys), None)
    if column is owned.owner or referred == "provider":
        return npi
    if column.name in shared:
        return shared[column.name]
    if referred == "source":
        return "demo"
    if referred == "account":
        return account_id
    if referred is not None:
        return made.get(referred, ...)
    if isinstance(short := SHORT.get(column.name), str):
        return short[: column.type.length]
    if column.nullable or column.name == "id":
        return ...
    if isinstance(column.type, JSON):
        return []
    kind = datetime if isinstance(column.type, UTCDateTime) else column.type.python_type
    if kind is str:
        return f"x{next(_numbers)}"[: getattr(column.type, "length", None) or 20]
    return VALUES[kind]()
