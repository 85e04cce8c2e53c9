"""Events as files: every value comes back, and no cell is a formula."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.audit.formats import COLUMNS, LINES_AT_ONCE, csv_lines, json_lines, plain_cell
from directory.audit.models import AuditEvent


def event(number: int = 1, **values: Any) -> AuditEvent:
    return AuditEvent(
        **{
            "number": number,
            "happened_at": datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=UTC),
            "actor": "account:1",
            "act": "reject_review",
            "subject": "review:12",
            "before": {"status": "pending"},
            "after": None,
            "reason": 'He said "no",\nand é',
            "previous_hash": "0" * 64,
            "hash": "f" * 64,
            **values,
        }
    )


def test_csv_has_a_head_and_every_value() -> None:
    head, row = csv.reader(io.StringIO("".join(csv_lines([event()])), newline=""))
    assert tuple(head) == COLUMNS
    assert dict(zip(head, row, strict=True)) == {
        "number": "1",
        "happened_at": "2026-03-01T12:00:00.000005+00:00",
        "actor": "account:1",
        "act": "reject_review",
        "subject": "review:12",
        "before": '{"status": "pending"}',
        "after": "",
        "reason": 'He said "no",\nand é',
        "previous_hash": "0" * 64,
        "hash": "f" * 64,
    }


def test_json_lines_have_an_object_a_line_with_values_as_they_are() -> None:
    first, second = "".join(json_lines([event(1), event(2, after={"n": [1, None]})])).splitlines()
    assert tuple(json.loads(first)) == COLUMNS
    assert (json.loads(first)["reason"], json.loads(first)["after"]) == ('He said "no",\nand é', None)
    assert (json.loads(second)["number"], json.loads(second)["after"]) == (2, {"n": [1, None]})


def test_what_begins_like_a_formula_is_text(subtests: pytest.Subtests) -> None:
    for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1+1", '=cmd|"/C calc"!A0', "-5"]:
        with subtests.test(text=text):
            assert plain_cell(text) == f"'{text}"
            for values in ({"reason": text}, {"actor": text}, {"subject": text}):
                _, row = csv.reader(io.StringIO("".join(csv_lines([event(**values)])), newline=""))
                assert f"'{text}" in row


def test_a_number_below_zero_as_json_is_text_too() -> None:
    _, row = csv.reader(io.StringIO("".join(csv_lines([event(after=-5)])), newline=""))
    assert row[COLUMNS.index("after")] == "'-5"


@given(st.text())
def test_no_cell_begins_like_a_formula_and_others_stay(text: str) -> None:
    cell = plain_cell(text)
    assert not cell.lstrip(" ").startswith(tuple("=+-@\t\r\n"))
    assert cell.removeprefix("'") == text or cell == text


def test_few_events_are_read_before_the_first_lines_go_out() -> None:
    read = 0

    def many() -> Iterator[AuditEvent]:
        nonlocal read
        for number in range(10 * LINES_AT_ONCE):
            read += 1
            yield event(number)

    for lines in (csv_lines, json_lines):
        read, pieces = 0, lines(many())
        while next(pieces).count("\n") < 2:
            pass
        assert read == LINES_AT_ONCE
        assert sum(piece.count("review:12") for piece in pieces) == 9 * LINES_AT_ONCE
