"""Searching the log, and reading what was found in lots."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from directory.audit.log import record
from directory.audit.queries import EVENTS_A_PAGE, LogFilter, each_event, found_events, occurring_acts
from directory.extensions import db
from tests.audit.events import happened

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def written() -> None:
    """Four events, an hour apart."""
    for number, (actor, act, subject, reason) in enumerate(
        [
            ("account:1", "sign_in", "account:1", ""),
            ("account:1", "reject_review", "review:12", "Insults 100% of the staff"),
            ("account:12", "keep_review", "review:1", "No INSULTS in it"),
            ("program", "expire", "credential:1", "The license ended."),
        ]
    ):
        happened(START + timedelta(hours=number), actor, act, subject, reason=reason)


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (LogFilter(), [4, 3, 2, 1]),
        (LogFilter(actor="account:1"), [2, 1]),
        (LogFilter(act="expire"), [4]),
        (LogFilter(subject="review:1"), [3]),
        (LogFilter(number=3), [3]),
        (LogFilter(words="insults"), [3, 2]),
        (LogFilter(words="staff insults"), [2]),
        (LogFilter(words="%"), [2]),
        (LogFilter(words="_"), []),
        (LogFilter(since=START + timedelta(hours=1)), [4, 3, 2]),
        (LogFilter(until=START + timedelta(hours=1)), [1]),
        (LogFilter(since=START + timedelta(hours=1), until=START + timedelta(hours=3), words="insults"), [3, 2]),
        (LogFilter(actor="account:1", subject="review:1"), []),
    ],
)
def test_each_part_of_the_search_narrows_it(app: Flask, wanted: LogFilter, numbers: list[int]) -> None:
    written()
    assert [event.number for event in found_events(wanted)[0]] == numbers
    assert [event.number for event in each_event(wanted, before=100)] == numbers[::-1]
    assert found_events(wanted)[1].total == len(numbers)


def test_a_page_beyond_the_last_is_the_last(app: Flask) -> None:
    for _ in range(EVENTS_A_PAGE + 1):
        record("command", "sign_in", "account:1")
    db.session.commit()
    assert [len(found_events(LogFilter(), page)[0]) for page in (0, 1, 2, 99)] == [50, 50, 1, 1]
    assert found_events(LogFilter(), 99)[1].number == 2


@pytest.mark.parametrize("at_once", [1, 2, 3, 7])
def test_lots_leave_nothing_out_and_stop_where_told(app: Flask, at_once: int) -> None:
    for number in range(7):
        record("command", "sign_in" if number % 2 else "sign_out", "account:1")
    db.session.commit()
    found = each_event(LogFilter(act="sign_out"), before=7, at_once=at_once)
    assert [event.number for event in found] == [1, 3, 5]


def test_what_is_added_while_somebody_reads_is_not_read(app: Flask) -> None:
    for _ in range(3):
        record("command", "sign_in", "account:1")
    db.session.commit()
    events = each_event(LogFilter(), before=4, at_once=2)
    assert next(events).number == 1
    record("command", "sign_in", "account:1")
    db.session.commit()  # which a transaction that is open elsewhere would keep waiting on SQLite
    assert [event.number for event in events] == [2, 3]


@pytest.mark.postgresql
def test_acts_are_listed_once_by_name(app: Flask) -> None:
    assert occurring_acts() == []
    written()
    record("program", "expire", "credential:2")
    db.session.commit()
    assert occurring_acts() == ["expire", "keep_review", "reject_review", "sign_in"]
