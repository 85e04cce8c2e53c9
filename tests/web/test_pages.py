"""Pages of plain text say what is so."""

import pytest
from flask import Flask


def test_the_pages_reach_each_other(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    for path in ("/how-we-rank", "/how-we-verify", "/privacy", "/accessibility"):
        assert f'href="{path}"' in client.get("/").text


def test_every_page_says_when_to_call_911(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    for path in ("/", "/search", "/privacy", "/nowhere"):
        assert 'href="tel:911"' in client.get(path).text


@pytest.mark.parametrize(
    ("setting", "value", "promise", "notice"),
    [
        (
            "MAP_TILES_URL",
            "https://tiles.example.org/{z}/{x}/{y}.png",
            "talks to this site alone",
            "map server that the operator",
        ),
        ("PLACE_GEOCODER", "nominatim", "goes to this site alone", "address service"),
    ],
)
def test_privacy_tells_of_another_service_only_where_there_is_one(
    sqlite_app: Flask, setting: str, value: str, promise: str, notice: str
) -> None:
    client = sqlite_app.test_client()
    page = client.get("/privacy").text
    assert promise in page
    assert notice not in page
    sqlite_app.config[setting] = value
    page = client.get("/privacy").text
    assert notice in page
    assert promise not in page
