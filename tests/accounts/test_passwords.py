"""Passwords: changed, forgotten, and those that are refused."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from directory.audit.models import AuditEvent
from directory.extensions import db
from tests.accounts.pages import without_token
from tests.mailbox import Mailbox
from tests.signing_in import PASSWORD, new_account, signed_in

NEW = "granite-violin-harbor-92"
CHANGE = "/account/password"
FORGOTTEN = "/account/forgotten-password"


def change(client: FlaskClient, now: str, new: str, again: str | None = None) -> str:
    data = {"password": now, "new_password": new, "new_password_confirm": new if again is None else again}
    return client.post(CHANGE, data=data, follow_redirects=True).text


def ask_for_link(client: FlaskClient, email: str) -> TestResponse:
    return client.post(FORGOTTEN, data={"email": email}, buffered=True)  # read to its end, after which mail goes out


def test_a_change_keeps_this_session_and_ends_the_others(app: Flask, mailbox: Mailbox) -> None:
    mailbox.receive_from(app)
    client = signed_in(app, "moderator")
    copied = app.test_client()
    cookie = client.get_cookie("session")
    assert cookie is not None
    copied.set_cookie("session", cookie.value)
    assert copied.get("/account").status_code == 200
    assert "Your password was changed." in change(client, PASSWORD, NEW)
    assert client.get("/account").status_code == 200
    assert copied.get("/account").status_code == 302
    assert db.session.scalar(select(AuditEvent.act).where(AuditEvent.act == "change_sign_in")) is not None


def test_bad_passwords_are_refused_with_what_to_do(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app, "moderator")
    assert "That is not your password." in change(client, "wrong", NEW)
    client = signed_in(sqlite_app, "moderator")
    assert "Choose a password of 12 to 128 characters." in change(client, PASSWORD, "short-1")
    assert "Choose a password of 12 to 128 characters." in change(client, PASSWORD, "x" * 129)
    assert "easy to guess" in change(client, PASSWORD, "password12345")
    assert "The two new passwords don’t match." in change(client, PASSWORD, NEW, NEW + "x")


@pytest.mark.postgresql
def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(app: Flask, mailbox: Mailbox) -> None:
    mailbox.receive_from(app)
    account = new_account(app, "moderator")
    client = app.test_client()
    page = ask_for_link(client, account.email).text
    assert "we sent a link to it" in page
    (letter,) = mailbox.to(account.email)
    (link,) = letter.links
    assert link.startswith(f"{app.config['SITE_URL']}/account/new-password?key=")
    path = link.removeprefix(app.config["SITE_URL"])
    assert "Choose a new password" in client.get(path).text
    answer = client.post(path, data={"password": NEW, "password_confirm": NEW}, buffered=True)
    assert answer.location == "/account/sign-in"
    data = {"email": account.email, "password": NEW}
    assert client.post("/account/sign-in", data=data).location.startswith("/account/second-factor/code")
    assert client.get(path).location == FORGOTTEN
    assert [each.subject for each in mailbox.to(account.email)] == [
        "Choose a new password",
        "Your password was changed",
    ]
    assert all(NEW not in each.text for each in mailbox.letters)


def test_an_unknown_address_gets_the_same_page_and_no_mail(sqlite_app: Flask, mailbox: Mailbox) -> None:
    mailbox.receive_from(sqlite_app)
    account = new_account(sqlite_app, "moderator")
    client = sqlite_app.test_client()
    unknown = ask_for_link(client, "nobody@example.org").text
    assert mailbox.letters == []
    known = ask_for_link(client, account.email).text
    assert without_token(known.replace(account.email, "")) == without_token(unknown.replace("nobody@example.org", ""))


def test_links_are_limited_for_each_account(sqlite_app: Flask, mailbox: Mailbox) -> None:
    mailbox.receive_from(sqlite_app)
    account = new_account(sqlite_app, "moderator")
    client = sqlite_app.test_client()
    statuses = [ask_for_link(client, account.email).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert len(mailbox.letters) == 3


def test_passwords_are_kept_as_argon2_hashes(sqlite_app: Flask) -> None:
    assert new_account(sqlite_app, "moderator").password.startswith("$argon2id$")
