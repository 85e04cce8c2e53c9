"""Whatever is done to the log behind its back is found, and the first bad event is named."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import text

from directory.audit.log import hash_of, record
from directory.audit.models import AuditEvent, create_triggers, drop_triggers
from directory.audit.verify import Mark, check_log
from directory.extensions import db

EVENTS = 5


@pytest.fixture
def tamper(app: Flask) -> Callable[[str], None]:
    """Runs a statement on a log of five events as somebody with the database's keys would, triggers set aside."""
    for index in range(1, EVENTS + 1):
        record("account:7", "reject_review", f"review:{index}", before={"status": "held"}, after={"status": "rejected"})
        db.session.commit()
    db.session.remove()

    def run(statement: str) -> None:
        db.session.rollback()  # a reader's open transaction would keep the triggers in place
        with db.engine.begin() as connection:
            drop_triggers(connection)
            connection.execute(text(statement))
            create_triggers(connection)

    return run


def _found() -> tuple[int, str]:
    fault = check_log().fault
    assert fault is not None
    return fault.number, fault.sentence


def test_a_whole_log_has_no_fault(tamper: Callable[[str], None]) -> None:
    state = check_log()
    assert (state.last.number, state.fault) == (EVENTS, None)


def test_a_log_longer_than_what_is_read_at_once_is_read_to_its_end(tamper: Callable[[str], None]) -> None:
    assert check_log(at_once=2).last.number == EVENTS


def test_an_empty_log_is_whole(app: Flask) -> None:
    assert check_log().fault is None


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'account:8'",
        "act = 'publish_review'",
        "subject = 'review:9'",
        "reason = 'spam'",
        "before = NULL",
        'after = \'{"status": "published"}\'',
        "happened_at = '2020-01-02 03:04:05.000006'",
        "previous_hash = hash",
    ],
)
def test_any_changed_value_is_found(tamper: Callable[[str], None], change: str) -> None:
    tamper(f"UPDATE audit_event SET {change} WHERE number = 3")  # noqa: S608 (our own words)
    assert _found() == (3, "was changed")


def test_a_changed_hash_is_found(tamper: Callable[[str], None]) -> None:
    tamper(f"UPDATE audit_event SET hash = '{'a' * 64}' WHERE number = 3")  # noqa: S608 (our own words)
    assert _found() == (3, "was changed")


def test_a_removed_event_is_found(tamper: Callable[[str], None]) -> None:
    tamper("DELETE FROM audit_event WHERE number = 3")
    assert _found() == (3, "is missing")


def test_a_removed_first_event_is_found(tamper: Callable[[str], None]) -> None:
    tamper("DELETE FROM audit_event WHERE number = 1")
    assert _found() == (1, "is missing")


def test_a_gap_that_was_closed_is_found(tamper: Callable[[str], None]) -> None:
    tamper("DELETE FROM audit_event WHERE number = 3")
    tamper("UPDATE audit_event SET number = 3 WHERE number = 4")
    assert _found() == (3, "was changed")


def test_reordered_events_are_found(tamper: Callable[[str], None]) -> None:
    tamper("UPDATE audit_event SET number = 99 WHERE number = 2")
    tamper("UPDATE audit_event SET number = 2 WHERE number = 3")
    tamper("UPDATE audit_event SET number = 3 WHERE number = 99")
    assert _found() == (2, "was changed")


def test_cut_off_last_events_are_found(tamper: Callable[[str], None]) -> None:
    tamper("DELETE FROM audit_event WHERE number > 3")
    assert _found() == (4, "is missing, with all up to event 5")


def test_a_log_that_was_emptied_is_found(tamper: Callable[[str], None]) -> None:
    tamper("DELETE FROM audit_event")
    assert _found() == (1, "is missing, with all up to event 5")


def test_a_missing_head_is_found(tamper: Callable[[str], None]) -> None:
    tamper("DELETE FROM audit_head")
    assert _found()[0] == EVENTS


def test_a_head_that_was_set_back_is_found(tamper: Callable[[str], None]) -> None:
    tamper("UPDATE audit_head SET number = 4")
    assert _found() == (5, "was put in behind the last one")


def _rewrite(number: int) -> None:
    """Change an event and give it the hash that goes with it."""
    drop_triggers(db.session.connection())
    event = db.session.get_one(AuditEvent, number)
    event.actor = "account:8"
    event.hash = hash_of(event)
    db.session.flush()
    create_triggers(db.session.connection())
    db.session.commit()


def test_an_event_changed_with_its_hash_is_found_by_the_next(tamper: Callable[[str], None]) -> None:
    _rewrite(3)
    assert _found()[0] == 3


def test_the_last_event_changed_with_its_hash_is_found_by_the_head(tamper: Callable[[str], None]) -> None:
    _rewrite(EVENTS)
    assert _found() == (EVENTS, "was replaced: the log's head names another hash")


def test_an_event_put_in_before_the_first_is_found(tamper: Callable[[str], None]) -> None:
    tamper(
        f"INSERT INTO audit_event SELECT 0, happened_at, actor, act, subject, before, after, reason, '{'0' * 64}', "  # noqa: S608 (our own words)
        f"'{'b' * 64}' FROM audit_event WHERE number = 1"
    )
    assert _found() == (0, "was put in before the first one")


def test_a_rewritten_log_is_found_by_a_mark_that_was_kept_elsewhere(tamper: Callable[[str], None]) -> None:
    kept = check_log().last
    assert check_log(kept).fault is None
    _rewrite(EVENTS)
    tamper("UPDATE audit_head SET hash = (SELECT hash FROM audit_event WHERE number = 5)")
    assert check_log().fault is None  # the log by itself cannot know
    fault = check_log(kept).fault
    assert fault is not None
    assert fault.number == EVENTS


def test_a_log_cut_off_together_with_its_head_is_found_by_a_mark(tamper: Callable[[str], None]) -> None:
    kept = check_log().last
    tamper("DELETE FROM audit_event WHERE number = 5")
    tamper("UPDATE audit_head SET number = 4, hash = (SELECT hash FROM audit_event WHERE number = 4)")
    assert check_log().fault is None
    fault = check_log(kept).fault
    assert fault is not None
    assert fault.number == EVENTS


@pytest.mark.parametrize("change", ["before = '{no json'", "happened_at = 'yesterday'", "happened_at = x'00'"])
def test_a_value_that_cannot_be_read_is_found(sqlite_app: Flask, change: str) -> None:
    for index in range(3):
        record("command", "test", f"review:{index}")
    db.session.commit()
    with db.engine.begin() as connection:
        drop_triggers(connection)
        connection.execute(text(f"UPDATE audit_event SET {change} WHERE number = 2"))  # noqa: S608 (our own words)
        create_triggers(connection)
    assert _found() == (2, "cannot be read")


def test_verify_tells_how_many_events_and_what_to_keep(tamper: Callable[[str], None], cli: FlaskCliRunner) -> None:
    mark = check_log().last
    result = cli.invoke(args=["audit", "verify"])
    assert result.exit_code == 0
    assert result.output == f"The log is intact: 5 events.\nKeep this elsewhere: 5:{mark.hash}\n"
    assert cli.invoke(args=["audit", "verify", "--kept", f"5:{mark.hash}"]).exit_code == 0
    assert cli.invoke(args=["audit", "verify", "--kept", f"5:{'a' * 64}"]).exit_code == 1
    assert cli.invoke(args=["audit", "verify", "--kept", "five"]).exit_code == 2


def test_verify_names_the_first_bad_event_and_fails(tamper: Callable[[str], None], cli: FlaskCliRunner) -> None:
    tamper("UPDATE audit_event SET actor = 'account:8' WHERE number > 2")
    result = cli.invoke(args=["audit", "verify"])
    assert result.exit_code == 1
    assert "Event 3 was changed." in result.stderr


def test_list_shows_the_latest_first_and_can_be_narrowed(tamper: Callable[[str], None], cli: FlaskCliRunner) -> None:
    record("command", "hide_review", "review:2", reason="spam\n\x1b[31m")
    db.session.commit()
    lines = cli.invoke(args=["audit", "list"]).output.splitlines()
    assert [line.split()[0] for line in lines] == ["6", "5", "4", "3", "2", "1"]
    assert r'command  hide_review  review:2  {"reason": "spam\n\u001b[31m"}' in lines[0]
    for narrowing, numbers in [
        (["--subject", "review:2"], "62"),
        (["--actor", "account:7", "--limit", "2"], "54"),
        (["--act", "hide_review"], "6"),
    ]:
        lines = cli.invoke(args=["audit", "list", *narrowing]).output.splitlines()
        assert [line[0] for line in lines] == list(numbers)


def test_a_mark_is_a_number_and_a_hash(tamper: Callable[[str], None]) -> None:
    assert check_log().last == Mark(EVENTS, db.session.get_one(AuditEvent, EVENTS).hash)
