"""The page behind the link: what was typed stays but passwords, what is over says so, a second click does no harm."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from directory.accounts.actions import account_of, create_account
from directory.accounts.models import Account
from directory.accounts.staff.inviting import withdraw
from directory.extensions import db
from tests.accounts.staff.letters import ACCOUNT, ADDRESS, invited, only_invitation
from tests.signing_in import PASSWORD


def test_the_link_leads_to_an_account_and_to_signing_in(app: Flask) -> None:
    client, link = app.test_client(), invited(app, ("moderator",))
    page = client.get(link)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    assert ADDRESS in page.text
    assert "moderator: decides about reviews" in page.text
    answer = client.post(link, data=ACCOUNT)
    assert (answer.status_code, answer.location) == (302, "/account/sign-in")
    assert "Your account is ready" in client.get(answer.location).text
    account = account_of(ADDRESS)
    assert account
    assert (account.name, account.role_names) == ("Mo Example", {"moderator"})
    answer = client.post("/account/sign-in", data={"email": ADDRESS, "password": PASSWORD})
    assert answer.location == "/account/second-factor"  # nobody acts before it is set up


def test_looking_at_the_page_uses_nothing_up(sqlite_app: Flask) -> None:
    client, link = sqlite_app.test_client(), invited(sqlite_app)
    for _ in range(2):
        assert client.get(link).status_code == 200
    assert only_invitation().accepted_at is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " "}, "Type your name"),
        ({"password": "short", "again": "short"}, "Choose a password of 12"),
        ({"password": "password12345", "again": "password12345"}, "This is similar to a commonly used password."),
        ({"password": ""}, "Choose a password."),
        ({"again": ""}, "Type the same password again."),
        ({"again": f" {PASSWORD}"}, "The two passwords don’t match."),
    ],
)
def test_a_mistake_has_its_sentence_and_passwords_are_not_shown(
    sqlite_app: Flask, typed: dict[str, str], sentence: str
) -> None:
    link = invited(sqlite_app)
    answer = sqlite_app.test_client().post(link, data={**ACCOUNT, "name": "Mo <b>", **typed})
    assert answer.status_code == 400
    assert sentence in answer.text
    assert "Please check" in answer.text
    assert typed.get("password") or PASSWORD not in answer.text
    assert "Mo &lt;b&gt;" in answer.text or "name" in typed
    assert account_of(ADDRESS) is None


def test_a_used_link_says_so_and_a_second_click_makes_nothing(sqlite_app: Flask) -> None:
    client, link = sqlite_app.test_client(), invited(sqlite_app)
    client.post(link, data=ACCOUNT)
    for answer in (client.post(link, data=ACCOUNT), client.get(link)):
        assert answer.status_code == 410
        assert "This invitation was used" in answer.text
        assert 'href="/account/sign-in"' in answer.text
    assert len(db.session.scalars(select(Account)).all()) == 1


def test_a_withdrawn_link_says_so(sqlite_app: Flask) -> None:
    link = invited(sqlite_app)
    withdraw("account:1", only_invitation())
    db.session.commit()
    answer = sqlite_app.test_client().post(link, data=ACCOUNT)
    assert (answer.status_code, "This invitation was withdrawn" in answer.text) == (410, True)
    assert account_of(ADDRESS) is None


def test_an_old_link_says_so(sqlite_app: Flask) -> None:
    link = invited(sqlite_app)
    only_invitation().expires_at = datetime.now(UTC) - timedelta(seconds=1)
    db.session.commit()
    answer = sqlite_app.test_client().post(link, data=ACCOUNT)
    assert (answer.status_code, "This invitation has expired" in answer.text) == (410, True)
    assert account_of(ADDRESS) is None


@pytest.mark.parametrize("link", ["/invitation", "/invitation?key=", "/invitation?key=x%00", "/invitation?key=%C3%A9"])
def test_another_link_says_what_to_do(sqlite_app: Flask, link: str) -> None:
    for answer in (sqlite_app.test_client().get(link), sqlite_app.test_client().post(link, data=ACCOUNT)):
        assert answer.status_code == 400
        assert "This link is not complete" in answer.text


@pytest.mark.postgresql
def test_an_account_made_meanwhile_stays_the_only_one(app: Flask) -> None:
    link = invited(app)
    create_account("command", ADDRESS, PASSWORD, ("admin",))
    db.session.commit()
    answer = app.test_client().post(link, data=ACCOUNT)
    assert answer.status_code == 409
    assert f"There is already an account for {ADDRESS}." in answer.text
    account = account_of(ADDRESS)
    assert account
    assert account.role_names == {"admin"}
