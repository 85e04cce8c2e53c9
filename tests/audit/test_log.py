"""Each event is chained to the one before, whoever writes at once, and reads back as it was hashed."""

import threading
from datetime import datetime
from enum import StrEnum
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from directory.audit.log import FIRST_PREVIOUS, hash_of, record
from directory.audit.models import AuditEvent
from directory.audit.verify import check_log
from directory.extensions import db


class Color(StrEnum):
    RED = "red"


def _events() -> list[AuditEvent]:
    db.session.remove()
    return list(db.session.scalars(select(AuditEvent).order_by(AuditEvent.number)))


def test_events_are_numbered_and_chained(app: Flask) -> None:
    for index in range(3):
        record("command", "test", f"review:{index}")
        db.session.commit()
    record("command", "test", "review:3")
    record("command", "test", "review:4")
    db.session.commit()
    events = _events()
    assert [event.number for event in events] == [1, 2, 3, 4, 5]
    assert [event.previous_hash for event in events] == [FIRST_PREVIOUS, *(event.hash for event in events[:-1])]
    assert check_log().fault is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"status": Color.RED},
        {1: "a key that is a number", "z": [1, 2.5, 1e300, -0.0, True, None], "a": {"b": ("a", "tuple")}},
        'Ünï\u0000cödé \U0001f9ff "quoted" \\ / \r\n',
        [10**30, 0.1 + 0.2],
    ],
    ids=["none", "enum", "nested", "text", "numbers"],
)
def test_every_json_value_hashes_the_same_after_a_round_trip(app: Flask, value: Any) -> None:
    record("command", "test", "review:1", before=value, after=[value], reason="Zoë – “why”\r\n\ttab ")
    db.session.commit()
    [event] = _events()
    assert hash_of(event) == event.hash
    assert check_log().fault is None


@pytest.mark.parametrize("microsecond", [0, 1, 120000, 999999])
def test_a_moment_hashes_the_same_after_a_round_trip(
    app: Flask, monkeypatch: pytest.MonkeyPatch, microsecond: int
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]  # a plain datetime is meant
            return datetime(2026, 3, 8, 9, 59, 59, microsecond, tzinfo=tz)  # the night of the clock change

    monkeypatch.setattr("directory.audit.log.datetime", Clock)
    record("command", "test", "review:1")
    db.session.commit()
    assert check_log().fault is None


@pytest.mark.parametrize("value", [object(), {"a": float("nan")}, datetime(2026, 1, 1)])  # noqa: DTZ001 (never a moment)
def test_what_json_cannot_say_is_refused_before_anything_is_written(app: Flask, value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        record("command", "test", "review:1", after=value)
    db.session.commit()
    assert _events() == []


def test_changing_what_was_passed_in_does_not_change_the_event(app: Flask) -> None:
    value = {"stars": 5}
    record("command", "test", "review:1", after=value)
    value["stars"] = 1
    db.session.commit()
    assert _events()[0].after == {"stars": 5}


def test_a_transaction_that_was_rolled_back_leaves_no_gap(app: Flask) -> None:
    record("command", "test", "review:1")
    db.session.rollback()  # the very first
    record("command", "test", "review:2")
    db.session.commit()
    record("command", "test", "review:3")
    db.session.flush()
    db.session.rollback()
    record("command", "test", "review:4")
    db.session.commit()
    assert [(event.number, event.subject) for event in _events()] == [(1, "review:2"), (2, "review:4")]
    assert check_log().fault is None


@pytest.mark.own_app
def test_writers_at_once_make_one_chain(app: Flask) -> None:
    writers, rounds = 4, 6
    start = threading.Barrier(writers)
    failures: list[Exception] = []

    def write(writer: int) -> None:
        try:
            with app.app_context():
                start.wait()
                for index in range(rounds):
                    record(f"account:{writer}", "test", f"review:{index}")
                    record(f"account:{writer}", "test_again", f"review:{index}")
                    if index % 3 == 2:
                        db.session.rollback()
                    else:
                        db.session.commit()
        except Exception as error:
            failures.append(error)

    db.session.remove()
    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    events = _events()
    assert len(events) == writers * 4 * 2
    pairs = zip(events[::2], events[1::2], strict=True)
    assert all((one.actor, one.subject) == (other.actor, other.subject) for one, other in pairs)  # none in between
    assert check_log().fault is None
