"""The head of a page: its one address, its other languages, and whether search engines may list it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories

SITE = "https://neck.example"
REAL_NPI = "1234567893"


@pytest.fixture
def site(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setitem(sqlite_app.config, "SITE_URL", SITE)
    return sqlite_app.test_client()


def _links(page: str, rel: str) -> list[str]:
    return re.findall(rf'<link rel="{rel}"[^>]*href="([^"]*)"', page)


def _meta(page: str, name: str) -> list[str]:
    return re.findall(rf'<meta (?:name|property)="{name}"\s+content="([^"]*)"', page)


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/", "/"),
        ("/en/", "/"),
        ("/guide/risks", "/guide/risks"),
        ("/guide/risks?from=a-letter", "/guide/risks"),
        ("/en/guide/risks", "/guide/risks"),
        ("/es/guide/risks", "/es/guide/risks"),
    ],
)
def test_a_page_has_one_address_however_it_was_asked_for(site: FlaskClient, asked: str, canonical: str) -> None:
    page = site.get(asked).text
    assert _links(page, "canonical") == [SITE + canonical]
    assert _meta(page, "og:url") == [SITE + canonical]


def test_the_browser_s_language_decides_which_page_the_bare_address_stands_for(site: FlaskClient) -> None:
    page = site.get("/guide/risks", headers={"Accept-Language": "es-MX"}).text
    assert _links(page, "canonical") == [f"{SITE}/es/guide/risks"]


def test_every_language_of_a_page_names_all_of_them(site: FlaskClient) -> None:
    alternates = re.compile(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)"')
    english, spanish = site.get("/guide/risks?x=1").text, site.get("/es/guide/risks").text
    wanted = [("en", "/guide/risks"), ("es", "/es/guide/risks"), ("x-default", "/guide/risks")]
    assert alternates.findall(english) == [(code, SITE + path) for code, path in wanted]
    assert alternates.findall(spanish) == alternates.findall(english)
    assert _meta(spanish, "og:locale") == ["es_US"]
    assert _meta(spanish, "og:locale:alternate") == ["en_US"]


def _real_provider(**values: object) -> str:
    return f"/providers/{factories.provider(npi=REAL_NPI, **values).npi}"


@pytest.mark.parametrize(
    "path",
    [
        "/search",
        "/search?near=90503",
        "/compare",
        "/nowhere",
        "/providers/1999999999",
        "/guide/nothing",
        "/account/sign-in",
        "/reviews/mine",
    ],
)
def test_search_engines_are_kept_out_of_what_is_a_person_s_or_no_page(site: FlaskClient, path: str) -> None:
    page = site.get(path).text
    assert _meta(page, "robots") == ["noindex, follow"]
    assert _links(page, "canonical") == _links(page, "alternate") == []
    assert "ld+json" not in page


def test_a_search_shows_its_place_in_no_address_of_the_head(site: FlaskClient) -> None:
    head = site.get("/search?near=90503").text.partition("</head>")[0]
    assert _meta(head, "og:url")[0].endswith("/search")
    assert "near=" not in head


def test_a_page_of_a_real_provider_is_listed_and_one_of_an_invented_is_not(site: FlaskClient) -> None:
    invented = site.get(f"/providers/{factories.provider().npi}").text
    real = site.get(_real_provider()).text
    assert _meta(invented, "robots") == ["noindex, follow"]
    assert "ld+json" not in invented
    assert _meta(real, "robots") == []
    assert _links(real, "canonical") == [f"{SITE}/providers/{REAL_NPI}"]


def test_forms_about_a_listed_provider_are_not_listed(site: FlaskClient) -> None:
    path = _real_provider()
    assert _meta(site.get(f"{path}/reviews/new").text, "robots") == ["noindex, follow"]
    assert _meta(site.get(f"/claim/{REAL_NPI}").text, "robots") == ["noindex, follow"]


def test_a_name_cannot_break_out_of_the_head(site: FlaskClient) -> None:
    page = site.get(_real_provider(name='Ann "Annie" O\'Neil </script><b> & Co \u2028')).text
    title = _meta(page, "og:title")[0]
    assert title.startswith("Ann &#34;Annie&#34; O&#39;Neil &lt;/script&gt;&lt;b&gt; &amp; Co")
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert block
    assert not set("<>&\u2028") & set(block[1])


def test_files_that_are_no_pages_are_not_listed(site: FlaskClient) -> None:
    assert site.get("/robots.txt").headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in site.get("/static/css/site.css").headers
    assert "X-Robots-Tag" not in site.get("/privacy").headers
