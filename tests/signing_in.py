"""Accounts that are signed in, for tests of pages behind the sign-in."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from directory.accounts.actions import create_account
from directory.accounts.models import Account
from directory.extensions import db

if TYPE_CHECKING:
    from playwright.sync_api import Page

PASSWORD = "plum-otter-lantern-47"
QUICK_HASHES = {"argon2__time_cost": 1, "argon2__memory_cost": 64}
"""How the tests hash passwords: in a moment, and without the 64 MB that a hash takes otherwise."""
_numbers = itertools.count(1)


class SignedInClient(FlaskClient):
    """A test client with the account that is signed in with it."""

    account: Account


def new_account(app: Flask, *roles: str, npi: str | None = None, second_factor: bool = True) -> Account:
    """A committed account with PASSWORD; with `second_factor` its authenticator app is set up. Needs an app context."""
    number = next(_numbers)
    account = create_account(
        "program", f"person{number}@example.org", PASSWORD, roles, f"Robin Example {number}", [npi] if npi else []
    )
    if second_factor:
        security = app.extensions["security"]
        security.datastore.tf_set(account, "authenticator", security.totp_factory.generate_totp_secret())
        security.mf_recovery_codes_util.create_recovery_codes(account)
    db.session.commit()
    return account


def code_of(app: Flask, account: Account) -> str:
    """What the account's authenticator app shows now."""
    code: str = app.extensions["security"].totp_factory.generate_totp_password(account.tf_totp_secret)
    return code


def signed_in(app: Flask, role: str, npi: str | None = None) -> SignedInClient:
    """A client of a new account with `role`, signed in by its password and a code of its authenticator app.

    A client of the role "clinic" needs the `npi` of the provider for whom it is confirmed. Needs an app context.
    """
    account = new_account(app, role, npi=npi)
    client = SignedInClient(app, app.response_class)
    client.account = account
    origin = {"REMOTE_ADDR": f"10.{account.id >> 8 & 255}.{account.id & 255}.1"}  # the limits count networks
    client.post("/account/sign-in", data={"email": account.email, "password": PASSWORD}, environ_overrides=origin)
    answer = client.post("/account/second-factor/code", data={"code": code_of(app, account)}, environ_overrides=origin)
    assert answer.status_code == 302, answer.text
    return client


def sign_in_page(page: Page, app: Flask, role: str, npi: str | None = None) -> Account:
    """Sign a new account with `role` in and go to its first page; `app` is the one that serves the site of `page`.

    The program sends what the forms would send, and gives the browser the cookie: that is quicker than the pages.
    """
    with app.app_context():
        account = new_account(app, role, npi=npi)
        db.session.refresh(account)
        db.session.expunge(account)
        code = code_of(app, account)
    client = app.test_client()
    browser = {"User-Agent": page.evaluate("navigator.userAgent")}  # a session is fresh in the browser that began it
    for path, fields in (
        ("/account/sign-in", {"email": account.email, "password": PASSWORD}),
        ("/account/second-factor/code", {"code": code}),
    ):
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path, headers=browser).text)
        assert token
        answer = client.post(path, data=fields | {"csrf_token": token[1]}, headers=browser)
        assert answer.status_code == 302, answer.text
    cookie = client.get_cookie("session")
    assert cookie
    site = urlsplit(page.url)
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": f"{site.scheme}://{site.netloc}"}])
    page.goto("/account" if role == "clinic" else "/admin")
    return account
