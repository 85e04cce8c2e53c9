"""The provider's page: every fact with its source and date, and nothing claimed that is not known."""

import html
import re
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from directory.extensions import db
from directory.providers.models import (
    AcceptingNewPatients,
    InsurancePlan,
    OtherName,
    PostedFee,
    Provider,
    ProviderInsurance,
    ProviderLanguage,
    ProviderProduct,
    ProviderService,
    ProviderSpecialty,
)
from directory.providers.sections import PageSection, register_section
from tests import factories

FACT = {"source_key": "demo", "as_of": factories.DAY}
SOURCE = "Demonstration data (invented), January 2, 2026"


def with_everything(locations: int = 1) -> Provider:
    provider = factories.provider(enumerated_on=date(2006, 5, 23))
    for _ in range(locations - 1):
        factories.location(provider.npi, factories.TORRANCE, precision="zip")
    if db.session.get(InsurancePlan, "medicare") is None:
        db.session.add(InsurancePlan(key="medicare", name="Medicare"))
        db.session.flush()
    npi = provider.npi
    db.session.add_all(
        (
            OtherName(npi=npi, kind="4", name="Ada Former", **FACT),
            ProviderLanguage(npi=npi, language="es", **FACT),
            ProviderLanguage(npi=npi, language="ko", **FACT),
            ProviderProduct(npi=npi, product="botox", **FACT),
            ProviderService(npi=npi, service="emg_guidance", **FACT),
            ProviderInsurance(npi=npi, plan_key="medicare", **FACT),
            AcceptingNewPatients(npi=npi, accepting=True, **FACT),
            PostedFee(npi=npi, fee="consultation", low_usd=Decimal(180), high_usd=Decimal(260), **FACT),
            ProviderSpecialty(npi=npi, specialty_code="0000000000", license_number="A1", license_state="CA", **FACT),
        )
    )
    db.session.commit()
    db.session.expire_all()
    return provider


def page(client: FlaskClient, provider: Provider) -> str:
    db.session.commit()
    answer = client.get(f"/providers/{provider.npi}")
    assert answer.status_code == 200
    return html.unescape(answer.text)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.mark.parametrize(
    "fact",
    [
        "Neurology Physician (NUCC 2084N0400X)",
        "Former name Ada Former",
        "Spanish, Korean",
        "Botox (onabotulinumtoxinA)",
        "EMG guidance",
        "Insurance Medicare",
        "Accepts new patients",
        "Consultation $180 to $260",
        "since May 23, 2006",
        "License A1 (CA), as claimed",
        "A specialty that the taxonomy here does not know (NUCC 0000000000)",
        "Placed exactly",
    ],
)
def test_it_shows_each_fact_with_its_source_and_date(client: FlaskClient, fact: str) -> None:
    words = plain(page(client, with_everything()))
    assert fact in words
    assert SOURCE in words[words.index(fact) : words.index(fact) + len(fact) + 90]


def test_it_says_what_nobody_has_said(client: FlaskClient) -> None:
    bare = factories.provider(at=None, specialties=())
    words = plain(page(client, bare))
    assert "No address is on record" in words
    assert "No specialty is on record" in words
    assert words.count("Nobody has said.") == 5
    assert "The practice has posted no fees" in words


def test_offers_are_marked_as_unverified(client: FlaskClient) -> None:
    assert "The practice says so; it was not verified." in page(client, with_everything())


def test_all_locations_are_there_with_how_precisely_they_were_placed(client: FlaskClient) -> None:
    text = page(client, with_everything(locations=3))
    assert text.count("<address>") == 3
    assert text.count("Placed by its ZIP, so distances are rough") == 2
    assert text.count('href="tel:+1-310-555-0100"') == 3


def test_a_deactivated_provider_says_so(client: FlaskClient) -> None:
    text = page(client, factories.provider(deactivated_on=date(2025, 3, 4)))
    assert "deactivated on March 4, 2025" in text


def test_an_excluded_provider_says_that_it_is_not_ranked(client: FlaskClient) -> None:
    from directory.credentials.scoring import rescore_qualification

    provider = factories.provider()
    factories.exclusion(provider.npi)
    rescore_qualification(provider.npi)
    assert "does not appear in searches" in page(client, provider)


@pytest.mark.postgresql
def test_demonstration_data_says_so_and_real_data_does_not(client: FlaskClient) -> None:
    assert "are invented" in page(client, factories.provider())
    assert "are invented" not in page(client, factories.provider(npi="1750386801"))


def test_registered_sections_and_the_contents_stand_in_order(sqlite_app: Flask) -> None:
    register_section(sqlite_app, PageSection("late", "Late", "web/_message.html", lambda npi: None, position=99))
    sqlite_app.jinja_env.globals["text"] = {"title": "From the section", "sentence": ""}
    text = page(sqlite_app.test_client(), factories.provider())
    assert "From the section" in text
    anchors = re.findall(r'<li><a href="#([\w-]+)">', text)
    sections = re.findall(r'<section class="page-section" id="([\w-]+)"', text)
    assert anchors == sections
    assert sections.index("qualifications") < sections.index("reviews") < sections.index("late")


@pytest.mark.parametrize("npi", ["9999999999", "123", "abcdefghij", "١٢٣٤٥٦٧٨٩٠", "1" * 5000, "' OR 1=1 --", "%00"])
def test_an_unknown_or_malformed_npi_is_not_found(client: FlaskClient, npi: str) -> None:
    assert client.get(f"/providers/{npi}").status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "abc", "9" * 400, "²", ""])
def test_any_page_of_reviews_shows_the_provider(client: FlaskClient, page: str) -> None:
    provider = factories.provider()
    factories.review(provider.npi)
    db.session.commit()
    assert client.get(f"/providers/{provider.npi}", query_string={"reviews_page": page}).status_code == 200


def test_the_number_of_statements_does_not_grow_with_the_facts(sqlite_app: Flask) -> None:
    few, many = with_everything(locations=1), with_everything(locations=12)
    for provider, facts in ((few, 1), (many, 15)):
        for number in range(facts):
            factories.review(provider.npi)
            factories.volume(provider.npi, year=2000 + number)
            factories.license(provider.npi, number=str(number))
    counts = []
    for provider in (few, many):
        statements: list[str] = []
        with sqlite_app.app_context():

            def listener(
                conn: object, cursor: object, statement: str, *rest: object, seen: list[str] = statements
            ) -> None:
                seen.append(statement)

            event.listen(db.engine, "before_cursor_execute", listener)
            page(sqlite_app.test_client(), provider)
            event.remove(db.engine, "before_cursor_execute", listener)
        counts.append(len(statements))
    assert counts[1] <= counts[0] + 1  # the many reviews are counted by year
    assert counts[1] < 40
