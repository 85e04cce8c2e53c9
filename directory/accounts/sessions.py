"""Sign-ins that last: each has a random key in its person's cookie, and a row with the key's hash here.

Without the row the cookie is worth nothing, so that to delete it is to end the sign-in.
"""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, Response, current_app, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import user_logged_out
from flask_security import Security, password_changed, password_reset, tf_profile_changed, user_authenticated
from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.exc import OperationalError

from directory.accounts.keys import hash_of_key
from directory.accounts.models import Account, SignedInSession
from directory.audit.log import record
from directory.extensions import db
from directory.web.headers import FILES
from directory.web.transaction import transaction

MAX_DURATION = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)  # between two writes of when it was last seen
KEY = "sign_in_key"
KEPT = {"_user_id", "_id", "_fresh", "_flashes", "fs_paa", "fs_cc"}  # of Flask-Login, Flask and Flask-Security
# The first text that is found counts: most browsers also name those whose pages they understand.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


class PageSessions(SecureCookieSessionInterface):
    """Keeps sessions out of the answers with files that any cache may keep for everybody."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint not in FILES:
            super().save_session(app, session, response)


def init_app(app: Flask, security: Security) -> None:
    app.session_interface = PageSessions()
    load = security.login_manager.user_callback

    @security.login_manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
    def load_account(fs_uniquifier: str) -> Account | None:
        sign_in = _lasting_sign_in()
        if sign_in is None:
            return None
        account: Account | None = load(fs_uniquifier)
        return account if account is not None and account.id == sign_in.account_id else None

    # Sessions are the only way in: no token in an address or a header counts.
    security.login_manager.request_loader(lambda request: None)
    user_authenticated.connect(begin_session, app)
    user_logged_out.connect(end_session, app)
    tf_profile_changed.connect(rotate_session, app)
    password_changed.connect(_end_other_sessions, app)
    password_reset.connect(_end_sessions, app)


def own_key_hash() -> str:
    """The hash of the key in the visitor's cookie; one that no row has when there is none."""
    return hash_of_key(session.get(KEY, ""))


def begin_session(app: Flask, user: Account, **_: Any) -> None:
    """Forget what the visitor's session held before, and note the sign-in. Flask-Security commits afterward.

    The sign-in takes the place of the visitor's one before; those that are over go.
    """
    now, before = datetime.now(UTC), own_key_hash()
    is_over = or_(SignedInSession.key_hash == before, SignedInSession.started_at <= now - MAX_DURATION)
    db.session.execute(delete(SignedInSession).where(is_over))
    for name in set(session) - KEPT:
        del session[name]
    session[KEY] = secrets.token_urlsafe(32)
    device = device_of(request.headers.get("User-Agent", ""))
    db.session.add(
        SignedInSession(key_hash=own_key_hash(), account_id=user.id, started_at=now, seen_at=now, device=device)
    )
    user.signed_in_at = now
    record(f"account:{user.id}", "sign_in", f"account:{user.id}")


def rotate_session(*_: object, **__: object) -> None:
    """Give the visitor's sign-in another key, as after every proof of who they are; the one before is worth nothing."""
    if KEY in session:
        before, session[KEY] = own_key_hash(), secrets.token_urlsafe(32)
        renewed = update(SignedInSession).where(SignedInSession.key_hash == before).values(key_hash=own_key_hash())
        db.session.execute(renewed)


def end_session(app: Flask, user: Account, **_: Any) -> None:
    """End the sign-in of a person who signs out, so that no copy of the cookie outlives it."""
    key = session.pop(KEY, None)
    if key is not None:
        with transaction():
            db.session.execute(delete(SignedInSession).where(SignedInSession.key_hash == hash_of_key(key)))
            record(f"account:{user.id}", "sign_out", f"account:{user.id}")


def end_all(account_id: int, but: str = "") -> int:
    """End the account's sign-ins, except the one whose key has the hash `but`; gives how many ended."""
    chosen = delete(SignedInSession).where(SignedInSession.account_id == account_id, SignedInSession.key_hash != but)
    return len(db.session.scalars(chosen.returning(SignedInSession.key_hash)).all())


def end_one(account_id: int, key_hash: str) -> bool:
    """End one sign-in of the account, as its person asked. False when there is none any more."""
    chosen = delete(SignedInSession).where(
        SignedInSession.account_id == account_id, SignedInSession.key_hash == key_hash
    )
    device = db.session.scalar(chosen.returning(SignedInSession.device))
    if device is not None:
        record(f"account:{account_id}", "end_session", f"account:{account_id}", before={"device": device})
    return device is not None


def end_others(account_id: int) -> None:
    """End all sign-ins of the visitor's account except their own, as they asked."""
    ended = end_all(account_id, but=own_key_hash())
    if ended:
        record(f"account:{account_id}", "end_other_sessions", f"account:{account_id}", before={"sessions": ended})


def sign_ins_of(account_id: int) -> Sequence[SignedInSession]:
    """Those that last, the one that was seen last first."""
    listed = _lasting().where(SignedInSession.account_id == account_id)
    return db.session.scalars(listed.order_by(SignedInSession.seen_at.desc(), SignedInSession.key_hash)).all()


def _lasting() -> Select[SignedInSession]:
    return select(SignedInSession).where(SignedInSession.started_at > datetime.now(UTC) - MAX_DURATION)


def _end_other_sessions(app: Flask, user: Account, **_: Any) -> None:
    """After a change of password only the sign-in that made it lasts. Flask-Security commits afterward."""
    end_all(user.id, but=own_key_hash())


def _end_sessions(app: Flask, user: Account, **_: Any) -> None:
    """After a new password by the link, one signs in with it everywhere. Flask-Security commits afterward."""
    end_all(user.id)


def _lasting_sign_in() -> SignedInSession | None:
    """The visitor's sign-in, if it has not ended. Notes now and then that they were seen."""
    sign_in = db.session.scalar(_lasting().where(SignedInSession.key_hash == own_key_hash()))
    now = datetime.now(UTC)
    if sign_in is None or now - sign_in.seen_at < SEEN_EVERY:
        return sign_in
    try:
        with transaction():  # nothing else waits yet: this is read before any view begins
            sign_in.seen_at = now
    except OperationalError as error:  # the database is locked for long; reading goes on
        current_app.logger.warning("A sign-in could not be noted as seen: %s", error)
    return sign_in


def device_of(user_agent: str) -> str:
    """Browser and system by the User-Agent header: "Firefox on Windows". Nothing of the header itself is kept."""
    browser = _first_found(BROWSERS, user_agent) or "Another browser"
    system = _first_found(SYSTEMS, user_agent)
    return f"{browser} on {system}" if system else browser


def _first_found(names: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((words for mark, words in names if mark in text), None)
