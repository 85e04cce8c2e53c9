"""The search in Spanish: nothing of it is left in English but names and what has no translation, marked as such."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.credentials.scoring import rescore_qualification
from directory.extensions import db
from directory.providers.models import (
    AcceptingNewPatients,
    ProviderLanguage,
    ProviderProduct,
    ProviderService,
    Specialty,
)
from directory.reviews.estimating import estimate_ratings
from tests import factories
from tests.in_spanish import english_in, texts_of

FACT = {"source_key": "demo", "as_of": factories.DAY}


@pytest.fixture
def client(sqlite_app: Flask) -> FlaskClient:
    """Among providers with every kind of reason, and more than fit on a page."""
    everything, sparse = factories.provider(name="Ada Example, MD"), factories.provider(at=None)
    factories.location(sparse.npi, factories.TORRANCE, precision="zip")
    db.session.add_all(
        (
            ProviderProduct(npi=everything.npi, product="botox", **FACT),
            ProviderService(npi=everything.npi, service="emg_guidance", **FACT),
            ProviderLanguage(npi=everything.npi, language="ko", **FACT),
            AcceptingNewPatients(npi=everything.npi, accepting=True, **FACT),
            AcceptingNewPatients(npi=sparse.npi, accepting=False, **FACT),
        )
    )
    factories.license(everything.npi)
    factories.license(sparse.npi, public_discipline=True)
    factories.volume(everything.npi, year=date.today().year - 2)  # noqa: DTZ011 (any day will do)
    factories.volume(everything.npi, year=date.today().year - 2, hcpcs_code="95874")  # noqa: DTZ011 (only its year counts)
    factories.review(everything.npi)
    for provider in (everything, sparse):
        rescore_qualification(provider.npi)
    for _ in range(20):
        factories.provider(specialties=("208VP0014X",))
    estimate_ratings()
    db.session.commit()
    return sqlite_app.test_client()


def page(client: FlaskClient, address: str, status: int = 200, **headers: str) -> str:
    answer = client.get(f"/es{address}", headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code == status
    return answer.text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 200),
        ("/search", 200),
        ("/search?near=90503", 200),
        ("/search?near=90503&page=2", 200),
        ("/search?near=90503&product=botox&accepting=1&verified=1&service=emg_guidance&language=ko", 200),
        ("/search?near=90503&product=xeomin", 200),
        ("/search?near=90503&product=xeomin&accepting=1&language=hy", 200),
        ("/search?near=04401", 200),
        ("/search?near=1+Nowhere+St,+90503", 200),
        ("/search?near=Springfield", 200),
        ("/search?near=Portland", 200),
        ("/search?near=Torrence", 400),
        ("/search?near=Torrence,+CA", 400),
        ("/search?near=33.8,118.3", 400),
        ("/search?near=95,10", 400),
        ("/search?near=33.8,-118.3", 200),
        ("/search?near=00000", 400),
        ("/search?near=California", 400),
        ("/search?near=Paris,+France", 400),
        ("/search?near=near+me", 400),
        ("/search?near=qqqqqqqq", 400),
        ("/search?near=", 400),
        (f"/search?near={'x' * 300}", 400),
        ("/search?near=90503&radius=-1&product=x&service=x&language=x&insurance=x&specialty=x", 400),
        ("/search?near=90503&accepting=x&verified=x&page=0&w_rating=x", 400),
        ("/search?near=90503&w_rating=0&w_proximity=0&w_qualification=0", 400),
        ("/how-we-rank", 200),
        ("/privacy", 200),
        ("/accessibility", 200),
    ],
)
def test_no_english_is_left(client: FlaskClient, address: str, status: int) -> None:
    text = page(client, address, status)
    assert '<html lang="es">' in text
    assert english_in(text) == []


def test_english_pages_are_found_to_be_english(client: FlaskClient) -> None:
    text = client.get("/search?near=90503&page=2").text
    assert english_in(text) == [], "it is marked as English"
    found = english_in(text.replace('<html lang="en">', '<html lang="es">'))
    assert "Asking your browser …" in found, "by common words"
    assert any(pattern.startswith(r"\bShowing") for pattern in found), "by messages"


def test_what_htmx_swaps_is_in_spanish(client: FlaskClient) -> None:
    text = page(client, "/search?near=90503", HX_Request="true")
    assert "<title>Proveedores cerca de Torrance, CA 90503 · Directorio de Espasmos del Cuello</title>" in text
    assert english_in(text) == []
    assert 'href="/es/search?near=90503&amp;page=2"' in text


def test_the_reasons_of_a_rank_are_written_out_in_spanish(client: FlaskClient) -> None:
    words = " ".join(texts_of(page(client, "/search?near=90503")))
    year = date.today().year - 2  # noqa: DTZ011 (only its year counts)
    assert "22 proveedores a menos de 25 millas." in words
    assert f"40 tratamientos del cuello facturados a Medicare en {year}" in words
    assert f"EMG como guía (CPT 95874), con factura a Medicare en {year}" in words
    assert "con licencia desde el 1 de enero de 2010; licencia verificada." in words
    assert "pocas reseñas hasta ahora" in words


def test_the_treating_specialties_have_spanish_names_and_others_are_marked_as_english(client: FlaskClient) -> None:
    factories.provider(specialties=("208D00000X", factories.NEUROLOGY))
    db.session.add(
        Specialty(
            code="208D00000X",
            display_name="General Practice Physician",
            **FACT,
        )
    )
    db.session.commit()
    text = page(client, "/search?near=90503&radius=1&w_proximity=1")
    assert ">Neurología (" in text
    assert re.search(r'<option value="208D00000X" lang="en">General Practice Physician', text)
    english = client.get("/search?near=90503&radius=1").text
    assert re.search(r'<option value="208D00000X">General Practice Physician', english)


def test_a_label_of_coordinates_can_be_searched_for_again(client: FlaskClient) -> None:
    title = re.search(r"<h1[^>]*>Proveedores cerca de ([^<]+)</h1>", page(client, "/search?near=33.83,-118.34"))
    assert title
    assert "(cerca de " in title[1]
    assert title[1] in page(client, f"/search?near={title[1]}")


def test_where_i_am_is_understood_in_spanish_too(client: FlaskClient) -> None:
    assert "No sabemos dónde está si usted no lo dice." in page(client, "/search?near=cerca de mí", 400)
