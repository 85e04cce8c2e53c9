"""Entering the code: who comes to speak for the provider, and how a wrong code ends."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.accounts.actions import account_of
from directory.accounts.models import Representative
from directory.audit.models import AuditEvent
from directory.clinics.claims.actions import CodeResult, enter_code, expire_claims
from directory.clinics.models import Claim
from directory.extensions import db
from directory.web.refusals import InvalidTransitionError
from directory.web.transaction import transaction
from tests.clinics.claims.claiming import (
    CLAIMANT,
    PHONE,
    enter,
    link,
    mailed_code,
    make,
    newest,
    practice,
    wrong,
)
from tests.mailbox import Mailbox
from tests.signing_in import PASSWORD, new_account, signed_in


@pytest.fixture(autouse=True)
def mail(request: pytest.FixtureRequest, mailbox: Mailbox) -> Mailbox:
    name = "app" if "app" in request.fixturenames else "sqlite_app"
    mailbox.receive_from(request.getfixturevalue(name))
    return mailbox


def representatives(npi: str) -> set[int]:
    links = select(Representative.account_id).where(Representative.npi == npi, Representative.confirmed_at.is_not(None))
    return set(db.session.scalars(links))


def test_a_right_code_asks_for_a_password_and_makes_the_account(client: FlaskClient, mail: Mailbox) -> None:
    npi = practice().npi
    make(client, npi)
    address, code = link(mail), mailed_code(mail)
    asked = enter(client, address, code)
    assert asked.status_code == 200
    assert "Now choose a password" in asked.text
    assert account_of(CLAIMANT) is None
    answer = enter(client, address, code, password=PASSWORD)
    assert answer.status_code == 303
    assert answer.location.startswith("/account/sign-in?next=")
    account = account_of(CLAIMANT)
    assert account is not None
    assert (account.role_names, account.name, representatives(npi)) == ({"clinic"}, "Jo Example", {account.id})
    assert not account.has_second_factor  # it is set up at the first sign-in, which does not end before
    claim = newest()
    assert (claim.status, claim.account_id, claim.code_hash) == ("confirmed", account.id, None)
    assert "Your claim is confirmed" in mail.to(CLAIMANT)[-1].text
    assert "Confirmed on" in client.get(address).text


@pytest.mark.parametrize(
    ("password", "sentence"), [("", "Choose a password."), ("short", "12 to 128"), ("password12345", "easy to guess")]
)
def test_a_weak_password_is_refused_with_the_code_kept(
    sqlite_app: Flask, mail: Mailbox, password: str, sentence: str
) -> None:
    client = sqlite_app.test_client()
    make(client, practice().npi)
    answer = enter(client, link(mail), mailed_code(mail), password=password)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert f'name="code" value="{mailed_code(mail)}"' in answer.text
    assert account_of(CLAIMANT) is None
    assert newest().tries_left == 5


def test_a_signed_in_account_gets_the_provider_and_keeps_its_others(app: Flask, mail: Mailbox) -> None:
    other, npi = practice().npi, practice().npi
    clinic = signed_in(app, "clinic", npi=other)
    make(clinic, npi, email="another@example.org")
    answer = enter(clinic, link(mail, "another@example.org"), mailed_code(mail))
    assert (answer.status_code, answer.location) == (303, f"/account/providers/{npi}")
    assert representatives(npi) == {clinic.account.id}
    assert representatives(other) == {clinic.account.id}
    assert account_of("another@example.org") is None
    assert clinic.get(f"/account/providers/{npi}").status_code == 200


def test_an_address_with_an_account_has_to_sign_in_first(app: Flask, mail: Mailbox) -> None:
    npi = practice().npi
    clinic = signed_in(app, "clinic", npi=practice().npi)
    email = clinic.account.email
    anonymous = app.test_client()
    make(anonymous, npi, email=email)
    address, code = link(mail, email), mailed_code(mail)
    asked = enter(anonymous, address, code, password=PASSWORD)
    assert "Sign in with it, then enter the code again" in asked.text
    assert representatives(npi) == set()
    assert enter(clinic, address, code).status_code == 303
    assert representatives(npi) == {clinic.account.id}


@pytest.mark.postgresql
def test_five_wrong_codes_void_the_claim(client: FlaskClient, mail: Mailbox) -> None:
    npi = practice().npi
    make(client, npi)
    address, code = link(mail), mailed_code(mail)
    for left in (4, 3, 2, 1):
        answer = enter(client, address, wrong(code))
        assert answer.status_code == 409
        assert f"You have {left} {'try' if left == 1 else 'tries'} left." in answer.text
    assert "the fifth wrong code" in enter(client, address, wrong(code)).text
    claim = newest()
    assert (claim.status, claim.tries_left, claim.code_hash) == ("refused", 0, None)
    assert enter(client, address, code, password=PASSWORD).status_code == 409
    assert account_of(CLAIMANT) is None
    acts = db.session.scalars(select(AuditEvent.act).order_by(AuditEvent.number)).all()
    assert acts == ["make_claim", *["enter_wrong_code"] * 5]


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "abcdefgh", "١٢٣٤٥٦٧٨"])
def test_what_cannot_be_a_code_is_no_try(sqlite_app: Flask, mail: Mailbox, typed: str) -> None:
    client = sqlite_app.test_client()
    make(client, practice().npi)
    answer = enter(client, link(mail), typed)
    assert answer.status_code == 400
    assert "Type the 8 digits of the code." in answer.text
    assert newest().tries_left == 5


def test_a_code_is_read_with_spaces_and_dashes(client: FlaskClient, mail: Mailbox) -> None:
    make(client, practice().npi)
    assert "The code is right" in enter(client, link(mail), f" {mailed_code(mail).replace(' ', ' - ')} ").text


def test_an_old_code_is_refused_and_takes_no_try(client: FlaskClient, mail: Mailbox) -> None:
    claim = make(client, practice().npi)
    assert claim.code_until is not None
    assert claim.code_until - claim.made_at == timedelta(hours=72)
    claim.code_until = datetime.now(UTC) - timedelta(seconds=1)
    db.session.commit()
    answer = enter(client, link(mail), mailed_code(mail), password=PASSWORD)
    assert answer.status_code == 409
    assert "That code has expired." in answer.text
    assert newest().tries_left == 5


def test_a_claim_by_phone_takes_no_code_before_the_call(client: FlaskClient, mail: Mailbox) -> None:
    make(client, practice().npi, way=PHONE)
    assert "This claim has no code yet." in enter(client, link(mail), "12345678").text


def test_the_code_of_one_claim_does_not_open_another(client: FlaskClient, mail: Mailbox) -> None:
    make(client, practice().npi)
    code = mailed_code(mail)
    make(client, practice().npi, email="second@example.org")
    assert enter(client, link(mail, "second@example.org"), code).status_code == 409


@pytest.mark.parametrize("key", ["", "x", "0" * 64])
def test_a_link_that_is_not_whole_tells_nothing(sqlite_app: Flask, mail: Mailbox, key: str) -> None:
    client = sqlite_app.test_client()
    claim = make(client, practice().npi)
    for wrong_key in (key, claim.key_hash):
        answer = enter(client, f"/claim/mine?key={wrong_key}", mailed_code(mail))
        assert answer.status_code == 400
        assert "This link is not complete" in answer.text


def test_staff_accounts_speak_for_nobody(app: Flask, mail: Mailbox) -> None:
    npi = practice().npi
    moderator = signed_in(app, "moderator")
    make(moderator, npi)
    answer = enter(moderator, link(mail), mailed_code(mail))
    assert answer.status_code == 409
    assert "Staff accounts can’t represent a provider" in answer.text
    assert representatives(npi) == set()


def test_a_second_click_is_harmless(app: Flask, mail: Mailbox) -> None:
    npi = practice().npi
    clinic = signed_in(app, "clinic", npi=practice().npi)
    make(clinic, npi)
    for _ in range(2):
        assert enter(clinic, link(mail), mailed_code(mail)).status_code == 303
    speaks = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "speak_for")).all()
    assert len(speaks) == 1


def test_who_was_there_before_is_told(app: Flask, mail: Mailbox) -> None:
    npi = practice().npi
    first = new_account(app, "clinic", npi=npi)
    client = app.test_client()
    make(client, npi)
    enter(client, link(mail), mailed_code(mail), password=PASSWORD)
    assert "Jo Example (Office manager) now manages the page of" in mail.to(first.email)[-1].text
    second = account_of(CLAIMANT)
    assert second is not None
    assert representatives(npi) == {first.id, second.id}


@pytest.mark.own_app
@pytest.mark.postgresql
def test_wrong_codes_at_the_same_moment_are_all_counted(app: Flask, mail: Mailbox) -> None:
    claim_id = make(app.test_client(), practice().npi).id
    code = wrong(mailed_code(mail)).replace(" ", "")
    db.session.commit()
    start = Barrier(5)

    def try_it(_: int) -> str:
        with app.app_context():
            start.wait()
            with transaction():
                claim = db.session.get_one(Claim, claim_id)
                return f"{enter_code(claim, code, None)}, {claim.tries_left} tries left"

    with ThreadPoolExecutor(5) as pool:
        said = sorted(pool.map(try_it, range(5)))
    assert len(set(said)) == 5
    assert newest().tries_left == 0


@pytest.mark.own_app
@pytest.mark.postgresql
def test_one_of_two_right_codes_at_the_same_moment_makes_the_account(app: Flask, mail: Mailbox) -> None:
    claim_id = make(app.test_client(), practice().npi).id
    code = mailed_code(mail).replace(" ", "")
    db.session.commit()
    start = Barrier(2)

    def try_it(_: int) -> str:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    return enter_code(db.session.get_one(Claim, claim_id), code, None, PASSWORD)
            except InvalidTransitionError:
                return "refused"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(try_it, range(2))) == [CodeResult.CONFIRMED, "refused"]
    assert len(representatives(newest().npi)) == 1


def test_claims_end_after_thirty_days_and_confirmed_ones_do_not(client: FlaskClient, mail: Mailbox) -> None:
    npi = practice().npi
    old, fresh, confirmed = make(client, npi), make(client, npi), make(client, npi)
    long_ago = datetime.now(UTC) - timedelta(days=30, seconds=5)
    old.made_at = confirmed.made_at = long_ago
    confirmed.status = "confirmed"
    fresh.made_at = datetime.now(UTC) - timedelta(days=29)
    db.session.commit()
    assert (expire_claims(), expire_claims()) == (1, 0)
    db.session.commit()
    db.session.expire_all()
    assert [each.status for each in db.session.scalars(select(Claim).order_by(Claim.id))] == [
        "expired",
        "waiting",
        "confirmed",
    ]
    assert (old.code_hash, old.code_until) == (None, None)
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "expire_claim")).all()
    assert [event.subject for event in events] == [f"claim:{old.id}"]


def test_no_address_and_no_name_is_in_the_log(client: FlaskClient, mail: Mailbox) -> None:
    make(client, practice().npi)
    enter(client, link(mail), mailed_code(mail), password=PASSWORD)
    for event in db.session.scalars(select(AuditEvent)):
        logged = f"{event.actor} {event.subject} {event.before} {event.after} {event.reason}"
        assert "@" not in logged
        assert "Jo Example" not in logged


def test_a_claim_of_a_provider_that_is_gone_goes_with_it(client: FlaskClient, mail: Mailbox) -> None:
    provider = practice()
    make(client, provider.npi)
    db.session.delete(provider)
    db.session.commit()
    assert client.get(link(mail)).status_code == 400
