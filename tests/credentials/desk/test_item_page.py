"""An item's page: what stands there, what it offers to whom, what a mistake or a lost race says, and what is kept."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from directory.accounts.conflicts import declare_conflict
from directory.credentials.actions import record_check, submit_credential
from directory.credentials.checks import MAX_CHECK_AGE_DAYS
from directory.credentials.desk import views
from directory.credentials.exclusions.models import PossibleExclusion
from directory.credentials.models import Credential, CredentialStatus, Evidence, Verification, VerificationTask
from directory.credentials.tasks import TaskKind, open_task
from directory.extensions import db
from tests import factories
from tests.credentials.acting import FOUND, LICENSE, PDF, found
from tests.credentials.desk import rows
from tests.credentials.desk.rows import TODAY
from tests.signing_in import SignedInClient, signed_in

HOLDS = {
    "outcome": "verified",
    "method": "look-up page",
    "primary_source": "Medical Board of California",
    "checked_on": TODAY.isoformat(),
    "number": "A 1234",
    "issued_on": "2006-05-04",
    "expires_on": f"{TODAY.year + 1}-12-31",
}
AGAINST = HOLDS | {"outcome": "rejected", "number": "", "note": "The board has nobody of that name."}
ROLES_WITHOUT_A_WAY_IN = ("moderator", "clinic")


@pytest.fixture
def client(app: Flask) -> SignedInClient:
    return signed_in(app, "verifier")


def actor_of(client: SignedInClient) -> str:
    return f"account:{client.account.id}"


def page_of(client: SignedInClient, task: VerificationTask | int, query: str = "") -> str:
    answer = client.get(f"/admin/verify/{task if isinstance(task, int) else task.id}{query}")
    assert answer.status_code == 200
    return answer.text


def hidden_values(page: str, act: str) -> dict[str, str]:
    """Act, version and newest check of a form as the page has it."""
    form = next(form for form in page.split("<form")[1:] if f'name="act" value="{act}"' in form)
    return dict(re.findall(r'type="hidden" name="(act|version|seen)" value="([^"]*)"', form))


def press(client: SignedInClient, task: VerificationTask, act: str, page: str | None = None, **typed: str):  # type: ignore[no-untyped-def]  # werkzeug's test response
    """Send the form of `act`, as it stood on `page` or stands now, with what is typed."""
    data = hidden_values(page or page_of(client, task), act) | typed
    return client.post(f"/admin/verify/{task.id}", data=data)


def fresh(task: VerificationTask) -> Credential:
    db.session.expire_all()
    credential = db.session.get(Credential, task.credential_id)
    assert credential
    return credential


def test_other_roles_and_strangers_do_not_get_in(app: Flask) -> None:
    task = rows.submitted_task()
    addresses = [f"/admin/verify{path}" for path in ("", f"/{task.id}", "/exact", "/new")]
    for address in addresses:
        for answer in (app.test_client().get(address), app.test_client().post(address + "/assign")):
            assert answer.status_code in {302, 404, 405}, address
    for role in ROLES_WITHOUT_A_WAY_IN:
        other = signed_in(app, role, task.npi if role == "clinic" else None)
        assert [other.get(address).status_code for address in addresses] == [403] * 4
        assert other.post(f"/admin/verify/{task.id}", data={"act": "take_up"}).status_code == 403
        assert other.post(f"/admin/verify/{task.id}/assign", data={"to": "1"}).status_code == 403
        assert other.post(f"/admin/verify/{task.id}/evidence").status_code == 403
    assert fresh(task).status == CredentialStatus.SUBMITTED


@pytest.mark.postgresql
def test_an_unknown_item_or_act_is_refused(client: SignedInClient) -> None:
    task = rows.submitted_task()
    assert client.get("/admin/verify/999999").status_code == 404
    assert client.post(f"/admin/verify/{task.id}", data={"act": "bribe"}).status_code == 400
    assert client.post(f"/admin/verify/{task.id}", data={"act": "match"}).status_code == 400
    assert client.post("/admin/verify/999999/assign", data={"to": "1"}).status_code == 404


def test_claim_record_and_links_stand_side_by_side_with_differences_in_words(client: SignedInClient) -> None:
    provider = factories.provider(first_name="Ada", last_name="Example")
    task = rows.submitted_task(npi=provider.npi)
    rows.board_record(number="a1234", expires_on=TODAY, public_actions="Public reprimand, 2019")
    page = page_of(client, task)
    for words in ("A 1234", "EXAMPLE, ADA", "Public reprimand, 2019", "read them", "search.dca.ca.gov", "No file was"):
        assert words in page
    verdicts = re.findall(r'class="verdict[^"]*">([^<]*)<', page)
    assert verdicts == ["agrees", "agrees", "differs", "differs", "active", "read them"]
    assert 'rel="noopener noreferrer"' in page


def test_what_the_clinic_answered_to_the_last_check_stands_beside_the_claim(client: SignedInClient) -> None:
    task = rows.submitted_task()
    assert task.credential
    task.credential.answer = "Our number had a <b>typo</b>."
    db.session.commit()
    assert page_of(client, task).count("Our number had a &lt;b&gt;typo&lt;/b&gt;.") == 1


def test_a_clinics_own_name_is_compared_as_a_business(client: SignedInClient) -> None:
    clinic = factories.provider(name="Spasm Center, Inc.", organization_name="Spasm Center, Inc.", last_name=None)
    task = rows.submitted_task(npi=clinic.npi)
    rows.board_record(name="THE SPASM CENTER INC")
    assert re.findall(r'class="verdict[^"]*">([^<]*)<', page_of(client, task))[:2] == ["agrees", "agrees"]


def test_a_record_of_another_number_or_state_is_not_shown(client: SignedInClient) -> None:
    task = rows.submitted_task()
    rows.board_record(number="A 12345")
    rows.board_record(number="A 1234", state="NV")
    assert "No imported board" in page_of(client, task)


def test_an_item_without_a_record_shows_what_the_last_check_saw(client: SignedInClient) -> None:
    task = rows.taken_up("account:9007")
    assert task.credential
    rows.found_to_hold(task.credential, "account:9007")
    page = page_of(client, task)
    assert "The last check saw" in page
    assert "This item was closed" in page
    assert "In force:" in page


def test_it_is_taken_up_and_verified_and_the_queue_goes_on(client: SignedInClient) -> None:
    task, other = rows.submitted_task(), rows.submitted_task()
    assert 'name="outcome"' not in page_of(client, task)
    answer = client.post(
        f"/admin/verify/{task.id}?kind=submitted", data=hidden_values(page_of(client, task), "take_up")
    )
    assert answer.location == f"/admin/verify/{task.id}?kind=submitted"
    assert fresh(task).status == CredentialStatus.IN_REVIEW
    assert db.session.get_one(VerificationTask, task.id).assigned_to == client.account.id
    assert press(client, task, "check", **HOLDS).status_code == 302
    page = page_of(client, task, "?kind=submitted")
    assert "Done: verified." in page
    assert f'href="/admin/verify/{other.id}?kind=submitted"' in page
    credential = fresh(task)
    assert (credential.status, credential.number) == (CredentialStatus.VERIFIED, "A 1234")
    assert credential.verifications[0].recorded_by == actor_of(client)


def test_a_mistake_is_said_beside_its_field_and_nothing_typed_is_lost(
    client: SignedInClient, subtests: pytest.Subtests
) -> None:
    task = rows.taken_up(actor_of(client))
    page = page_of(client, task)
    for typed, field, sentence in (
        ({"outcome": ""}, "outcome", "Choose what you found."),
        ({"method": "guess"}, "method", "Choose how you checked."),
        ({"primary_source": " "}, "primary_source", "Name the board"),
        ({"checked_on": "2026-13-45"}, "checked_on", "Type the day on which you looked"),
        ({"checked_on": "2199-01-01"}, "checked_on", "still to come"),
        ({"checked_on": "2020-01-01"}, "checked_on", "120 days"),
        ({"method": "phone"}, "contact", "who you spoke with"),
        ({"method": "letter"}, "evidence_id", "Attach the letter."),
        ({"evidence_id": "77"}, "evidence_id", "Choose a file of this credential."),
        ({"number": ""}, "number", "as the board has it"),
        ({"expires_on": "2020-01-01"}, "expires_on", "expired on January 1, 2020"),
        ({"outcome": "revoked"}, "note", "Say what you found"),
    ):
        with subtests.test(str(typed)):
            answer = press(client, task, "check", page, **(HOLDS | {"contact": "", "issued_on": "2019-05-04"} | typed))
            assert answer.status_code == 400
            assert f'href="#check-{field}"' in answer.text
            assert f'id="check-{field}-error"' in answer.text
            assert sentence in answer.text
            assert 'value="2019-05-04"' in answer.text
            assert fresh(task).status == CredentialStatus.IN_REVIEW


def test_an_outcome_against_waits_for_another_verifier_who_sees_what_was_found(
    app: Flask, client: SignedInClient
) -> None:
    task = rows.taken_up(actor_of(client))
    assert press(client, task, "check", **AGAINST).status_code == 302
    opinion = rows.task_about(fresh(task), TaskKind.SECOND_OPINION)
    own = page_of(client, opinion)
    assert "another verifier has to agree to it." in own
    assert 'name="agrees"' not in own
    second = signed_in(app, "verifier")
    page = page_of(second, opinion)
    assert "The board has nobody of that name." in page
    assert press(second, opinion, "second", agrees="").status_code == 400
    refused = press(second, opinion, "second", agrees="no")
    assert (refused.status_code, "Explain to the first verifier why you disagree" in refused.text) == (400, True)
    assert press(second, opinion, "second", agrees="yes").status_code == 302
    assert fresh(task).status == CredentialStatus.REJECTED


def test_the_first_verifier_cannot_be_the_second(client: SignedInClient) -> None:
    opinion = rows.disputed(actor_of(client))
    version = str(fresh(opinion).version)
    data = {"act": "second", "version": version, "agrees": "yes", "note": "Me again."}
    answer = client.post(f"/admin/verify/{opinion.id}", data=data)
    assert answer.status_code == 409
    assert "another verifier has to agree" in answer.text
    assert "Me again." in answer.text
    assert fresh(opinion).status == CredentialStatus.IN_REVIEW


@pytest.mark.parametrize("how", ["entered", "conflicted"])
def test_who_entered_it_or_has_a_conflict_is_offered_nothing_and_refused(client: SignedInClient, how: str) -> None:
    if how == "entered":
        task = rows.claimed_task(actor=actor_of(client))
    else:
        task = rows.claimed_task()
        declare_conflict(actor_of(client), task.npi, "My brother.")
        db.session.commit()
    assert 'value="take_up"' not in page_of(client, task)
    data = {"act": "take_up", "version": str(fresh(task).version)}
    answer = client.post(f"/admin/verify/{task.id}", data=data)
    assert answer.status_code == 409
    assert ("conflict" if how == "conflicted" else "You entered") in answer.text
    assert fresh(task).status == CredentialStatus.CLAIMED


def test_of_two_who_take_up_at_once_one_wins_and_the_other_is_told(app: Flask, client: SignedInClient) -> None:
    task, other = rows.submitted_task(), signed_in(app, "verifier")
    page = page_of(other, task)
    assert press(client, task, "take_up").status_code == 302
    late = press(other, task, "take_up", page)
    assert late.status_code == 409
    assert "Someone else got there first" in late.text
    assert client.account.name in late.text
    assert db.session.get_one(VerificationTask, task.id, populate_existing=True).assigned_to == client.account.id


def test_of_two_checks_the_second_keeps_what_was_typed_and_can_be_sent_again(
    app: Flask, client: SignedInClient
) -> None:
    task, other = rows.taken_up("account:9007"), signed_in(app, "verifier")
    page = page_of(other, task)
    assert press(client, task, "check", **HOLDS).status_code == 302
    late = press(other, task, "check", page, **(AGAINST | {"note": "I found nobody."}))
    assert late.status_code == 409
    assert client.account.name in late.text
    assert "I found nobody." in late.text
    assert db.session.query(Verification).count() == 1
    again = press(other, task, "check", late.text, **(AGAINST | {"note": "I found nobody."}))
    assert again.status_code == 302
    assert db.session.query(Verification).count() == 2


@pytest.mark.parametrize("act", ["take_up", "check"])
def test_a_second_click_does_nothing_more(client: SignedInClient, act: str) -> None:
    task = rows.submitted_task() if act == "take_up" else rows.taken_up(actor_of(client))
    page = page_of(client, task)
    typed = HOLDS if act == "check" else {}
    assert press(client, task, act, page, **typed).status_code == 302
    again = press(client, task, act, page, **typed)
    assert (again.status_code, again.location) == (
        302,
        f"/admin/verify/{task.id}" if act == "take_up" else "/admin/verify",
    )
    assert "That was already done." in page_of(client, task)
    assert db.session.query(Verification).count() == (act == "check")


@pytest.mark.parametrize("act", ["second", "match", "second_match"])
def test_a_second_click_on_a_decision_does_nothing_more(client: SignedInClient, act: str) -> None:
    task = rows.disputed("account:9007") if act == "second" else rows.possible_exclusion()
    if act == "second_match":
        possible = possible_of(task)
        possible.status, possible.proposed_by = "proposed", "account:9007"
        db.session.commit()
    page = page_of(client, task)
    typed = {"same": "no"} if act == "match" else {"agrees": "yes"}
    for sentence in ("Done", "That was already done."):
        assert press(client, task, act, page, note="I looked.", **typed).status_code == 302
        assert sentence in page_of(client, task)


def test_a_decision_leads_to_the_next_task_until_all_are_done(client: SignedInClient) -> None:
    first, second = rows.taken_up(actor_of(client)), rows.taken_up(actor_of(client))
    answer = press(client, first, "check", **HOLDS)
    assert answer.location == f"/admin/verify/{second.id}"
    assert f'<a href="/admin/verify/{first.id}">View it again</a>' in client.get(answer.location).text
    assert press(client, second, "check", **HOLDS).location == "/admin/verify"
    assert "All caught up." in client.get("/admin/verify").text


def test_a_submission_while_the_form_was_open_is_told(client: SignedInClient) -> None:
    task = rows.taken_up(actor_of(client))
    assert task.credential
    rows.found_to_hold(task.credential, "account:9007")
    page = page_of(client, task)
    submit_credential("account:901", task.credential, LICENSE)
    db.session.commit()
    assert press(client, task, "check", page, **HOLDS).status_code == 409


def test_a_letter_is_attached_and_then_chosen(
    client: SignedInClient, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "EVIDENCE_DIR", str(tmp_path / "evidence"))
    monkeypatch.setattr(views, "MAX_EVIDENCE_BYTES", 20_000)
    task = rows.taken_up(actor_of(client))

    def send(content: bytes, name: str = "../../etc/letter.pdf"):  # type: ignore[no-untyped-def]  # the test client's answer
        return client.post(f"/admin/verify/{task.id}/evidence", data={"file": (io.BytesIO(content), name)})

    empty, script = client.post(f"/admin/verify/{task.id}/evidence"), send(b"<script>")
    assert (empty.status_code, script.status_code) == (400, 400)
    assert "Choose the file first." in empty.text
    assert "not a PDF, PNG or JPEG" in script.text
    assert send(b"%PDF-" + b"0" * 20_000).status_code == 400
    assert send(PDF).status_code == 302
    kept = db.session.scalars(select(Evidence)).one()
    page = page_of(client, task)
    for words in (kept.sha256, "letter.pdf", f"/admin/verify/evidence/{kept.id}"):
        assert words in page
    assert "etc" not in kept.title
    answer = press(client, task, "check", **(HOLDS | {"method": "letter", "evidence_id": str(kept.id)}))
    assert answer.status_code == 302
    assert fresh(task).verifications[0].evidence_id == kept.id


def test_nobody_attaches_to_a_provider_they_have_a_conflict_with(
    client: SignedInClient, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "EVIDENCE_DIR", str(tmp_path / "evidence"))
    task = rows.submitted_task()
    declare_conflict(actor_of(client), task.npi, "My brother.")
    db.session.commit()
    data = {"file": (io.BytesIO(PDF), "letter.pdf")}
    assert client.post(f"/admin/verify/{task.id}/evidence", data=data).status_code == 409
    assert db.session.query(Evidence).count() == 0


def possible_of(task: VerificationTask) -> PossibleExclusion:
    db.session.expire_all()
    possible = db.session.get(PossibleExclusion, task.possible_exclusion_id)
    assert possible
    return possible


def test_a_possible_exclusion_stands_beside_the_provider_and_can_be_dismissed_with_a_note(
    client: SignedInClient,
) -> None:
    task = rows.possible_exclusion(provider=factories.provider(first_name="Ada", last_name="Example"))
    page = page_of(client, task)
    for words in ("EXAMPLE, ADA, Q", "February 3, 1960", "1 ELM ST", "name and state", "exclusions.oig.hhs.gov"):
        assert words in page
    refused = press(client, task, "match", same="no", note="")
    assert (refused.status_code, 'id="match-note-error"' in refused.text) == (400, True)
    assert press(client, task, "match", same="no", note="Another date of birth.").status_code == 302
    assert possible_of(task).status == "dismissed"
    assert "Done. It is someone else." in page_of(client, task)


@pytest.mark.parametrize(("agrees", "status"), [("yes", "confirmed"), ("no", "waiting")])
def test_that_it_is_the_same_person_needs_two_verifiers(
    app: Flask, client: SignedInClient, agrees: str, status: str
) -> None:
    task = rows.possible_exclusion()
    assert press(client, task, "match", same="yes", note="Same date of birth.").status_code == 302
    possible = possible_of(task)
    opinion = db.session.scalars(select(VerificationTask).where(VerificationTask.kind == "second_opinion")).one()
    assert (possible.status, 'name="agrees"' in page_of(client, opinion)) == ("proposed", False)
    data = {"act": "second_match", "version": str(possible.version), "agrees": "yes"}
    assert client.post(f"/admin/verify/{opinion.id}", data=data).status_code == 409
    second = signed_in(app, "verifier")
    assert "Same date of birth." in page_of(second, opinion)
    assert press(second, opinion, "second_match", agrees=agrees, note="I looked too.").status_code == 302
    assert possible_of(task).status == status


@pytest.mark.postgresql
def test_of_two_decisions_on_a_possible_exclusion_the_later_one_is_told(app: Flask, client: SignedInClient) -> None:
    task, other = rows.possible_exclusion(), signed_in(app, "verifier")
    page = page_of(other, task)
    assert press(client, task, "match", same="no", note="Another one.").status_code == 302
    late = press(other, task, "match", page, same="yes", note="I am sure.")
    assert late.status_code == 409
    assert "was found to be someone else" in late.text
    assert "I am sure." in late.text
    assert possible_of(task).status == "dismissed"


def test_a_sample_is_looked_up_by_another_than_who_confirmed_it(app: Flask, client: SignedInClient) -> None:
    credential = rows.taken_up(actor_of(client)).credential
    assert credential
    rows.found_to_hold(credential, actor_of(client))
    sample = open_task(TaskKind.SAMPLE_RECHECK, credential, "Look it up.")
    db.session.commit()
    assert "another verifier has to look it up" in page_of(client, sample)
    data = {"act": "check", "version": str(credential.version), **HOLDS}
    assert client.post(f"/admin/verify/{sample.id}", data=data).status_code == 409
    assert press(signed_in(app, "verifier"), sample, "check", **HOLDS).status_code == 302
    assert db.session.get_one(VerificationTask, sample.id, populate_existing=True).closed_at


def test_who_confirmed_a_sample_does_not_look_it_up_while_another_opinion_waits(client: SignedInClient) -> None:
    credential = rows.taken_up(actor_of(client)).credential
    assert credential
    rows.found_to_hold(credential, actor_of(client))
    sample = open_task(TaskKind.SAMPLE_RECHECK, credential, "Look it up.")
    found(credential, "rejected", actor="account:9007")
    db.session.commit()
    data = {"act": "check", "version": str(credential.version), **HOLDS}
    answer = client.post(f"/admin/verify/{sample.id}", data=data)
    assert (answer.status_code, "another verifier has to look it up" in answer.text) == (409, True)
    assert db.session.query(Verification).filter_by(state="waiting").count() == 1


def test_a_check_that_is_too_old_to_agree_to_is_said_where_a_person_sees_it(client: SignedInClient) -> None:
    opinion = rows.disputed("account:9007")
    fresh(opinion).verifications[0].checked_on = TODAY - timedelta(days=MAX_CHECK_AGE_DAYS + 1)
    db.session.commit()
    answer = press(client, opinion, "second", agrees="yes", note="I looked too.")
    assert (answer.status_code, "Check it again." in answer.text) == (400, True)
    assert 'href="#second-agrees"' in answer.text
    assert "I looked too." in answer.text


def assigned(task: VerificationTask) -> int | None:
    return db.session.get_one(VerificationTask, task.id, populate_existing=True).assigned_to


@pytest.mark.postgresql
def test_a_verifier_takes_a_task_and_gives_it_back_and_nobody_elses(app: Flask, client: SignedInClient) -> None:
    task, other = rows.submitted_task(), signed_in(app, "verifier")
    own = str(client.account.id)
    address = f"/admin/verify/{task.id}/assign"
    assert client.post(address + "?kind=submitted", data={"to": own}).location == "/admin/verify?kind=submitted"
    assert assigned(task) == client.account.id
    late = other.post(address, data={"to": str(other.account.id), "from": "item"})
    assert late.location == f"/admin/verify/{task.id}"
    assert "Someone else got there first" in other.get(late.location).text
    assert other.post(address, data={"to": "", "shown": own}).status_code == 403
    assert other.post(address, data={"to": own}).status_code == 403
    assert assigned(task) == client.account.id
    assert client.post(address, data={"to": "", "shown": own}).status_code == 302
    assert assigned(task) is None


@pytest.mark.postgresql
def test_an_admin_gives_a_task_to_any_verifier_and_to_nobody_else(app: Flask, client: SignedInClient) -> None:
    task, admin = rows.submitted_task(), signed_in(app, "admin")
    moderator = signed_in(app, "moderator").account.id
    address = f"/admin/verify/{task.id}/assign"
    assert admin.post(address, data={"to": str(client.account.id)}).status_code == 302
    assert assigned(task) == client.account.id
    data = {"to": str(moderator), "shown": str(client.account.id)}
    assert admin.post(address, data=data).status_code == 400
    assert client.account.name in admin.get("/admin/verify").text


def test_nobody_takes_a_task_about_a_provider_they_have_a_conflict_with(client: SignedInClient) -> None:
    task = rows.submitted_task()
    declare_conflict(actor_of(client), task.npi, "My brother.")
    db.session.commit()
    client.post(f"/admin/verify/{task.id}/assign", data={"to": str(client.account.id)})
    assert assigned(task) is None
    assert "You have a conflict of interest" in client.get("/admin/verify").text


def test_the_page_of_every_state_has_one_form_at_most_for_each_act(client: SignedInClient) -> None:
    tasks = {
        "claimed": rows.claimed_task(),
        "submitted": rows.submitted_task(),
        "in review": rows.taken_up("account:9007"),
        "disputed": rows.disputed("account:9007"),
        "without anything": rows.waiting(),
        "possible exclusion": rows.possible_exclusion(),
    }
    acts = {state: re.findall(r'name="act" value="(\w+)"', page_of(client, task)) for state, task in tasks.items()}
    assert acts == {
        "claimed": ["take_up"],
        "submitted": ["take_up"],
        "in review": ["check"],
        "disputed": ["second", "check"],
        "without anything": [],
        "possible exclusion": ["match"],
    }


def test_the_queue_says_when_it_is_empty(client: SignedInClient) -> None:
    assert "All caught up." in client.get("/admin/verify").text
    assert "All caught up here." in client.get("/admin/verify?kind=claimed&page=99&assigned=x").text


def test_a_check_after_expiry_needs_taking_up_first(client: SignedInClient) -> None:
    task = rows.taken_up("account:9007")
    assert task.credential
    record_check("account:9007", task.credential, FOUND)
    task.credential.status = CredentialStatus.EXPIRED
    db.session.commit()
    acts = re.findall(r'name="act" value="(\w+)"', page_of(client, task))
    assert acts == ["take_up"]
