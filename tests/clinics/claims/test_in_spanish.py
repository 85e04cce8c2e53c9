"""The claimant's pages and letters are in Spanish for a claimant who asks in Spanish."""

import html

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.clinics.claims.actions import expire_claims, refuse_claim
from directory.clinics.models import Claim
from directory.extensions import db
from directory.web.transaction import transaction
from tests.clinics.claims.claiming import CLAIMANT, DESK, FORM, PHONE, enter, link, mailed_code, newest, practice, wrong
from tests.in_spanish import english_in
from tests.mailbox import Mailbox
from tests.signing_in import PASSWORD, new_account, signed_in


@pytest.fixture(autouse=True)
def mail(app: Flask, mailbox: Mailbox) -> Mailbox:
    mailbox.receive_from(app)
    return mailbox


def claim(client: FlaskClient, npi: str, **changes: str) -> Claim:
    data = FORM | {"position": "Gerente", "form_key": npi} | changes
    answer = client.post(f"/es/claim/{npi}", data=data, buffered=True)
    assert answer.status_code == 303, answer.text
    assert english_in(client.get(answer.location).text) == []
    return newest()


def english_of(mail: Mailbox, recipient: str) -> list[str]:
    letter = mail.to(recipient)[-1]
    return english_in(f"<p>{html.escape(letter.subject)}</p><p>{html.escape(letter.text)}</p>")


def test_the_form_and_its_mistakes(client: FlaskClient) -> None:
    npi = practice().npi
    assert english_in(client.get(f"/es/claim/{npi}").text) == []
    assert english_in(client.get(f"/es/claim/{practice(url=None, phone=False).npi}").text) == []
    for changes in ({}, {"way": "email", "practice_email": "jo@gmail.com", "name": "www.x.com", "email": "jo"}):
        answer = client.post(f"/es/claim/{npi}", data=changes)
        assert answer.status_code == 400
        assert english_in(answer.text) == []


def test_the_way_by_email_to_the_account(client: FlaskClient, mail: Mailbox) -> None:
    made = claim(client, practice().npi)
    assert made.form_language == "es"
    assert english_of(mail, CLAIMANT) == []
    assert english_of(mail, DESK) == []
    address, code = link(mail), mailed_code(mail)
    assert address.startswith("/es/claim/mine?")
    for answer in (client.get(address), enter(client, address, "x"), enter(client, address, wrong(code))):
        assert english_in(answer.text) == []
    asked = enter(client, address, code)
    assert "Ahora elija una contraseña" in asked.text
    assert english_in(asked.text) == []
    assert english_in(enter(client, address, code, password="").text) == []
    assert enter(client, address, code, password=PASSWORD).status_code == 303
    assert mail.to(CLAIMANT)[-1].subject.strip().startswith("Ahora usted administra la página de ")
    assert english_of(mail, CLAIMANT) == []
    assert english_in(client.get(address).text) == []
    assert english_in(client.get("/es/claim/mine?key=x").text) == []


def test_the_way_by_phone_and_a_refusal(app: Flask, client: FlaskClient, mail: Mailbox) -> None:
    made = claim(client, practice().npi, way=PHONE)
    assert english_of(mail, CLAIMANT) == []
    assert english_in(client.get(link(mail)).text) == []
    verifier = signed_in(app, "verifier")
    verifier.post(f"/admin/claims/{made.id}", data={"act": "call"}, buffered=True)
    assert english_in(client.get(link(mail)).text) == []
    verifier.post(f"/admin/claims/{made.id}", data={"act": "no_answer"}, buffered=True)
    assert mail.to(CLAIMANT)[-1].subject == "No pudimos comunicarnos con el consultorio"
    assert english_of(mail, CLAIMANT) == []
    assert english_in(client.get(link(mail)).text) == []
    with transaction():
        refuse_claim(db.session.get_one(Claim, made.id), "account:77", "El consultorio no le conoce.")
    assert english_in(client.get(link(mail)).text) == []


def test_five_wrong_codes_and_an_address_that_has_an_account(app: Flask, client: FlaskClient, mail: Mailbox) -> None:
    claim(client, practice().npi)
    address, code = link(mail), mailed_code(mail)
    account = new_account(app, "moderator")
    account.email = CLAIMANT
    db.session.commit()
    assert english_in(enter(client, address, code).text) == []
    for _ in range(5):
        answer = enter(client, address, wrong(code))
        assert english_in(answer.text) == []
    page = client.get(address).text
    assert "Se escribieron cinco códigos equivocados." in page
    assert english_in(page) == []


def test_a_claim_that_ended(client: FlaskClient, mail: Mailbox) -> None:
    made = claim(client, practice().npi)
    made.made_at = made.made_at.replace(year=2025)
    db.session.commit()
    with transaction():
        expire_claims()
    page = client.get(link(mail)).text
    assert "terminó el" in page
    assert english_in(page) == []


def test_the_page_on_verification(client: FlaskClient) -> None:
    page = client.get("/es/how-we-verify").text
    assert "Cuánto tiempo cuenta" in page
    assert english_in(page) == []
