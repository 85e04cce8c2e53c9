"""Staff declare their conflicts of interest, and see them."""

import pytest
from flask import Flask
from sqlalchemy import select

from directory.accounts.conflicts import has_conflict
from directory.accounts.models import ConflictOfInterest
from directory.audit.models import AuditEvent
from directory.extensions import db
from tests import factories
from tests.signing_in import signed_in

PAGE = "/account/conflicts"


@pytest.mark.parametrize(
    "form", ["{npi}", " {npi} ", "http://127.0.0.1:5000/providers/{npi}#reviews", "/providers/{npi}?x=1"]
)
def test_a_conflict_is_declared_by_number_or_link(app: Flask, form: str) -> None:
    npi = factories.provider(name="Ada Tied, MD").npi
    db.session.commit()
    client = signed_in(app, "moderator")
    assert "You haven’t declared any." in client.get(PAGE).text
    answer = client.post(PAGE, data={"provider": form.format(npi=npi), "what": " My sister works there. "})
    assert (answer.status_code, answer.location) == (302, PAGE)
    page = client.get(PAGE).text
    assert "Ada Tied, MD" in page
    assert "My sister works there." in page
    assert has_conflict(f"account:{client.account.id}", npi)
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
    assert event
    assert (event.actor, event.act, event.subject) == (
        f"account:{client.account.id}",
        "declare_conflict_of_interest",
        f"provider:{npi}",
    )
    assert "sister" not in str(event.after)


def test_declared_twice_it_is_one_conflict_with_the_later_words(app: Flask) -> None:
    npi = factories.provider().npi
    db.session.commit()
    client = signed_in(app, "verifier")
    for what in ("My sister works there.", "My sister owns it."):
        client.post(PAGE, data={"provider": npi, "what": what})
    assert [conflict.what for conflict in db.session.scalars(select(ConflictOfInterest))] == ["My sister owns it."]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"provider": ""}, "ten digits"),
        ({"provider": "95000000"}, "ten digits"),
        ({"provider": "the Torrance clinic"}, "ten digits"),
        ({"provider": "9999999999"}, "No provider with NPI 9999999999"),
        ({"what": " "}, "Say what the conflict is."),
        ({"what": "x" * 301}, "1 character too long"),
    ],
)
def test_a_mistake_has_its_sentence_and_stays(sqlite_app: Flask, typed: dict[str, str], sentence: str) -> None:
    npi = factories.provider().npi
    db.session.commit()
    client = signed_in(sqlite_app, "moderator")
    sent = {"provider": npi, "what": "My sister works there.", **typed}
    answer = client.post(PAGE, data=sent)
    assert answer.status_code == 400
    assert sentence in answer.text
    for value in sent.values():
        assert value.strip() in answer.text
    assert db.session.scalars(select(ConflictOfInterest)).all() == []


def test_clinics_have_no_conflicts_to_declare(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app, "clinic", factories.provider().npi)
    assert client.get(PAGE).status_code == 403
