"""The columns of a public file, and the values of one of its rows."""

import re
from collections.abc import Collection, Container, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import String

from directory.imports.reading.files import ImportFileError, folded

_DELIMITERS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "vertical bars"}
_A_DAY = date(2025, 12, 31)
_MIDNIGHT = re.compile(r"[ T](?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)? ?AM)$")
SPREADSHEET_DAYS = ("%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d", "%d-%b-%y", "%d-%b-%Y")
"""How days are written in a file that Excel has saved."""
Values = dict[str, Any]
"""A row as the directory keeps it, by column of the table."""


class RowRejectedError(Exception):
    """A row that cannot be used; the message says why."""


class MissingColumnsError(ImportFileError):
    """A file without a column that it must have."""


class FileKind(NamedTuple):
    """One kind of file: how its name starts in its zip, what messages call it, and the columns it must have.

    `older_layouts` have the names of the same columns in other years, when tabs stood between them too.
    """

    prefix: str
    title: str
    columns: tuple[str, ...]
    older_layouts: tuple[tuple[str, ...], ...] = ()
    may_be_empty: bool = False  # a header alone says that there is nothing to tell

    def layout_in(self, names: Container[str]) -> tuple[str, ...] | None:
        """What the columns are called where all of them are among the folded `names`; None where some are missing."""
        layouts = (tuple(map(folded, layout)) for layout in (self.columns, *self.older_layouts))
        return next((layout for layout in layouts if all(name in names for name in layout)), None)

    def is_older_with_tabs(self, header: str) -> bool:
        layout = self.layout_in(set(map(folded, header.split("\t"))))
        return layout is not None and layout != tuple(map(folded, self.columns))


@lru_cache(maxsize=20_000)
def parse_day(text: str, *patterns: str) -> date:
    """The day that `text` writes by the first of the `patterns` of `strptime` that fits; midnight may follow it.

    Raises `ValueError`.
    """
    text = _MIDNIGHT.sub("", text)
    for pattern in patterns:
        if pattern == "%Y%m%d" and not re.fullmatch("[0-9]{8}", text):
            continue  # strptime takes fewer digits
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise ValueError(text)


class Fields:
    """One row's values by column name, without the spaces around them; a withheld value is no value."""

    __slots__ = ("_fields", "_position")

    def __init__(self, position: Mapping[str, int], fields: list[str]) -> None:
        self._position = position
        self._fields = fields

    def __getitem__(self, name: str) -> str:
        text = self._fields[self._position[name]].strip()
        return "" if text.upper() == "<UNAVAIL>" else text

    def get(self, name: str) -> str:
        """As `fields[name]`; empty when the file lacks the column."""
        return self[name] if self.has(name) else ""

    def has(self, name: str) -> bool:
        """Whether the file has that column."""
        return name in self._position

    def raw(self, name: str) -> str:
        return self._fields[self._position[name]]

    def day(self, name: str, *patterns: str) -> date | None:
        """The day that a column writes, as `parse_day` reads it; None when empty. Raises `RowRejectedError`."""
        text = self[name]
        try:
            return parse_day(text, *patterns) if text else None
        except ValueError as error:
            example = _A_DAY.strftime(patterns[0])
            raise RowRejectedError(f"the {name} {text[:20]!r} is not a date like {example}") from error


def column_positions(header: Sequence[str], kind: FileKind, optional: Sequence[str], label: str) -> Mapping[str, int]:
    """Where each column of the `kind` stands in the `header`, and of the `optional` ones those that are there.

    Raises `MissingColumnsError`, and `ImportFileError` when one stands twice; `label` names the file.
    """
    places: dict[str, list[int]] = {}
    for index, name in enumerate(header):
        places.setdefault(folded(name), []).append(index)
    layout = kind.layout_in(places) or tuple(map(folded, kind.columns))
    names = {**dict(zip(kind.columns, layout, strict=True)), **{column: folded(column) for column in optional}}
    found = {column: places[name] for column, name in names.items() if name in places}
    missing = [column for column in kind.columns if column not in found]
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        named = ", ".join(f"“{name}”" for name in missing[:3])
        raise MissingColumnsError(
            f"{label} is not {kind.title}: it lacks the column{'s' if len(missing) > 1 else ''} {named}{more}. "
            "Nothing was changed."
        )
    repeated = next((column for column, indexes in found.items() if len(indexes) > 1), None)
    if repeated:
        raise ImportFileError(f"{label} has the column “{repeated}” more than once. Nothing was changed.")
    return {column: indexes[0] for column, indexes in found.items()}


def where_columns_are(lines: Sequence[str], kind: FileKind, delimiter: str, label: str) -> str | None:
    """A sentence about the columns of the `kind` when they stand below the first line or are separated by another sign
    than the `delimiter`; None when they are nowhere.
    """
    for number in range(1, len(lines) + 1):
        row = _row_from(lines[number - 1 : number + 4])
        for sign, name in _DELIMITERS.items():
            if number == 1 and sign == delimiter:
                continue
            cells = {folded(cell.strip(' \r"')) for cell in row.split(sign)}
            if kind.layout_in(cells):
                where = [f"in line {number}"] if number > 1 else []
                steps = ["delete what is above them"] if number > 1 else []
                if sign != delimiter:
                    where.append(f"separated by {name}")
                    steps.append(f"save the file with {_DELIMITERS.get(delimiter, delimiter)} between them")
                return f"{label} has its columns {' and '.join(where)}: {' and '.join(steps)}. Nothing was changed."
    return None


def _row_from(lines: Sequence[str]) -> str:
    """The first of the lines, with those that a quote goes on into: a column's name may have a line break."""
    row = lines[0]
    for line in lines[1:]:
        row += line if row.count('"') % 2 else ""
    return row


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
