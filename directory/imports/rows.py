"""What all imports ask of one row."""

from functools import cache
from typing import Any

from sqlalchemy import String

Values = dict[str, Any]


class RowRejectedError(Exception):
    """A row that cannot be used; the message says why."""


def check_lengths(model: Any, values: Values) -> None:
    """Raises `RowRejectedError` when a text is longer than its column in the model's table."""
    for name, most in _text_columns(model):
        if len(values.get(name) or "") > most:
            raise RowRejectedError(f"the {name.replace('_', ' ')} is longer than {most} characters")


@cache
def _text_columns(model: Any) -> list[tuple[str, int]]:
    return [
        (column.name, column.type.length)
        for column in model.__table__.columns
        if isinstance(column.type, String) and column.type.length
    ]
