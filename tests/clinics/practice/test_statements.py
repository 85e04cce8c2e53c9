"""A clinic's own words: sent, read by a moderator, shown, replaced, taken back."""

import html

import pytest
from flask import Flask
from sqlalchemy import select

from directory.accounts.conflicts import declare_conflict
from directory.audit.models import AuditEvent
from directory.clinics.practice.statements import MAX_STATEMENT_LENGTH, REASONS, publish_statement
from directory.extensions import db
from directory.providers.models import ClinicStatement
from directory.web.transaction import EditConflictError, transaction
from tests.clinics.claims.claiming import practice
from tests.mailbox import Mailbox
from tests.signing_in import SignedInClient, signed_in

WORDS = "We are three neurologists.\nParking is behind the house."


@pytest.fixture(autouse=True)
def mail(app: Flask, mailbox: Mailbox) -> Mailbox:
    mailbox.receive_from(app)
    return mailbox


@pytest.fixture
def npi(app: Flask) -> str:
    return practice().npi


@pytest.fixture
def clinic(app: Flask, npi: str) -> SignedInClient:
    return signed_in(app, "clinic", npi=npi)


@pytest.fixture
def moderator(app: Flask) -> SignedInClient:
    return signed_in(app, "moderator")


def send(clinic: SignedInClient, npi: str, text: str = WORDS, **more: str) -> int:
    return clinic.post(f"/account/providers/{npi}/statement", data={"text": text, **more}).status_code


def stored() -> list[tuple[str, str]]:
    db.session.expire_all()
    return [
        (each.text, each.status) for each in db.session.scalars(select(ClinicStatement).order_by(ClinicStatement.id))
    ]


def last_id() -> int:
    return max(db.session.scalars(select(ClinicStatement.id)))


def decide(moderator: SignedInClient, act: str, **data: str) -> tuple[int, str]:
    db.session.expire_all()
    version = str(db.session.get_one(ClinicStatement, last_id()).version)
    data = {"act": act, "version": version, **data}
    answer = moderator.post(f"/admin/statements/{last_id()}", data=data, buffered=True)
    return answer.status_code, html.unescape(answer.text)


def test_words_wait_until_a_moderator_publishes_them(
    app: Flask, npi: str, clinic: SignedInClient, moderator: SignedInClient, mail: Mailbox
) -> None:
    assert send(clinic, npi) == 303
    reader = app.test_client()
    assert "three neurologists" not in reader.get(f"/providers/{npi}").text
    assert "is in moderation" in clinic.get(f"/account/providers/{npi}").text
    assert "1 waiting" in moderator.get("/admin").text
    assert "three neurologists" in moderator.get("/admin/statements").text
    assert decide(moderator, "publish")[0] == 303
    page = reader.get(f"/providers/{npi}").text
    assert "We are three neurologists.\nParking is behind the house.</blockquote>" in page
    assert "Reported by the practice, " in page
    assert "Your text is on the page" in clinic.get(f"/account/providers/{npi}").text
    assert mail.to(clinic.account.email)[-1].subject == "Your description is published"
    assert "All caught up." in moderator.get("/admin/statements").text


@pytest.mark.postgresql
def test_a_rejection_needs_a_reason_that_the_clinic_reads(
    npi: str, clinic: SignedInClient, moderator: SignedInClient, mail: Mailbox
) -> None:
    send(clinic, npi, "The best in the world!")
    status, page = decide(moderator, "reject")
    assert status == 400
    assert "Choose the reason." in page
    assert decide(moderator, "reject", reason="invented")[0] == 400
    assert decide(moderator, "reject", reason="advertising")[0] == 303
    assert stored() == [("The best in the world!", "rejected")]
    page = html.unescape(clinic.get(f"/account/providers/{npi}").text)
    assert REASONS["advertising"] in page
    assert "The best in the world!</textarea>" in page
    assert REASONS["advertising"] in " ".join(mail.to(clinic.account.email)[-1].text.split())


def test_new_words_replace_what_waits_and_then_what_is_shown(
    app: Flask, npi: str, clinic: SignedInClient, moderator: SignedInClient
) -> None:
    send(clinic, npi, "First.")
    send(clinic, npi, "Second.")
    decide(moderator, "publish")
    send(clinic, npi, "Third.")
    assert "Second." in app.test_client().get(f"/providers/{npi}").text
    decide(moderator, "publish")
    assert stored() == [("First.", "withdrawn"), ("Second.", "replaced"), ("Third.", "published")]
    page = app.test_client().get(f"/providers/{npi}").text
    assert "Third." in page
    assert "Second." not in page


def test_the_same_words_again_change_nothing(npi: str, clinic: SignedInClient, moderator: SignedInClient) -> None:
    for _ in range(2):
        send(clinic, npi)
    decide(moderator, "publish")
    send(clinic, npi)
    assert stored() == [(WORDS, "published")]


def test_the_clinic_takes_its_words_back(
    app: Flask, npi: str, clinic: SignedInClient, moderator: SignedInClient
) -> None:
    send(clinic, npi, "Shown.")
    decide(moderator, "publish")
    send(clinic, npi, "Waits.")
    assert send(clinic, npi, act="withdraw") == 303
    assert [status for _, status in stored()] == ["withdrawn", "withdrawn"]
    assert "Shown." not in app.test_client().get(f"/providers/{npi}").text
    status, page = decide(moderator, "publish")
    assert status == 409
    assert "no longer waiting for a decision" in page


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("  ", "Write something about the practice."),
        ("x" * (MAX_STATEMENT_LENGTH + 2), "That is 2 characters too long: shorten it to 600."),
        ("<script>alert(1)</script>", "Use plain text only"),
        ("We are\u202e kind.", "We removed an invisible character."),
    ],
)
def test_mistakes_come_back_with_what_was_typed(npi: str, clinic: SignedInClient, text: str, sentence: str) -> None:
    answer = clinic.post(f"/account/providers/{npi}/statement", data={"text": text})
    page = html.unescape(answer.text)
    assert answer.status_code == 400
    assert sentence in page
    assert 'href="#text"' in page
    assert text.replace("\u202e", "").strip() in page
    assert stored() == []


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("moderator", 200), ("verifier", 403)])
def test_moderators_and_admins_decide_and_others_do_not(
    app: Flask, npi: str, clinic: SignedInClient, role: str, status: int
) -> None:
    send(clinic, npi)
    staff = signed_in(app, role)
    assert staff.get("/admin/statements").status_code == status
    assert decide(staff, "publish")[0] == (303 if status == 200 else 403)
    assert app.test_client().post(f"/admin/statements/{last_id()}").status_code == 302


def test_who_has_a_conflict_of_interest_does_not_decide(
    npi: str, clinic: SignedInClient, moderator: SignedInClient
) -> None:
    send(clinic, npi)
    declare_conflict(f"account:{moderator.account.id}", npi, "I worked there.")
    db.session.commit()
    status, page = decide(moderator, "publish")
    assert status == 409
    assert "You have a conflict of interest with this provider" in page
    assert stored() == [(WORDS, "pending")]


@pytest.mark.parametrize(("act", "status"), [("", 400), ("delete", 400)])
def test_an_act_that_is_not_offered_is_refused(
    npi: str, clinic: SignedInClient, moderator: SignedInClient, act: str, status: int
) -> None:
    send(clinic, npi)
    assert decide(moderator, act)[0] == status
    assert moderator.post("/admin/statements/999999", data={"act": "publish"}).status_code == 404


@pytest.mark.own_app
@pytest.mark.postgresql
def test_of_two_decisions_one_counts(app: Flask, npi: str, clinic: SignedInClient, moderator: SignedInClient) -> None:
    send(clinic, npi)
    statement = db.session.get(ClinicStatement, last_id())
    assert statement is not None
    assert statement.status == "pending"  # as the slower moderator has it in memory
    with app.app_context():
        quicker = db.session.get(ClinicStatement, statement.id)
        assert quicker is not None
        with transaction():
            publish_statement(quicker, "account:900", quicker.version)
    with pytest.raises(EditConflictError), transaction():
        publish_statement(statement, "account:901", statement.version)
    acts = db.session.scalars(select(AuditEvent.actor).where(AuditEvent.act == "publish_statement")).all()
    assert acts == ["account:900"]
