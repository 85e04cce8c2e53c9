"""Events as people and programs read them: what each changed, and lines of CSV and of JSON Lines."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from itertools import islice
from typing import Any

from directory.audit.models import AuditEvent
from directory.web.plain_text import plain_cell

COLUMNS = tuple(AuditEvent.__table__.columns.keys())
LINES_AT_ONCE = 200


def csv_lines(events: Iterable[AuditEvent]) -> Iterator[str]:
    """A head and a row for each event, in pieces. `before` and `after` are JSON, empty for none."""
    yield ",".join(COLUMNS) + "\r\n"
    for chunk in _chunks(events):
        text = io.StringIO()
        csv.writer(text).writerows([plain_cell(_cell(name, value)) for name, value in row.items()] for row in chunk)
        yield text.getvalue()


def json_lines(events: Iterable[AuditEvent]) -> Iterator[str]:
    """An object for each event on a line of its own, in pieces."""
    for chunk in _chunks(events):
        yield "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in chunk)


def _chunks(events: Iterable[AuditEvent]) -> Iterator[list[dict[str, Any]]]:
    rows = map(_row, events)
    while chunk := list(islice(rows, LINES_AT_ONCE)):
        yield chunk


def _row(event: AuditEvent) -> dict[str, Any]:
    moment = event.happened_at.astimezone(UTC).isoformat(timespec="microseconds")
    return {name: getattr(event, name) for name in COLUMNS} | {"happened_at": moment}


def _cell(name: str, value: Any) -> str:
    if name in {"before", "after"}:
        return "" if value is None else json.dumps(value, ensure_ascii=False)
    return str(value)


@dataclass(frozen=True, slots=True)
class Change:
    """One value; None where it was not there before, or is not there afterward."""

    name: str
    before: str | None
    after: str | None


def changes_of(before: Any, after: Any) -> list[Change]:
    """The values of `before` and `after` side by side, in the order in which they come.

    A value that is no mapping stands under the name "value".
    """
    old, new = _named(before), _named(after)
    return [Change(name, _words(old, name), _words(new, name)) for name in dict.fromkeys([*old, *new])]


def _named(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    return value if isinstance(value, Mapping) else {"value": value}


def _words(values: Mapping[str, Any], name: str) -> str | None:
    if name not in values:
        return None
    value = values[name]
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(each, str | int) for each in value):
        return ", ".join(str(each) for each in value) or "none"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
