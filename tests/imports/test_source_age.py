"""The age of each public source, beside how often it is published."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from directory.extensions import db
from directory.imports.models import ImportRun
from directory.imports.source_age import PUBLISHED_EVERY_DAYS, Age, old_sources, sources_status
from directory.providers.sources import Source, SourceKind, known_source
from directory.web.days import today_in_california
from tests.imports.published import nucc_csv, specialty, written

TODAY = date(2026, 11, 24)


def add_run(source_key: str, as_of: date | None, *, status: str = "done", file_name: str = "a.csv") -> None:
    if source_key in PUBLISHED_EVERY_DAYS:
        known_source(source_key)
    db.session.add(
        ImportRun(
            source_key=source_key,
            file_name=file_name,
            status=status,
            as_of=as_of,
            started_at=datetime(2026, 11, 20, tzinfo=UTC),
        )
    )
    db.session.commit()


def age_of(source_key: str) -> tuple[Age, int | None]:
    status = next(status for status in sources_status(TODAY) if status.key == source_key)
    return status.age, status.age_days


def test_every_source_is_listed_and_at_first_never_read(app: Flask) -> None:
    assert {status.key: status.age for status in sources_status(TODAY)} == dict.fromkeys(
        [*PUBLISHED_EVERY_DAYS, *(f"licenses_ca_{board}" for board in ("medical", "ot", "osteopathic", "pt"))],
        Age.NEVER,
    )
    assert old_sources(TODAY) == []


@pytest.mark.parametrize(("source_key", "days"), sorted(PUBLISHED_EVERY_DAYS.items()))
def test_a_source_is_old_from_the_day_after_the_next_one_is_due(sqlite_app: Flask, source_key: str, days: int) -> None:
    add_run(source_key, TODAY - timedelta(days=days))
    assert age_of(source_key) == (Age.FRESH, days)
    assert [status.key for status in old_sources(TODAY + timedelta(days=1))] == [source_key]


def test_the_newest_file_that_was_read_to_its_end_counts(app: Flask) -> None:
    add_run("leie", date(2026, 11, 1), file_name="new.csv")
    add_run("leie", date(2026, 9, 1), file_name="old.csv")
    add_run("leie", date(2026, 11, 20), status="failed")
    add_run("leie", None)
    status = next(status for status in sources_status(TODAY) if status.key == "leie")
    assert (status.file, status.as_of, status.age_days) == ("new.csv", date(2026, 11, 1), 23)


def test_a_run_of_before_days_were_kept_is_as_old_as_it_is(app: Flask) -> None:
    add_run("nucc", None)
    assert age_of("nucc") == (Age.FRESH, 4)


def test_each_license_file_is_a_source_of_its_own(app: Flask) -> None:
    db.session.add(Source(key="licenses_nv", name="Nevada's list", kind=SourceKind.PUBLIC_FILE))
    db.session.flush()
    add_run("licenses_nv", TODAY - timedelta(days=40))
    assert age_of("licenses_nv") == (Age.OLD, 40)


def test_the_command_says_it_in_words_and_as_json(app: Flask, tmp_path: Path) -> None:
    path = written(tmp_path, "nucc_taxonomy.csv", nucc_csv(specialty()))
    runner = app.test_cli_runner()
    assert runner.invoke(args=["import", "nucc", path]).exit_code == 0
    said = runner.invoke(args=["sources", "status"]).output
    assert "fresh  nucc: NUCC Health Care Provider Taxonomy" in said
    assert "never  leie: OIG List of Excluded Individuals and Entities\n" in said
    assert "nothing was read yet; published every 31 days\n" in said
    listed = {row["key"]: row for row in json.loads(runner.invoke(args=["sources", "status", "--json"]).output)}
    assert listed["nucc"] == {
        "key": "nucc",
        "name": "NUCC Health Care Provider Taxonomy",
        "url": "https://taxonomy.nucc.org/",
        "file": path,
        "as_of": today_in_california().isoformat(),
        "age_days": 0,
        "published_every_days": 183,
        "next_at": None,
        "problem": None,
        "state": "fresh",
    }
