"""Where a verifier looks up what the program verified, and where a suspended list is lifted."""

import pytest
from flask import Flask
from sqlalchemy import select

from directory.audit.models import AuditEvent
from directory.credentials.licenses import from_files
from directory.credentials.licenses.rules import suspensions
from directory.credentials.models import Credential, VerificationTask
from directory.credentials.tasks import TaskKind
from directory.extensions import db
from tests.credentials.desk.rows import task_about
from tests.credentials.desk.test_item_page import actor_of, fresh, page_of, press
from tests.credentials.licenses.test_from_files import LIST, exact, verified
from tests.signing_in import SignedInClient, signed_in

LISTS = "/admin/verify/lists"
PAGE = "https://search.dca.ca.gov/"


@pytest.fixture(autouse=True)
def draw(monkeypatch: pytest.MonkeyPatch) -> None:
    """All are drawn, so that the newest task about each is a sample."""
    monkeypatch.setattr(from_files, "SAMPLE_SHARE", 1.0)


@pytest.fixture
def client(app: Flask) -> SignedInClient:
    return signed_in(app, "verifier")


def sample() -> VerificationTask:
    (credential,) = verified()
    return task_about(credential, TaskKind.SAMPLE_RECHECK)


def test_a_sample_says_that_the_program_verified_it_and_shows_the_file(client: SignedInClient) -> None:
    page = page_of(client, sample())
    shown = ("Verified by the program", "MedicalBoard_Data00.xls", "ab" * 32, "read in import 7", PAGE)
    for words in (*shown, "not covered by this list"):
        assert words in page


@pytest.mark.postgresql
def test_a_verifier_confirms_it(app: Flask, client: SignedInClient) -> None:
    task = sample()
    said = press(client, task, "file", looked="right", look_up=PAGE)
    assert said.status_code == 302
    credential = fresh(task)
    assert (credential.status, credential.verifications[0].recorded_by) == ("verified", actor_of(client))
    assert credential.verifications[0].primary_source == PAGE
    assert db.session.get_one(VerificationTask, task.id).closed_at
    assert suspensions() == {}


@pytest.mark.postgresql
@pytest.mark.parametrize(("looked", "is_general"), [("wrong", False), ("general", True)])
def test_a_verifier_says_that_it_is_wrong(
    app: Flask, client: SignedInClient, looked: str, is_general: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = sample()
    monkeypatch.setattr(from_files, "SAMPLE_SHARE", 0.0)
    other = exact()
    from_files.verify_from_files(from_files.today_in_california())
    db.session.commit()
    mistake = press(client, task, "file", looked=looked, look_up=PAGE)
    assert (mistake.status_code, "Say what is wrong" in mistake.text) == (400, True)
    assert press(client, task, "file", looked=looked, look_up=PAGE, note="Another Ada.").status_code == 302
    assert fresh(task).status == "claimed"
    assert suspensions()[LIST].is_general is is_general
    status = db.session.get_one(Credential, other.id).status
    assert status == ("claimed" if is_general else "verified")
    page = client.get("/admin/verify").text
    assert "Licensee list of the Medical Board: nothing is verified from it since" in page
    assert ("Verified from a suspended list" in page) is not is_general
    assert "Another Ada." in client.get(LISTS).text


def test_the_second_of_two_verifiers_is_told_and_a_second_click_does_nothing(
    app: Flask, client: SignedInClient
) -> None:
    task = sample()
    page = page_of(client, task)
    typed = {"looked": "wrong", "look_up": PAGE, "note": "Another Ada."}
    assert press(client, task, "file", page, **typed).status_code == 302
    assert press(client, task, "file", page, **typed).status_code == 302
    late = press(signed_in(app, "verifier"), task, "file", page, **typed)
    assert (late.status_code, "Someone else got there first" in late.text, "Another Ada." in late.text) == (
        409,
        True,
        True,
    )
    assert len(db.session.scalars(select(AuditEvent).where(AuditEvent.act == "suspend_rule")).all()) == 1


def test_a_clinic_reads_on_its_page_that_it_is_being_checked(client: SignedInClient, app: Flask) -> None:
    task = sample()
    owner = signed_in(app, "clinic", task.npi)
    assert press(client, task, "file", looked="wrong", look_up=PAGE, note="Another Ada.").status_code == 302
    page = owner.get(f"/account/providers/{task.npi}/credentials").text
    assert "laimed, not verified" in page


@pytest.mark.postgresql
def test_an_admin_lifts_a_suspension_with_a_reason(app: Flask, client: SignedInClient) -> None:
    task = sample()
    press(client, task, "file", looked="wrong", look_up=PAGE, note="Another Ada.")
    admin = signed_in(app, "admin")
    assert "nothing is verified from it" in admin.get("/admin").text
    mistake = admin.post(LISTS, data={"list": LIST, "reason": " "})
    assert (mistake.status_code, 'href="#reason-1"' in mistake.text) == (400, True)
    assert admin.post(LISTS, data={"list": LIST, "reason": "It was this one alone."}).status_code == 302
    page = admin.get(LISTS).text
    for words in ("In force", "Earlier suspensions", "Another Ada.", "It was this one alone."):
        assert words in page
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "lift_suspension")).one()
    assert (event.actor, event.subject, event.reason) == (
        actor_of(admin),
        f"source:{LIST}",
        "It was this one alone.",
    )
    again = admin.post(LISTS, data={"list": LIST, "reason": "Once more."}, follow_redirects=True)
    assert "It was lifted already." in again.text


def test_without_a_list_the_page_says_what_to_do(client: SignedInClient) -> None:
    assert "No board’s list has been imported yet." in client.get(LISTS).text


def test_the_page_says_that_it_is_turned_off(
    app: Flask, client: SignedInClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample()
    monkeypatch.setitem(app.config, "VERIFY_FROM_FILES", False)
    page = client.get(LISTS).text
    assert "turned off by the setting VERIFY_FROM_FILES" in page
    assert "In force" not in page


def test_readers_and_clinics_do_not_get_in(app: Flask) -> None:
    assert app.test_client().get(LISTS).status_code == 302
    assert signed_in(app, "moderator").get(LISTS).status_code == 403


def test_the_provider_page_names_the_program_the_list_and_the_file(app: Flask) -> None:
    task = sample()
    page = app.test_client().get(f"/providers/{task.npi}").text
    assert "Verified in the Medical Board of California’s list of" in page
    assert "By our program, from this file: Licensee list of the Medical Board, MedicalBoard_Data00.xls." in page
    assert "This list does not cover discipline." in page
    assert "/how-we-verify#lists" in page
    spanish = app.test_client().get(f"/es/providers/{task.npi}").text
    assert "Verificada en la lista del" in spanish


def test_both_rules_are_explained_to_readers(app: Flask) -> None:
    page = app.test_client().get("/how-we-verify").text
    for words in ("What a board’s list can verify", "5 in 100", "Who may give neck injections", "64616"):
        assert words in page
    assert "Lo que puede verificar la lista de una junta" in app.test_client().get("/es/how-we-verify").text
