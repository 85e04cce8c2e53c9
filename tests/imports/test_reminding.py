"""Admins are told, once a month, that newer public files should be read."""

from datetime import UTC, date, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from directory.extensions import db
from directory.imports.models import ImportRun
from directory.imports.source_age import remind_of_old_sources
from directory.mail.models import OutgoingMail
from directory.providers.sources import known_source
from directory.web.days import today_in_california
from tests.signing_in import new_account

TODAY = date(2026, 6, 1)


def read_on(day: date, status: str = "done") -> None:
    known_source("leie")
    now = datetime.now(UTC)
    db.session.add(ImportRun(source_key="leie", file_name="UPDATED.csv", as_of=day, status=status, started_at=now))
    db.session.commit()


def letters() -> list[OutgoingMail]:
    return list(db.session.scalars(select(OutgoingMail)))


def test_an_old_file_is_told_to_each_admin_once_in_a_month(app: Flask) -> None:
    admin = new_account(app, "admin")
    new_account(app, "moderator")
    read_on(TODAY - timedelta(days=32))
    assert remind_of_old_sources(TODAY) == 1
    assert remind_of_old_sources(TODAY) == 0
    (letter,) = letters()
    assert letter.recipient == admin.email
    assert "List of Excluded Individuals and Entities: the newest file read is 32 days old" in letter.text


def test_a_fresh_file_and_one_that_was_never_read_are_no_reason(app: Flask) -> None:
    new_account(app, "admin")
    assert remind_of_old_sources(TODAY) == 0
    read_on(TODAY - timedelta(days=40), status="failed")
    read_on(TODAY - timedelta(days=31))
    assert remind_of_old_sources(TODAY) == 0
    assert letters() == []


def test_without_an_admin_it_is_told_when_there_is_one(app: Flask) -> None:
    read_on(TODAY - timedelta(days=60))
    assert remind_of_old_sources(TODAY) == 0
    new_account(app, "admin")
    assert remind_of_old_sources(TODAY) == 1


def test_the_job_keeps_the_letters_that_it_queued(app: Flask) -> None:
    new_account(app, "admin")
    read_on(today_in_california() - timedelta(days=60))
    result = app.test_cli_runner().invoke(args=["jobs", "run", "old-files"])
    assert result.output == "1 email about old files.\n"
    assert len(letters()) == 1
