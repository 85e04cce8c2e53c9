"""Events as lines of CSV and of JSON Lines."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC
from itertools import islice
from typing import Any

from directory.audit.models import AuditEvent

COLUMNS = (
    "number",
    "happened_at",
    "actor",
    "act",
    "subject",
    "before",
    "after",
    "reason",
    "previous_hash",
    "hash",
)
LINES_AT_ONCE = 200
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""A cell that begins so is run by spreadsheets as a formula."""


def csv_lines(events: Iterable[AuditEvent]) -> Iterator[str]:
    """A head and a row for each event, in pieces. `before` and `after` are JSON, empty for none."""
    yield ",".join(COLUMNS) + "\r\n"
    for chunk in _chunks(events):
        text = io.StringIO()
        csv.writer(text).writerows([plain_cell(_as_text(name, value)) for name, value in row.items()] for row in chunk)
        yield text.getvalue()


def json_lines(events: Iterable[AuditEvent]) -> Iterator[str]:
    """An object for each event on a line of its own, in pieces."""
    for chunk in _chunks(events):
        yield "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in chunk)


def plain_cell(text: str) -> str:
    """`text` as a spreadsheet shows it and does not run it: an apostrophe stands before what begins like a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def _chunks(events: Iterable[AuditEvent]) -> Iterator[list[dict[str, Any]]]:
    rows = map(_row, events)
    while chunk := list(islice(rows, LINES_AT_ONCE)):
        yield chunk


def _row(event: AuditEvent) -> dict[str, Any]:
    moment = event.happened_at.astimezone(UTC).isoformat(timespec="microseconds")
    return {name: getattr(event, name) for name in COLUMNS} | {"happened_at": moment}


def _as_text(name: str, value: Any) -> str:
    if name in {"before", "after"}:
        return "" if value is None else json.dumps(value, ensure_ascii=False)
    return str(value)
