"""Events as people and programs read them: what each changed, and lines of CSV and of JSON Lines."""

import contextlib
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date
from itertools import islice
from typing import Any

from directory.audit.models import AuditEvent
from directory.web.days import day_in_words
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


IRREGULAR = {
    **{
        "begin": "began",
        "find": "found",
        "give": "gave",
        "hide": "hid",
        "keep": "kept",
        "make": "made",
        "read": "read",
    },
    **{"run": "ran", "say": "said", "send": "sent", "set": "set", "speak": "spoke", "stop": "stopped", "take": "took"},
    **{"undo": "undid", "withdraw": "withdrew", "write": "wrote", "submit": "submitted"},
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CODE = re.compile(r"[a-z]+(?:_[a-z]+)+")


def act_in_words(act: str) -> str:
    """What was done, as a person reads it: `reject_review` is "Rejected review"."""
    verb, *rest = act.split("_")
    past = IRREGULAR.get(verb)
    if past is None and verb.endswith("y") and verb[-2:-1] not in "aeiou":
        past = f"{verb[:-1]}ied"
    past = past or f"{verb.removesuffix('e')}ed"
    return " ".join([past[:1].upper() + past[1:], *rest])


@dataclass(frozen=True, slots=True)
class Change:
    """One value that changed; None where it was not there before, or is not there afterward."""

    name: str
    before: str | None
    after: str | None


def changes_of(before: Any, after: Any) -> list[Change]:
    """What differs between `before` and `after`, in words and in the order in which it comes.

    A value that is no mapping stands under the name "value".
    """
    old, new = _named(before), _named(after)
    changes = [Change(_plain(name), _words(old, name), _words(new, name)) for name in dict.fromkeys([*old, *new])]
    return [change for change in changes if change.before != change.after]


def _named(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    return value if isinstance(value, Mapping) else {"value": value}


def _words(values: Mapping[str, Any], name: str) -> str | None:
    return in_words(values[name]) if name in values else None


def in_words(value: Any) -> str:
    """A value as a person reads it: days as such, and codes without their underscores."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{_plain(name)} {in_words(each)}" for name, each in value.items()) or "nothing"
    if isinstance(value, list):
        between = "; " if any(isinstance(each, Mapping | list) for each in value) else ", "
        return between.join(map(in_words, value)) or "none"
    if isinstance(value, str) and _DAY.fullmatch(value):
        with contextlib.suppress(ValueError):  # no day of the calendar: shown as it is
            return day_in_words(date.fromisoformat(value))
    return _plain(value) if isinstance(value, str) and _CODE.fullmatch(value) else str(value)


def _plain(name: str) -> str:
    return name.replace("_", " ")
