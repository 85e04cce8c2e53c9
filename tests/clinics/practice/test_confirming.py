"""Facts that change are confirmed by one click, and clinics are asked for it in time and once."""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from werkzeug.test import TestResponse

from directory.accounts.models import Account
from directory.accounts.representing import speak_for
from directory.audit.queries import latest_events
from directory.clinics.practice.asking import ASKED, ask_clinics
from directory.extensions import db
from directory.mail.models import OutgoingMail
from directory.providers.models import (
    AcceptingNewPatients,
    InsurancePlan,
    OfficeHours,
    PostedFee,
    PracticeLocation,
    Provider,
    ProviderInsurance,
    ProviderLanguage,
    VisitDetails,
    Website,
)
from directory.providers.sources import known_source
from directory.web.days import today_in_california
from tests.audit.events import happened
from tests.clinics.claims.claiming import practice
from tests.signing_in import SignedInClient, new_account, signed_in

TODAY = date(2026, 11, 30)
OLD = {"source_key": "clinic", "as_of": date(2019, 6, 4)}


@pytest.fixture
def npi(app: Flask) -> str:
    """A practice with facts of every kind that changes, confirmed in 2019; its website was named by staff."""
    known_source("clinic")
    known_source("nppes")
    npi = practice().npi
    if db.session.get(InsurancePlan, "medicare") is None:
        db.session.add(InsurancePlan(key="medicare", name="Medicare"))
        db.session.flush()
    db.session.add_all(
        (
            AcceptingNewPatients(npi=npi, accepting=True, **{**OLD, "source_key": "demo"}),
            OfficeHours(npi=npi, weekday=0, opens_at=time(9), closes_at=time(17), **OLD),
            ProviderInsurance(npi=npi, plan_key="medicare", **OLD),
            VisitDetails(npi=npi, step_free=True, **OLD),
            PostedFee(npi=npi, fee="consultation", low_usd=Decimal(80), high_usd=Decimal(90), **OLD),
            ProviderLanguage(npi=npi, language="ko", **{**OLD, "source_key": "nppes"}),
        )
    )
    db.session.execute(update(PracticeLocation).values(as_of=OLD["as_of"], source_key="nppes"))
    db.session.commit()
    return npi


@pytest.fixture
def clinic(app: Flask, npi: str) -> SignedInClient:
    return signed_in(app, "clinic", npi=npi)


def click(client: SignedInClient, npi: str, opened: str | None = None) -> TestResponse:
    """Press the button of the page of facts, as it is or as it was `opened`."""
    page = opened or client.get(f"/account/providers/{npi}").text
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
    return client.post(f"/account/providers/{npi}/confirm", data={"seen": seen})


def dated(table: type) -> list[tuple[str, date]]:
    db.session.expire_all()
    return [(row.source_key, row.as_of) for row in db.session.scalars(select(table)).unique()]


@pytest.mark.postgresql
def test_one_click_confirms_all(app: Flask, npi: str, clinic: SignedInClient) -> None:
    reader, search = app.test_client(), "/search?near=90503&insurance=medicare&accepting=1"
    card = reader.get("/search?near=90503").text
    assert "Accepted new patients in June 2019, not confirmed since" in card
    assert "(confirmed June 2019)" in card
    assert f"/providers/{npi}" not in reader.get(search).text
    assert click(clinic, npi).status_code == 303
    today = today_in_california()
    for table in (AcceptingNewPatients, OfficeHours, ProviderInsurance, PostedFee, VisitDetails):
        assert dated(table) == [("clinic", today)]
    assert dated(ProviderLanguage) == dated(PracticeLocation) == [("nppes", today)]
    assert dated(Website) == [("staff", today)]  # it proves later claims, as before
    assert f"Accepting new patients ({today:%b %Y})" in re.sub(r"<[^>]*>", "", reader.get(search).text)
    (event,) = latest_events(act="confirm_facts")
    assert (event.actor, event.subject) == (f"account:{clinic.account.id}", f"provider:{npi}")
    assert (event.before, event.after) == ({"oldest": "2019-06-04"}, {"confirmed": 8})


def test_a_second_click_changes_nothing(npi: str, clinic: SignedInClient) -> None:
    page = clinic.get(f"/account/providers/{npi}").text
    assert [click(clinic, npi, page).status_code for _ in range(2)] == [303, 303]
    assert len(latest_events(act="confirm_facts")) == 1
    assert "All of this is still true" not in clinic.get(f"/account/providers/{npi}").text  # until tomorrow


@pytest.mark.parametrize("table", [AcceptingNewPatients, PracticeLocation])
def test_what_changed_since_the_page_was_opened_is_not_confirmed(npi: str, clinic: SignedInClient, table: type) -> None:
    page = clinic.get(f"/account/providers/{npi}").text
    changed = {"accepting": False} if table is AcceptingNewPatients else {"phone": "(310) 555-0199"}
    db.session.execute(update(table).values(**changed))
    db.session.commit()
    assert click(clinic, npi, page).status_code == 409
    assert latest_events(act="confirm_facts") == []
    assert click(clinic, npi).status_code == 303


def test_only_who_speaks_for_the_provider_confirms(app: Flask, npi: str, clinic: SignedInClient) -> None:
    other = practice().npi
    assert clinic.post(f"/account/providers/{other}/confirm").status_code == 403
    assert signed_in(app, "admin").post(f"/account/providers/{npi}/confirm").status_code == 403
    assert app.test_client().post(f"/account/providers/{npi}/confirm").status_code == 302


def test_the_page_shows_what_is_confirmed(npi: str, clinic: SignedInClient) -> None:
    page = clinic.get(f"/account/providers/{npi}").text
    assert "last confirmed on June 4, 2019" in page
    assert "Torrance, CA" in page
    assert "555-0100" in page


def letters() -> list[OutgoingMail]:
    return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def representative(app: Flask, *npis: str) -> Account:
    account = new_account(app, "clinic", npi=npis[0])
    for npi in npis[1:]:
        speak_for(account, npi)
    db.session.commit()
    return account


def confirmed_on(npi: str, day: date) -> None:
    """Let all that changes be confirmed on `day`."""
    for table in (AcceptingNewPatients, OfficeHours, ProviderInsurance, PostedFee, VisitDetails, PracticeLocation):
        db.session.execute(update(table).where(table.npi == npi).values(as_of=day))
    db.session.commit()


def asked(day: date) -> int:
    """How many letters the job queues on `day`, whose event happened on that day."""
    before = len(latest_events(act=ASKED))
    queued = ask_clinics(day)
    db.session.commit()
    for event in latest_events(act=ASKED)[: len(latest_events(act=ASKED)) - before]:
        happened(datetime.combine(day, time(20), UTC), "program", ASKED, event.subject)
    return queued


@pytest.mark.postgresql
def test_a_clinic_is_asked_two_weeks_before_its_facts_stop_counting_and_once(app: Flask, npi: str) -> None:
    account = representative(app, npi)
    confirmed_on(npi, TODAY)
    told = {days: asked(TODAY + timedelta(days=days)) for days in range(70, 121)}
    assert [days for days, queued in told.items() if queued] == [76]
    (letter,) = letters()
    assert letter.recipient == account.email
    assert f"/account/providers/{npi}\n" in letter.text
    assert "was last confirmed on November 30, 2026. Please confirm it by February 28, 2027." in letter.text
    confirmed_on(npi, TODAY + timedelta(days=120))
    assert [asked(TODAY + timedelta(days=120 + days)) for days in (75, 76, 77)] == [0, 1, 0]


def test_facts_of_several_days_are_each_asked_about_before_they_stop_counting(app: Flask, npi: str) -> None:
    representative(app, npi)
    confirmed_on(npi, TODAY)
    db.session.execute(update(PostedFee).values(as_of=TODAY + timedelta(days=3)))
    db.session.commit()
    told = {days: asked(TODAY + timedelta(days=days)) for days in range(70, 130)}
    assert [days for days, queued in told.items() if queued] == [76, 90]  # the fee counts until day 93


def test_what_was_confirmed_years_ago_is_asked_about_once(app: Flask, npi: str) -> None:
    representative(app, npi)
    assert [asked(TODAY + timedelta(days=days)) for days in (0, 1, 20, 300)] == [1, 0, 0, 0]
    assert "was last confirmed on June 4, 2019.\n" in letters()[0].text


def test_a_person_who_speaks_for_several_gets_one_letter(app: Flask, npi: str) -> None:
    other = practice().npi
    representative(app, npi, other)
    assert ask_clinics(TODAY) == 1
    assert all(f"/account/providers/{each}\n" in letters()[0].text for each in (npi, other))


def test_nobody_is_asked_without_a_representative_who_can_sign_in(app: Flask, npi: str) -> None:
    assert ask_clinics(TODAY) == 0
    account = representative(app, npi)
    account.active = False
    db.session.commit()
    assert ask_clinics(TODAY) == 0
    account.active = True
    db.session.commit()
    assert ask_clinics(TODAY) == 1


def test_nobody_is_asked_about_a_practice_whose_page_was_taken_down_or_merged(app: Flask, npi: str) -> None:
    other = practice().npi
    representative(app, npi)
    provider = db.session.get_one(Provider, npi)
    for values in ({"hidden_at": datetime.now(UTC)}, {"hidden_at": None, "merged_into": other}):
        for name, value in values.items():
            setattr(provider, name, value)
        db.session.commit()
        assert ask_clinics(TODAY) == 0
    provider.merged_into = None
    db.session.commit()
    assert ask_clinics(TODAY) == 1


def test_the_job_queues_the_letters(app: Flask, npi: str) -> None:
    representative(app, npi)
    db.session.execute(delete(OutgoingMail))
    db.session.commit()
    assert app.test_cli_runner().invoke(args=["jobs", "run", "ask-clinics"]).output == "1 email to clinics.\n"
    assert len(letters()) == 1
