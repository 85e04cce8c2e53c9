"""Sessions: a fresh one at sign-in, which lasts twelve hours from then and ends when the account is disabled."""

import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_security import Security, user_authenticated

from directory.accounts.models import Account
from directory.audit.log import record

SESSION_SECONDS = 12 * 3600
KEPT = {"_user_id", "_id", "_fresh", "_flashes", "fs_paa", "fs_cc"}  # of Flask-Login, Flask and Flask-Security


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
        signed_in_at = session.get("fs_paa", 0)  # Flask-Security notes there when the password was given
        return load(fs_uniquifier) if time.time() - signed_in_at < SESSION_SECONDS else None

    # Sessions are the only way in: no token in an address or a header counts.
    security.login_manager.request_loader(lambda request: None)
    user_authenticated.connect(begin_session, app)


def begin_session(app: Flask, user: Account, **_: Any) -> None:
    """Forget what the visitor's session held before, and note the sign-in. Flask-Security commits afterwards."""
    for key in set(session) - KEPT:
        del session[key]
    user.signed_in_at = datetime.now(UTC)
    record(f"account:{user.id}", "sign_in", f"account:{user.id}")
