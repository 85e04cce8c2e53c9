"""The map's file is sent whole or in parts, and kept by browsers for as long as it stays the same."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.places.views import street_map_url

CONTENT = bytes(range(256)) * 4


@pytest.fixture
def address(sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    path = tmp_path / "streets.pmtiles"
    path.write_bytes(CONTENT)
    monkeypatch.setitem(sqlite_app.config, "MAP_FILE", str(path))
    with sqlite_app.test_request_context("/es/search", base_url="http://localhost/es"):
        return street_map_url()


def test_a_part_is_answered_with_that_part(sqlite_app: Flask, address: str) -> None:
    answer = sqlite_app.test_client().get(address, headers={"Range": "bytes=10-19", "Accept-Encoding": "br, gzip"})
    assert (answer.status_code, answer.data) == (206, CONTENT[10:20])
    assert answer.headers["Content-Range"] == f"bytes 10-19/{len(CONTENT)}"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "application/vnd.pmtiles"
    assert "Content-Encoding" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_part_beyond_the_end_is_refused(sqlite_app: Flask, address: str) -> None:
    answer = sqlite_app.test_client().get(address, headers={"Range": "bytes=5000-5009"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(CONTENT)}")


def test_the_whole_file_is_sent_once_and_then_known_by_its_tag(sqlite_app: Flask, address: str) -> None:
    client = sqlite_app.test_client()
    whole = client.get(address)
    assert (whole.status_code, whole.data, whole.headers["Accept-Ranges"]) == (200, CONTENT, "bytes")
    tag = whole.headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(address, headers={"Range": "bytes=0-9", "If-Range": tag}).status_code == 206
    assert client.get(address, headers={"Range": "bytes=0-9", "If-Range": '"another"'}).data == CONTENT


def test_head_tells_the_size_without_the_content(sqlite_app: Flask, address: str) -> None:
    answer = sqlite_app.test_client().head(address)
    assert (answer.status_code, answer.data, answer.content_length) == (200, b"", len(CONTENT))


def test_a_new_file_has_a_new_address_and_an_old_one_is_asked_for_again(sqlite_app: Flask, address: str) -> None:
    client: FlaskClient = sqlite_app.test_client()
    Path(sqlite_app.config["MAP_FILE"]).write_bytes(CONTENT + b"more")
    with sqlite_app.test_request_context():
        assert street_map_url() != address
    assert client.get(address).headers["Cache-Control"] == "no-cache"


def test_without_a_file_there_is_no_address(sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sqlite_app.config, "MAP_FILE", str(tmp_path / "none.pmtiles"))
    with sqlite_app.test_request_context():
        assert street_map_url() == ""
    assert sqlite_app.test_client().get("/map/streets.pmtiles").status_code == 404
