"""The staff's pages of reports: what is shown, what may be decided by whom, and what becomes of each decision."""

import html
from datetime import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.accounts.conflicts import declare_conflict
from directory.audit.models import AuditEvent
from directory.clinics.models import InformationReport
from directory.clinics.reported.kinds import ABOUT, REFUSALS
from directory.extensions import db
from directory.providers.models import (
    AcceptingNewPatients,
    InsurancePlan,
    OfficeHours,
    PracticeLocation,
    Provider,
    ProviderInsurance,
    StaffCorrection,
)
from directory.providers.sources import known_source
from tests import factories
from tests.clinics.claims.claiming import DESK, DOMAIN, practice
from tests.mailbox import Mailbox
from tests.signing_in import SignedInClient, signed_in

READER = "pat@example.org"
REASON = {"reason": "Called the front desk."}


@pytest.fixture(autouse=True)
def mail(app: Flask, mailbox: Mailbox) -> Mailbox:
    mailbox.receive_from(app)
    return mailbox


@pytest.fixture
def verifier(app: Flask) -> SignedInClient:
    return signed_in(app, "verifier")


def report(client: FlaskClient, npi: str, language: str = "", **typed: str) -> InformationReport:
    data = {"about": "phone", "right_value": "310 555 0177", "known_from": "called", "email": READER, **typed}
    origin = {"REMOTE_ADDR": f"10.{len(data['right_value'])}.{len(data['about'])}.1"}
    answer = client.post(f"{language}/providers/{npi}/report", data=data, environ_overrides=origin, buffered=True)
    assert answer.status_code == 303, answer.text
    return newest()


def newest() -> InformationReport:
    db.session.expire_all()
    found = db.session.scalars(select(InformationReport).order_by(InformationReport.id.desc())).first()
    assert found is not None
    return found


def act(staff: SignedInClient, report: InformationReport, name: str, **data: str) -> tuple[int, str]:
    data = {"act": name, "version": str(report.version), **data}
    answer = staff.post(f"/admin/reports/{report.id}", data=data, buffered=True)
    db.session.expire_all()
    return answer.status_code, html.unescape(answer.text)


def last_event() -> AuditEvent:
    found = db.session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
    assert found is not None
    return found


def location_of(npi: str) -> PracticeLocation:
    return db.session.scalars(select(PracticeLocation).where(PracticeLocation.npi == npi)).one()


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("verifier", 200), ("moderator", 403), ("clinic", 403)])
def test_verifiers_and_admins_see_reports_and_others_do_not(
    app: Flask, client: FlaskClient, role: str, status: int
) -> None:
    found = report(client, practice().npi)
    staff = signed_in(app, role, npi=practice().npi if role == "clinic" else None)
    assert staff.get("/admin/reports").status_code == status
    assert staff.get(f"/admin/reports/{found.id}").status_code == status
    if status == 403:
        assert act(staff, found, "answer", words="No.")[0] == 403
        assert newest().status == "waiting"


@pytest.mark.postgresql
def test_staff_see_what_waits_and_what_the_page_says_beside_what_the_reader_says(
    client: FlaskClient, verifier: SignedInClient
) -> None:
    found = report(client, practice().npi)
    assert "1 waiting" in verifier.get("/admin").text
    assert f"/admin/reports/{found.id}" in verifier.get("/admin/reports?kind=waiting").text
    page = verifier.get(f"/admin/reports/{found.id}").text
    assert "(310) 555-0100 at" in page
    assert "Demonstration data (invented)" in page
    assert "310 555 0177</blockquote>" in page
    assert "I called or went there" in page
    assert READER not in page


@pytest.mark.postgresql
def test_a_correction_shows_at_once_on_page_and_card_and_is_logged_and_told(
    client: FlaskClient, verifier: SignedInClient, mail: Mailbox
) -> None:
    npi = practice().npi
    found = report(client, npi)
    assert 'value="(310) 555-0177"' in verifier.get(f"/admin/reports/{found.id}").text
    assert act(verifier, found, "correct", phone="310 555 0177", **REASON)[0] == 302
    assert "(310) 555-0177" in client.get(f"/providers/{npi}").text
    assert "(310) 555-0177" in client.get("/search?near=90503").text
    correction = db.session.scalars(select(StaffCorrection)).one()
    assert (correction.field, correction.value, correction.reason) == ("phone", "(310) 555-0177", REASON["reason"])
    acts = [event.act for event in db.session.scalars(select(AuditEvent).order_by(AuditEvent.number))]
    assert acts[-2:] == ["correct_provider", "correct_reported"]
    letter = mail.to(READER)[-1]
    assert letter.subject == "We corrected it"
    assert f"/providers/{npi}" in letter.text
    assert (newest().status, newest().email) == ("corrected", None)
    assert "Nothing" not in letter.text


def test_a_second_click_changes_nothing(client: FlaskClient, verifier: SignedInClient, mail: Mailbox) -> None:
    found = report(client, practice().npi)
    version = str(found.version)
    for _ in range(2):
        assert act(verifier, found, "correct", phone="310 555 0177", **REASON | {"version": version})[0] == 302
    assert len(mail.to(READER)) == 1


@pytest.mark.postgresql
def test_who_comes_too_late_reads_what_happened(app: Flask, client: FlaskClient, verifier: SignedInClient) -> None:
    found = report(client, practice().npi)
    version = str(found.version)
    act(verifier, found, "answer", words="It is right.")
    status, page = act(signed_in(app, "admin"), found, "refuse", reason="unclear", version=version)
    assert status == 409
    assert "The report is now: answered without a change." in page


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"phone": "(310) 555-0100"}, "The page already says that."),
        ({"phone": "call us"}, "is not a phone number"),
        ({"phone": "310 555 0177", "reason": ""}, "Say how you checked it"),
    ],
)
def test_a_correction_with_a_mistake_comes_back(
    client: FlaskClient, verifier: SignedInClient, values: dict[str, str], sentence: str
) -> None:
    npi = practice().npi
    status, page = act(verifier, report(client, npi), "correct", **REASON | values)
    assert status == 400
    assert sentence in page
    assert f'value="{values["phone"]}"' in page
    assert (newest().status, location_of(npi).phone) == ("waiting", "(310) 555-0100")


def test_a_corrected_address_is_placed_by_its_zip_and_what_is_odd_is_asked_about(
    client: FlaskClient, verifier: SignedInClient
) -> None:
    npi = practice().npi
    found = report(client, npi, about="address", right_value="12 Elm Street, Irvine 92618")
    now = location_of(npi)
    address = {"line_1": "12 Elm Street", "line_2": "", "city": "Irvine", "state": "CA", "postal_code": now.postal_code}
    typed: dict[str, Any] = address | REASON
    status, page = act(verifier, found, "correct", **typed)
    assert status == 400
    assert "miles from ZIP 90503" in page
    assert location_of(npi).city == "Torrance"
    assert act(verifier, found, "correct", **typed | {"postal_code": "92618"})[0] == 302
    corrected = location_of(npi)
    assert (corrected.line_1, corrected.city, corrected.precision) == ("12 Elm Street", "Irvine", "zip")
    assert corrected.latitude == pytest.approx(33.67, abs=0.1)


@pytest.mark.postgresql
def test_an_odd_value_is_taken_from_who_confirms_it(client: FlaskClient, verifier: SignedInClient) -> None:
    npi = practice().npi
    found = report(client, npi, about="address")
    typed = {"line_1": "1 Elm Street", "line_2": "", "city": "Newtown Hill", "state": "CA", "postal_code": "90503"}
    status, page = act(verifier, found, "correct", **typed | REASON)
    assert status == 400
    assert "We couldn’t find Newtown Hill in CA." in page
    assert act(verifier, found, "correct", **typed | REASON | {"confirmed": "yes"})[0] == 302
    assert location_of(npi).city == "Newtown Hill"


@pytest.mark.postgresql
def test_a_name_and_new_patients_can_be_corrected(client: FlaskClient, verifier: SignedInClient) -> None:
    npi = practice().npi
    found = report(client, npi, about="name", right_value="Ada Quintero, MD")
    typed = {
        "first_name": "Ada",
        "middle_name": "",
        "last_name": "Quintero",
        "name_suffix": "",
        "credential_text": "MD",
    }
    assert act(verifier, found, "correct", **typed | REASON)[0] == 302
    assert db.session.get_one(Provider, npi).name == "Ada Quintero, MD"
    found = report(client, npi, about="accepting", right_value="They take nobody now.")
    assert "Nothing is listed." in verifier.get(f"/admin/reports/{found.id}").text
    assert act(verifier, found, "correct", accepting="no", **REASON)[0] == 302
    known = db.session.get_one(AcceptingNewPatients, npi)
    assert (known.accepting, known.source_key) == (False, "staff")
    assert "The directory&#39;s staff" in client.get(f"/providers/{npi}").text


def test_each_kind_has_its_page_and_says_what_is_shown_now(client: FlaskClient, verifier: SignedInClient) -> None:
    npi = practice().npi
    known_source("clinic")
    db.session.add(InsurancePlan(key="aetna", name="Aetna"))
    facts: dict[str, Any] = {"npi": npi, "source_key": "clinic", "as_of": factories.DAY}
    db.session.add_all(
        [
            AcceptingNewPatients(accepting=True, **facts),
            OfficeHours(weekday=0, opens_at=time(8), closes_at=time(17), **facts),
            ProviderInsurance(plan_key="aetna", **facts),
        ]
    )
    db.session.commit()
    words = {"hours": "Monday 8 am to 5 pm", "accepting": "yes", "insurance": "Aetna", "specialty": "Neurologist"}
    for about in ABOUT:
        found = report(client, npi, about=about, right_value=f"Not so: {about}")
        page = verifier.get(f"/admin/reports/{found.id}").text
        assert words.get(about, "Torrance" if about in {"phone", "address", "gone", "other"} else "Ada Example") in page


@pytest.mark.postgresql
def test_the_practice_that_claimed_its_page_is_asked(
    app: Flask, client: FlaskClient, verifier: SignedInClient, mail: Mailbox
) -> None:
    npi = practice().npi
    clinic = signed_in(app, "clinic", npi=npi)
    found = report(client, npi, about="hours", right_value="Buy pills at once!")
    assert act(verifier, found, "ask", question="")[0] == 400
    assert act(verifier, found, "ask", question="When are you open?")[0] == 302
    letter = mail.to(clinic.account.email)[-1]
    assert "When are you open?" in letter.text
    assert f"/account/providers/{npi}" in letter.text
    assert "pills" not in letter.text
    assert READER not in letter.text
    told = mail.to(READER)[-1]
    assert told.subject == "We asked the practice"
    assert (newest().status, newest().email) == ("asked", READER)
    assert act(verifier, newest(), "ask", question="Again?")[0] == 409
    assert act(verifier, newest(), "answer", words="They are open until 5 pm.")[0] == 302
    assert "They are open until 5 pm." in mail.to(READER)[-1].text
    assert newest().email is None


def test_the_practice_of_a_published_domain_is_asked_there_alone(
    client: FlaskClient, verifier: SignedInClient, mail: Mailbox
) -> None:
    npi = practice().npi
    found = report(client, npi)
    for address in ("", "desk@elsewhere.example", "desk"):
        status, page = act(verifier, found, "ask", question="Is it your phone?", address=address)
        assert status == 400
        assert DOMAIN in page
    assert act(verifier, found, "ask", question="Is it your phone?", address=DESK)[0] == 302
    letter = mail.to(DESK)[-1]
    assert "(310) 555-0100 at" in letter.text
    assert f"/claim/{npi}" in letter.text


def test_without_an_address_the_phone_is_offered(client: FlaskClient, verifier: SignedInClient) -> None:
    found = report(client, practice(url=None).npi)
    page = verifier.get(f"/admin/reports/{found.id}").text
    assert "We have no email address for this practice." in page
    assert "tel:" in page
    assert act(verifier, found, "ask", question="Is it right?")[0] == 409
    bare = report(client, practice(url=None, phone=False).npi)
    assert "No phone is published either" in verifier.get(f"/admin/reports/{bare.id}").text


def test_a_refusal_needs_a_reason_that_the_reader_gets_in_their_language(
    client: FlaskClient, verifier: SignedInClient, mail: Mailbox
) -> None:
    found = report(client, practice().npi, language="/es")
    assert act(verifier, found, "refuse")[0] == 400
    assert act(verifier, found, "refuse", reason="is_right", words="Llamamos hoy.")[0] == 302
    letter = mail.to(READER)[-1]
    assert letter.subject == "Sobre su aviso"
    assert "Lo revisamos, y lo que dice la página es correcto." in letter.text
    assert "Llamamos hoy." in letter.text
    assert "/es/providers/" in letter.text
    assert str(REFUSALS["is_right"]) not in letter.text
    assert (last_event().act, last_event().reason) == ("refuse_report", "is_right")


def test_without_an_address_no_letter_goes_out(client: FlaskClient, verifier: SignedInClient, mail: Mailbox) -> None:
    found = report(client, practice().npi, email="")
    assert act(verifier, found, "answer", words="Thanks.")[0] == 302
    assert mail.letters == []


def test_who_has_a_conflict_of_interest_does_not_decide(client: FlaskClient, verifier: SignedInClient) -> None:
    found = report(client, practice().npi)
    declare_conflict(f"account:{verifier.account.id}", found.npi, "My sister works there.")
    db.session.commit()
    assert "You have a conflict of interest" in verifier.get(f"/admin/reports/{found.id}").text
    for name, typed in (
        ("correct", {"phone": "310 555 0177", **REASON}),
        ("ask", {"question": "Is it right?", "address": DESK}),
        ("answer", {"words": "No."}),
        ("refuse", {"reason": "unclear"}),
    ):
        assert act(verifier, found, name, **typed)[0] == 409
    assert newest().status == "waiting"


def test_after_a_decision_comes_the_next_report_and_then_the_queue(
    client: FlaskClient, verifier: SignedInClient
) -> None:
    first, second = (report(client, practice().npi) for _ in range(2))
    data = {"act": "refuse", "reason": "unclear", "version": "1"}
    answer = verifier.post(f"/admin/reports/{first.id}", data=data, buffered=True)
    assert answer.location.endswith(f"/admin/reports/{second.id}")
    assert f'<a href="/admin/reports/{first.id}">View it again</a>' in verifier.get(answer.location).text
    answer = verifier.post(f"/admin/reports/{second.id}", data=data, buffered=True)
    assert answer.location.endswith("/admin/reports")
    assert verifier.get("/admin/reports").text.count("Refused") == 2
    assert f"/admin/reports/{first.id}" not in verifier.get("/admin/reports?kind=waiting").text


def test_a_location_that_is_gone_leaves_the_report_readable(client: FlaskClient, verifier: SignedInClient) -> None:
    npi = practice().npi
    found = report(client, npi)
    db.session.delete(location_of(npi))
    db.session.commit()
    page = verifier.get(f"/admin/reports/{found.id}").text
    assert found.address_key in page
    assert "Nothing is listed." in page
    assert act(verifier, found, "correct", phone="310 555 0177", **REASON)[0] == 400


def test_what_another_person_changed_meanwhile_is_not_overwritten_unseen(
    client: FlaskClient, verifier: SignedInClient
) -> None:
    npi = practice().npi
    found = report(client, npi)
    location_of(npi).phone = "(310) 555-0122"
    db.session.commit()
    typed = {"phone": "310 555 0177", "shown-phone": "(310) 555-0100"}
    status, page = act(verifier, found, "correct", **typed | REASON)
    assert status == 400
    assert "Someone else set this to “(310) 555-0122” in the meantime." in page
    assert location_of(npi).phone == "(310) 555-0122"
