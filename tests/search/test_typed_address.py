"""A street address that a person types is placed on its street, and leaves no trace."""

import json
import logging
import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug import Response

from directory.extensions import db
from directory.places import geocoders
from directory.places.streets import finding
from directory.places.streets.making import look_into, make_index
from tests import factories
from tests.places.census_server import CensusServer, census_serving
from tests.places.streets.tiger import AddressRange, write_addrfeat

STREET = [(-118.3500, 33.8700), (-118.3400, 33.8700)]
TYPED = "50 Quixotterra Ave, Torrance, CA 90503"


@pytest.fixture
def streets(sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index with streets two and a half miles north of the middle of ZIP 90503, and one south of them."""
    rows = [
        AddressRange(name, line, ("1", "99"), ("2", "98"), zip_code, zip_code, "O", "E")
        for name, line, zip_code in (
            ("Quixotterra Ave", STREET, "90503"),
            ("N Wistful Ave", STREET, "90503"),
            ("S Wistful Ave", [(x, y - 0.05) for x, y in STREET], "90505"),
        )
    ]
    folder = tmp_path / "streets"
    target = folder / "streets.sqlite3"
    make_index([look_into(write_addrfeat(folder, rows))], target)
    monkeypatch.setattr(finding, "_file", target)
    return folder


@pytest.fixture
def census(sqlite_app: Flask) -> Iterator[CensusServer]:
    """An outside geocoder that is asked for what the streets do not know."""
    with census_serving() as server:
        server.known = {"7 Jabberwockia Ln": [(33.8650, -118.3450)]}
        sqlite_app.config.update(
            PLACE_GEOCODER="census",
            PLACE_CENSUS_URL=server.url,
            PLACE_GEOCODER_OPTIONS=json.dumps({"proxies": {}}),
            PLACE_GEOCODER_TIMEOUT_SECONDS=20.0,
            PLACE_GEOCODER_PER_SECOND=1e6,
        )
        geocoders.set_up(sqlite_app)
        yield server


@pytest.mark.usefixtures("streets")
def test_distances_start_from_the_street(sqlite_app: Flask) -> None:
    factories.provider(at=(33.8700, -118.3600))
    db.session.commit()
    client = sqlite_app.test_client()

    def asked(near: str) -> tuple[list[str], str]:
        page = client.get("/search", query_string={"near": near}).text
        return re.findall(r'class="distance"[^>]*>([^<]+)<', page), unescape(page)

    miles, page = asked(TYPED)
    assert miles == ["0.9 miles"]
    assert "We couldn’t find" not in page
    miles, page = asked("9999 Quixotterra Ave, Torrance, CA 90503")
    assert miles == ["2.1 miles"]
    assert "We couldn’t find that street address, so distances start from the middle of ZIP 90503." in page
    miles, page = asked("190 Quixotterra Ave, Torrance, CA 90503")
    assert miles == ["1.1 miles"]
    assert "We couldn’t find number 190, so distances start from the nearest one." in page
    spanish = client.get("/es/search", query_string={"near": "190 Quixotterra Ave, Torrance, CA 90503"}).text
    assert "No encontramos el número 190" in unescape(spanish)


@pytest.mark.usefixtures("streets")
def test_of_several_streets_none_is_taken_and_the_page_says_what_to_add(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()

    def asked(near: str) -> str:
        return unescape(client.get("/search", query_string={"near": near}).text)

    page = asked("50 Wistful Ave, Torrance, CA")
    assert "There is more than one such street. Add its ZIP code, or N, S, E or W." in page
    assert "distances start from the middle of Torrance, CA." in page
    assert "more than one" not in asked("50 N Wistful Ave, Torrance, CA")


def test_what_a_person_typed_is_in_no_table_file_or_log(
    sqlite_app: Flask, streets: Path, census: CensusServer, caplog: pytest.LogCaptureFixture
) -> None:
    factories.provider()
    db.session.commit()
    client, started = sqlite_app.test_client(), time.time()
    with caplog.at_level(logging.DEBUG):
        for path in ("/search", "/es/search", "/compare", "/providers/" + factories.provider().npi):
            for near in (TYPED, "7 Jabberwockia Ln, Torrance, CA 90503", "8 Jabberwockia Ln, Torrance, CA 90503"):
                client.get(path, query_string={"near": near})
        census.failures = [Response("7 Jabberwockia Ln", status=500)]
        client.get("/search", query_string={"near": "9 Jabberwockia Ln, Torrance, CA 90503"})
    assert len(census.one_by_one) == 3
    rows = [row for table in db.metadata.sorted_tables for row in db.session.execute(select(table))]
    files = [
        path
        for folder in (streets.parent, Path(sqlite_app.instance_path))
        for path in folder.rglob("*")
        if path.is_file() and path.stat().st_mtime >= started - 1 and streets not in path.parents
    ]
    traces = [caplog.text, *map(repr, rows), *(path.read_text(errors="replace") for path in files)]
    assert caplog.records
    assert len(rows) > 3
    assert [trace for trace in traces if "Quixotterra" in trace or "Jabberwockia" in trace] == []
