"""What all imports ask of one row."""

from typing import Any

from sqlalchemy import String

Values = dict[str, Any]


class RowRejected(Exception):  # noqa: N818 (a judgement on a row, not a fault)
    """A row that cannot be used; the message says why."""


def check_lengths(model: Any, values: Values) -> None:
    """Raises `RowRejected` when a text is longer than its column in the model's table."""
    for name, value in values.items():
        kind = model.__table__.c[name].type
        if isinstance(value, str) and isinstance(kind, String) and kind.length and len(value) > kind.length:
            raise RowRejected(f"the {name.replace('_', ' ')} is longer than {kind.length} characters")
