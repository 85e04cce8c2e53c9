"""The session cookie: whom it signs in, and when its key changes or is worth nothing any more."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, current_app, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from flask_login import user_logged_out
from flask_security import Security, password_changed, password_reset, tf_profile_changed, user_authenticated, views
from sqlalchemy.exc import OperationalError

from directory.accounts.models import Account, SignedInSession
from directory.accounts.sign_ins import SEEN_EVERY, begin_sign_in, end_all, end_by_key, renew_key, sign_in_of
from directory.audit.log import record
from directory.web.transaction import transaction

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
    """Keeps sessions out of the answers with static files, which any cache may keep for everybody."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "static":
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


def current_key() -> str | None:
    """The key of the visitor's sign-in, whether that lasts or not."""
    key: str | None = session.get(KEY)
    return key


def begin_session(app: Flask, user: Account, **_: Any) -> None:
    """Forget what the visitor's session held before, and note the sign-in. Flask-Security commits afterward."""
    before = current_key()
    for key in set(session) - KEPT:
        del session[key]
    session[KEY] = begin_sign_in(user.id, device_of(request.headers.get("User-Agent", "")), before)
    user.signed_in_at = datetime.now(UTC)
    record(f"account:{user.id}", "sign_in", f"account:{user.id}")


def rotate_session(*_: object, **__: object) -> None:
    """Give the visitor's sign-in another key, as after every proof of who they are."""
    before = current_key()
    if before is not None:
        session[KEY] = renew_key(before)


def end_session(app: Flask, user: Account, **_: Any) -> None:
    """End the sign-in of a person who signs out, so that no copy of the cookie outlives it."""
    key = session.pop(KEY, None)
    if key is not None:
        with transaction():
            end_by_key(key)
            record(f"account:{user.id}", "sign_out", f"account:{user.id}")


def password_again() -> ResponseReturnValue:
    """Flask-Security's page that asks for the password again; the key changes with it."""
    given_at = session.get("fs_paa")
    page: ResponseReturnValue = views.verify()
    if session.get("fs_paa") != given_at:
        with transaction():
            rotate_session()
    return page


def _end_other_sessions(app: Flask, user: Account, **_: Any) -> None:
    """After a change of password only the sign-in that made it lasts. Flask-Security commits afterward."""
    end_all(user.id, but=current_key())


def _end_sessions(app: Flask, user: Account, **_: Any) -> None:
    """After a new password by the link, one signs in with it everywhere. Flask-Security commits afterward."""
    end_all(user.id)


def _lasting_sign_in() -> SignedInSession | None:
    """The visitor's sign-in, if it has not ended. Notes now and then that they were seen."""
    key = current_key()
    sign_in = sign_in_of(key) if key is not None else None
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
