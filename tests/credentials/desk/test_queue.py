"""The most urgent stands first, filters leave only what was asked for, and the page costs the same however long."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from directory.accounts.conflicts import declare_conflict
from directory.credentials.desk.queue import (
    ITEMS_A_PAGE,
    Assigned,
    TaskChoice,
    dashboard,
    neighbors,
    waiting_count,
    waiting_queue,
)
from directory.credentials.models import CredentialStatus
from directory.credentials.tasks import TaskKind
from directory.extensions import db
from tests import factories
from tests.credentials.desk import rows
from tests.credentials.desk.rows import START, TODAY
from tests.signing_in import new_account, signed_in

EVERYTHING = TaskChoice()
NOBODY = "account:9999"


def found(choice: TaskChoice = EVERYTHING, actor: str = NOBODY) -> list[int]:
    return [line.task.id for line in waiting_queue(choice, actor).items]


def test_kinds_stand_in_the_order_of_urgency(app: Flask) -> None:
    tasks = {kind: rows.waiting(kind, START).id for kind in reversed(TaskKind)}
    assert found() == [tasks[kind] for kind in TaskKind]


def test_a_second_opinion_on_an_exclusion_is_as_urgent_as_the_first(app: Flask) -> None:
    rows.waiting(TaskKind.CHANGED_AT_SOURCE)
    possible = rows.possible_exclusion()
    possible.kind = TaskKind.SECOND_OPINION
    db.session.commit()
    assert found()[0] == possible.id


def test_what_has_lapsed_stands_before_what_will_and_old_before_new(app: Flask) -> None:
    def expiring(days: int | None, hours: int = 0) -> int:
        due_on = None if days is None else TODAY + timedelta(days=days)
        return rows.waiting(TaskKind.EXPIRING, START + timedelta(hours=hours), due_on=due_on).id

    later, soon, soon_but_new = expiring(20), expiring(5), expiring(5, hours=1)
    lapsed, overdue = expiring(None), expiring(-3)
    assert found() == [overdue, lapsed, soon, soon_but_new, later]


def test_a_due_day_stands_before_none_and_age_decides_the_rest(app: Flask) -> None:
    new, old = rows.waiting(opened_at=START + timedelta(days=1)).id, rows.waiting(opened_at=START).id
    due = rows.waiting(opened_at=START + timedelta(days=2), due_on=TODAY).id
    assert found() == [due, old, new]


@pytest.mark.postgresql
def test_closed_tasks_do_not_wait(app: Flask) -> None:
    rows.waiting(closed_at=START, open_key=None)
    assert (found(), waiting_count()) == ([], 0)


def test_what_waits_for_a_second_verifier_is_listed_once(app: Flask) -> None:
    opinion = rows.disputed("account:9007")
    assert (found(), waiting_count()) == ([opinion.id], 1)


@pytest.mark.postgresql
def test_each_filter_leaves_only_what_it_names(app: Flask) -> None:
    own = new_account(app, "verifier")
    mine = rows.waiting(TaskKind.CLAIMED, assigned_to=own.id)
    other = rows.waiting(TaskKind.SUBMITTED, provider=factories.provider(name="Zoë 100% Sample, MD"))
    actor = f"account:{own.id}"
    assert found(TaskChoice(assigned=Assigned.ME), actor) == [mine.id]
    assert found(TaskChoice(assigned=Assigned.NOBODY), actor) == [other.id]
    assert found(TaskChoice(kind=TaskKind.CLAIMED)) == [mine.id]
    assert found(TaskChoice(provider="zoë 100% s")) == found(TaskChoice(provider=other.npi)) == [other.id]
    assert found(TaskChoice(provider="Zoë sample")) == [other.id]  # a middle name may stand between
    assert found(TaskChoice(provider="Z%S")) == found(TaskChoice(provider=other.npi[1:])) == []
    queue = waiting_queue(TaskChoice(kind=TaskKind.CLAIMED, provider="zoë"), actor)
    assert queue.items == []
    assert (queue.counts[TaskKind.SUBMITTED], queue.counts[TaskKind.CLAIMED]) == (1, 0)


def test_long_lists_come_in_pages_and_one_beyond_the_last_is_the_last(app: Flask) -> None:
    for _ in range(ITEMS_A_PAGE + 3):
        rows.waiting()
    pages = [found(TaskChoice(page=number)) for number in (1, 2, 9)]
    assert [len(page) for page in pages] == [ITEMS_A_PAGE, 3, 3]
    assert pages[1] == pages[2]
    assert len({*pages[0], *pages[1]}) == ITEMS_A_PAGE + 3


def test_next_and_previous_lead_through_what_was_chosen(app: Flask) -> None:
    first, second, third = (rows.waiting(opened_at=START + timedelta(hours=hour)).id for hour in range(3))
    other = rows.waiting(TaskKind.SUBMITTED).id
    claimed = TaskChoice(kind=TaskKind.CLAIMED)
    beside = {task_id: neighbors(task_id, claimed, NOBODY) for task_id in (first, second, third, other)}
    assert [(each.previous, each.next) for each in beside.values()] == [
        (None, second),
        (first, third),
        (second, first),
        (None, first),  # it stands outside of what was chosen
    ]
    assert neighbors(first, TaskChoice(kind=TaskKind.SUBMITTED, provider="nobody"), NOBODY).next is None


def test_the_line_says_what_somebody_else_has_to_do(app: Flask) -> None:
    account = new_account(app, "verifier")
    actor = f"account:{account.id}"
    conflicted, entered, opinion = rows.submitted_task(), rows.claimed_task(actor=actor), rows.disputed(actor)
    declare_conflict(actor, conflicted.npi, "My sister works there.")
    db.session.commit()
    sentences = {line.task.id: line.not_for_you for line in waiting_queue(EVERYTHING, actor).items}
    assert "conflict of interest" in (sentences[conflicted.id] or "")
    assert "entered" in (sentences[entered.id] or "")
    assert "recorded this outcome" in (sentences[opinion.id] or "")
    assert {line.not_for_you for line in waiting_queue(EVERYTHING, NOBODY).items} == {None}


@pytest.mark.postgresql
def test_the_median_age_is_that_in_the_middle(app: Flask) -> None:
    assert (dashboard(START).waiting, dashboard(START).median_age_days) == (0, None)
    for count, (age, median) in enumerate([(4, 4.0), (1, 2.5), (2, 2.0), (10, 3.0)], start=1):
        rows.waiting(opened_at=START - timedelta(days=age))
        figures = dashboard(START)
        assert (figures.waiting, figures.median_age_days) == (count, median)


def test_the_month_of_the_figures_is_californias(app: Flask) -> None:
    may_there = datetime(2026, 6, 1, 6, 30, tzinfo=UTC)  # half past eleven in the evening of May 31
    credential = rows.taken_up("account:9007").credential
    assert credential
    rows.found_to_hold(credential, "account:9007").verified_at = may_there - timedelta(days=20)
    db.session.commit()
    assert dashboard(may_there).verified_this_month == 1
    assert dashboard(may_there + timedelta(hours=1)).verified_this_month == 0


def test_expiring_soon_counts_what_holds_today_and_lapses_within_thirty_days(
    app: Flask, subtests: pytest.Subtests
) -> None:
    license = factories.license(factories.provider().npi)
    own_last_day = license.expires_on
    for status, days, counted in (
        (CredentialStatus.VERIFIED, 0, 1),
        (CredentialStatus.EXPIRING, 30, 1),
        (CredentialStatus.VERIFIED, 31, 0),
        (CredentialStatus.VERIFIED, -1, 0),
        (CredentialStatus.CLAIMED, 3, 0),
    ):
        for last_day in ("expires_on", "verified_until"):
            with subtests.test(status=status, days=days, last_day=last_day):
                license.status, license.expires_on, license.verified_until = status, own_last_day, None
                setattr(license, last_day, TODAY + timedelta(days=days))
                db.session.commit()
                assert dashboard().expiring_soon == counted


def test_the_number_of_statements_does_not_grow_with_the_queue(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app, "verifier")
    helper_id = new_account(sqlite_app, "verifier").id
    counts = []
    for _ in range(2):
        for _ in range(3):
            rows.submitted_task().assigned_to = helper_id
            rows.possible_exclusion()
            rows.disputed(f"account:{helper_id}")
        db.session.commit()
        db.session.expunge_all()
        statements: list[str] = []

        def listener(_c: object, _cursor: object, statement: str, *_: object, seen: list[str] = statements) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", listener)
        try:
            assert client.get("/admin/verify").status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", listener)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert counts[1] < 25
