"""`flask sources sync` brings the directory up to date and says what is here; what fails leaves what was here."""

import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from directory.extensions import db
from directory.imports.cli import IMPORTS
from directory.imports.lock import lock_file
from directory.imports.models import ImportRun, SourceSync
from directory.imports.sources import client
from directory.imports.sources import sync as sync_module
from directory.imports.sources.fetching import PartlyFetchedError, fetch_source
from directory.imports.sources.store import Fetched, sources_folder
from directory.imports.sources.sync import SyncArea, sync_sources
from directory.providers.models import Provider
from tests import factories
from tests.imports.sources.server import Fault, SourcesServer
from tests.imports.sources.world import World
from tests.imports.sources.world_files import LEIE_FILE, content_at, leie_file, license_lists, nppes_zip

NPPES = "/nppes/"
WEEKLY = "NPPES_Data_Dissemination_112226_112826_Weekly_V2.zip"
FILES = ("nucc", "nppes", "leie", "medi-cal-suspended", "cms-asp")


@pytest.fixture(scope="module")
def world() -> World:
    return World(count=40)


@pytest.fixture
def published(app: Flask, sources_server: SourcesServer, world: World) -> SourcesServer:
    """The files of a small world, on a server from which `app` fetches."""
    sources_server.answer_for(app)
    sources_server.content = partial(content_at, world)
    sources_server.put(f"{NPPES}NPI_Files.html", f"<a href='./{WEEKLY}'>{WEEKLY}</a>")
    sources_server.put(f"{NPPES}{WEEKLY}", nppes_zip(world))
    return sources_server


def sync(cli: FlaskCliRunner, *names: str) -> Result:
    return cli.invoke(args=["sources", "sync", *(names or FILES), "--near", "Torrance, CA", "--radius", "40"])


def counts() -> tuple[int | None, int | None]:
    """How many providers, and how many import runs."""
    return tuple(db.session.scalar(select(func.count()).select_from(model)) for model in (Provider, ImportRun))


def rows() -> dict[str, SourceSync]:
    return {row.source_key: row for row in db.session.scalars(select(SourceSync)).all()}


@pytest.mark.postgresql
def test_one_command_brings_all_that_is_published_and_the_next_one_changes_nothing(
    cli: FlaskCliRunner, published: SourcesServer, world: World
) -> None:
    first = sync(cli)
    assert first.exit_code == 0, first.output
    here = sum(each.is_active for each in world.providers.values())
    providers, runs = counts()
    assert 0 < (providers or 0) < here  # those of the area who treat
    assert f"Here now:\n  {providers} providers, " in first.output
    assert "Licensee list of the Medical Board of California (DCA), from https://www.dca.ca.gov/" in first.output
    assert "Occupational" not in first.output  # none of whom is here
    assert "flask import licenses FILE --layout california\n" in first.output
    second = sync(cli)
    assert (second.exit_code, counts()) == (0, (providers, runs))
    assert second.output.count("  nothing new\n") == len(FILES)
    assert published.asked(LEIE_FILE)[-1].headers["If-None-Match"]


def test_a_source_that_fails_leaves_the_others_and_what_was_here_of_it(
    cli: FlaskCliRunner, published: SourcesServer, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PAUSE_SECONDS", 0.0)
    names = ("nucc", "nppes", "leie")
    assert sync(cli, *names).exit_code == 0
    before, checked_at = counts()[0], rows()["leie"].checked_at
    published.put(LEIE_FILE, leie_file(world) + b"\n")
    published.fail_always(LEIE_FILE, Fault(status=500))
    published.put(f"{NPPES}NPI_Files.html", "")
    done = sync(cli, *names)
    *_, advice, nppes, leie = done.stderr.splitlines()
    assert done.exit_code == 1
    assert advice.startswith("These are not up to date")
    assert nppes.startswith("  nppes: ")
    assert "is an empty page: try again later" in nppes
    assert leie.startswith("  leie: ")
    assert "it answered 500" in leie
    assert counts()[0] == before
    row = rows()["leie"]
    assert (row.checked_at, row.problem) == (checked_at, leie.removeprefix("  leie: "))
    assert row.next_at is not None
    assert row.next_at - datetime.now(UTC) < timedelta(days=1, minutes=1)
    published.heal()
    assert "The OIG's list of exclusions\n  50.9 kB new\n" in sync(cli, "leie").output
    assert rows()["leie"].problem is None


def test_what_came_of_a_source_is_read_though_another_of_its_files_is_missing(
    cli: FlaskCliRunner, published: SourcesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch_partly(*arguments: Any, **options: Any) -> list[Fetched]:
        raise PartlyFetchedError("The other one is missing.", fetch_source(*arguments, **options))

    monkeypatch.setattr(sync_module, "fetch_source", fetch_partly)
    done = sync(cli, "leie")
    assert done.exit_code == 1
    assert "301 read, 301 added" in done.output
    assert done.stderr.splitlines()[-1] == "  leie: The other one is missing."
    assert rows()["leie"].problem == "The other one is missing."
    assert "301 read" not in sync(cli, "leie").output


def test_what_was_fetched_and_not_read_is_read_by_the_next_one(
    cli: FlaskCliRunner, published: SourcesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(**_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setitem(IMPORTS, "leie", stop)
        assert sync(cli, "leie").exit_code != 0
    assert counts() == (0, 0)
    assert "  nothing new\n" in (done := sync(cli, "leie")).output
    assert "301 read, 301 added" in done.output


def test_invented_providers_have_to_go_before_real_ones_come(cli: FlaskCliRunner, published: SourcesServer) -> None:
    factories.provider()
    db.session.commit()
    refused = sync(cli, "nucc")
    assert refused.exit_code == 1
    assert "holds 1 invented provider of the demonstration. --remove-demonstration takes them out" in refused.output
    assert published.requests == []
    nowhere = cli.invoke(args=["sources", "sync", "nucc", "--near", "Springfield", "--remove-demonstration"])
    assert (nowhere.exit_code, counts()[0]) == (2, 1)
    done = cli.invoke(args=["sources", "sync", "nucc", "--remove-demonstration"])
    assert (done.exit_code, counts()) == (0, (0, 1))
    assert "Removed 1 invented provider" in done.output


@pytest.mark.postgresql
def test_lists_that_a_person_put_into_their_folder_are_read_with_all_their_parts(
    cli: FlaskCliRunner, published: SourcesServer, world: World
) -> None:
    sync(cli, "nucc", "nppes")
    folder = sources_folder() / "licenses_ca_medical"
    folder.mkdir()
    for name, content in license_lists(world).items():
        if name.startswith("Physician"):
            (folder / name).write_bytes(content)
    assert "Physician_Data00.xls: " in sync(cli, "licenses_ca_medical").output
    providers, runs = counts()
    again = sync(cli, "licenses_ca_medical")
    assert (again.exit_code, counts()) == (0, (providers, runs))
    assert "  licenses_ca_medical: of " in again.output
    assert rows()["licenses_ca_medical"].next_at is None


def test_another_area_is_asked_about_and_read_from_what_is_here(cli: FlaskCliRunner, published: SourcesServer) -> None:
    cli.invoke(args=["sources", "sync", "nucc", "nppes", "--near", "90503", "--radius", "8"])
    near, _ = counts()
    said = sync(cli, "nppes").output
    assert "answers_Torrance_CA_40_miles.jsonl.gz/npidata_pfile: " in said
    assert f"{WEEKLY}/npidata_pfile" in said
    assert (counts()[0] or 0) > (near or 0) > 0
    assert (rows()["nppes"].near, rows()["nucc"].near) == ("Torrance, CA", "90503")


def test_a_folder_that_cannot_be_written_is_said_before_anything_else(
    app: Flask, cli: FlaskCliRunner, published: SourcesServer, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    app.config["SOURCES_DIR"] = str(tmp_path / "file" / "sources")
    factories.provider()
    db.session.commit()
    done = cli.invoke(args=["sources", "sync", "nucc", "--remove-demonstration"])
    assert (done.exit_code, counts()[0], published.requests) == (2, 1, [])
    assert "Make room, let this program write there, or set SOURCES_DIR." in done.stderr


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--near", "Springfield"], "--near: "),
        (["--radius", "-1"], "--radius must be a number of miles above 0."),
        (["--radius", "nan"], "--radius must be a number of miles above 0."),
        (["--radius", "inf"], "--radius must be a number of miles above 0."),
        (["nonsense"], "“nonsense” is no source: use nucc, "),
    ],
)
def test_what_was_typed_wrongly_is_said_before_anything_is_fetched(
    cli: FlaskCliRunner, published: SourcesServer, asked: list[str], said: str
) -> None:
    done = cli.invoke(args=["sources", "sync", *asked])
    assert done.exit_code == 2
    assert said in done.stderr
    assert published.requests == []


def test_the_worker_asks_for_what_is_due_unless_it_shall_not(
    app: Flask, cli: FlaskCliRunner, published: SourcesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "0 sources asked, 0 failed." in cli.invoke(args=["jobs", "run", "sources"]).output
    sync(cli, "nucc", "leie")
    published.requests.clear()
    rows()["leie"].next_at = datetime.now(UTC)
    db.session.commit()
    monkeypatch.setitem(app.config, "SOURCES_SYNC", False)
    assert "SOURCES_SYNC is 0." in cli.invoke(args=["jobs", "run", "sources"]).output
    monkeypatch.setitem(app.config, "SOURCES_SYNC", True)
    assert "1 source asked, 0 failed." in cli.invoke(args=["jobs", "run", "sources"]).output
    assert {request.path for request in published.requests} == {LEIE_FILE}
    next_at = rows()["leie"].next_at
    assert next_at is not None
    assert next_at - datetime.now(UTC) > timedelta(days=6)


def test_two_at_once_wait_for_each_other(cli: FlaskCliRunner, published: SourcesServer) -> None:
    sync(cli, "nucc")
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with lock_file(lock, wait=True):
            held.set()
            release.wait()

    lock = sources_folder() / ".sync"
    other = threading.Thread(target=hold)
    other.start()
    held.wait()
    assert "A sync is running already." in cli.invoke(args=["jobs", "run", "sources"]).output
    said: list[str] = []

    def say(sentence: str) -> None:
        said.append(sentence)
        release.set()

    assert sync_sources(SyncArea("Torrance, CA", 40), {"nucc"}, say) == {}
    other.join()
    assert said[0] == "Another sync is running; this one starts when it has ended."
