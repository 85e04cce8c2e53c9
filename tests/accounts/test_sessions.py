"""Sign-ins that last: where their key changes, what ends them, and the page that shows them."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy import event, func, select, update

from directory.accounts.keys import hash_of_key
from directory.accounts.models import SignedInSession
from directory.accounts.sessions import MAX_DURATION, SEEN_EVERY, device_of
from directory.audit.models import AuditEvent
from directory.extensions import db
from tests.mailbox import Mailbox
from tests.signing_in import PASSWORD, SignedInClient, code_of, new_account, signed_in

NEW = "granite-violin-harbor-92"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605 Version/17.5 Safari/604.1"


def copy_of(client: FlaskClient) -> FlaskClient:
    """Another browser with the same cookie, as a thief has it."""
    cookie = client.get_cookie("session")
    assert cookie is not None
    copied = client.application.test_client()
    copied.set_cookie("session", cookie.value)
    return copied


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def key_in(client: FlaskClient) -> str:
    with client.session_transaction() as session:
        key: str = session["sign_in_key"]
    return key


def elsewhere(app: Flask, client: SignedInClient, user_agent: str = SAFARI) -> FlaskClient:
    """The same account signed in with another browser, by a recovery code."""
    code = app.extensions["security"].mf_recovery_codes_util.get_recovery_codes(client.account)[0]
    other = app.test_client()
    headers = {"User-Agent": user_agent}
    other.post("/account/sign-in", data={"email": client.account.email, "password": PASSWORD}, headers=headers)
    other.post("/account/second-factor/recovery", data={"code": code}, headers=headers)
    assert is_signed_in(other)
    return other


def rows() -> int:
    return db.session.scalar(select(func.count()).select_from(SignedInSession)) or 0


def acts(client: SignedInClient) -> list[str]:
    actor = f"account:{client.account.id}"
    return list(db.session.scalars(select(AuditEvent.act).where(AuditEvent.actor == actor).order_by(AuditEvent.number)))


def age(**passed: float) -> None:
    """As if all sign-ins had begun that much earlier."""
    moment = datetime.now(UTC) - timedelta(**passed)
    db.session.execute(update(SignedInSession).values(started_at=moment, seen_at=moment))
    db.session.commit()


def test_a_copied_cookie_is_worthless_after_signing_out(app: Flask) -> None:
    client = signed_in(app, "moderator")
    thief = copy_of(client)
    assert is_signed_in(thief)
    client.post("/account/sign-out")
    assert not is_signed_in(thief)
    assert rows() == 0
    assert acts(client) == ["sign_in", "sign_out"]


def test_the_database_holds_the_hash_of_the_key_alone(app: Flask) -> None:
    key = key_in(signed_in(app, "moderator"))
    assert db.session.scalars(select(SignedInSession.key_hash)).all() == [hash_of_key(key)]
    assert len(key) >= 43  # 256 bits


def test_a_session_lasts_twelve_hours(app: Flask) -> None:
    client = signed_in(app, "moderator")
    age(seconds=MAX_DURATION.total_seconds() - 60)
    assert is_signed_in(client)
    age(seconds=MAX_DURATION.total_seconds() + 60)
    assert not is_signed_in(client)


def test_sessions_that_are_over_leave_the_table(app: Flask) -> None:
    signed_in(app, "moderator")
    age(seconds=MAX_DURATION.total_seconds() + 60)
    client = signed_in(app, "moderator")
    assert db.session.scalars(select(SignedInSession.account_id)).all() == [client.account.id]


def test_the_key_changes_with_each_sign_in(app: Flask) -> None:
    client = signed_in(app, "moderator")
    before = copy_of(client)
    with client.session_transaction() as session:
        del session["_user_id"]  # signed in anew without signing out
    code = app.extensions["security"].mf_recovery_codes_util.get_recovery_codes(client.account)[0]
    client.post("/account/sign-in", data={"email": client.account.email, "password": PASSWORD})
    client.post("/account/second-factor/recovery", data={"code": code})
    assert is_signed_in(client)
    assert not is_signed_in(before)
    assert rows() == 1


@pytest.mark.postgresql
def test_the_key_changes_when_the_password_is_given_again(app: Flask) -> None:
    client = signed_in(app, "moderator")
    before = copy_of(client)
    client.post("/account/password-again", data={"password": "wrong"})
    assert is_signed_in(before)
    client.post("/account/password-again", data={"password": PASSWORD})
    assert is_signed_in(client)
    assert not is_signed_in(before)
    assert rows() == 1


def test_the_key_changes_with_the_authenticator_app(app: Flask) -> None:
    client = signed_in(app, "moderator")
    page = client.post("/account/second-factor", data={"setup": "authenticator"}).text
    key = page.split('<code class="key">')[1].split("</code>")[0]
    before = copy_of(client)
    client.post("/account/second-factor/code", data={"code": TOTP(key=key).generate().token})
    assert is_signed_in(client)
    assert not is_signed_in(before)


def test_a_new_password_ends_all_sessions_but_the_one_it_was_chosen_in(app: Flask, mailbox: Mailbox) -> None:
    mailbox.receive_from(app)
    client = signed_in(app, "moderator")
    other, before = elsewhere(app, client), copy_of(client)
    signed_in(app, "moderator")  # somebody else, whom this does not concern
    data = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    client.post("/account/password", data=data, buffered=True)
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert not is_signed_in(before)
    assert rows() == 2


def test_a_password_chosen_by_the_link_ends_all_sessions(app: Flask, mailbox: Mailbox) -> None:
    mailbox.receive_from(app)
    client = signed_in(app, "moderator")
    visitor = app.test_client()
    visitor.post("/account/forgotten-password", data={"email": client.account.email}, buffered=True)
    path = mailbox.to(client.account.email)[0].links[0].removeprefix(app.config["SITE_URL"])
    visitor.post(path, data={"password": NEW, "password_confirm": NEW}, buffered=True)
    assert not is_signed_in(client)
    assert rows() == 0


@pytest.mark.parametrize("command", ["disable", "reset-second-factor"])
def test_the_commands_that_take_access_away_end_all_sessions(app: Flask, command: str) -> None:
    client = signed_in(app, "moderator")
    assert app.test_cli_runner().invoke(args=["accounts", command, client.account.email]).exit_code == 0
    assert not is_signed_in(client)
    assert rows() == 0


def test_a_key_signs_in_nobody_else(sqlite_app: Flask) -> None:
    client, other = signed_in(sqlite_app, "moderator"), signed_in(sqlite_app, "admin")
    stolen = key_in(client)
    with other.session_transaction() as session:
        session["sign_in_key"] = stolen
    assert not is_signed_in(other)


def test_a_session_without_a_key_signs_in_nobody(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app, "moderator")
    with client.session_transaction() as session:
        del session["sign_in_key"]
    assert not is_signed_in(client)


def test_when_somebody_was_seen_is_written_every_five_minutes_at_most(app: Flask) -> None:
    client = signed_in(app, "moderator")
    age(seconds=SEEN_EVERY.total_seconds() - 60)
    before = db.session.scalar(select(SignedInSession.seen_at))
    client.get("/account")
    db.session.expire_all()
    assert db.session.scalar(select(SignedInSession.seen_at)) == before
    age(seconds=SEEN_EVERY.total_seconds() + 60)
    client.get("/account")
    db.session.rollback()  # what was written is committed
    seen = db.session.scalar(select(SignedInSession.seen_at))
    assert seen is not None
    assert datetime.now(UTC) - seen < SEEN_EVERY


def test_each_request_reads_the_sign_in_once_by_its_key(app: Flask) -> None:
    client = signed_in(app, "moderator")
    read: list[str] = []
    listener = lambda *call: read.append(call[2]) if "signed_in_session" in call[2] else None  # noqa: E731 (removed by its name)
    event.listen(db.engine, "before_cursor_execute", listener)
    client.get("/account")
    event.remove(db.engine, "before_cursor_execute", listener)
    assert len(read) == 1
    assert "signed_in_session.key_hash = " in read[0]


def test_the_page_lists_each_device_in_words(app: Flask) -> None:
    client = signed_in(app, "moderator")
    age(hours=2)
    elsewhere(app, client)
    signed_in(app, "admin")
    page = client.get("/account/sessions").text
    assert page.count('name="session"') == 2
    assert "Safari on an iPhone" in page
    assert page.count("· this device") == 1
    assert "Signed in 2 hours ago" in page


@pytest.mark.postgresql
def test_one_other_session_is_ended(app: Flask) -> None:
    client = signed_in(app, "moderator")
    other = elsewhere(app, client)
    data = {"session": hash_of_key(key_in(other))}
    assert "That device is signed out." in client.post("/account/sessions/end", data=data, follow_redirects=True).text
    assert not is_signed_in(other)
    again = client.post("/account/sessions/end", data=data, follow_redirects=True).text
    assert "was already signed out" in again
    assert is_signed_in(client)
    assert acts(client) == ["sign_in", "sign_in", "end_session"]


@pytest.mark.postgresql
def test_ending_this_session_signs_out(app: Flask) -> None:
    client = signed_in(app, "moderator")
    client.post("/account/sessions/end", data={"session": hash_of_key(key_in(client))})
    assert not is_signed_in(client)
    assert acts(client) == ["sign_in", "sign_out"]


def test_nobody_ends_the_session_of_another(app: Flask) -> None:
    client, other = signed_in(app, "moderator"), signed_in(app, "admin")
    client.post("/account/sessions/end", data={"session": hash_of_key(key_in(other))})
    client.post("/account/sessions/end-others")
    assert is_signed_in(other)
    assert acts(client) == ["sign_in"]


def test_all_other_sessions_are_ended_at_once(app: Flask) -> None:
    client = signed_in(app, "moderator")
    others = [elsewhere(app, client) for _ in range(2)]
    page = client.post("/account/sessions/end-others", follow_redirects=True).text
    assert "You are not signed in anywhere else." in page
    assert not any(map(is_signed_in, others))
    assert is_signed_in(client)
    assert acts(client) == ["sign_in"] * 3 + ["end_other_sessions"]


def test_a_browser_is_named_as_its_person_would(subtests: pytest.Subtests) -> None:
    for user_agent, words in [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on an iPhone"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15",
            "Safari on a Mac",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (X11; CrOS x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36", "Chrome on ChromeOS"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("curl/8.5.0", "Another browser"),
        ("", "Another browser"),
        ("<script>" * 1000, "Another browser"),
    ]:
        with subtests.test(user_agent=user_agent):
            assert device_of(user_agent) == words


def test_a_recovery_code_or_a_code_begins_a_session_alike(app: Flask) -> None:
    account = new_account(app, "moderator")
    client = app.test_client()
    client.post("/account/sign-in", data={"email": account.email, "password": PASSWORD})
    assert rows() == 0
    client.post("/account/second-factor/code", data={"code": code_of(app, account)})
    assert rows() == 1
