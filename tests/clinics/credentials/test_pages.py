"""What a representative sends is entered once and can be answered, and nobody else gets in, on either database."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from directory.audit.log import PROGRAM
from directory.audit.models import AuditEvent
from directory.audit.verify import check_log
from directory.clinics.credentials.actions import submit_new
from directory.credentials.actions import second_check, take_up
from directory.credentials.exclusions.models import BirthDate
from directory.credentials.models import Credential, Evidence, VerificationTask
from directory.extensions import db
from directory.web.filters import day
from directory.web.transaction import transaction
from tests import factories
from tests.clinics.credentials.sending import TYPED, base, count, file, flat, only, send
from tests.credentials.acting import (
    FIRST,
    LICENSE,
    PDF,
    SECOND,
    TODAY,
    brought_to,
    claimed,
    found,
    paper,
    score_of,
)
from tests.signing_in import SignedInClient, signed_in


def test_what_is_sent_is_submitted_with_its_file_and_waits_for_a_verifier(
    app: Flask, clinic: SignedInClient, npi: str
) -> None:
    answer = send(clinic, npi, file_1=file())
    assert (answer.status_code, answer.location) == (303, base(npi))
    credential = only()
    actor = f"account:{clinic.account.id}"
    assert (credential.status, credential.entered_by, credential.submitted_by) == ("submitted", actor, actor)
    assert (credential.number, credential.state, credential.source_key) == ("A 1234", "CA", "clinic")
    assert [kept.title for kept in credential.evidence] == ["license.pdf"]
    assert db.session.scalars(select(VerificationTask.kind)).all() == ["submitted"]
    page = flat(clinic.get(base(npi)))
    assert "Submitted. A verifier will decide within 30 days" in page
    assert f"Decision due by {day(TODAY + timedelta(days=30))}." in page
    assert 'California license <span class="standing">(submitted, not verified yet)</span>' in page
    assert f"license.pdf, {day(TODAY)}" in page
    assert "/admin/verify" not in page
    assert check_log().fault is None


@pytest.mark.postgresql
def test_a_second_click_enters_nothing_twice(app: Flask, clinic: SignedInClient, npi: str) -> None:
    first, second = send(clinic, npi, file_1=file()), send(clinic, npi, file_1=file())
    assert (first.status_code, second.status_code) == (303, 303)
    assert (count(Credential), count(Evidence), count(VerificationTask)) == (1, 1, 1)
    again = f"submit/{only().id}"
    renewed = {"number": "A 5678", "file_1": file(PDF + b"\n")}
    for _ in range(2):
        assert send(clinic, npi, again, **renewed).status_code == 303
        renewed["file_1"] = file(PDF + b"\n")
    assert (only().number, count(Evidence)) == ("A 5678", 2)
    events = db.session.scalars(select(AuditEvent.act).where(AuditEvent.act == "submit_credential")).all()
    assert len(events) == 2


@pytest.mark.own_app
@pytest.mark.postgresql
def test_two_clicks_at_once_enter_one_credential(app: Flask, clinic: SignedInClient, npi: str) -> None:
    actor, ready = f"account:{clinic.account.id}", threading.Barrier(2, timeout=60)
    entered: list[int] = []

    def press() -> None:
        with app.app_context():
            ready.wait()
            with transaction():
                entered.append(submit_new(actor, npi, LICENSE, [(paper(), "license.pdf")]).id)

    clicks = [threading.Thread(target=press) for _ in range(2)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert entered == [only().id] * 2
    assert count(Evidence) == 1


@pytest.mark.own_app
def test_who_overtook_a_submission_is_told_and_what_was_typed_stays(
    app: Flask, clinic: SignedInClient, npi: str
) -> None:
    credential = brought_to("submitted", npi)
    db.session.commit()
    table = Credential.__table__

    @event.listens_for(db.session, "before_flush", once=True)
    def overtake(*_: object) -> None:
        with db.engine.begin() as other:  # as another person's request would
            other.execute(table.update().where(table.c.id == credential_id).values(version=table.c.version + 1))

    credential_id = credential.id
    answer = send(clinic, npi, f"submit/{credential_id}", number="A 5678")
    assert answer.status_code == 409
    assert "Someone else changed this credential at the same time" in answer.text
    assert 'value="A 5678"' in answer.text
    assert only().number == "A 1234"


def test_what_is_listed_already_leads_to_submitting_it_again(app: Flask, clinic: SignedInClient, npi: str) -> None:
    listed = claimed(npi)
    db.session.commit()
    answer = send(clinic, npi, number="a-1234")
    assert answer.status_code == 409
    assert "California license is already listed" in answer.text
    assert f'href="{base(npi)}/submit/{listed.id}"' in answer.text
    assert 'value="a-1234"' in answer.text
    assert only().status == "claimed"


@pytest.mark.parametrize("status", ["could_not_verify", "rejected", "revoked"])
def test_what_was_found_is_told_and_can_be_answered_with_a_document(
    app: Flask, clinic: SignedInClient, npi: str, status: str
) -> None:
    credential = brought_to(status, npi)
    db.session.commit()
    for address in (base(npi), f"{base(npi)}/submit/{credential.id}"):
        page = flat(clinic.get(address))
        assert "The board lists none." in page
        assert "Medical Board of California, license search, " + day(TODAY) in page
    assert "You have the right to correct this" in page
    again = f"submit/{credential.id}"
    unanswered = send(clinic, npi, again)
    assert unanswered.status_code == 400
    assert 'href="#answer"' in unanswered.text
    answer = send(clinic, npi, again, number="A 99", answer="The number had a digit too many.", file_1=file())
    assert answer.status_code == 303
    credential = only()
    assert (credential.status, credential.answer) == ("submitted", "The number had a digit too many.")
    assert credential.number == "A 1234", "what was decided stands until it is decided anew"
    assert "License number: A 99" in flat(clinic.get(base(npi)))
    (task,) = db.session.scalars(select(VerificationTask).where(VerificationTask.closed_at.is_(None)))
    assert "The number had a digit too many." in signed_in(app, "verifier").get(f"/admin/verify/{task.id}").text
    assert "digit too many" not in app.test_client().get(f"/providers/{npi}").text
    assert len(credential.evidence) == 1


def test_an_outcome_that_waits_for_a_second_verifier_is_not_told(app: Flask, clinic: SignedInClient, npi: str) -> None:
    credential = brought_to("in_review", npi)
    verification = found(credential, "rejected")
    db.session.commit()
    page = clinic.get(base(npi)).text
    assert "The board lists none." not in page
    assert "(being verified)" in page
    second_check(SECOND, verification, agrees=True)
    db.session.commit()
    assert "The board lists none." in clinic.get(base(npi)).text


@pytest.mark.postgresql
def test_a_renewal_comes_filled_keeps_its_points_and_cannot_turn_into_another(
    app: Flask, clinic: SignedInClient, npi: str
) -> None:
    credential = brought_to("verified", npi)
    db.session.commit()
    points = score_of(npi).points
    page = clinic.get(f"{base(npi)}/submit/{credential.id}").text
    assert 'value="A 1234"' in page
    assert f'value="{LICENSE.expires_on}"' in page
    assert 'name="state"' not in page
    later = (TODAY + timedelta(days=900)).isoformat()
    assert send(clinic, npi, f"submit/{credential.id}", state="NV", expires_on=later).status_code == 303
    credential = only()
    assert (credential.status, credential.state, score_of(npi).points) == ("verified", "CA", points)
    assert credential.submission is not None
    assert (credential.submission["state"], credential.submission["expires_on"]) == ("CA", later)
    listing = flat(clinic.get(base(npi)))
    assert "It counts. A renewal was submitted" in listing
    assert "Submitted change" in listing


@pytest.mark.postgresql
def test_what_is_being_verified_is_left_alone(app: Flask, clinic: SignedInClient, npi: str) -> None:
    credential = brought_to("in_review", npi)
    db.session.commit()
    page = clinic.get(f"{base(npi)}/submit/{credential.id}").text
    assert "A verifier is checking it now" in page
    assert '<form method="post" enctype' not in page
    answer = send(clinic, npi, f"submit/{credential.id}", number="A 5678")
    assert answer.status_code == 409
    assert "is being verified, so that cannot be done" in answer.text
    assert 'value="A 5678"' in answer.text
    assert only().submission["number"] == "A 1234"  # type: ignore[index]  # it was submitted


def test_a_claim_that_a_program_entered_is_submitted_by_the_clinic_and_then_not_checked_by_it(
    app: Flask, clinic: SignedInClient, npi: str
) -> None:
    credential = claimed(npi, actor=PROGRAM)
    db.session.commit()
    assert send(clinic, npi, f"submit/{credential.id}").status_code == 303
    take_up(FIRST, only())
    assert only().submitted_by == f"account:{clinic.account.id}"


def test_nobody_but_a_confirmed_representative_gets_in_and_tries_are_logged(app: Flask, npi: str) -> None:
    credential = claimed(npi)
    other = factories.provider().npi
    db.session.commit()
    addresses = [base(npi), f"{base(npi)}/new", f"{base(npi)}/submit/{credential.id}", f"{base(npi)}/birth-date"]
    strangers = [signed_in(app, "clinic", npi=other), signed_in(app, "verifier"), signed_in(app, "admin")]
    for address in addresses:
        assert app.test_client().get(address).status_code == 302
        for stranger in strangers:
            assert stranger.get(address).status_code == 403
            if address != base(npi):
                assert stranger.post(address, data=TYPED).status_code == 403
    refused = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "refuse_access")).all()
    by_strangers = [event for event in refused if event.actor != "nobody"]
    assert len(by_strangers) == len(strangers) * (2 * len(addresses) - 1)
    assert len(refused) - len(by_strangers) == len(addresses), "nobody signed in is noted too"
    assert only().status == "claimed"


def test_a_credential_of_another_provider_is_not_found(app: Flask, clinic: SignedInClient, npi: str) -> None:
    other = claimed()
    db.session.commit()
    assert clinic.get(f"{base(npi)}/submit/{other.id}").status_code == 404
    assert send(clinic, npi, f"submit/{other.id}").status_code == 404


def test_the_account_leads_to_the_credentials_of_each_provider(app: Flask, clinic: SignedInClient, npi: str) -> None:
    assert f'href="{base(npi)}"' in clinic.get("/account").text


@pytest.mark.postgresql
@pytest.mark.postgresql
def test_the_date_of_birth_is_noted_and_shown_to_nobody_here(app: Flask, clinic: SignedInClient, npi: str) -> None:
    assert "Optional." in clinic.get(base(npi)).text
    answer = clinic.post(f"{base(npi)}/birth-date", data={"born_on": "1/31/1970"})
    assert answer.status_code == 303
    noted = db.session.get_one(BirthDate, npi, populate_existing=True)
    assert (noted.born_on.isoformat(), noted.entered_by) == ("1970-01-31", f"account:{clinic.account.id}")
    for page in (clinic.get(base(npi)), clinic.get(f"{base(npi)}/birth-date"), clinic.get(f"/providers/{npi}")):
        assert "1970" not in page.text
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "note_birth_date")).one()
    assert "1970" not in f"{event.before}{event.after}{event.reason}"
    clinic.post(f"{base(npi)}/birth-date", data={"born_on": "1970-02-01"})
    assert db.session.get_one(BirthDate, npi, populate_existing=True).born_on.isoformat() == "1970-02-01"
