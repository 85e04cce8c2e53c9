"""What an event changed, side by side."""

from typing import Any

import pytest

from directory.audit.formats import Change, changes_of


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        (None, None, []),
        (
            {"status": "pending", "old": 1},
            {"status": "published", "new": True},
            [Change("status", "pending", "published"), Change("old", "1", None), Change("new", None, "yes")],
        ),
        (None, {"roles": ["admin", "verifier"], "npis": []}, [
            Change("roles", None, "admin, verifier"),
            Change("npis", None, "none"),
        ]),
        ({"npi": None}, {"npi": False}, [Change("npi", "nothing", "no")]),
        ({"a": {"b": "é"}}, None, [Change("a", '{"b": "é"}', None)]),
        ({"a": [{"b": 1}]}, None, [Change("a", '[{"b": 1}]', None)]),
        ("closed", ["open"], [Change("value", "closed", "open")]),
        ({}, {}, []),
    ],
)  # fmt: skip
def test_values_stand_side_by_side(before: Any, after: Any, changes: list[Change]) -> None:
    assert changes_of(before, after) == changes
