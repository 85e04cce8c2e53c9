"""The provider's page: every fact with its source and date, and nothing claimed that is not known."""

import html
import re
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, event

from directory.extensions import db
from directory.providers.actions import correct_provider
from directory.providers.models import (
    AcceptingNewPatients,
    InsurancePlan,
    OfficeHours,
    OtherName,
    PostedFee,
    Provider,
    ProviderInsurance,
    ProviderLanguage,
    ProviderProduct,
    ProviderService,
    ProviderSpecialty,
    Website,
)
from directory.providers.sections import PageSection, register_section
from directory.web.days import today_in_california
from directory.web.filters import day
from tests import factories

FACT = {"source_key": "demo", "as_of": factories.DAY}
SAID = {"source_key": "demo", "as_of": today_in_california()}
SOURCE = "Demonstration data (invented), January 2, 2026"
CONFIRMED = f"Demonstration data (invented), last confirmed {today_in_california():%B %Y}"


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
            ProviderInsurance(npi=npi, plan_key="medicare", **SAID),
            AcceptingNewPatients(npi=npi, accepting=True, **SAID),
            PostedFee(npi=npi, fee="consultation", low_usd=Decimal(180), high_usd=Decimal(260), **SAID),
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


def sources_in(text: str, section: str) -> str:
    """What the disclosure of sources and dates at the end of that section says."""
    shown = text[text.index(f'id="{section}"') :].partition("</section>")[0]
    return plain(shown[shown.index('class="sources-and-dates') :])


CHANGING = {"Insurance Medicare", "New patients Accepts new patients"}


@pytest.mark.parametrize(
    ("section", "fact"),
    [
        ("glance", "Languages Spanish, Korean"),
        ("glance", "Products Botox (onabotulinumtoxinA)"),
        ("glance", "Insurance Medicare"),
        ("glance", "New patients Accepts new patients"),
        ("offers", "Services EMG guidance"),
        ("who", "Neurologist (NUCC 2084N0400X)"),
        ("who", "Former name Ada Former"),
        ("who", "since May 23, 2006, person"),
        ("who", "License A1 (CA) (self-reported)"),
        ("who", "A specialty not on our list yet (NUCC 0000000000)"),
    ],
)
def test_it_shows_each_fact_with_its_source_and_date(client: FlaskClient, section: str, fact: str) -> None:
    words = sources_in(page(client, with_everything()), section)
    assert fact in words
    noted = words[words.index(fact) + len(fact) :]
    assert noted.startswith(f" {CONFIRMED if fact in CHANGING else SOURCE}") or "license" in noted.lower()[:10]


def test_fees_and_locations_have_their_source_and_date_too(client: FlaskClient) -> None:
    text = page(client, with_everything())
    assert f"Posted fees: {CONFIRMED} Consultation $180 to $260" in sources_in(text, "offers")
    assert re.search(r"Example Street, Torrance Demonstration data \(invented\), last", sources_in(text, "where"))


@pytest.mark.postgresql
def test_what_staff_corrected_says_so_with_its_day(client: FlaskClient) -> None:
    provider = factories.provider()
    correct_provider("command", provider.npi, "phone", "310-555-0199", "called")
    correct_provider("command", provider.npi, "name", "Ada Right, MD", "called")
    text, today = page(client, provider), day(today_in_california())
    assert f"Phone: corrected by our staff, {today}" in sources_in(text, "where")
    assert "Address: corrected" not in text
    assert f"Name: corrected by our staff, {today}" in plain(text)


def test_no_section_shows_a_fact_and_no_source(client: FlaskClient) -> None:
    npi = with_everything().npi
    factories.license(npi)
    factories.volume(npi)
    factories.review(npi)
    text = page(client, db.session.get_one(Provider, npi))
    for section in ("glance", "qualifications", "reviews", "offers", "where", "who"):
        assert re.search(
            r"\(invented\), (?:last confirmed )?[A-Z][a-z]+ |Reviews Average Demonstration", sources_in(text, section)
        )


OLD = {"source_key": "demo", "as_of": date(2019, 6, 4)}


@pytest.mark.parametrize("days", [90, 91])
def test_what_was_confirmed_more_than_90_days_ago_is_told_as_the_past(client: FlaskClient, days: int) -> None:
    npi = factories.provider().npi
    confirmed = {"source_key": "demo", "as_of": today_in_california() - timedelta(days=days)}
    db.session.add(AcceptingNewPatients(npi=npi, accepting=True, **confirmed))
    words, month = plain(page(client, db.session.get_one(Provider, npi))), f"{confirmed['as_of']:%B %Y}"
    if days > 90:
        assert f"Accepted new patients in {month}, not confirmed since" in words
        assert f"last confirmed {month}, so ask if this is still true" in words
        assert "Accepts new patients" not in words
    else:
        assert f"Accepting new patients ({confirmed['as_of']:%b %Y})" in words
        assert f"Accepts new patients Demonstration data (invented), last confirmed {month}" in words


def test_hours_insurance_fees_and_phone_say_when_they_were_last_confirmed(client: FlaskClient) -> None:
    npi = with_everything().npi
    db.session.execute(delete(PostedFee))
    db.session.execute(delete(ProviderInsurance))
    db.session.add_all(
        (
            OfficeHours(npi=npi, weekday=0, opens_at=time(9), closes_at=time(17), **OLD),
            ProviderInsurance(npi=npi, plan_key="medicare", **OLD),
            PostedFee(npi=npi, fee="consultation", low_usd=Decimal(180), high_usd=Decimal(260), **OLD),
        )
    )
    words = plain(page(client, db.session.get_one(Provider, npi)))
    assert words.count("last confirmed June 2019, so ask if this is still true") == 3
    assert "Insurance Medicare in June 2019: ask if this is still true" in words
    assert "Consultation $180 to $260 in June 2019: ask if this is still true" in words
    assert "Placed exactly" not in words


@pytest.mark.parametrize(
    ("url", "is_shown"),
    [
        ("https://clinic.example/", True),
        ("http://clinic.example/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://clinic.example@evil.example/", False),
        ("https://127.0.0.1/", False),
        ("//evil.example/", False),
    ],
)
def test_a_stored_website_is_checked_again_where_it_is_shown(client: FlaskClient, url: str, is_shown: bool) -> None:
    npi = factories.provider().npi
    db.session.add(Website(npi=npi, url=url, **FACT))
    db.session.commit()
    for path in (f"/providers/{npi}", f"/compare?npi={npi}"):
        text = html.unescape(client.get(path).text)
        assert (url in text) is is_shown
        assert (">Website<" in text) is is_shown


NOTHING = (
    "Products · Guidance · Insurance · Languages · Consultation · Hours today · Access, parking · How to book"
    " · Referral · Typical wait"
)


def test_what_is_not_listed_takes_one_line(client: FlaskClient) -> None:
    bare = factories.provider(at=None, specialties=())
    words = plain(page(client, bare))
    assert "No address listed" in words
    assert "No specialty listed" in words
    assert "No phone number listed" in words
    assert f"Not listed: {NOTHING}" in words
    assert "The practice has posted no fees" in words


def test_offers_are_marked_as_unverified(client: FlaskClient) -> None:
    text = page(client, with_everything())
    for section in ("glance", "offers"):
        assert "Reported by the practice. We did not verify these." in sources_in(text, section)


@pytest.mark.parametrize("number", [3, 40])
def test_all_locations_are_there_and_all_but_the_first_are_folded(client: FlaskClient, number: int) -> None:
    text = page(client, with_everything(locations=number))
    where = text[text.index('id="where"') :]
    assert where.count("<address>") == number
    assert where.partition("<details>")[0].count("<address>") == 1
    assert f"{number - 1} more locations" in where
    assert sources_in(text, "where").count("Located by ZIP code, so distances are approximate") == number - 1
    assert where.count('class="phone" href="tel:+1-310-555-0100"') == number


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
    assert "is invented. Don’t call" in page(client, factories.provider())
    assert "is invented. Don’t call" not in page(client, factories.provider(npi="1750386801"))


def test_registered_sections_and_the_contents_stand_in_order(sqlite_app: Flask) -> None:
    register_section(sqlite_app, PageSection("late", "Late", "web/_message.html", lambda npi: None, position=99))
    sqlite_app.jinja_env.globals["text"] = {"title": "From the section", "sentence": ""}
    text = page(sqlite_app.test_client(), factories.provider())
    assert "From the section" in text
    contents = text[text.index('<nav class="contents"') :].partition("</nav>")[0]
    anchors = re.findall(r'<li><a href="#([\w-]+)">', contents)
    sections = re.findall(r'<section class="page-section" id="([\w-]+)"', text)
    assert anchors == sections
    assert sections.index("qualifications") < sections.index("reviews") < sections.index("late")


@pytest.mark.parametrize("npi", ["9999999999", "123", "abcdefghij", "١٢٣٤٥٦٧٨٩٠", "1" * 5000, "' OR 1=1 --", "%00"])
def test_an_unknown_or_malformed_npi_is_not_found(client: FlaskClient, npi: str) -> None:
    assert client.get(f"/providers/{npi}").status_code == 404


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
    assert counts[1] < 45


@pytest.mark.parametrize(
    ("asked", "distance", "back"),
    [
        ("near=90503&specialty=treating&page=2", " miles", "/search?near=90503&specialty=treating&page=2"),
        ("near=nowhere+at+all", None, "/search?near=nowhere+at+all"),
        ("name=example", None, "/search?name=example"),
        ("specialty=treating", None, None),
        ("", None, None),
        (f"near=90503&x={'y' * 2000}", None, None),
    ],
)
def test_the_page_leads_back_to_the_search_and_says_how_far(
    client: FlaskClient, asked: str, distance: str | None, back: str | None
) -> None:
    npi = factories.provider().npi
    db.session.commit()
    answer = client.get(f"/providers/{npi}?{asked}")
    text = html.unescape(answer.text)
    assert (f'href="{back}#provider-{npi}"' in text) if back else ("Back to results" not in text)
    assert ('class="distance"' in text) is bool(distance)
    assert (answer.headers.get("Cache-Control") == "no-store") is bool(distance)
    for subject in ("reviews", "outcomes") if back else ():
        assert f'href="/providers/{npi}?{asked}#{subject}"' in html.unescape(
            client.get(f"/providers/{npi}/{subject}?{asked}").text
        )


def test_the_nearest_location_is_the_one_to_call_and_to_go_to(client: FlaskClient) -> None:
    npi = factories.provider().npi
    far = factories.location(npi, (37.77, -122.42), line_1="1 Bay Street", city="San Francisco", phone="(415) 555-0199")
    db.session.commit()
    text = html.unescape(client.get(f"/providers/{npi}?near=94103").text)
    head = text[text.index("<h1>") : text.index('id="glance"')]
    assert "1 Bay Street" in head
    assert f">{far.phone}</a>" in head
    assert "https://www.google.com/maps/dir/?api=1&destination=1+Bay+Street%2C+San+Francisco%2C+CA" in head
    assert 'rel="noopener noreferrer nofollow"' in head


@pytest.mark.parametrize("why", ["deactivated", "excluded"])
def test_nothing_leads_patients_to_a_barred_provider(client: FlaskClient, why: str) -> None:
    provider = factories.provider(deactivated_on=factories.DAY if why == "deactivated" else None)
    if why == "excluded":
        factories.exclusion(provider.npi)
    db.session.add(AcceptingNewPatients(npi=provider.npi, accepting=True, **SAID))
    text = page(client, provider)
    assert '<li class="good">Accepting new patients' not in text
    leading = ('class="contact"', 'class="call-bar"', "google.com", "Prepare for this visit")
    assert [each for each in leading if each in text] == []


def test_no_license_is_asked_of_a_clinic(client: FlaskClient) -> None:
    asked = "License and board certification not verified"
    assert asked in page(client, factories.provider())
    assert asked not in page(client, factories.provider(entity_type=2))
