"""What an event changed, value by value, for people to read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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
