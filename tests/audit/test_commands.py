"""Commands that change what people see: each leaves one event in the name of the system's user, and with its change."""

import pwd
from pathlib import Path

import pytest
from click import Group
from flask import Flask
from flask.testing import FlaskCliRunner

from directory import seeding
from directory.audit import log
from directory.audit.queries import latest_events
from directory.extensions import db
from directory.imports.models import ImportRun
from directory.providers.models import PracticeLocation, Provider
from directory.web.commands import LazyCommand
from tests import factories
from tests.imports.published import written

LOGGED = {
    "accounts": {"create", "create-admin", "disable", "enable", "invite", "reset-second-factor"},
    "credentials": {"rescore"},
    "import": "all but runs",
    "jobs": {"run"},
    "providers": {"correct", "locate", "website"},
    "ratings": {"refresh"},
    "reviews": {"terms", "tidy"},
    "seed": {},
    "sources": {"sync"},
}
"""Groups and commands that change what people see or who may act."""
SILENT = {
    "accounts": {"list"},
    "audit": {"list", "verify"},
    "import": {"runs"},
    "jobs": {"list"},
    "mail": {"queue", "send"},
    "ratings": {"estimate"},
    "sources": {"fetch", "fetched", "status"},
}
NOT_OURS = {"db", "limiter"}
NOTHING_TO_SAY = {"locate", "search", "worker"}


@pytest.fixture
def ana(monkeypatch: pytest.MonkeyPatch) -> str:
    """The actor when the operating system's user is ana."""
    someone = pwd.struct_passwd(("ana", "x", 1000, 1000, "", "/", "/bin/sh"))
    monkeypatch.setattr(log.pwd, "getpwuid", lambda _uid: someone)
    return "command:ana"


def told(act: str) -> list[tuple[str, str, object, object, str]]:
    return [(each.actor, each.subject, each.before, each.after, each.reason) for each in latest_events(act=act)]


def test_it_is_known_of_every_command_whether_it_is_logged(sqlite_app: Flask) -> None:
    commands = {name: command for name, command in sqlite_app.cli.commands.items() if name not in NOT_OURS}
    assert commands.keys() == LOGGED.keys() | SILENT.keys() | NOTHING_TO_SAY
    for name, command in commands.items():
        group = command.load() if isinstance(command, LazyCommand) else command
        if name != "import" and isinstance(group, Group):
            assert group.commands.keys() == set(LOGGED.get(name, ())) | SILENT.get(name, set()), name


@pytest.mark.postgresql
def test_a_correction_is_an_event(cli: FlaskCliRunner, ana: str) -> None:
    npi, key = add_provider()
    arguments = ["providers", "correct", npi, "phone", "(310) 555-0177", "--reason", "the old one is dead"]
    assert cli.invoke(args=arguments).exit_code == 0
    before, after = {"phone": "(310) 555-0100", "address": key}, {"phone": "(310) 555-0177", "address": key}
    assert told("correct_provider") == [(ana, f"provider:{npi}", before, after, "the old one is dead")]


def test_a_correction_that_is_refused_is_no_event(cli: FlaskCliRunner) -> None:
    npi, _ = add_provider()
    assert cli.invoke(args=["providers", "correct", npi, "line_1", "", "--reason", "why not"]).exit_code == 1
    assert latest_events() == []


def test_the_website_of_a_practice_is_an_event(cli: FlaskCliRunner, ana: str) -> None:
    npi, _ = add_provider()
    assert cli.invoke(args=["providers", "website", npi, "example.org"]).exit_code == 0
    after = {"website": "https://example.org"}
    assert told("set_website") == [(ana, f"provider:{npi}", {"website": None}, after, "")]


@pytest.mark.postgresql
def test_an_import_is_an_event(cli: FlaskCliRunner, tmp_path: Path, ana: str) -> None:
    codes = "Code,Grouping,Classification,Specialization,Definition,Notes,Display Name,Section\n"
    path = written(tmp_path, "nucc_taxonomy_250.csv", codes + "2084N0400X,a,b,c,,,Neurology Physician,Individual\n")
    assert cli.invoke(args=["import", "nucc", path]).exit_code == 0
    ((actor, subject, before, after, _),) = told("import_file")
    assert (actor, subject, before) == (ana, "source:nucc", None)
    (file,) = after["files"]  # type: ignore[index]  # JSON
    assert (file.pop("file"), file.pop("run")) == ("nucc_taxonomy_250.csv", db.session.query(ImportRun.id).scalar())
    counts = {"read": 1, "added": 1, "changed": 0, "unchanged": 0, "skipped": 0, "rejected": 0}
    assert file == counts


def test_an_import_that_failed_changed_nothing_and_is_no_event(cli: FlaskCliRunner, tmp_path: Path) -> None:
    assert cli.invoke(args=["import", "nucc", written(tmp_path, "nucc.csv", "Nothing\n1\n")]).exit_code == 1
    assert latest_events() == []


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("arguments", "act", "subject", "after"),
    [
        (["credentials", "rescore"], "rescore_qualifications", "qualifications", {"scored": 1, "changed": 1}),
        (["ratings", "refresh"], "refresh_ratings", "ratings", {"changed": 0}),
        (["providers", "locate"], "place_locations", "practice locations", {"placed": 0, "unplaced": 0}),
        (["jobs", "run", "rescore"], "run_job", "job:rescore", None),
    ],
)
def test_what_changes_all_providers_is_an_event(
    cli: FlaskCliRunner, ana: str, arguments: list[str], act: str, subject: str, after: object
) -> None:
    add_provider()
    assert cli.invoke(args=arguments).exit_code == 0
    assert told(act) == [(ana, subject, None, after, "")]


def test_seeding_is_an_event_once(cli: FlaskCliRunner, ana: str, monkeypatch: pytest.MonkeyPatch) -> None:
    added = iter([(60, 650, 0), (0, 0, 60)])
    monkeypatch.setattr(seeding, "seed", lambda: next(added))
    for _ in range(2):
        assert cli.invoke(args=["seed"]).exit_code == 0
    assert told("seed_demonstration") == [
        (ana, "providers", None, {"providers": 60, "reviews": 650, "confirmed": 0}, "")
    ]


def test_a_user_without_a_name_is_known_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log.os, "getuid", lambda: 123_456_789)
    assert log.command_actor() == "command:123456789"


def add_provider() -> tuple[str, str]:
    """A provider, committed, and the key of its address."""
    provider = factories.provider()
    factories.license(provider.npi)
    db.session.commit()
    location = db.session.query(PracticeLocation).filter_by(npi=provider.npi).one()
    return db.session.get_one(Provider, provider.npi).npi, location.address_key
