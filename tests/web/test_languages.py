"""A page is in the language of its address, or else in the one that the browser asks for."""

from datetime import date, time

import pytest
from flask import Flask

from directory.web.filters import clock, day, month
from directory.web.languages import current_language, in_language, offer_translations, read_translations
from directory.web.messages import gettext

GUIDE = "/guide/risks"
ENGLISH_ONLY = "/admin"


def _language(app: Flask, path: str, accepts: str = "") -> str | None:
    response = app.test_client().get(path, headers={"Accept-Language": accepts} if accepts else {})
    assert f'<html lang="{response.headers["Content-Language"]}">' in response.text
    return response.headers["Content-Language"]


@pytest.mark.parametrize(
    ("path", "accepts", "language"),
    [
        (GUIDE, "", "en"),
        (GUIDE, "es-MX,es;q=0.9,en;q=0.5", "es"),
        (GUIDE, "en-US,en;q=0.9,es;q=0.5", "en"),
        (GUIDE, "de", "en"),
        (GUIDE, "nonsense;;q=x,", "en"),
        (f"/es{GUIDE}", "en", "es"),
        (f"/en{GUIDE}", "es", "en"),
        ("/es/nowhere", "", "es"),
        ("/nowhere", "es", "es"),
    ],
)
def test_the_address_goes_before_the_browsers_wish(sqlite_app: Flask, path: str, accepts: str, language: str) -> None:
    assert _language(sqlite_app, path, accepts) == language


def test_links_keep_the_language_of_the_address(sqlite_app: Flask) -> None:
    page = sqlite_app.test_client().get("/es/guide/risks").text
    assert 'href="/es/guide"' in page
    assert 'href="/guide"' not in page


def test_static_files_have_one_address_in_every_language(sqlite_app: Flask) -> None:
    page = sqlite_app.test_client().get("/es/guide/risks").text
    assert 'href="/static/css/site.css' in page
    assert "/es/static/" not in page


def test_each_page_leads_to_itself_in_the_other_language(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    assert 'href="/es/guide/risks?a=1&amp;a=2" lang="es"' in client.get("/guide/risks?a=1&a=2").text
    assert 'href="/en/guide/risks" lang="en"' in client.get("/es/guide/risks").text
    assert 'href="/es/guide/risks" lang="es"' in client.get("/en/guide/risks").text


def test_caches_are_told_that_the_browsers_wish_matters(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    assert "Accept-Language" in client.get(GUIDE).headers["Vary"]
    assert "Accept-Language" not in client.get(f"/es{GUIDE}").headers.get("Vary", "")


def test_a_page_that_exists_in_english_alone_says_so(sqlite_app: Flask) -> None:
    page = sqlite_app.test_client().get("/es/account/sign-in")
    assert page.headers["Content-Language"] == "en"
    assert "Esta página está solo en inglés." in page.text


def test_a_translation_says_that_nobody_has_reviewed_it(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    assert "Traducción sin revisar" in client.get(f"/es{GUIDE}").text
    assert 'class="translation"' not in client.get(GUIDE).text


def test_a_name_that_only_begins_like_a_language_is_no_language(sqlite_app: Flask) -> None:
    assert sqlite_app.test_client().get("/estimate").status_code == 404
    assert _language(sqlite_app, "/estimate") == "en"


@pytest.mark.parametrize("root", ["/clinics", "/escuela"])
def test_an_app_below_a_path_keeps_it_before_the_language(sqlite_app: Flask, root: str) -> None:
    page = sqlite_app.test_client().get("/es/guide/risks", environ_overrides={"SCRIPT_NAME": root}).text
    assert f'href="{root}/es/guide"' in page
    assert f'href="{root}/static/css/site.css' in page
    assert f'href="{root}/en/guide/risks"' in page
    assert f"{root}/pictures/es/guide/risks.png" in page


def test_offering_one_endpoint_offers_no_other(sqlite_app: Flask) -> None:
    sqlite_app.extensions["translated"].clear()
    offer_translations(sqlite_app, "guide.show_contents")
    assert _language(sqlite_app, "/es/guide") == "es"
    assert _language(sqlite_app, "/es/guide/risks") == "en"


def test_dates_are_written_as_the_language_writes_them(sqlite_app: Flask) -> None:
    written = (day(date(2026, 9, 1)), month(date(2026, 9, 1)), clock(time(14, 5)))
    assert written == ("September 1, 2026", "September 2026", "2:05 pm")
    with in_language("es"):
        assert (day(date(2026, 9, 1)), month(date(2026, 9, 1))) == ("1 de septiembre de 2026", "septiembre de 2026")
        assert clock(time(14, 5)) == "2:05\N{NARROW NO-BREAK SPACE}p.m."


def test_outside_of_a_request_messages_are_in_english(sqlite_app: Flask) -> None:
    assert current_language().code == "en"
    assert gettext("Neck Spasm Directory") == "Neck Spasm Directory"
    with in_language("es"):
        assert gettext("Neck Spasm Directory") == "Directorio de Espasmos del Cuello"
    assert gettext("Neck Spasm Directory") == "Neck Spasm Directory"


def test_a_languages_files_are_read_as_one() -> None:
    translations = read_translations("es")
    assert translations.gettext("Skip to main content") == "Saltar al contenido"  # of web.po
    assert translations.gettext("Label of Botox") != "Label of Botox"  # of guide-facts.po
