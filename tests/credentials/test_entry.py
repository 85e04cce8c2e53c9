"""What staff enter by hand is a submission that another verifier has to check."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from directory.accounts.conflicts import declare_conflict
from directory.credentials.models import Credential, CredentialStatus, VerificationTask
from directory.extensions import db
from tests import factories
from tests.signing_in import SignedInClient, signed_in

LICENSE = {"act": "enter", "kind": "license", "issuer": "Medical Board of California", "state": "CA", "number": "A 77"}
BOARD = {"act": "enter", "kind": "board_certification", "issuer": "ABPN", "field": "neurology"}


@pytest.fixture
def client(app: Flask) -> SignedInClient:
    return signed_in(app, "verifier")


@pytest.fixture
def npi(app: Flask) -> str:
    provider = factories.provider()
    db.session.commit()
    return provider.npi


def enter(client: SignedInClient, npi: str, **values: str):  # type: ignore[no-untyped-def]  # werkzeug's test response
    return client.post(f"/admin/verify/new?npi={npi}", data=values)


@pytest.mark.postgresql
def test_it_waits_for_another_verifier(app: Flask, client: SignedInClient, npi: str) -> None:
    answer = enter(client, npi, **LICENSE)
    task = db.session.scalars(select(VerificationTask)).one()
    assert (answer.status_code, answer.location) == (302, f"/admin/verify/{task.id}")
    credential = db.session.scalars(select(Credential)).one()
    assert (credential.status, credential.number, credential.source_key) == (CredentialStatus.CLAIMED, "A 77", "staff")
    own = client.get(answer.location).text
    assert "It is entered. Another verifier has to check it." in own
    assert "another verifier has to check it" in own
    assert 'value="take_up"' not in own
    assert 'value="take_up"' in signed_in(app, "verifier").get(answer.location).text


def test_a_second_click_enters_nothing_twice_and_another_number_is_another(client: SignedInClient, npi: str) -> None:
    first, second = enter(client, npi, **LICENSE), enter(client, npi, **LICENSE)
    assert first.location == second.location
    assert enter(client, npi, **(LICENSE | {"number": "A 78"})).location != first.location
    assert db.session.scalars(select(Credential.number).order_by(Credential.id)).all() == ["A 77", "A 78"]


def test_the_field_is_one_of_the_list_or_free(client: SignedInClient, npi: str) -> None:
    for values in (
        BOARD,
        BOARD | {"field": "other", "other_field": "Sleep medicine"},
        BOARD | {"field": "", "other_field": ""},
        LICENSE | {"field": "neurology"},
    ):
        assert enter(client, npi, **values).status_code == 302
    fields = db.session.scalars(select(Credential.field).order_by(Credential.id)).all()
    assert fields == ["neurology", "Sleep medicine", None, None]


def test_a_mistake_is_said_beside_its_field_and_nothing_typed_is_lost(
    client: SignedInClient, npi: str, subtests: pytest.Subtests
) -> None:
    for typed, field, sentence in (
        ({"kind": "diploma"}, "kind", "Choose the kind."),
        ({"issuer": ""}, "issuer", "Name the board"),
        ({"number": ""}, "number", "Enter the license number."),
        ({"state": ""}, "state", "Choose the state"),
        ({"expires_on": "2020-01-01"}, "expires_on", "It expired on January 1, 2020"),
        ({"issued_on": "2030-02-02", "expires_on": "2031-02-02"}, "issued_on", "still to come"),
        ({"issued_on": "2020-02-02", "expires_on": "2020-01-01"}, "expires_on", "before it was issued"),
    ):
        with subtests.test(str(typed)):
            answer = enter(client, npi, **(LICENSE | typed))
            assert answer.status_code == 400
            assert f'href="#entry-{field}"' in answer.text
            assert sentence in answer.text
            assert "number" in typed or 'value="A 77"' in answer.text
            assert db.session.query(Credential).count() == 0


@pytest.mark.postgresql
def test_a_conflict_keeps_the_verifier_from_it(client: SignedInClient, npi: str) -> None:
    declare_conflict(f"account:{client.account.id}", npi, "Family.")
    db.session.commit()
    answer = enter(client, npi, **LICENSE)
    assert (answer.status_code, "You have a conflict of interest" in answer.text) == (409, True)
    assert 'value="A 77"' in answer.text
    assert db.session.query(Credential).count() == 0


def test_without_a_provider_it_asks_for_one(client: SignedInClient, subtests: pytest.Subtests) -> None:
    for query, status in (("", 200), ("?npi=", 200), ("?npi=1", 404), ("?npi=x%00", 404)):
        with subtests.test(query):
            answer = client.get(f"/admin/verify/new{query}")
            assert answer.status_code == status
            assert 'name="npi"' in answer.text
            assert ("No provider with that NPI" in answer.text) == (status == 404)
            assert client.post(f"/admin/verify/new{query}", data=LICENSE).status_code == 404


def test_a_verified_credential_can_be_put_into_the_queue_again(client: SignedInClient, npi: str) -> None:
    license = factories.license(npi)
    db.session.commit()
    data = {"act": "again", "credential": str(license.id)}
    empty = enter(client, npi, **data)
    assert (empty.status_code, "Say what you heard" in empty.text) == (400, True)
    assert enter(client, npi, **(data | {"credential": "999", "why": "x"})).status_code == 404
    answer = enter(client, npi, **data, why="A patient read of it in the newspaper.")
    page = client.get(answer.location).text
    assert "A patient read of it in the newspaper." in page
    assert re.findall(r'name="act" value="(\w+)"', page) == ["check"]
    assert answer.location in client.get(f"/admin/verify/new?npi={npi}").text


def test_a_credential_of_another_provider_cannot_be_asked_about(client: SignedInClient, npi: str) -> None:
    other = factories.license(factories.provider().npi)
    db.session.commit()
    answer = enter(client, npi, act="again", credential=str(other.id), why="I heard of it.")
    assert answer.status_code == 404
    assert db.session.query(VerificationTask).count() == 0
