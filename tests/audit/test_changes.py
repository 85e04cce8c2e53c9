"""What an event changed, and what was done, in words."""

from typing import Any

import pytest

from directory.audit.formats import Change, act_in_words, changes_of


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
        ({"a": {"b_c": "é"}}, None, [Change("a", "b c é", None)]),
        (None, {"a": [{"b": 1, "c": 2}, {"b": 3}]}, [Change("a", None, "b 1, c 2; b 3")]),
        (
            {"phone": "(310) 555-0100", "city": "Torrance"},
            {"phone": "(310) 555-0199", "city": "Torrance"},
            [Change("phone", "(310) 555-0100", "(310) 555-0199")],
        ),
        (
            {"expires_on": "2026-05-31", "method": "state_board", "day": "2026-02-31"},
            {"expires_on": None, "method": "primary_source", "day": ""},
            [
                Change("expires on", "May 31, 2026", "nothing"),
                Change("method", "state board", "primary source"),
                Change("day", "2026-02-31", "nothing"),
            ],
        ),
        ("closed", ["open"], [Change("value", "closed", "open")]),
        ({}, {}, []),
    ],
)  # fmt: skip
def test_what_differs_is_in_words(before: Any, after: Any, changes: list[Change]) -> None:
    assert changes_of(before, after) == changes


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("reject_review", "Rejected review"),
        ("change_review", "Changed review"),
        ("send_invitation_again", "Sent invitation again"),
        ("stop_speaking_for", "Stopped speaking for"),
        ("tidy_reviews", "Tidied reviews"),
        ("expire", "Expired"),
    ],
)
def test_acts_are_in_words(act: str, words: str) -> None:
    assert act_in_words(act) == words
