"""The columns of a public file, and the values of one of its rows."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import String

from directory.imports.reading.files import ImportFileError

Values = dict[str, Any]
"""A row as the directory keeps it, by column of the table."""


class RowRejectedError(Exception):
    """A row that cannot be used; the message says why."""


class FileKind(NamedTuple):
    """One kind of file: how its name starts in its zip, what messages call it, and the columns it must have."""

    prefix: str
    title: str
    columns: tuple[str, ...]


@lru_cache(maxsize=20_000)
def parse_day(text: str, pattern: str) -> date:
    """The day that `text` writes by a `pattern` of `strptime`. Raises `ValueError`."""
    if pattern == "%Y%m%d" and not re.fullmatch("[0-9]{8}", text):
        raise ValueError(text)  # strptime takes fewer digits
    return datetime.strptime(text, pattern).replace(tzinfo=UTC).date()


class Fields:
    """One row's values by column name, without the spaces around them; a withheld value is no value."""

    __slots__ = ("_fields", "_position")

    def __init__(self, position: Mapping[str, int], fields: list[str]) -> None:
        self._position = position
        self._fields = fields

    def __getitem__(self, name: str) -> str:
        text = self._fields[self._position[name]].strip()
        return "" if text.upper() == "<UNAVAIL>" else text

    def raw(self, name: str) -> str:
        return self._fields[self._position[name]]

    def day(self, name: str, pattern: str, example: str) -> date | None:
        """The day that a column writes by a `pattern` of `strptime`; None when empty. Raises `RowRejectedError`."""
        text = self[name]
        try:
            return parse_day(text, pattern) if text else None
        except ValueError as error:
            raise RowRejectedError(f"the {name} {text[:20]!r} is no date like {example}") from error


def column_positions(
    header: Sequence[str], required: Sequence[str], optional: Sequence[str], label: str, title: str
) -> Mapping[str, int]:
    """Where each column stands in the `header`. Capitals and spaces do not matter.

    Raises `ImportFileError` when one of the `required` is missing or stands twice; `label` and `title` name the file
    and its kind.
    """
    places: dict[str, list[int]] = {}
    for index, name in enumerate(header):
        places.setdefault(_folded(name), []).append(index)
    missing = [name for name in required if _folded(name) not in places]
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        named = ", ".join(f"“{name}”" for name in missing[:3])
        raise ImportFileError(
            f"{label} is not {title}: it lacks the column{'s' if len(missing) > 1 else ''} {named}{more}. "
            "Nothing was changed."
        )
    present = [*required, *(name for name in optional if _folded(name) in places)]
    repeated = [name for name in present if len(places[_folded(name)]) > 1]
    if repeated:
        raise ImportFileError(f"{label} has the column “{repeated[0]}” more than once. Nothing was changed.")
    return {name: places[_folded(name)][0] for name in present}


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def check_lengths(model: Any, values: Values) -> None:
    """Raises `RowRejectedError` when a text is longer than its column in the model's table."""
    for name, limit in _text_columns(model):
        if len(values.get(name) or "") > limit:
            raise RowRejectedError(f"the {name.replace('_', ' ')} is longer than {limit} characters")


def drop_too_long(model: Any, values: Values, names: Collection[str]) -> list[str]:
    """Leave those of the named values out that are longer than their column; says which in words."""
    limits = dict(_text_columns(model))
    too_long = [name for name in names if name in limits and len(values[name] or "") > limits[name]]
    values |= dict.fromkeys(too_long)
    return [f"the {name.replace('_', ' ')} is longer than {limits[name]} characters" for name in too_long]


@cache
def _text_columns(model: Any) -> list[tuple[str, int]]:
    return [
        (column.name, column.type.length)
        for column in model.__table__.columns
        if isinstance(column.type, String) and column.type.length
    ]
