"""`/sources` and `/sources.json`: what the directory is made of, how old it is, and when it is fetched next."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.credentials.models import LicenseRecord, MedicareYear
from directory.extensions import db
from directory.imports import source_counts
from directory.imports.models import ImportRun, SourceSync
from directory.providers.sources import Source, SourceKind, known_source
from directory.reviews.status import ReviewStatus
from tests import factories
from tests.imports.cms_files import licensee, licensees
from tests.imports.importer import Importer
from tests.in_spanish import TAG, english_in

DAY = date(2026, 11, 8)


def add_read(source_key: str, day: date = DAY) -> None:
    known_source(source_key)
    values: dict[str, Any] = {"file_name": "a.csv", "status": "done", "started_at": datetime(2026, 11, 9, tzinfo=UTC)}
    db.session.add(ImportRun(source_key=source_key, as_of=day, **values))


def listed(client: FlaskClient) -> dict[str, dict[str, Any]]:
    return {source["key"]: source for source in client.get("/sources.json").get_json()["sources"]}


def add_everything() -> None:
    """Two providers of NPPES, one in Medicare's file, a review of another site, a license in a board's list."""
    add_read("nppes")
    add_read("cms_services", date(2024, 12, 31))
    one, other = (factories.provider(npi=npi, source_key="nppes").npi for npi in ("1234567893", "1999000015"))
    db.session.add(MedicareYear(npi=one, year=2024, source_key="cms_services", as_of=DAY))
    db.session.add(Source(key="voices", name="Care Voices", kind=SourceKind.PLATFORM, url="https://voices.example"))
    db.session.add(Source(key="licenses_nv", name="Nevada's list", kind=SourceKind.PUBLIC_FILE))
    db.session.flush()
    add_read_list = {"state": "NV", "board": "Board", "board_status": "Active", "active": True, "name": "Example"}
    db.session.add(LicenseRecord(number="A1", number_key="A1", source_key="licenses_nv", as_of=DAY, **add_read_list))
    factories.review(one, 4, source_key="voices")
    factories.review(other, 4, source_key="voices", status=ReviewStatus.REMOVED)
    next_at = datetime(2026, 12, 9, 12, tzinfo=UTC)
    db.session.add(SourceSync(source_key="nppes", near="Torrance, CA", radius_miles=40, next_at=next_at))
    db.session.commit()


@pytest.mark.postgresql
def test_each_source_has_its_day_its_providers_and_its_next_fetch(client: FlaskClient) -> None:
    add_everything()
    sources = listed(client)
    assert sources["nppes"] == {
        "key": "nppes",
        "name": "NPPES, the national NPI registry (CMS)",
        "kind": "public_file",
        "url": "https://npiregistry.cms.hhs.gov/",
        "as_of": "2026-11-08",
        "providers": 2,
        "licenses": None,
        "next_fetch_on": "2026-12-09",
        "published_every_days": 31,
    }
    assert (sources["cms_services"]["providers"], sources["cms_services"]["next_fetch_on"]) == (1, None)
    assert (sources["leie"]["providers"], sources["leie"]["as_of"]) == (0, None)
    assert (sources["nucc"]["providers"], sources["nucc"]["licenses"]) == (None, None)
    assert (sources["licenses_nv"]["providers"], sources["licenses_nv"]["licenses"]) == (None, 1)
    assert (sources["voices"]["kind"], sources["voices"]["providers"]) == ("platform", 1)


@pytest.mark.postgresql
def test_it_counts_again_after_an_import_and_not_before(
    app: Flask, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.license(factories.provider().npi, number="A12345")
    db.session.commit()
    assert [listed(client)["licenses_ca_medical"]["licenses"] for _ in range(2)] == [0, 0]
    with monkeypatch.context() as patch:
        patch.delattr(source_counts, "_count")
        listed(client)
    importer = Importer(app, tmp_path, "licenses", licensees, "MedicalBoard_20261124.xls", ("--layout", "california"))
    importer(licensee())
    assert listed(client)["licenses_ca_medical"]["licenses"] == 1


def test_the_page_says_the_same_in_words(client: FlaskClient) -> None:
    add_everything()
    page = " ".join(TAG.sub(" ", client.get("/sources").text).split())
    assert "November 8, 2026 · 2 providers here · Next update: December 9, 2026" in page
    assert "· 1 provider here · By our staff. A new file comes out about every 366 days." in page
    assert "Care Voices : 1 provider here. Reviews written elsewhere" in page
    _, missing = page.split("Not read yet")
    assert "OIG List of Excluded Individuals and Entities : Who is excluded" in missing
    assert "NPPES" not in missing


def test_an_empty_directory_says_that_nothing_was_read(client: FlaskClient) -> None:
    page = client.get("/sources").text
    assert "No public file has been read yet." in page
    assert "What people report" not in page
    assert listed(client)["nppes"]["as_of"] is None


def test_the_page_is_in_spanish_too(client: FlaskClient) -> None:
    add_everything()
    page = client.get("/es/sources").text
    assert "8 de noviembre de 2026" in page
    assert english_in(page) == []


def test_links_lead_to_it_and_to_the_publishers(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    add_read("leie")
    db.session.commit()
    assert 'href="/sources"' in client.get("/how-we-verify").text.partition("<footer")[0]
    assert 'href="https://oig.hhs.gov/exclusions/"' in client.get("/sources").text
