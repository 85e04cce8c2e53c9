"""The staff's first page says what waits, what grows stale, how imports went and whether all is well."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from directory.accounts.models import Account
from directory.accounts.work import Waiting, WorkLink, register_work
from directory.audit.verify import check_and_record
from directory.credentials.desk.queue import waiting_tasks
from directory.credentials.tasks import TaskKind
from directory.desk.status import outbox_line
from directory.extensions import db
from directory.imports.models import ImportRun, SourceSync
from directory.jobs.models import JobRun
from directory.jobs.schedule import JOBS, Job, run_job
from directory.mail.models import OutgoingMail
from directory.mail.outbox import NEVER
from directory.providers.models import AcceptingNewPatients, Provider
from directory.providers.sources import known_source
from directory.web.days import today_in_california
from directory.web.transaction import transaction
from tests import factories
from tests.credentials.desk import rows
from tests.signing_in import SignedInClient, signed_in

NOW = datetime.now(UTC)


def said(client: SignedInClient) -> str:
    page = client.get("/admin").text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page[page.index("<h1>") :])).split())


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


def test_a_quiet_directory_is_all_caught_up(sqlite_app: Flask) -> None:
    page = said(signed_in(sqlite_app, "admin"))
    assert "What waits All caught up." in page
    assert "Files None was imported yet." in page
    assert "Email All sent." in page
    assert "The log Needs attention. Never checked from here." in page
    assert "Worker Needs attention. It hasn’t run yet. Start it: flask worker." in page
    assert "Growing stale" not in page


@pytest.mark.postgresql
def test_a_queue_says_how_much_since_when_and_how_much_is_mine(app: Flask) -> None:
    client = signed_in(app, "verifier")
    rows.waiting(TaskKind.CLAIMED, NOW)
    rows.waiting(TaskKind.CLAIMED, NOW - timedelta(days=3, hours=1), assigned_to=client.account.id)
    assert waiting_tasks(client.account).mine == 1
    assert "Credentials to verify 2 waiting · oldest 3 days · 1 yours" in said(client)
    assert "2 waiting · oldest 3 days · 0 yours" in said(signed_in(app, "admin"))


@pytest.mark.postgresql
def test_every_queue_can_be_read_at_once(app: Flask) -> None:
    links: list[WorkLink] = app.extensions["work_links"]
    read = [link.waiting(signed_in(app, "admin").account) for link in links if link.waiting]
    assert [waiting.count for waiting in read] == [0] * len(read)
    assert len(read) >= 6


@pytest.mark.postgresql
def test_facts_that_nobody_confirmed_are_counted(app: Flask) -> None:
    today = today_in_california()
    for days in (89, 91, 400):
        provider: Provider = factories.provider()
        db.session.add(
            AcceptingNewPatients(
                npi=provider.npi, accepting=True, source_key="demo", as_of=today - timedelta(days=days)
            )
        )
    db.session.commit()
    assert "2 facts of 2 providers not confirmed in 90 days." in said(signed_in(app, "verifier"))


@pytest.mark.postgresql
def test_credentials_that_expire_soon_lead_to_their_queue(app: Flask) -> None:
    npi = factories.provider().npi
    factories.license(npi).expires_on = today_in_california() + timedelta(days=10)
    db.session.commit()
    client = signed_in(app, "verifier")
    assert "1 credential will expire within" in said(client)
    assert 'href="/admin/verify?kind=expiring"' in client.get("/admin").text


def imported(source: str, days_ago: int, status: str = "done") -> ImportRun:
    known_source(source)
    run = ImportRun(
        source_key=source,
        file_name="file.csv",
        status=status,
        as_of=today_in_california() - timedelta(days=days_ago),
        started_at=NOW - timedelta(days=days_ago),
        read=1_200,
        rejected=3,
    )
    db.session.add(run)
    db.session.commit()
    return run


@pytest.mark.postgresql
def test_imports_say_their_rows_rejects_and_when_the_next_is_due(app: Flask) -> None:
    imported("nppes", 40)
    newest = imported("nppes", 3)
    imported("leie", 60)
    imported("cms_asp", 1, "failed")
    client = signed_in(app, "admin")
    page = said(client)
    assert "1,200 rows, 3 rejected. Next due" in page
    assert page.count("A newer file has been due since") == 1
    assert "List of Excluded Individuals and Entities Needs attention. Read on" in page
    assert "Needs attention. Failed on" in page
    assert f'href="/admin/imports/{newest.id}"' in client.get("/admin").text
    area = {"near": "Torrance, CA", "radius_miles": 40, "next_at": datetime(2030, 1, 2, 20, tzinfo=UTC)}
    db.session.add(SourceSync(source_key="nppes", **area))
    db.session.add(SourceSync(source_key="nucc", problem="The address answered 404.", **area))
    db.session.commit()
    page = said(client)
    assert "3 rejected. Fetched next on January 2, 2030." in page
    failed = "Not read yet. The last try to bring it up to date failed: The address answered 404."
    assert f"NUCC Health Care Provider Taxonomy Needs attention. {failed} Tried again on January 2, 2030." in page
    imported("cms_asp", 0, "running")
    assert "Needs attention. Broken off on" in said(client)  # no process imports it


@pytest.mark.postgresql
def test_the_outbox_says_what_waits_fails_and_was_given_up(app: Flask) -> None:
    for error, due, hours in ((None, NOW, 5), ("Refused", NOW, 2), ("Refused", NEVER, 200)):
        db.session.add(
            OutgoingMail(
                recipient="a@example.org", subject="s", text="t", next_attempt_at=due, last_error=error,
                queued_at=NOW - timedelta(hours=hours, minutes=1),
            )
        )  # fmt: skip
    db.session.commit()
    (line,) = outbox_line()
    assert line.needs_attention
    assert line.sentence == (
        "2 messages wait, the oldest for 5 hours. 1 message failed before and will be tried again. 1 message was given "
        "up. To try once more: flask mail send --given-up."
    )


def test_the_log_is_not_read_for_the_page_and_its_last_check_is_shown(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app, "admin")
    with transaction():
        check_and_record("program")
    assert "The log Intact when last checked," in said(client)
    assert client.post("/admin/log/check").status_code == 200


@pytest.mark.postgresql
def test_a_job_notes_that_it_ran_and_why_it_failed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(app, "admin")
    run_job(JOBS["calendar"])
    assert "Worker Last ran a job less than a minute ago." in said(client)

    def fails() -> str:
        raise ValueError("the disk is full")

    with pytest.raises(ValueError, match="disk is full"):
        run_job(Job("tidy", "never", {}, fails))
    assert "Job tidy Needs attention. Failed less than a minute ago: ValueError: the disk is full" in said(client)
    run_job(Job("tidy", "never", {}, lambda: "done"))
    assert "Job tidy" not in said(client)
    for run in db.session.query(JobRun):
        run.ran_at = NOW - timedelta(hours=2)
    db.session.commit()
    assert "Worker Needs attention. Last ran a job 2 hours ago. Start it: flask worker." in said(client)


def test_each_role_sees_what_it_may_act_on(sqlite_app: Flask) -> None:
    pages = {role: said(signed_in(sqlite_app, role)) for role in ("moderator", "verifier", "admin")}
    assert "Reviews to decide" in pages["moderator"]
    assert "Credentials to verify" not in pages["moderator"]
    for role in ("moderator", "verifier"):
        assert "Health" not in pages[role]
        assert "Imports" not in pages[role]
        assert "Check the log now" not in pages[role]
    assert all(words in pages["admin"] for words in ("Reviews to decide", "Credentials to verify", "Health", "Imports"))


def test_the_page_takes_few_statements(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app, "admin")
    with counted() as statements:
        client.get("/admin")
    assert len(statements) < 30


def test_a_queue_without_a_count_of_the_oldest_says_none(sqlite_app: Flask) -> None:
    def waiting(_account: Account) -> Waiting:
        return Waiting(7)

    register_work(sqlite_app, WorkLink("Things", "search.show_home", ("admin",), waiting))
    page = said(signed_in(sqlite_app, "admin"))
    assert "Things 7 waiting" in page
    assert "Things 7 waiting ·" not in page
