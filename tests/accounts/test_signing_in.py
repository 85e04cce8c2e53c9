"""Signing in: password, then second factor; what is refused, and how little a refusal tells."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy import select
from werkzeug.test import TestResponse

from directory.accounts.models import Account
from directory.audit.models import AuditEvent
from directory.extensions import db
from tests.accounts.pages import without_token
from tests.signing_in import PASSWORD, code_of, new_account, signed_in

SIGN_IN = "/account/sign-in"
CODE = "/account/second-factor/code"
RECOVERY = "/account/second-factor/recovery"
WRONG = "That email address and password don’t match an account."


@pytest.fixture
def visitor(sqlite_app: Flask) -> FlaskClient:
    return sqlite_app.test_client()


def pass_seconds(client: FlaskClient, seconds: float) -> None:
    """As if the password had been given that much earlier."""
    with client.session_transaction() as session:
        session["fs_paa"] -= seconds


def give_password(client: FlaskClient, email: str, password: str = PASSWORD) -> TestResponse:
    return client.post(SIGN_IN, data={"email": email, "password": password})


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def test_password_and_code_let_in(app: Flask) -> None:
    client = signed_in(app, "moderator")
    assert is_signed_in(client)
    assert client.account.signed_in_at is not None


def test_the_address_counts_in_capitals_too(sqlite_app: Flask, visitor: FlaskClient) -> None:
    account = new_account(sqlite_app, "moderator")
    give_password(visitor, account.email.upper())
    visitor.post(CODE, data={"code": code_of(sqlite_app, account)})
    assert is_signed_in(visitor)


def test_a_wrong_password_and_an_unknown_address_look_alike(sqlite_app: Flask, visitor: FlaskClient) -> None:
    account = new_account(sqlite_app, "moderator")
    pages = []
    for email, password in ((account.email, "wrong"), ("nobody@example.org", "wrong")):
        page = give_password(visitor, email, password).text
        assert WRONG in page
        pages.append(without_token(page).replace(email, ""))
    assert pages[0] == pages[1]


def test_an_empty_or_misspelled_field_gets_its_own_sentence(visitor: FlaskClient) -> None:
    page = give_password(visitor, "nobody@", "").text
    assert "Enter a full email address" in page
    assert "Enter your password." in page
    assert 'value="nobody@"' in page
    assert WRONG not in page


def test_the_password_alone_lets_nobody_in(sqlite_app: Flask, visitor: FlaskClient) -> None:
    account = new_account(sqlite_app, "admin")
    answer = give_password(visitor, account.email)
    assert answer.location.startswith(CODE)
    assert visitor.get("/admin").location.startswith(SIGN_IN)
    assert "That code is wrong" in visitor.post(CODE, data={"code": "000000"}).text
    assert not is_signed_in(visitor)


@pytest.mark.parametrize("role", ["admin", "verifier", "moderator"])
def test_a_second_factor_has_to_be_set_up_first(app: Flask, role: str) -> None:
    account = new_account(app, role, second_factor=False)
    client = app.test_client()
    assert give_password(client, account.email).location == "/account/second-factor"
    assert client.get("/admin").location.startswith(SIGN_IN)
    page = client.post("/account/second-factor", data={"setup": "authenticator"}).text
    assert 'src="data:image/svg+xml;base64,' in page
    key = page.split('<code class="key">')[1].split("</code>")[0]
    assert client.post(CODE, data={"code": TOTP(key=key).generate().token}).location == "/account/arrived"
    db.session.refresh(account)
    assert account.has_second_factor
    assert key.replace("-", "") not in account.tf_totp_secret
    assert client.get("/account/arrived").location == "/account/recovery-codes"


def test_nobody_can_do_without_a_second_factor(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app, "moderator")
    client.post("/account/second-factor", data={"setup": "disable"})
    db.session.refresh(client.account)
    assert client.account.has_second_factor


def test_a_code_works_once(app: Flask) -> None:
    account = new_account(app, "moderator")
    code = code_of(app, account)
    first, second = app.test_client(), app.test_client()
    for client in (first, second):
        give_password(client, account.email)
    assert first.post(CODE, data={"code": code}).status_code == 302
    assert "was already used" in second.post(CODE, data={"code": code}).text
    assert not is_signed_in(second)


@pytest.mark.own_app
@pytest.mark.parametrize("path", [CODE, RECOVERY])
def test_a_code_that_comes_twice_at_once_lets_one_in(app: Flask, path: str) -> None:
    account = new_account(app, "moderator")
    (recovery, *_) = app.extensions["security"].mf_recovery_codes_util.get_recovery_codes(account)
    code = code_of(app, account) if path == CODE else recovery
    clients = [app.test_client() for _ in range(2)]
    for client in clients:
        give_password(client, account.email)
    db.session.commit()
    both_ready = Barrier(2)

    def send(client: FlaskClient) -> int:
        both_ready.wait()
        return client.post(path, data={"code": code}).status_code

    with ThreadPoolExecutor(2) as pool:  # in threads each request has a context and a transaction of its own
        assert sorted(pool.map(send, clients)) == [200, 302]


def test_a_recovery_code_works_once(app: Flask) -> None:
    account = new_account(app, "moderator")
    codes = app.extensions["security"].mf_recovery_codes_util.get_recovery_codes(account)
    first, second = app.test_client(), app.test_client()
    for client in (first, second):
        give_password(client, account.email)
    assert "Use a recovery code" in first.get(CODE).text
    assert first.post(RECOVERY, data={"code": codes[0].upper()}).status_code == 302
    assert is_signed_in(first)
    assert "was already used" in second.post(RECOVERY, data={"code": codes[0]}).text
    assert second.post(RECOVERY, data={"code": codes[1]}).status_code == 302
    db.session.refresh(account)
    assert len(account.mf_recovery_codes or []) == len(codes) - 2


@pytest.mark.parametrize(
    "spelling",
    [
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: code.replace("-", " - ").upper(),
        lambda code: code.replace("-", "\N{EN DASH}"),
        lambda code: f"\r\n {code}\r\n",
        lambda code: code.replace("-", "\n"),
        lambda code: "\N{ZERO WIDTH SPACE}".join(code),
        lambda code: code.translate({ord(digit): 0xFF10 + int(digit) for digit in "0123456789"}),
        lambda code: code.replace("0", "O").replace("1", "l"),
    ],
)
def test_a_recovery_code_counts_however_it_is_spaced(sqlite_app: Flask, spelling: Callable[[str], str]) -> None:
    account = new_account(sqlite_app, "moderator")
    codes = sqlite_app.extensions["security"].mf_recovery_codes_util.get_recovery_codes(account)
    client = sqlite_app.test_client()
    give_password(client, account.email)
    assert client.post(RECOVERY, data={"code": spelling(codes[0])}).status_code == 302
    assert is_signed_in(client)
    assert len(account.mf_recovery_codes or []) == len(codes) - 1


def test_recovery_codes_are_sealed_in_the_database(sqlite_app: Flask) -> None:
    account = new_account(sqlite_app, "moderator")
    shown = sqlite_app.extensions["security"].mf_recovery_codes_util.get_recovery_codes(account)
    assert len(shown) == 10
    assert not set(shown) & set(account.mf_recovery_codes or [])


def test_new_recovery_codes_void_the_old(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app, "moderator")
    util = sqlite_app.extensions["security"].mf_recovery_codes_util
    old = util.get_recovery_codes(client.account)
    page = client.post("/account/recovery-codes").text
    db.session.refresh(client.account)
    new = util.get_recovery_codes(client.account)
    assert all(code in page for code in new)
    assert not set(old) & set(new)


def test_a_new_app_replaces_the_old(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app, "moderator")
    before = client.account.tf_totp_secret
    page = client.post("/account/second-factor", data={"setup": "authenticator"}).text
    key = page.split('<code class="key">')[1].split("</code>")[0]
    assert client.post(CODE, data={"code": "000000"}).status_code == 200
    assert client.post(CODE, data={"code": TOTP(key=key).generate().token}).location == "/account"
    db.session.refresh(client.account)
    assert client.account.tf_totp_secret != before


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "https:evil.example", "javascript:alert(1)"],
)
def test_nobody_is_sent_to_another_site(sqlite_app: Flask, visitor: FlaskClient, target: str) -> None:
    account = new_account(sqlite_app, "moderator")
    visitor.post(
        SIGN_IN, query_string={"next": target}, data={"email": account.email, "password": PASSWORD, "next": target}
    )
    answer = visitor.post(
        CODE, query_string={"next": target}, data={"code": code_of(sqlite_app, account), "next": target}
    )
    assert answer.location in {"/account/sign-in", "/%5Cevil.example"}  # both of this site


def test_one_arrives_at_the_page_that_one_asked_for(sqlite_app: Flask, visitor: FlaskClient) -> None:
    account = new_account(sqlite_app, "moderator")
    asked = visitor.get("/admin?page=2").location
    assert 'name="next" value="/admin?page=2"' in visitor.get(asked).text
    page = visitor.post(SIGN_IN, data={"email": account.email, "password": PASSWORD, "next": "/admin?page=2"}).location
    assert visitor.post(page, data={"code": code_of(sqlite_app, account)}).location == "/admin?page=2"


def test_a_disabled_account_cannot_sign_in(sqlite_app: Flask, visitor: FlaskClient) -> None:
    account = new_account(sqlite_app, "moderator")
    account.active = False
    db.session.commit()
    assert WRONG in give_password(visitor, account.email).text


def test_signing_out_ends_the_session(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app, "moderator")
    assert client.get("/account/sign-out").status_code == 405
    assert is_signed_in(client)
    client.post("/account/sign-out")
    assert not is_signed_in(client)


def test_after_an_hour_the_password_is_asked_for_before_one_changes_how_one_signs_in(
    sqlite_app: Flask,
) -> None:
    client = signed_in(sqlite_app, "moderator")
    pass_seconds(client, 3700)
    for path in ("/account/second-factor", "/account/recovery-codes"):
        assert client.get(path).location.startswith("/account/password-again")
    assert "That is not your password" in client.post("/account/password-again", data={"password": "x"}).text
    client.post("/account/password-again", data={"password": PASSWORD})
    assert client.get("/account/recovery-codes").status_code == 200


def test_sign_in_begins_a_fresh_session(sqlite_app: Flask, visitor: FlaskClient) -> None:
    account = new_account(sqlite_app, "moderator")
    with visitor.session_transaction() as session:
        session["csrf_token"] = session["planted"] = "before"
    give_password(visitor, account.email)
    visitor.post(CODE, data={"code": code_of(sqlite_app, account)})
    with visitor.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != "before"
        assert not [name for name in session if name.startswith("tf_")]


def test_the_cookie_is_for_this_site_alone(sqlite_app: Flask, visitor: FlaskClient) -> None:
    cookie = visitor.get(SIGN_IN).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie


def test_no_lasting_cookie_is_given_to_who_asks_for_one(sqlite_app: Flask, visitor: FlaskClient) -> None:
    account = new_account(sqlite_app, "moderator")
    visitor.post(SIGN_IN, data={"email": account.email, "password": PASSWORD, "remember": "y"})
    answer = visitor.post(CODE, data={"code": code_of(sqlite_app, account), "remember": "y"})
    assert [each for each in answer.headers.getlist("Set-Cookie") if not each.startswith("session=")] == []


def test_a_token_in_the_address_or_a_header_is_no_way_in(sqlite_app: Flask, visitor: FlaskClient) -> None:
    token = new_account(sqlite_app, "admin").get_auth_token()
    assert visitor.get("/admin", query_string={"auth_token": token}).status_code == 302
    assert visitor.get("/admin", headers={"Authentication-Token": token}).status_code == 302


def test_tries_with_one_account_are_limited(sqlite_app: Flask, visitor: FlaskClient) -> None:
    for attempt in range(5):
        origin = {"REMOTE_ADDR": f"10.0.{attempt}.1"}
        data = {"email": "mo@example.org", "password": "wrong"}
        assert visitor.post(SIGN_IN, data=data, environ_overrides=origin).status_code == 200
    answer = visitor.post(SIGN_IN, data={**data, "email": "MO@example.org"})
    assert answer.status_code == 429
    assert "Too many requests" in answer.text


def test_tries_from_one_network_are_limited(sqlite_app: Flask, visitor: FlaskClient) -> None:
    statuses = [
        visitor.post(
            SIGN_IN,
            data={"email": f"person{attempt}@example.org", "password": "x"},
            environ_overrides={"REMOTE_ADDR": f"198.51.100.{attempt}"},
        ).status_code
        for attempt in range(11)
    ]
    assert statuses == [200] * 10 + [429]


def test_codes_are_limited(sqlite_app: Flask, visitor: FlaskClient) -> None:
    account = new_account(sqlite_app, "moderator")
    give_password(visitor, account.email)
    statuses = [visitor.post(CODE, data={"code": f"{number:06}"}).status_code for number in range(6)]
    assert statuses == [200] * 5 + [429]


def test_a_form_of_another_site_signs_nobody_in(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    account = new_account(sqlite_app, "moderator")
    monkeypatch.setitem(sqlite_app.config, "WTF_CSRF_ENABLED", True)
    answer = sqlite_app.test_client().post(SIGN_IN, data={"email": account.email, "password": PASSWORD})
    assert answer.status_code == 400


def test_a_form_of_another_site_signs_nobody_out(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(sqlite_app, "moderator")
    monkeypatch.setitem(sqlite_app.config, "WTF_CSRF_ENABLED", True)
    assert client.post("/account/sign-out").status_code == 400
    assert is_signed_in(client)


def test_each_sign_in_is_in_the_audit_log(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app, "moderator")
    actor = f"account:{client.account.id}"
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.actor == actor)).all()
    assert [(event.act, event.subject) for event in events] == [("sign_in", actor)]


def test_an_account_is_kept_by_its_small_letters(sqlite_app: Flask) -> None:
    assert new_account(sqlite_app, "moderator").email == db.session.scalar(select(Account.email))
