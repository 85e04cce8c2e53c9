"""The sitemap names every page that may be listed, in each of its languages, and no other."""

import re
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.credentials.scoring import rescore_qualification
from directory.extensions import db
from directory.reviews.models import Outcome
from directory.seo import queries, sitemap
from directory.seo.listed_pages import LISTED
from tests import factories
from tests.seo.listed import NPI, full_provider

SITE = "https://neck.example"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture
def site(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setitem(sqlite_app.config, "SITE_URL", SITE)
    return sqlite_app.test_client()


def _read(client: FlaskClient, path: str = "/sitemap.xml") -> ElementTree.Element:
    answer = client.get(path)
    assert answer.content_type == "application/xml; charset=utf-8"
    return ElementTree.fromstring(answer.text)  # noqa: S314 (our own)


def _addresses(root: ElementTree.Element) -> list[str]:
    return [(place.text or "").removeprefix(SITE) for place in root.iterfind(".//s:loc", NAMES)]


def test_every_address_leads_to_a_page_that_may_be_listed_and_calls_itself_that(site: FlaskClient) -> None:
    full_provider()
    addresses = _addresses(_read(site))
    assert len(addresses) == len(set(addresses)) > 20
    for address in addresses:
        answer = site.get(address)
        assert answer.status_code == 200, address
        assert f'<link rel="canonical" href="{SITE}{address}">' in answer.text, address


def test_every_listed_page_stands_in_it(site: FlaskClient, sqlite_app: Flask) -> None:
    found = set(_addresses(_read(site)))
    listed = LISTED
    plain = [rule for rule in sqlite_app.url_map.iter_rules() if rule.endpoint in listed and not rule.arguments]
    assert {rule.rule for rule in plain} <= found
    assert {"/guide/risks", "/es/guide/risks"} <= found


def test_each_language_names_the_others(site: FlaskClient) -> None:
    entries = {
        (url.findtext("s:loc", "", NAMES)): {
            (link.get("hreflang"), link.get("href")) for link in url.iterfind("x:link", NAMES)
        }
        for url in _read(site).iterfind("s:url", NAMES)
    }
    wanted = {
        ("en", f"{SITE}/guide/risks"),
        ("es", f"{SITE}/es/guide/risks"),
        ("x-default", f"{SITE}/guide/risks"),
    }
    assert entries[f"{SITE}/guide/risks"] == entries[f"{SITE}/es/guide/risks"] == wanted


@pytest.mark.postgresql
def test_providers_are_listed_when_they_are_real_and_may_be_ranked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "SITE_URL", SITE)
    full_provider()
    factories.provider()  # invented
    factories.provider(npi="1000000004", deactivated_on=factories.DAY)
    barred = factories.provider(npi="1000000012").npi
    factories.exclusion(barred)
    rescore_qualification(barred)
    db.session.commit()
    found = _addresses(_read(app.test_client()))
    assert [each for each in found if each.startswith("/providers/")] == [
        f"/providers/{NPI}",
        f"/providers/{NPI}/reviews",
    ]


def test_the_page_of_outcomes_is_named_once_it_shows_some(site: FlaskClient) -> None:
    full_provider()
    for named in (False, True):
        assert (f"/providers/{NPI}/outcomes" in _addresses(_read(site))) is named
        assert ("noindex" not in site.get(f"/providers/{NPI}/outcomes").text) is named
        for _ in range(5):
            db.session.add(Outcome(review_id=factories.review(NPI).id, pain=2))
        db.session.commit()


def test_a_provider_s_date_is_the_newest_that_its_page_shows(app: Flask) -> None:
    provider = full_provider()
    assert [each.changed_on for each in queries.listed_providers(0, 10)] == [date(2026, 1, 2)]
    factories.review(provider.npi, updated_at=datetime(2026, 3, 2, 1, tzinfo=UTC))  # the evening before, here
    db.session.commit()
    assert [each.changed_on for each in queries.listed_providers(0, 10)] == [date(2026, 3, 1)]


def test_too_many_addresses_for_one_file_become_parts_that_hold_all_once(
    site: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    npis = [factories.provider(npi=f"1{number:09d}").npi for number in range(7)]
    db.session.commit()
    whole = _addresses(_read(site))
    monkeypatch.setattr(sitemap, "MAX_ADDRESSES", 12)
    parts = _addresses(_read(site))
    found = [_addresses(_read(site, part)) for part in parts]
    assert [address for part in found for address in part] == whole
    assert all(len(part) <= 12 for part in found[1:])
    assert {f"/providers/{npi}" for npi in npis} <= set(whole)
    assert site.get(f"/sitemaps/{len(parts)}.xml").status_code == 404


def test_no_page_is_listed_while_it_shows_invented_outcomes(site: FlaskClient) -> None:
    shown = {"/outcomes", "/guide/timeline", "/guide/benefits"}
    assert shown <= set(_addresses(_read(site)))
    npi = factories.provider().npi
    for _ in range(20):  # enough for every page that shows them
        db.session.add(
            Outcome(review_id=factories.review(npi).id, onset_days=3, weeks_lasted=12, relief="most", pain=2)
        )
    db.session.commit()
    addresses = _addresses(_read(site))
    assert not shown & set(addresses)
    assert [address for address in addresses if "noindex" in site.get(address).text] == []


def test_robots_may_read_all_but_accounts_and_staff_pages(site: FlaskClient) -> None:
    lines = site.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert f"Sitemap: {SITE}/sitemap.xml" in lines
    forbidden = {line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow")}
    assert forbidden == {f"{code}{path}" for code in ("", "/en", "/es") for path in ("/admin", "/account")}
    for address in _addresses(_read(site)):
        assert not any(re.match(path, address) for path in forbidden)
