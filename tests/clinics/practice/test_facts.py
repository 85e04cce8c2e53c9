"""What a clinic says of its practice: who may, what is kept with which date, and what readers then see."""

import html
import re
from datetime import date, time
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from directory.accounts.representing import speak_for
from directory.audit.models import AuditEvent
from directory.extensions import db
from directory.providers.models import (
    AcceptingNewPatients,
    InsurancePlan,
    OfficeHours,
    PostedFee,
    ProviderInsurance,
    ProviderLanguage,
    ProviderProduct,
    VisitDetails,
    Website,
)
from directory.providers.sources import known_source
from directory.web.days import today_in_california
from directory.web.filters import day
from tests import factories
from tests.clinics.claims.claiming import practice
from tests.signing_in import SignedInClient, new_account, signed_in

DEMO = {"source_key": "demo", "as_of": factories.DAY}
CLINIC = {"source_key": "clinic", "as_of": factories.DAY}


def today() -> date:
    return today_in_california()


@pytest.fixture
def npi(app: Flask) -> str:
    known_source("clinic")
    if db.session.get(InsurancePlan, "medicare") is None:
        db.session.add(InsurancePlan(key="medicare", name="Medicare"))
    return practice().npi


@pytest.fixture
def clinic(app: Flask, npi: str) -> SignedInClient:
    return signed_in(app, "clinic", npi=npi)


def fields(page: str) -> dict[str, list[str]]:
    """What a browser would send of the page's form of facts, as it stands."""
    found: dict[str, list[str]] = {}
    form = page[page.index('name="version"') - 200 : page.index('id="statement"')]
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if attributes.get("type") in {"checkbox", "radio"} and not re.search(r"\schecked\b", tag):
            continue
        if "name" in attributes and attributes["name"] != "csrf_token":
            found.setdefault(attributes["name"], []).append(html.unescape(attributes.get("value", "")))
    return found


def save(client: SignedInClient, npi: str, opened: str | None = None, **changes: object) -> TestResponse:
    """Open the form (or take the page `opened`), change what is named, and send it."""
    page = opened or client.get(f"/account/providers/{npi}").text
    named = {re.sub(r"_(?=\d)", "-", name): value for name, value in changes.items()}
    return client.post(f"/account/providers/{npi}", data=fields(page) | named)


def rows(table: type, *columns: str) -> list[tuple[object, ...]]:
    db.session.expire_all()
    found = db.session.scalars(select(table)).unique().all()
    return sorted((tuple(getattr(row, column) for column in columns) for row in found), key=repr)


def events() -> list[AuditEvent]:
    return list(db.session.scalars(select(AuditEvent).where(AuditEvent.act == "say_facts").order_by(AuditEvent.number)))


def test_only_who_speaks_for_the_provider_may(app: Flask, npi: str, clinic: SignedInClient) -> None:
    other = practice().npi
    assert clinic.get(f"/account/providers/{npi}").status_code == 200
    assert clinic.get(f"/account/providers/{other}").status_code == 403
    assert clinic.post(f"/account/providers/{other}").status_code == 403
    assert clinic.post(f"/account/providers/{other}/statement").status_code == 403
    admin = signed_in(app, "admin")
    assert admin.get(f"/account/providers/{npi}").status_code == 403
    assert app.test_client().post(f"/account/providers/{npi}").status_code == 302


def test_what_the_clinic_says_takes_the_place_of_what_was_known(npi: str, clinic: SignedInClient) -> None:
    db.session.add_all(
        [
            ProviderProduct(npi=npi, product="botox", **DEMO),
            ProviderProduct(npi=npi, product="dysport", **DEMO),
            AcceptingNewPatients(npi=npi, accepting=True, **DEMO),
        ]
    )
    db.session.commit()
    answer = save(
        clinic,
        npi,
        products=["dysport", "xeomin"],
        languages=["es"],
        insurances=["medicare"],
        accepting="no",
        opens_0="8:30 am",
        closes_0="17:00",
        low_0="250",
        high_0="$1,300.50",
    )
    assert answer.status_code == 303, answer.text
    assert rows(ProviderProduct, "product", "source_key", "as_of") == [
        ("dysport", "clinic", today()),
        ("xeomin", "clinic", today()),
    ]
    assert rows(ProviderLanguage, "language", "source_key") == [("es", "clinic")]
    assert rows(ProviderInsurance, "plan_key", "source_key") == [("medicare", "clinic")]
    assert rows(AcceptingNewPatients, "accepting", "source_key") == [(False, "clinic")]
    assert rows(OfficeHours, "weekday", "opens_at", "closes_at") == [(0, time(8, 30), time(17))]
    assert rows(PostedFee, "fee", "product", "low_usd", "high_usd") == [
        ("consultation", None, Decimal("250.00"), Decimal("1300.50"))
    ]


def test_the_page_says_who_said_it_and_when(npi: str, clinic: SignedInClient, app: Flask) -> None:
    save(clinic, npi, accepting="yes", opens_4="9:00", closes_4="12:30", website="https://new.example/x?a=1&b=2")
    page = app.test_client().get(f"/providers/{npi}").text
    assert page.count(f"Reported by the practice, last confirmed {today():%B %Y}") == 2  # new patients and hours
    assert page.count(f"Reported by the practice, {day(today())}") == 1
    assert "Friday" in page
    assert "<time>9 am</time> to <time>12:30 pm</time>" in page
    assert 'href="https://new.example/x?a=1&amp;b=2" rel="nofollow noopener"' in page


def test_what_the_clinic_said_before_keeps_its_date(npi: str, clinic: SignedInClient) -> None:
    db.session.add_all(
        [
            ProviderProduct(npi=npi, product="botox", **CLINIC),
            PostedFee(npi=npi, fee="injection", low_usd=Decimal(300), high_usd=Decimal(300), **CLINIC),
            PostedFee(npi=npi, fee="consultation", low_usd=Decimal(80), high_usd=Decimal(90), **CLINIC),
        ]
    )
    db.session.commit()
    assert save(clinic, npi, products=["botox", "xeomin"], low_0="85").status_code == 303
    assert rows(ProviderProduct, "product", "as_of") == [("botox", factories.DAY), ("xeomin", today())]
    assert rows(PostedFee, "fee", "low_usd", "as_of") == [
        ("consultation", Decimal("85.00"), today()),
        ("injection", Decimal("300.00"), factories.DAY),
    ]


def test_saving_again_changes_nothing_and_logs_nothing(npi: str, clinic: SignedInClient) -> None:
    save(clinic, npi, accepting="yes", products=["botox"])
    assert len(events()) == 1
    assert save(clinic, npi).status_code == 303
    assert "Nothing changed." in clinic.get(f"/account/providers/{npi}").text
    assert len(events()) == 1


def test_one_event_names_what_was_and_what_is(npi: str, clinic: SignedInClient) -> None:
    db.session.add(ProviderProduct(npi=npi, product="botox", **DEMO))
    db.session.commit()
    save(clinic, npi, products=["xeomin"], opens_1="9:00", closes_1="10:00")
    (event,) = events()
    assert (event.actor, event.subject) == (f"account:{clinic.account.id}", f"provider:{npi}")
    assert event.before == {"products": [["botox"]], "hours": []}
    assert event.after == {"products": [["xeomin"]], "hours": [["1", "09:00:00", "10:00:00"]]}


def test_facts_are_taken_back_by_leaving_them_empty(npi: str, clinic: SignedInClient) -> None:
    save(clinic, npi, accepting="yes", products=["botox"], opens_0="9:00", closes_0="10:00", low_1="5")
    save(clinic, npi, accepting="", products=[], opens_0="", closes_0="", low_1="", website="")
    for table in (AcceptingNewPatients, ProviderProduct, OfficeHours, PostedFee, Website):
        assert rows(table, "npi") == []


def test_what_a_public_file_says_stays(npi: str, clinic: SignedInClient) -> None:
    known_source("nppes")
    db.session.add(ProviderLanguage(npi=npi, language="ko", source_key="nppes", as_of=factories.DAY))
    db.session.commit()
    save(clinic, npi, languages=["es"])
    assert rows(ProviderLanguage, "language", "source_key") == [("es", "clinic"), ("ko", "nppes")]


def test_a_website_that_staff_named_stays_theirs_while_it_is_left_alone(npi: str, clinic: SignedInClient) -> None:
    save(clinic, npi, accepting="yes")
    assert rows(Website, "source_key", "as_of") == [("staff", factories.DAY)]
    save(clinic, npi, website="evil.example")
    assert rows(Website, "url", "source_key") == [("https://evil.example", "clinic")]
    assert "By email" not in clinic.get(f"/claim/{npi}").text


def test_what_the_clinic_says_of_a_visit_is_kept_and_taken_back(npi: str, clinic: SignedInClient) -> None:
    columns = ("step_free", "parking", "booking", "referral_needed", "source_key", "as_of")
    save(clinic, npi, step_free="yes", parking="  Free lot ", referral_needed="no")
    assert rows(VisitDetails, *columns) == [(True, "Free lot", None, False, "clinic", today())]
    (event,) = events()
    assert (event.before, event.after) == (
        {"visit_details": []},
        {"visit_details": [["True", "Free lot", None, "False"]]},
    )
    opened = clinic.get(f"/account/providers/{npi}").text
    save(clinic, npi, booking="Call us", step_free="no")
    assert rows(VisitDetails, *columns) == [(False, "Free lot", "Call us", False, "clinic", today())]
    theirs = html.unescape(save(clinic, npi, opened, referral_needed="yes").text)
    assert "Theirs: steps on the way in, parking: Free lot, booking: Call us, no referral is needed" in theirs
    save(clinic, npi, step_free="", parking="", booking="", referral_needed="")
    assert rows(VisitDetails, "npi") == []


def test_the_filters_of_access_and_hours_follow_at_once(npi: str, clinic: SignedInClient, app: Flask) -> None:
    reader = app.test_client()
    searches = [f"/search?near=90503&{asked}" for asked in ("step_free=1", "hours=evening", "hours=weekend")]
    assert not any(f"/providers/{npi}" in reader.get(search).text for search in searches)
    save(clinic, npi, step_free="yes", opens_2="10 am", closes_2="6 pm", opens_6="9 am", closes_6="12 pm")
    assert all(f"/providers/{npi}" in reader.get(search).text for search in searches)


def test_filters_of_the_search_follow_at_once(npi: str, clinic: SignedInClient, app: Flask) -> None:
    reader = app.test_client()
    address = "/search?near=90503&product=daxxify"
    assert f"/providers/{npi}" not in reader.get(address).text
    save(clinic, npi, products=["daxxify"])
    assert f"/providers/{npi}" in reader.get(address).text
    save(clinic, npi, products=[])
    assert f"/providers/{npi}" not in reader.get(address).text


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"opens_0": "17:00", "closes_0": "08:00"}, "closes-0", "That is before you open."),
        ({"opens_0": "09:00", "closes_0": "09:00"}, "closes-0", "That is before you open."),
        ({"opens_2": "09:00"}, "closes-2", "Type when you close too"),
        ({"closes_6": "09:00"}, "opens-6", "Type when you open too"),
        ({"opens_3": "noonish", "closes_3": "17:00"}, "opens-3", "Type the time"),
        ({"low_0": "-5"}, "low-0", "Type dollars"),
        ({"low_0": "1000000000"}, "low-0", "Type dollars"),
        ({"low_3": "ten"}, "low-3", "Type dollars"),
        ({"low_0": "20", "high_0": "10"}, "high-0", "That is less than the lowest price."),
        ({"high_1": "10"}, "low-1", "Type the lowest price too."),
        ({"website": "javascript:alert(1)"}, "website", "That doesn’t look like a website address."),
        ({"products": ["botox", "heroin"]}, "products", "Choose from the list."),
        ({"insurances": ["nothing"]}, "insurances", "Choose from the list."),
        ({"accepting": "perhaps"}, "accepting", "Choose from the list."),
        ({"step_free": "perhaps"}, "step_free", "Choose from the list."),
        ({"parking": "x" * 161}, "parking", "That is 1 character too long: shorten it to 160."),
        ({"booking": "Book at https://a.example"}, "booking", "Remove the web address"),
        ({"booking": "at mypractice.com"}, "booking", "Remove the web address"),
        ({"parking": "<b>free</b>"}, "parking", "Use plain text only"),
    ],
)
def test_mistakes_are_said_beside_the_field_and_what_was_typed_stays(
    npi: str, clinic: SignedInClient, changes: dict[str, object], field: str, sentence: str
) -> None:
    answer = save(clinic, npi, languages=["es"], low_2="77", **changes)
    page = html.unescape(answer.text)
    assert answer.status_code == 400
    assert "<title>Mistake: " in page
    assert f'href="#{field}"' in page
    assert sentence in page
    kept = fields(answer.text)
    assert (kept["low-2"], kept["languages"]) == (["77"], ["es"])
    for name, value in changes.items():
        if isinstance(value, str) and name not in {"accepting", "step_free"}:
            assert kept[re.sub(r"_(?=\d)", "-", name)] == [value]
    assert rows(ProviderLanguage, "language") == []


@pytest.mark.postgresql
def test_of_two_tabs_the_second_is_told_and_then_wins(npi: str, clinic: SignedInClient) -> None:
    opened = clinic.get(f"/account/providers/{npi}").text
    assert save(clinic, npi, opened, products=["botox"], low_0="100").status_code == 303
    answer = save(clinic, npi, opened, products=["xeomin"])
    assert answer.status_code == 409
    page = html.unescape(answer.text)
    assert "Someone else made changes." in page
    assert "Theirs: Botox (onabotulinumtoxinA)" in page
    assert "Theirs: Consultation $100" in page
    assert rows(ProviderProduct, "product") == [("botox",)]
    assert save(clinic, npi, answer.text).status_code == 303
    assert rows(ProviderProduct, "product") == [("xeomin",)]
    assert len(events()) == 2


def test_the_same_form_sent_twice_is_no_conflict(npi: str, clinic: SignedInClient) -> None:
    opened = clinic.get(f"/account/providers/{npi}").text
    for _ in range(2):
        assert save(clinic, npi, opened, products=["botox"], low_0="12.50").status_code == 303
    assert len(events()) == 1


@pytest.mark.postgresql
def test_a_representative_gives_a_provider_up(npi: str, clinic: SignedInClient) -> None:
    page = clinic.get("/account").text
    assert f"/account/providers/{npi}" in page
    for _ in range(2):
        assert clinic.post(f"/account/providers/{npi}/leave").status_code == 303
    assert clinic.get(f"/account/providers/{npi}").status_code == 403
    assert f"/account/providers/{npi}" not in clinic.get("/account").text
    acts = db.session.scalars(select(AuditEvent.act).where(AuditEvent.act == "stop_speaking_for")).all()
    assert acts == ["stop_speaking_for"]


@pytest.mark.postgresql
def test_the_role_goes_with_the_last_provider(npi: str, clinic: SignedInClient) -> None:
    another = factories.provider().npi
    speak_for(clinic.account, another)
    db.session.commit()
    clinic.post(f"/account/providers/{npi}/leave")
    assert clinic.get(f"/account/providers/{another}").status_code == 200
    clinic.post(f"/account/providers/{another}/leave")
    db.session.expire_all()
    assert clinic.account.role_names == set()
    speak_for(clinic.account, npi)
    assert clinic.account.role_names == {"clinic"}


def test_a_second_representative_of_the_provider_may_too(app: Flask, npi: str, clinic: SignedInClient) -> None:
    new_account(app, "clinic", npi=npi)
    assert save(signed_in(app, "clinic", npi=npi), npi, accepting="yes").status_code == 303
