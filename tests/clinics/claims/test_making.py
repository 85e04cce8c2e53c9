"""The form of a claim: which ways it offers, what it refuses, and the letters that it causes."""

import html

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from directory.audit.models import AuditEvent
from directory.clinics.claims.actions import LETTERS_A_DAY
from directory.clinics.models import Claim
from directory.extensions import db
from directory.mail.outbox import deliver_queued
from tests import factories
from tests.clinics.claims.claiming import CLAIMANT, DESK, DOMAIN, FORM, PHONE, link, mailed_code, make, practice, send
from tests.mailbox import Mailbox


@pytest.fixture(autouse=True)
def mail(request: pytest.FixtureRequest, mailbox: Mailbox) -> Mailbox:
    name = "app" if "app" in request.fixturenames else "sqlite_app"
    mailbox.receive_from(request.getfixturevalue(name))
    return mailbox


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Claim)) or 0


def test_the_providers_page_leads_to_the_claim(sqlite_app: Flask) -> None:
    npi = practice().npi
    assert (
        f'<a href="/claim/{npi}">Is this your practice?</a>' in sqlite_app.test_client().get(f"/providers/{npi}").text
    )


def test_both_ways_are_offered_where_phone_and_website_are_published(client: FlaskClient) -> None:
    page = client.get(f"/claim/{practice().npi}").text
    assert "we call (310) 555-0100 in Torrance" in page
    assert f"ends in @{DOMAIN}" in page
    assert "demonstration provider" in page


@pytest.mark.parametrize(
    ("source_key", "url"),
    [("clinic", f"https://{DOMAIN}"), ("staff", None), ("staff", "https://gmail.com"), ("staff", "https://yelp.com/x")],
)
def test_mail_is_not_offered_by_a_website_of_the_clinics_own_word_or_of_many(
    client: FlaskClient, source_key: str, url: str | None
) -> None:
    npi = practice(source_key, url).npi
    assert "By email" not in client.get(f"/claim/{npi}").text
    answer = send(client, npi)
    assert answer.status_code == 400
    assert "Choose how the code reaches the practice." in answer.text
    assert count() == 0


def test_a_provider_without_phone_and_website_cannot_be_claimed_and_says_why(client: FlaskClient) -> None:
    npi = practice(url=None, phone=False).npi
    page = client.get(f"/claim/{npi}").text
    assert "This page can’t be claimed yet." in page
    assert "<form method" not in page
    assert send(client, npi).status_code == 400
    assert send(client, npi, way=PHONE).status_code == 400
    assert count() == 0


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": " "}, "name", "Type your name."),
        ({"name": "x" * 101}, "name", "1 character too long"),
        ({"name": "<b>Jo</b>"}, "name", "Use plain text only"),
        ({"name": "See https://bad.example"}, "name", "Leave out website and email addresses."),
        ({"position": "win at bad.com now"}, "position", "Leave out website and email addresses."),
        ({"position": ""}, "position", "Type your position"),
        ({"email": "jo@"}, "email", "That doesn’t look like an email address."),
        ({"way": ""}, "way", "Choose how the code reaches the practice."),
        ({"way": "3105550199"}, "way", "Choose how the code reaches the practice."),
        ({"email": "jo@yaho.com"}, "email", "Did you mean yahoo.com?"),
        ({"practice_email": ""}, "practice_email", f"it ends in @{DOMAIN}"),
        ({"practice_email": "jo@gmail.com"}, "practice_email", f"one that ends in @{DOMAIN}"),
        ({"practice_email": f"jo@mail.{DOMAIN}"}, "practice_email", f"one that ends in @{DOMAIN}"),
        ({"practice_email": f"jo@{DOMAIN}.evil.example"}, "practice_email", f"one that ends in @{DOMAIN}"),
        ({"may_speak": ""}, "may_speak", "Check the box to confirm that you are allowed to represent"),
    ],
)
def test_mistakes_are_said_beside_the_field_and_nothing_is_sent(
    sqlite_app: Flask, mail: Mailbox, changes: dict[str, str], field: str, sentence: str
) -> None:
    npi = practice().npi
    answer = send(sqlite_app.test_client(), npi, **changes)
    page = html.unescape(answer.text)
    assert answer.status_code == 400
    assert sentence in page
    assert f'href="#{field}"' in page
    assert 'value="Office manager"' in page or field == "position"
    assert count() == 0
    assert mail.letters == []


@pytest.mark.parametrize("typed", ["nonsense", "jo@gmail.con"])
def test_a_bad_practice_address_does_not_matter_to_a_call(client: FlaskClient, typed: str) -> None:
    claim = make(client, practice().npi, way=PHONE, practice_email=typed)
    assert (claim.way, claim.sent_to, claim.code_hash) == ("phone", "(310) 555-0100", None)


def test_a_number_of_the_claimants_own_is_never_called(client: FlaskClient) -> None:
    npi = practice().npi
    factories.location(npi, factories.TORRANCE, phone="(310) 555-0177", source_key="demo")
    db.session.commit()
    assert send(client, npi, way="(310) 555-0123").status_code == 400
    assert make(client, npi, way="3105550177").sent_to == "(310) 555-0177"


def test_the_claimant_gets_the_link_and_the_practice_the_code(client: FlaskClient, mail: Mailbox) -> None:
    claim = make(client, practice().npi)
    (to_claimant,), (to_practice,) = mail.to(CLAIMANT), mail.to(DESK)
    code = mailed_code(mail).replace(" ", "")
    assert code not in to_claimant.text.replace(" ", "")
    assert "/claim/mine" not in to_practice.text
    assert "Jo Example (Office manager)" in to_practice.text
    key = link(mail).partition("key=")[2]
    assert key not in (claim.key_hash, "")
    assert code not in str(claim.code_hash)
    assert client.get(link(mail)).status_code == 200


def test_the_phone_way_mails_no_code(client: FlaskClient, mail: Mailbox) -> None:
    make(client, practice().npi, way=PHONE)
    assert [letter.recipient for letter in mail.letters] == [CLAIMANT]
    assert "We will call (310) 555-0100" in client.get(link(mail)).text


def test_the_same_form_sent_twice_is_one_claim(client: FlaskClient, mail: Mailbox) -> None:
    npi = practice().npi
    for _ in range(2):
        assert send(client, npi, form_key="the same").status_code == 303
    assert count() == 1
    assert len(mail.letters) == 2


def test_an_address_gets_three_letters_a_day(client: FlaskClient, mail: Mailbox) -> None:
    npi = practice().npi
    for _ in range(LETTERS_A_DAY):
        make(client, npi, way=PHONE)
    answer = send(client, npi, way=PHONE, email=CLAIMANT.upper())
    assert answer.status_code == 400
    assert "several emails to that address today" in answer.text
    assert len(mail.letters) == LETTERS_A_DAY
    make(client, npi, way=PHONE, email="other@example.org")


def test_a_practice_gets_three_codes_a_day(client: FlaskClient, mail: Mailbox) -> None:
    npi = practice().npi
    for number in range(LETTERS_A_DAY):
        make(client, npi, email=f"person{number}@example.org")
    assert send(client, npi, email="one-more@example.org").status_code == 400
    assert len(mail.to(DESK)) == LETTERS_A_DAY


def test_five_claims_an_hour_come_from_one_network_and_mistakes_are_none(sqlite_app: Flask) -> None:
    npi, client = practice().npi, sqlite_app.test_client()
    statuses = []
    for number in range(8):
        data = FORM | {"form_key": f"x{number}", "email": f"p{number}@example.org", "way": PHONE}
        if number < 2:
            data |= {"name": ""}
        origin = {"REMOTE_ADDR": f"192.0.2.{number}"}
        statuses.append(client.post(f"/claim/{npi}", data=data, environ_overrides=origin).status_code)
    assert statuses == [400, 400, 303, 303, 303, 303, 303, 429]


@pytest.mark.parametrize("npi", ["9999999999", "1", "abcdefghij"])
def test_nobody_who_is_not_here_can_be_claimed(sqlite_app: Flask, npi: str) -> None:
    client = sqlite_app.test_client()
    assert client.get(f"/claim/{npi}").status_code == 404
    assert client.get(f"/claim/{npi}/made").status_code == 404
    assert client.post(f"/claim/{npi}", data=FORM).status_code == 404


def test_the_log_names_the_claim_and_no_address(client: FlaskClient) -> None:
    claim = make(client, practice().npi)
    event = db.session.scalars(select(AuditEvent)).one()
    assert (event.actor, event.act, event.subject) == ("claimant", "make_claim", f"claim:{claim.id}")
    assert event.after == {"npi": claim.npi, "way": "email"}


def test_letters_wait_with_the_claim_until_the_mail_server_takes_them(client: FlaskClient, mail: Mailbox) -> None:
    mail.refusal = "451 later"
    make(client, practice().npi)
    assert mail.letters == []
    assert deliver_queued() == 0  # they are tried again later
    assert count() == 1
