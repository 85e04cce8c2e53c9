"""Passkeys as a second factor: set up, used, removed; and which answers are refused."""

import html
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from directory import create_app
from directory.accounts.actions import reset_second_factor
from directory.accounts.models import Account, Passkey
from directory.accounts.passkeys import MAX_PASSKEYS
from directory.accounts.settings import SITE_NAME
from directory.audit.models import AuditEvent
from directory.extensions import db
from tests.accounts.authenticator import BACKED_UP, PRESENT, VERIFIED, Authenticator
from tests.databases import new_sqlite_database
from tests.signing_in import PASSWORD, QUICK_HASHES, code_of, new_account, signed_in

LIST = "/account/passkeys"
NEW = "/account/passkeys/new"
REMOVE = "/account/passkeys/remove"
USE = "/account/second-factor/passkey"
CHOICE = "/account/second-factor/choice"
SET_UP = "/account/second-factor"


def question(page: str) -> tuple[dict[str, Any], str]:
    """What the page asks the browser, and the ticket that goes back with the answer."""
    options = re.search(r'data-options="([^"]*)"', page)
    ticket = re.search(r'name="ticket" value="([^"]*)"', page)
    assert options is not None
    assert ticket is not None
    return json.loads(html.unescape(options[1])), ticket[1]


def set_up(client: FlaskClient, key: Authenticator, name: str = "Phone") -> TestResponse:
    options, ticket = question(client.get(NEW).text)
    return client.post(NEW, data={"name": name, "ticket": ticket, "answer": key.create(options)})


def give_password(app: Flask, account: Account) -> FlaskClient:
    client = app.test_client()
    client.post("/account/sign-in", data={"email": account.email, "password": PASSWORD})
    return client


def use(client: FlaskClient, key: Authenticator, address: str = USE) -> TestResponse:
    options, ticket = question(client.get(address).text)
    return client.post(address, data={"ticket": ticket, "answer": key.get(options)})


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


@pytest.fixture
def key() -> Authenticator:
    return Authenticator()


@pytest.fixture
def member(app: Flask, key: Authenticator) -> Account:
    """An account whose one second factor is the passkey `key`."""
    account = new_account(app, "moderator", second_factor=False)
    assert set_up(give_password(app, account), key).status_code == 302
    return account


def acts(account: Account) -> list[str]:
    subject = f"account:{account.id}"
    query = select(AuditEvent.act).where(AuditEvent.subject == subject).order_by(AuditEvent.number)
    return list(db.session.scalars(query))


def test_a_passkey_alone_will_do_as_the_first_second_factor(app: Flask, key: Authenticator) -> None:
    account = new_account(app, "moderator", second_factor=False)
    client = give_password(app, account)
    assert f'href="{NEW}"' in client.get(SET_UP).text
    assert not is_signed_in(client)
    assert set_up(client, key).location == "/account/arrived"
    assert client.get("/account/arrived").location == "/account/recovery-codes"
    db.session.refresh(account)
    assert account.has_second_factor
    assert not account.has_authenticator_app
    assert client.get("/admin").status_code == 200
    assert acts(account) == ["create_account", "add_passkey", "sign_in"]


def test_the_password_and_the_passkey_let_in(app: Flask, member: Account, key: Authenticator) -> None:
    client = app.test_client()
    data = {"email": member.email, "password": PASSWORD, "next": "/admin?page=2"}
    assert client.post("/account/sign-in", data=data).location == f"{USE}?next=/admin?page%3D2"
    assert not is_signed_in(client)
    assert use(client, key, f"{USE}?next=/admin?page%3D2").location == "/admin?page=2"
    assert is_signed_in(client)
    passkey = db.session.scalars(select(Passkey)).one()
    assert passkey.sign_count == key.count == 2
    assert passkey.lastuse_datetime > passkey.create_datetime


def test_the_passkey_without_the_password_lets_nobody_in(app: Flask, member: Account, key: Authenticator) -> None:
    client = give_password(app, member)
    options, ticket = question(client.get(USE).text)
    stranger = app.test_client()
    assert stranger.get(USE).location == "/account/sign-in"
    stranger.post(USE, data={"ticket": ticket, "answer": key.get(options)})
    assert not is_signed_in(stranger)


def test_a_passkey_of_another_account_does_not_let_in(app: Flask, member: Account, key: Authenticator) -> None:
    other = new_account(app, "admin", second_factor=False)
    set_up(give_password(app, other), Authenticator())
    client = give_password(app, other)
    page = use(client, key).text
    assert "That passkey doesn’t belong to this account." in page
    assert not is_signed_in(client)


def test_a_ticket_of_another_account_is_refused(app: Flask, member: Account, key: Authenticator) -> None:
    other, own_key = new_account(app, "admin", second_factor=False), Authenticator()
    set_up(give_password(app, other), own_key)
    options, ticket = question(give_password(app, member).get(USE).text)
    client = give_password(app, other)
    page = client.post(USE, data={"ticket": ticket, "answer": own_key.get(options)}).text
    assert "That took too long. Try again." in page
    assert not is_signed_in(client)


def test_an_answer_counts_once(app: Flask, member: Account, key: Authenticator) -> None:
    key.counts = 0  # a synced passkey, which does not count: the question alone tells the answers apart
    db.session.scalars(select(Passkey)).one().sign_count = key.count = 0
    db.session.commit()
    first, second = give_password(app, member), give_password(app, member)
    options, ticket = question(first.get(USE).text)
    data = {"ticket": ticket, "answer": key.get(options)}
    assert first.post(USE, data=data).status_code == 302
    assert "We couldn’t check that passkey" in second.post(USE, data=data).text
    assert not is_signed_in(second)
    assert use(second, key).status_code == 302


@pytest.mark.own_app
@pytest.mark.postgresql
def test_an_answer_that_comes_twice_at_once_lets_one_in(app: Flask, member: Account, key: Authenticator) -> None:
    clients = [give_password(app, member) for _ in range(2)]
    options, ticket = question(clients[0].get(USE).text)
    data = {"ticket": ticket, "answer": key.get(options)}
    db.session.commit()
    both_ready = Barrier(2)

    def send(client: FlaskClient) -> int:
        both_ready.wait()
        return client.post(USE, data=data).status_code

    with ThreadPoolExecutor(2) as pool:  # in threads each request has a context and a transaction of its own
        assert sorted(pool.map(send, clients)) == [200, 302]


@pytest.mark.parametrize("back_by", [0, 1])
def test_a_counter_that_does_not_go_up_is_refused(
    app: Flask, member: Account, key: Authenticator, back_by: int
) -> None:
    client = give_password(app, member)
    key.counts = -back_by  # a copy of the authenticator, which the true one was used after
    assert "We couldn’t check that passkey" in use(client, key).text
    assert not is_signed_in(client)


def change_origin(key: Authenticator, options: dict[str, Any]) -> str:
    key.origin = "http://localhost.evil.example"
    return key.get(options)


def change_challenge(key: Authenticator, options: dict[str, Any]) -> str:
    return key.get({**options, "challenge": "AAAA" + options["challenge"][4:]})


def sign_with_another_key(key: Authenticator, options: dict[str, Any]) -> str:
    other = Authenticator(passkey_id=key.passkey_id, user_handle=key.user_handle, count=key.count)
    return other.get(options)


def name_another_user(key: Authenticator, options: dict[str, Any]) -> str:
    key.user_handle = b"somebody else"
    return key.get(options)


def nobody_there(key: Authenticator, options: dict[str, Any]) -> str:
    key.flags = 0
    return key.get(options)


BAD_ANSWERS = {
    "of another site": change_origin,
    "to another question": change_challenge,
    "by another key": sign_with_another_key,
    "of another user": name_another_user,
    "without a touch": nobody_there,
    "for another host": lambda key, options: key.get(options, rp_id="evil.example"),
    "of a set-up": lambda key, options: key.create({**options, "user": {"id": ""}, "rp": {"id": "localhost"}}),
    "cut off": lambda key, options: key.get(options)[:200],
    "empty": lambda key, options: "",
    "a number": lambda key, options: "1",
    "a list": lambda key, options: "[]",
    "bad base64": lambda key, options: key.get(options).replace('"authenticatorData": "', '"authenticatorData": "é'),
    "too short": lambda key, options: re.sub(r'("authenticatorData": ")[^"]*', r"\1AAAA", key.get(options)),
}


@pytest.mark.parametrize("kind", BAD_ANSWERS)
def test_a_bad_answer_is_refused_with_a_new_question(
    app: Flask, member: Account, key: Authenticator, kind: str
) -> None:
    client = give_password(app, member)
    options, ticket = question(client.get(USE).text)
    answer = client.post(USE, data={"ticket": ticket, "answer": BAD_ANSWERS[kind](key, options)})
    assert answer.status_code == 200
    assert "Please check this" in answer.text
    assert question(answer.text)[0]["challenge"] != options["challenge"]
    assert not is_signed_in(client)


@pytest.mark.parametrize("ticket", ["", "x", "x.y.z"])
def test_a_ticket_that_is_not_ours_is_refused(app: Flask, member: Account, key: Authenticator, ticket: str) -> None:
    client = give_password(app, member)
    options, _ = question(client.get(USE).text)
    assert "took too long" in client.post(USE, data={"ticket": ticket, "answer": key.get(options)}).text
    assert not is_signed_in(client)


def test_a_disabled_accounts_passkey_does_not_let_in(app: Flask, member: Account, key: Authenticator) -> None:
    client = give_password(app, member)
    options, ticket = question(client.get(USE).text)
    app.test_cli_runner().invoke(args=["accounts", "disable", member.email])
    client.post(USE, data={"ticket": ticket, "answer": key.get(options)})
    assert not is_signed_in(client)


def test_who_has_both_chooses_and_may_change_their_mind(app: Flask, key: Authenticator) -> None:
    first = signed_in(app, "moderator")
    assert set_up(first, key).location == LIST
    client = give_password(app, first.account)
    page = client.get(CHOICE).text
    assert "Use a passkey" in page
    assert client.post(f"{CHOICE}?next=/admin", data={"which": "authenticator"}).location.endswith("next=/admin")
    assert f'href="{USE}?next=/admin"' in client.get("/account/second-factor/code?next=/admin").text
    assert client.post(f"{CHOICE}?next=/admin", data={"which": "passkey"}).location == f"{USE}?next=/admin"
    assert 'href="/account/second-factor/code?next=/admin"' in client.get(f"{USE}?next=/admin").text
    assert use(client, key).status_code == 302
    assert is_signed_in(client)


def test_who_has_both_may_use_the_app(app: Flask, key: Authenticator) -> None:
    first = signed_in(app, "moderator")
    set_up(first, key)
    first.account.tf_last_counter = None  # as if half a minute had passed since the app's last code
    db.session.commit()
    client = give_password(app, first.account)
    client.post(CHOICE, data={"which": "authenticator"})
    client.post("/account/second-factor/code", data={"code": code_of(app, first.account)})
    assert is_signed_in(client)


def test_a_recovery_code_stands_in_for_the_passkey(app: Flask, member: Account) -> None:
    codes = app.extensions["security"].mf_recovery_codes_util.create_recovery_codes(member)
    db.session.commit()
    client = give_password(app, member)
    assert 'href="/account/second-factor/recovery"' in client.get(USE).text
    assert "authenticator app instead" not in client.get("/account/second-factor/recovery").text
    client.post("/account/second-factor/recovery", data={"code": codes[0]})
    assert is_signed_in(client)


def test_what_the_browser_is_asked(app: Flask) -> None:
    client = signed_in(app, "moderator")
    options, _ = question(client.get(NEW).text)
    assert options["rp"] == {"id": "localhost", "name": SITE_NAME}
    assert options["user"]["name"] == client.account.email
    assert options["attestation"] == "none"
    assert options["authenticatorSelection"]["userVerification"] == "discouraged"
    key = Authenticator()
    set_up(client, key)
    options, _ = question(client.get(NEW).text)
    assert [each["transports"] for each in options["excludeCredentials"]] == [["internal"]]


def test_the_list_shows_each_passkey_and_the_page_of_the_account_how_many(app: Flask) -> None:
    client = signed_in(app, "moderator")
    assert "You have no passkey yet." in client.get(LIST).text
    set_up(client, Authenticator(flags=PRESENT | VERIFIED | BACKED_UP), "Password manager")
    set_up(client, Authenticator(), "Keys & ring")
    page = client.get(LIST).text
    assert "Keys &amp; ring" in page
    assert page.count("kept on several devices") == 1
    assert ">Passkeys</a>: 2 set up" in client.get("/account").text


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (" ", "Give the passkey a name"),
        ("Phone", "You already have a passkey with that name."),
        ("x" * 65, "shorten it to 64"),
    ],
)
def test_a_passkey_needs_a_name_of_its_own(app: Flask, name: str, sentence: str) -> None:
    client = signed_in(app, "moderator")
    set_up(client, Authenticator(), "Phone")
    page = set_up(client, Authenticator(), name).text
    assert sentence in page
    assert f'value="{name.strip()}"' in page
    assert len(client.account.webauthn) == 1


def test_without_javascript_the_page_says_what_is_missing(app: Flask) -> None:
    client = signed_in(app, "moderator")
    page = client.get(NEW).text
    assert "<noscript>" in page
    _, ticket = question(page)
    page = client.post(NEW, data={"name": "Phone", "ticket": ticket, "answer": ""}).text
    assert "Your browser didn’t send a passkey." in page
    assert 'value="Phone"' in page


def test_the_same_passkey_is_not_set_up_twice(app: Flask, key: Authenticator) -> None:
    client, other = signed_in(app, "moderator"), signed_in(app, "verifier")
    set_up(client, key, "One")
    assert "That passkey is already set up." in set_up(client, key, "Two").text
    assert "That passkey is already set up." in set_up(other, key).text
    assert db.session.scalar(select(func.count()).select_from(Passkey)) == 1


def test_an_account_has_ten_at_most(app: Flask, member: Account) -> None:
    for number in range(MAX_PASSKEYS - 1):
        values = {"credential_id": b"%d" % number, "public_key": b"", "sign_count": 0, "usage": "secondary"}
        app.extensions["security"].datastore.create_webauthn(
            member, name=f"Key {number}", device_type="single_device", backup_state=False, **values
        )
        member.webauthn[-1].create_datetime = member.webauthn[-1].lastuse_datetime
    db.session.commit()
    client = give_password(app, member)
    codes = app.extensions["security"].mf_recovery_codes_util.create_recovery_codes(member)
    db.session.commit()
    client.post("/account/second-factor/recovery", data={"code": codes[0]})
    assert "up to 10 passkeys" in set_up(client, Authenticator(), "One more").text


def test_a_passkey_is_removed_and_works_no_more(app: Flask, key: Authenticator) -> None:
    client = signed_in(app, "moderator")
    set_up(client, key)
    passkey_id = client.account.webauthn[0].id
    page = client.post(REMOVE, data={"passkey": passkey_id}, follow_redirects=True).text
    assert "The passkey “Phone” no longer works here." in page
    assert "already removed" in client.post(REMOVE, data={"passkey": passkey_id}, follow_redirects=True).text
    assert acts(client.account)[-2:] == ["add_passkey", "remove_passkey"]
    answer = app.test_client().post("/account/sign-in", data={"email": client.account.email, "password": PASSWORD})
    assert answer.location.startswith("/account/second-factor/code")


def test_the_last_second_factor_is_not_removed(app: Flask, member: Account, key: Authenticator) -> None:
    client = give_password(app, member)
    use(client, key)
    page = client.post(REMOVE, data={"passkey": member.webauthn[0].id}, follow_redirects=True).text
    assert "That is your only second factor." in page
    set_up(client, Authenticator(), "Spare")
    client.post(REMOVE, data={"passkey": member.webauthn[0].id})
    db.session.refresh(member)
    assert [passkey.name for passkey in member.webauthn] == ["Spare"]


@pytest.mark.postgresql
@pytest.mark.parametrize("passkey", ["", "x", "-1", "99999999999999999999"])
def test_a_passkey_that_is_none_is_gone_already(app: Flask, passkey: str) -> None:
    client = signed_in(app, "moderator")
    assert "already removed" in client.post(REMOVE, data={"passkey": passkey}, follow_redirects=True).text


def test_nobody_removes_the_passkey_of_another(app: Flask, member: Account) -> None:
    client = signed_in(app, "admin")
    client.post(REMOVE, data={"passkey": member.webauthn[0].id})
    assert db.session.scalar(select(func.count()).select_from(Passkey)) == 1


@pytest.mark.postgresql
@pytest.mark.parametrize("act", ["add", "remove"])
def test_the_key_of_the_session_changes_with_the_passkeys(app: Flask, key: Authenticator, act: str) -> None:
    client = signed_in(app, "moderator")
    if act == "remove":
        set_up(client, key)
    before, cookie = app.test_client(), client.get_cookie("session")
    assert cookie is not None
    before.set_cookie("session", cookie.value)
    if act == "add":
        set_up(client, key)
    else:
        client.post(REMOVE, data={"passkey": client.account.webauthn[0].id})
    assert is_signed_in(client)
    assert not is_signed_in(before)


def test_the_password_is_asked_for_again_after_an_hour(app: Flask, key: Authenticator) -> None:
    client = signed_in(app, "moderator")
    with client.session_transaction() as session:
        session["fs_paa"] -= 3700
    assert client.get(NEW).location == f"/account/password-again?next={NEW}"
    assert client.post(REMOVE, data={"passkey": 1}).location == f"/account/password-again?next={LIST}"
    client.post("/account/password-again", data={"password": PASSWORD})
    assert set_up(client, key).location == LIST


def test_a_reset_forgets_the_passkeys_too(app: Flask, member: Account) -> None:
    reset_second_factor("command", member)
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(Passkey)) == 0
    assert give_password(app, member).get(SET_UP).status_code == 200


@pytest.mark.parametrize("path", [NEW, SET_UP, "/account/second-factor/code"])
def test_a_password_given_before_the_set_up_sets_up_nothing_after_it(app: Flask, key: Authenticator, path: str) -> None:
    account = new_account(app, "moderator", second_factor=False)
    early = give_password(app, account)
    assert early.post(SET_UP, data={"setup": "authenticator"}).status_code == 200
    set_up(give_password(app, account), key)
    assert early.get(path).location == "/account/sign-in"
    assert early.post(path, data={"setup": "authenticator"}).location == "/account/sign-in"


def test_tries_with_passkeys_are_limited(app: Flask, member: Account) -> None:
    client = give_password(app, member)
    statuses = [client.post(USE, data={"ticket": "", "answer": ""}).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]


@pytest.mark.parametrize(
    ("target", "arrived"),
    [("https://evil.example/", "/account/arrived"), ("/%5Cevil.example", "/account/arrived"), ("/admin", "/admin")],
)
def test_a_passkey_sends_nobody_to_another_site(
    app: Flask, member: Account, key: Authenticator, target: str, arrived: str
) -> None:
    assert use(give_password(app, member), key, f"{USE}?next={target}").location == arrived


@pytest.fixture
def production_app(sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """The app as it runs behind a proxy, which says that people came by https and to which host."""
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": new_sqlite_database(tmp_path, sqlite_template),
            "WTF_CSRF_ENABLED": False,
            "TESTING": True,
            "ENVIRONMENT": "production",
            "SITE_URL": "https://necks.example.org",
            "TRUST_PROXY": True,
            "SESSION_COOKIE_SECURE": True,
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": QUICK_HASHES,
        }
    )
    with app.app_context():
        yield app


def test_behind_a_proxy_the_passkey_is_one_of_the_sites_own_address(production_app: Flask) -> None:
    app, key = production_app, Authenticator(origin="https://necks.example.org")
    account = new_account(app, "moderator", second_factor=False)
    client = app.test_client()
    client.environ_base |= {
        "HTTP_X_FORWARDED_FOR": "203.0.113.9",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_HOST": "necks.example.org",
    }
    client.post("/account/sign-in", data={"email": account.email, "password": PASSWORD})
    options, ticket = question(client.get(NEW).text)
    assert options["rp"]["id"] == "necks.example.org"
    answer = client.post(NEW, data={"name": "Phone", "ticket": ticket, "answer": key.create(options)})
    assert answer.location == "/account/arrived"
