"""Pictures for links: of known pages alone, in the page's language, kept for as long as they say the same."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from directory.extensions import db
from directory.seo.picture_drawing import KEPT, PictureWords, draw_picture
from directory.seo.pictures import picture_words
from directory.web.languages import in_language
from tests import factories
from tests.seo.listed import NPI, full_provider


@pytest.fixture
def site(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setitem(sqlite_app.config, "SITE_URL", "https://neck.example")
    return sqlite_app.test_client()


def _picture_of(client: FlaskClient, path: str) -> str:
    found = re.search(r'<meta property="og:image" content="https://neck.example([^"]*)"', client.get(path).text)
    assert found, path
    return found[1].replace("&amp;", "&")


@pytest.mark.parametrize(
    "path", ["/", "/privacy", "/guide/risks", "/es/guide/risks", f"/providers/{NPI}", "/search", "/x"]
)
def test_the_picture_that_a_page_names_is_there_in_the_size_it_says(site: FlaskClient, path: str) -> None:
    full_provider()
    answer = site.get(_picture_of(site, path))
    assert (answer.status_code, answer.content_type) == (200, "image/png")
    assert Image.open(BytesIO(answer.data)).size == (1200, 630)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_page_in_spanish_has_a_picture_in_spanish(site: FlaskClient, sqlite_app: Flask) -> None:
    english, spanish = _picture_of(site, "/guide/risks"), _picture_of(site, "/es/guide/risks")
    assert english.startswith("/pictures/en/guide/risks.png?v=")
    assert spanish.startswith("/pictures/es/guide/risks.png?v=")
    assert site.get(english).data != site.get(spanish).data


def test_the_address_changes_with_what_the_picture_says(site: FlaskClient) -> None:
    provider = full_provider()
    before = _picture_of(site, f"/providers/{NPI}")
    provider.name = "Ana Núñez-Hale, MD"
    db.session.commit()
    after = _picture_of(site, f"/providers/{NPI}")
    assert before != after
    assert site.get(before).headers["Cache-Control"] == "public, max-age=3600"  # an old address shows the new name
    assert site.get(before).data == site.get(after).data


@pytest.mark.postgresql
def test_a_provider_s_picture_names_specialty_and_reviews_only_where_there_are_some(app: Flask) -> None:
    full_provider()
    bare = factories.provider(npi="1000000020", specialties=()).npi
    barred = factories.provider(npi="1000000012", deactivated_on=factories.DAY).npi
    factories.review(barred, source_key="site")
    with app.test_request_context(), in_language("en"):
        assert picture_words("providers", NPI).details == ("Neurologist", "2 reviews written here")
        assert picture_words("providers", bare).details == ()
        assert picture_words("providers", barred).details == ("Neurologist",)


@pytest.mark.parametrize(
    "path",
    [
        "en/pages/nothing",
        "en/guide/nothing",
        "fr/pages/site",
        "en/nothing/site",
        "en/providers/1000000004",
        "en/providers/Ana",
        "en/providers/{invented}",
    ],
)
def test_there_is_no_picture_of_anything_else(site: FlaskClient, path: str) -> None:
    invented = factories.provider().npi
    assert site.get(f"/pictures/{path.format(invented=invented)}.png").status_code == 404


def test_who_has_the_picture_is_not_sent_it_again(site: FlaskClient) -> None:
    first = site.get("/pictures/en/pages/site.png")
    again = site.get("/pictures/en/pages/site.png", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_picture_is_drawn_once_and_few_are_kept() -> None:
    draw_picture.cache_clear()
    words = PictureWords("Neck Spasm Directory", "Once", (), "Torrance")
    assert draw_picture(words) is draw_picture(words)
    assert draw_picture.cache_info().misses == 1
    assert draw_picture.cache_info().maxsize == KEPT
