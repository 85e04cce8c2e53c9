"""Public files come from where they are published, whole and checked, or what was there stays."""

import os
import socket
import threading
import time
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from directory.extensions import db
from directory.imports.lock import lock_file
from directory.imports.models import FetchedFile, ImportRun
from directory.imports.sources import checks, client, downloads
from directory.imports.sources.catalog import FetchError
from directory.imports.sources.client import refuse_unsafe, web_address
from directory.imports.sources.fetching import problems_in_words
from directory.imports.sources.store import sources_folder
from directory.providers.sources import known_source
from tests.imports.leie_files import entry, leie_csv
from tests.imports.sources.server import Fault, Page, SourcesServer

LEIE = "/exclusions/downloadables/UPDATED.csv"
LIST = leie_csv(*(entry(lastname=f"EXAMPLE{number}") for number in range(400)))
OTHER_LIST = leie_csv(*(entry(lastname=f"ANOTHER{number}") for number in range(400)))


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the client paused from try to try; it does not really wait."""
    taken: list[float] = []
    monkeypatch.setattr(client, "sleep", taken.append)
    return taken


@pytest.fixture
def server(sqlite_app: Flask, sources_server: SourcesServer, pauses: list[float]) -> SourcesServer:
    """Stands for the public servers; the OIG's list is there."""
    sources_server.answer_for(sqlite_app)
    sources_server.put(LEIE, LIST)
    return sources_server


@pytest.fixture
def cli(sqlite_app: Flask) -> FlaskCliRunner:
    return sqlite_app.test_cli_runner()


def fetch(cli: FlaskCliRunner, *arguments: str) -> str:
    """Fetch the list without a mistake; returns what was said."""
    done = cli.invoke(args=["sources", "fetch", *(arguments or ("leie",))])
    assert done.exit_code == 0, done.output
    return done.output


def fail(cli: FlaskCliRunner, *arguments: str) -> str:
    """Fetch and fail; returns what was said on standard error."""
    done = cli.invoke(args=["sources", "fetch", *(arguments or ("leie",))])
    assert done.exit_code == 1, done.output
    assert isinstance(done.exception, SystemExit), done.exception
    return done.stderr


def kept() -> list[FetchedFile]:
    """All that was fetched, oldest first."""
    return list(db.session.scalars(select(FetchedFile).order_by(FetchedFile.id)))


def text_of(file: FetchedFile) -> str:
    return Path(str(file.path)).read_bytes().decode()


def parts() -> list[Path]:
    """What is there of files that are not whole."""
    return sorted((sources_folder() / "leie" / ".incoming").glob("*"))


@pytest.mark.postgresql
def test_a_file_is_kept_with_its_address_time_and_sum_and_not_fetched_again_while_it_is_the_same(
    app: Flask, sources_server: SourcesServer
) -> None:
    sources_server.answer_for(app)
    sources_server.put(LEIE, LIST)
    cli = app.test_cli_runner()
    fetch(cli)
    (file,) = kept()
    assert text_of(file) == LIST
    assert Path(str(file.path)) == sources_folder() / "leie" / "20261110-UPDATED.csv"
    assert (file.published_on, file.bytes) == (date(2026, 11, 10), len(LIST.encode()))
    assert file.address == sources_server.url + LEIE
    assert datetime.now(UTC).timestamp() - file.fetched_at.timestamp() < 60
    assert "nothing newer" in fetch(cli)
    asked = sources_server.asked(LEIE)[1].headers
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == (file.etag, file.last_modified)
    listed = cli.invoke(args=["sources", "fetched"]).output
    assert (file.sha256 in listed, file.address in listed, str(file.path) in listed) == (True, True, True)


def test_a_newer_version_is_kept_beside_the_one_from_before(server: SourcesServer, cli: FlaskCliRunner) -> None:
    fetch(cli)
    server.put(LEIE, OTHER_LIST, last_modified="Thu, 10 Dec 2026 08:00:00 GMT")
    fetch(cli)
    assert [text_of(file) for file in kept()] == [LIST, OTHER_LIST]


def test_a_server_without_versions_is_asked_anew_and_the_same_bytes_are_kept_once(
    server: SourcesServer, cli: FlaskCliRunner
) -> None:
    server.put(LEIE, LIST, etag=None, last_modified=None)
    fetch(cli)
    assert "nothing newer" in fetch(cli)
    (file,) = kept()
    assert len(server.asked(LEIE)) == 2
    assert file.checked_at > file.fetched_at


def test_a_broken_download_goes_on_where_it_ended(server: SourcesServer, cli: FlaskCliRunner) -> None:
    server.fail(LEIE, Fault(cut_after=10_000), Fault(cut_after=5_000))
    fetch(cli)
    asked = [(request.headers.get("Range"), request.headers.get("If-Range")) for request in server.asked(LEIE)]
    version = server.pages[LEIE].etag
    assert asked == [(None, None), ("bytes=10000-", version), ("bytes=15000-", version)]
    assert text_of(kept()[0]) == LIST
    assert parts() == []


def test_a_broken_download_goes_on_by_date_where_the_version_is_a_weak_one(
    server: SourcesServer, cli: FlaskCliRunner
) -> None:
    server.put(LEIE, LIST, etag='W/"1"')
    server.fail(LEIE, Fault(cut_after=10_000))
    fetch(cli)
    assert server.asked(LEIE)[1].headers["If-Range"] == "Tue, 10 Nov 2026 08:00:00 GMT"
    assert text_of(kept()[0]) == LIST


def test_a_download_that_broke_off_in_another_run_goes_on_too(
    server: SourcesServer, cli: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "MAX_TRIES", 1)
    server.fail(LEIE, Fault(cut_after=10_000))
    assert "could not be fetched" in fail(cli)
    assert [path.stat().st_size for path in parts()][:1] == [10_000]
    fetch(cli)
    assert server.asked(LEIE)[1].headers["Range"] == "bytes=10000-"
    assert text_of(kept()[0]) == LIST


def test_a_file_that_changed_since_the_download_broke_off_is_begun_anew(
    server: SourcesServer, cli: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "MAX_TRIES", 1)
    server.fail(LEIE, Fault(cut_after=10_000))
    fail(cli)
    server.put(LEIE, OTHER_LIST)
    fetch(cli)
    assert text_of(kept()[0]) == OTHER_LIST


def test_a_server_that_sends_no_parts_sends_the_whole_again(server: SourcesServer, cli: FlaskCliRunner) -> None:
    server.pages[LEIE] = Page(LIST.encode(), server.pages[LEIE].headers, takes_ranges=False)
    server.fail(LEIE, Fault(cut_after=10_000))
    fetch(cli)
    assert text_of(kept()[0]) == LIST


def test_a_part_that_is_whole_already_is_kept_without_another_byte(
    server: SourcesServer, cli: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(checks, "open_published", stop)
        cli.invoke(args=["sources", "fetch", "leie"])
    assert (kept(), [path.name for path in parts()]) == ([], ["UPDATED.csv", "UPDATED.csv.json"])
    fetch(cli)
    assert server.asked(LEIE)[1].headers["Range"] == f"bytes={len(LIST.encode())}-"
    assert text_of(kept()[0]) == LIST


def test_a_file_that_was_moved_before_the_machine_stopped_is_taken_for_what_it_is(
    server: SourcesServer, cli: FlaskCliRunner
) -> None:
    fetch(cli)
    db.session.delete(kept()[0])  # as if the note of it had not been written
    db.session.commit()
    fetch(cli)
    assert [Path(str(file.path)).name for file in kept()] == ["20261110-UPDATED.csv"]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 522])
def test_a_busy_server_is_asked_again_after_growing_pauses(
    server: SourcesServer, cli: FlaskCliRunner, pauses: list[float], status: int
) -> None:
    server.fail(LEIE, *[Fault(status=status)] * 3)
    fetch(cli)
    assert pauses == [1, 2, 4]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17),
        ({"Retry-After": "Tue, 10 Nov 2026 08:00:42 GMT", "Date": "Tue, 10 Nov 2026 08:00:00 GMT"}, 42),
        ({"Retry-After": "soon"}, 1),
    ],
)
def test_a_pause_that_a_server_asks_for_is_kept(
    server: SourcesServer, cli: FlaskCliRunner, pauses: list[float], headers: dict[str, str], seconds: float
) -> None:
    server.fail(LEIE, Fault(status=429, headers=headers))
    fetch(cli)
    assert pauses == [pytest.approx(seconds, abs=2)]


def test_a_server_that_asks_for_a_very_long_pause_is_left_alone(
    server: SourcesServer, cli: FlaskCliRunner, pauses: list[float]
) -> None:
    server.fail(LEIE, Fault(status=503, headers={"Retry-After": "3600"}))
    assert "asks to come back in 60 minutes" in fail(cli)
    assert pauses == []


def test_a_server_that_stays_busy_is_given_up_and_the_file_from_before_stays(
    server: SourcesServer, cli: FlaskCliRunner, pauses: list[float]
) -> None:
    fetch(cli)
    server.fail_always(LEIE, Fault(status=500))
    said = fail(cli)
    assert "leie: " in said
    assert "could not be fetched (it answered 500 Internal Server Error): try again later." in said
    assert pauses == [1, 2, 4, 8, 16]
    assert text_of(kept()[0]) == LIST
    server.heal()
    assert "nothing newer" in fetch(cli)


def test_while_bytes_come_a_download_may_break_off_often(
    server: SourcesServer, cli: FlaskCliRunner, pauses: list[float]
) -> None:
    server.fail(LEIE, *[Fault(cut_after=2_000)] * 10)
    fetch(cli)
    assert text_of(kept()[0]) == LIST
    assert pauses == [1] * 10


def test_a_host_that_does_not_exist_is_asked_for_once(
    sqlite_app: Flask, cli: FlaskCliRunner, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    sqlite_app.config["SOURCE_LEIE_URL"] = "http://lists.example/UPDATED.csv"
    assert "is there a network connection, and is the address right?" in fail(cli)
    assert pauses == []


def test_a_host_whose_name_cannot_be_looked_up_now_is_asked_for_twice(
    sqlite_app: Flask, cli: FlaskCliRunner, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    def offline(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", offline)
    sqlite_app.config["SOURCE_LEIE_URL"] = "http://lists.example/UPDATED.csv"
    assert "is there a network connection, and is the address right?" in fail(cli)
    assert pauses == [1]


def test_of_many_files_that_cannot_be_fetched_two_are_named() -> None:
    assert problems_in_words(["A."]) == "A."
    assert problems_in_words(["A.", "B.", "C.", "D."]) == "A. B. So it was with 2 other files."


def test_a_server_that_is_not_there_is_said_in_a_sentence(
    sqlite_app: Flask, cli: FlaskCliRunner, pauses: list[float]
) -> None:
    sqlite_app.config["SOURCE_LEIE_URL"] = "http://127.0.0.1:9/UPDATED.csv"
    assert "could not be fetched" in fail(cli)
    assert len(pauses) == client.MAX_TRIES - 1


def test_an_address_with_nothing_is_not_asked_again(
    server: SourcesServer, cli: FlaskCliRunner, pauses: list[float]
) -> None:
    del server.pages[LEIE]
    assert "answered 404 Not Found: has it moved? Set its address in the settings" in fail(cli)
    assert (len(server.asked(LEIE)), pauses) == (1, [])


def test_slow_bytes_are_waited_for_and_a_line_that_stalls_is_dialed_anew(
    server: SourcesServer, cli: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "STALL_SECONDS", 0.05)
    server.fail(LEIE, Fault(slow_bytes=10, pause_seconds=0.01))
    fetch(cli)
    first, second = server.asked(LEIE)
    assert first.headers.get("Range") is None
    assert int(second.headers["Range"].removeprefix("bytes=").removesuffix("-")) < downloads.MIN_BYTES
    assert text_of(kept()[0]) == LIST


CHANGED = LIST.replace("EXCLDATE", "EXCLUSION DATE", 1)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (CHANGED, "it has no column “EXCLDATE”"),
        ("", "UPDATED.csv is empty"),
        ("<!DOCTYPE html><html><body>Down for maintenance</body></html>", "UPDATED.csv is a web page"),
        ("%PDF-1.7", "UPDATED.csv is a PDF"),
        ("PK\x03\x04 and no more", "UPDATED.csv is a zip that is damaged"),
    ],
)
def test_what_is_not_the_list_counts_for_nothing_and_the_file_from_before_stays(
    server: SourcesServer, cli: FlaskCliRunner, body: str, reason: str
) -> None:
    fetch(cli)
    server.put(LEIE, body)
    said = fail(cli)
    assert reason in said
    assert "What was fetched before stays. Try again later, or set SOURCE_LEIE_URL if it has moved." in said
    assert [text_of(file) for file in kept()] == [LIST]
    assert parts() == []
    server.put(LEIE, OTHER_LIST)
    fetch(cli)
    assert [text_of(file) for file in kept()] == [LIST, OTHER_LIST]


def zipped(path: Path, **members: bytes) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name.replace("_", "."), body)
    return path.read_bytes()


def test_a_zip_is_read_to_its_end_before_it_counts(server: SourcesServer, cli: FlaskCliRunner, tmp_path: Path) -> None:
    whole = zipped(tmp_path / "list.zip", UPDATED_csv=LIST.encode())
    damaged = bytearray(whole)
    damaged[len(whole) // 2] ^= 1
    server.put(LEIE, bytes(damaged))
    assert "it is no whole zip" in fail(cli)
    server.put(LEIE, whole[: len(whole) // 2])
    assert "is a zip that is damaged or cut short" in fail(cli)
    server.put(LEIE, whole)
    fetch(cli)


def test_a_zip_that_would_fill_the_disk_is_refused(server: SourcesServer, cli: FlaskCliRunner, tmp_path: Path) -> None:
    server.put(LEIE, zipped(tmp_path / "bomb.zip", UPDATED_csv=bytes(20 * 1024 * 1024)))
    assert "it would take 21.0 MB unpacked, too much for its size" in fail(cli)
    assert kept() == []


def test_a_file_for_which_the_disk_has_no_room_is_not_begun(
    server: SourcesServer, cli: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = SimpleNamespace(free=downloads.LEFT_FREE + len(LIST) // 2)
    monkeypatch.setattr(downloads.shutil, "disk_usage", lambda path: full)
    said = fail(cli)
    assert f"has {len(LIST) // 2000}" in said
    assert "make room, or set SOURCES_DIR to a larger disk" in said
    assert parts() == []


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(
    server: SourcesServer, sqlite_app: Flask, cli: FlaskCliRunner, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    sqlite_app.config["SOURCES_DIR"] = str(tmp_path / "file")
    assert "set SOURCES_DIR" in fail(cli)


def test_redirects_are_followed_to_other_public_places_alone(server: SourcesServer, cli: FlaskCliRunner) -> None:
    server.redirect("/moved", f"{server.url}{LEIE}")
    server.pages["/listed"] = server.pages[LEIE]
    server.redirect(LEIE, "/listed")
    fetch(cli)
    server.redirect("/listed", "http://localhost:9/admin")
    assert "leads to http://localhost:9/admin, which is in a private network: not followed" in fail(cli)
    server.redirect("/listed", "file:///etc/passwd")
    assert "/etc/passwd" in fail(cli)
    server.redirect("/listed", LEIE)
    assert "leads from one address to the next without end" in fail(cli)
    assert [text_of(file) for file in kept()] == [LIST]


@pytest.mark.parametrize(
    ("start", "target", "reason"),
    [
        ("https://a.example/x", "http://a.example/x", "could change what is read"),
        ("https://a.example/x", "ftp://a.example/x", "no web address"),
        ("https://a.example/x", "https://10.0.0.7/x", "private network"),
        ("https://a.example/x", "https://169.254.169.254/latest/meta-data", "private network"),
        ("https://a.example/x", "https://[::1]/x", "private network"),
        ("https://a.example/x", "https://[::ffff:10.0.0.7]/x", "private network"),
        ("https://a.example/x", "https://localhost/x", "private network"),
    ],
)
def test_an_address_must_not_lead_inside_nor_off_https(start: str, target: str, reason: str) -> None:
    with pytest.raises(FetchError, match=reason):
        refuse_unsafe(web_address(start), web_address(target) if "ftp" not in target else client.httpx.URL(target))


def test_an_address_may_lead_to_another_public_one_and_stay_in_the_operators_own_network() -> None:
    refuse_unsafe(web_address("https://8.8.8.8/x"), web_address("https://1.1.1.1/x"))
    refuse_unsafe(web_address("http://10.0.0.7:8080/x"), web_address("http://10.0.0.7:8081/y"))


@pytest.mark.parametrize("setting", ["oig.hhs.gov/UPDATED.csv", "file:///etc/passwd", "https://", "x" * 2000])
def test_a_setting_that_is_no_address_is_said_in_a_sentence(
    sqlite_app: Flask, cli: FlaskCliRunner, setting: str
) -> None:
    sqlite_app.config["SOURCE_LEIE_URL"] = setting
    assert "web address" in fail(cli)


def test_a_name_from_a_server_stays_in_its_folder(
    server: SourcesServer, sqlite_app: Flask, cli: FlaskCliRunner
) -> None:
    path = "/lists/..%2f..%2f..%2fescaped%00.csv"
    sqlite_app.config["SOURCE_LEIE_URL"] = server.url + path
    server.put(path, LIST)
    fetch(cli)
    assert Path(str(kept()[0].path)).resolve().parent == (sources_folder() / "leie").resolve()


def test_the_client_says_who_asks_and_asks_one_thing_at_a_time(
    server: SourcesServer, sqlite_app: Flask, cli: FlaskCliRunner
) -> None:
    sqlite_app.config.update(SITE_URL="https://directory.example.org", MAIL_REPLY_TO="The Office <office@example.org>")
    fetch(cli)
    agent = server.asked(LEIE)[0].headers["User-Agent"]
    assert agent == "Neck Spasm Directory (https://directory.example.org; office@example.org)"
    assert server.most_at_once == 1


def test_requests_go_through_the_proxy_that_the_usual_variables_name(
    server: SourcesServer, sqlite_app: Flask, cli: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", server.url)
    monkeypatch.setenv("HTTPS_PROXY", server.url)
    sqlite_app.config["SOURCE_LEIE_URL"] = f"http://lists.example{LEIE}"
    fetch(cli)
    assert server.requests[0].target == f"http://lists.example{LEIE}"
    sqlite_app.config["SOURCE_LEIE_URL"] = f"https://lists.example{LEIE}"
    assert "could not be fetched (403 Forbidden)" in fail(cli)
    assert server.requests[-1].target == "lists.example:443"
    monkeypatch.setenv("ALL_PROXY", "socks9://nowhere")
    assert "The proxy of HTTP_PROXY, HTTPS_PROXY or ALL_PROXY cannot be used" in fail(cli)


def test_only_a_few_files_are_kept_and_never_is_the_newest_imported_one_removed(
    server: SourcesServer, sqlite_app: Flask, cli: FlaskCliRunner
) -> None:
    sqlite_app.config["SOURCES_KEPT"] = 2
    for month in range(1, 6):
        server.put(
            LEIE, leie_csv(entry(lastname=f"MONTH{month}")), last_modified=f"Tue, 1{month} Nov 2026 08:00:00 GMT"
        )
        fetch(cli)
        if month == 2:
            known_source("leie")
            day = datetime.now(UTC)
            run = ImportRun(source_key="leie", file_name=str(kept()[-1].path), status="done", started_at=day)
            db.session.add(run)
            db.session.commit()
    assert [file.path is not None for file in kept()] == [False, True, False, True, True]
    names = sorted(path.name for path in (sources_folder() / "leie").glob("*.csv"))
    assert names == ["20261112-UPDATED.csv", "20261114-UPDATED.csv", "20261115-UPDATED.csv"]
    assert "removed since, to make room" in cli.invoke(args=["sources", "fetched", "leie"]).output


def test_two_versions_of_one_day_stand_side_by_side(server: SourcesServer, cli: FlaskCliRunner) -> None:
    fetch(cli)
    server.put(LEIE, OTHER_LIST)
    fetch(cli)
    assert [Path(str(file.path)).name for file in kept()] == ["20261110-UPDATED.csv", "20261110-2-UPDATED.csv"]


def test_a_file_that_was_removed_or_cut_is_fetched_again(server: SourcesServer, cli: FlaskCliRunner) -> None:
    fetch(cli)
    Path(str(kept()[0].path)).write_text("cut")
    fetch(cli)
    assert text_of(kept()[-1]) == LIST
    assert "If-None-Match" not in server.asked(LEIE)[1].headers


def test_parts_that_nothing_went_on_with_are_removed(server: SourcesServer, cli: FlaskCliRunner) -> None:
    folder = sources_folder() / "leie" / ".incoming"
    folder.mkdir(parents=True)
    (folder / "old.csv").touch()
    os.utime(folder / "old.csv", (0, 0))
    (folder / "new.csv").touch()
    fetch(cli)
    assert [path.name for path in parts()] == ["new.csv"]


def test_another_folder_may_be_named(server: SourcesServer, cli: FlaskCliRunner, tmp_path: Path) -> None:
    assert str(tmp_path / "elsewhere" / "leie" / "20261110-UPDATED.csv") in fetch(
        cli, "leie", "--to", str(tmp_path / "elsewhere")
    )


def test_two_processes_do_not_fetch_at_the_same_time(server: SourcesServer, cli: FlaskCliRunner) -> None:
    held, asked = threading.Event(), []

    def hold() -> None:
        with lock_file(lock, wait=True):
            held.set()
            time.sleep(0.1)
            asked.append(len(server.requests))

    lock = sources_folder() / ".lock"
    other = threading.Thread(target=hold)
    other.start()
    held.wait()
    done = cli.invoke(args=["sources", "fetch", "leie"])
    other.join()
    assert "Another process is fetching" in done.stderr
    assert (asked, len(server.requests)) == ([0], 1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nothing"], "“nothing” is no source: use nucc, cms_services, nppes, leie"),
        (["leie", "--radius", "5"], "--radius needs --near"),
        (["tiger", "--near", "Nowhere at all"], "We couldn’t find"),
        (["tiger", "--near", "90503", "--radius", "-1"], "--radius must be a number of miles above 0"),
    ],
)
def test_what_was_typed_wrongly_is_said_before_anything_is_asked(
    server: SourcesServer, cli: FlaskCliRunner, arguments: list[str], sentence: str
) -> None:
    done = cli.invoke(args=["sources", "fetch", *arguments])
    assert (done.exit_code, server.requests) == (2, [])
    assert sentence in " ".join(done.stderr.split())


def test_a_source_that_is_fetched_by_hand_says_so(sqlite_app: Flask, cli: FlaskCliRunner) -> None:
    said = fail(cli, "medi-cal-suspended")
    assert "download it in a browser and read it with `flask import medi-cal-suspended`" in said
    assert "Say around which place, with --near" in fail(cli, "tiger")
    assert "Say around which place, with --near, or add --whole" in fail(cli, "cms-clinicians")
