"""Answers come compressed to those who ask, unless they hold a secret, are a stream or a part of a file."""

import gzip
from pathlib import Path

import brotli
import pytest
from flask import Flask, Response

from tests import factories
from tests.signing_in import signed_in

BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}
CSS = "/static/css/site.css"


@pytest.mark.parametrize(
    ("asked", "coding", "unpack"), [("br", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress)]
)
@pytest.mark.parametrize("path", ["/privacy", CSS, "/sitemap.xml"])
def test_what_comes_compressed_is_the_same(
    sqlite_app: Flask, path: str, asked: str, coding: str, unpack: object
) -> None:
    client = sqlite_app.test_client()
    plain, packed = client.get(path), client.get(path, headers={"Accept-Encoding": asked})
    assert packed.headers["Content-Encoding"] == coding
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    assert unpack(packed.data) == plain.data
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("asked", ["", "identity", "br;q=0, gzip;q=0", "nonsense"])
def test_who_does_not_ask_gets_it_as_it_is(sqlite_app: Flask, asked: str) -> None:
    answer = sqlite_app.test_client().get(CSS, headers={"Accept-Encoding": asked})
    assert "Content-Encoding" not in answer.headers
    assert b"--paper" in answer.data


def test_a_page_with_the_token_of_a_form_is_not_compressed(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sqlite_app.config, "WTF_CSRF_ENABLED", True)
    answer = sqlite_app.test_client().get(f"/providers/{factories.provider().npi}/reviews/new", headers=BROWSER)
    assert b'name="csrf_token"' in answer.data
    assert "Content-Encoding" not in answer.headers


@pytest.mark.postgresql
def test_nothing_is_compressed_for_somebody_signed_in(app: Flask) -> None:
    client = signed_in(app, "moderator")
    assert "Content-Encoding" not in client.get("/privacy", headers=BROWSER).headers


def test_a_compressed_file_that_the_browser_has_is_not_sent_again(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    first = client.get(CSS, headers=BROWSER)
    again = client.get(CSS, headers={**BROWSER, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(CSS, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200  # it has another form


def test_a_part_of_a_file_counts_the_bytes_of_the_whole(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    part = client.get(CSS, headers={**BROWSER, "Range": "bytes=10-29"})
    assert part.status_code == 206
    assert "Content-Encoding" not in part.headers
    assert part.data == client.get(CSS).data[10:30]


def test_the_head_of_a_file_says_what_would_come(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    head, whole = client.head(CSS, headers=BROWSER), client.get(CSS, headers=BROWSER)
    assert head.data == b""
    for name in ("Content-Length", "Content-Encoding", "ETag", "Vary"):
        assert head.headers[name] == whole.headers[name]


def test_a_changed_file_is_compressed_anew(sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_app, "static_folder", str(tmp_path))
    file = tmp_path / "some.css"
    client = sqlite_app.test_client()
    for letter in "ab":
        file.write_text(letter * 1000 * (1 + ord(letter) % 2), encoding="utf-8")
        answer = client.get("/static/some.css", headers={"Accept-Encoding": "br"})
        assert brotli.decompress(answer.data) == file.read_bytes()


@pytest.mark.own_app
def test_a_stream_goes_out_as_it_is_made(sqlite_app: Flask) -> None:
    @sqlite_app.get("/stream")
    def stream() -> Response:
        return Response((f"{number}\n" * 100 for number in range(10)), mimetype="text/plain")

    answer = sqlite_app.test_client().get("/stream", headers=BROWSER)
    assert "Content-Encoding" not in answer.headers
    assert answer.data.startswith(b"0\n")


def test_a_picture_is_small_already(sqlite_app: Flask) -> None:
    answer = sqlite_app.test_client().get("/pictures/en/pages/site.png", headers=BROWSER)
    assert "Content-Encoding" not in answer.headers
    assert answer.data.startswith(b"\x89PNG")
