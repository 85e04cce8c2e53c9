"""People who sign in: staff and clinics' representatives, with their roles."""

from typing import Any

from flask import Flask, Response
from flask_security import (
    MailUtil,
    Security,
    SQLAlchemyUserDatastore,
    password_changed,
    password_reset,
    tf_profile_changed,
)

from directory.accounts import passkey_views, sessions, views
from directory.accounts.access import current_account, to_sign_in
from directory.accounts.forms import ForgottenPasswordForm, RescueForm, SignInForm
from directory.accounts.models import Account, Passkey, Role
from directory.accounts.roles import ADMIN, STAFF
from directory.accounts.second_factor import OneUseRecoveryCodes, OneUseTotp, forget_what_is_over
from directory.accounts.settings import security_settings
from directory.accounts.staff import account_pages, conflict_page, invitation_page, log
from directory.accounts.throttling import THROTTLED
from directory.accounts.work import WorkLink, register_work
from directory.audit.log import record
from directory.extensions import db
from directory.mail.outbox import queue_mail
from directory.web.commands import LazyCommand


class OutboxMail(MailUtil):
    """Queues Flask-Security's messages with the change that they tell of, which the view commits."""

    def send_mail(
        self, template: str, subject: str, recipient: Any, sender: Any, body: str | None, html: Any, **context: Any
    ) -> None:
        queue_mail(context["user"].email, str(subject), (body or "").strip() + "\n")


def init_app(app: Flask) -> None:
    """Register this feature."""
    for name, value in security_settings(app.config["SECRET_KEY"]).items():
        app.config.setdefault(f"SECURITY_{name}", value)
    security = Security(
        app,
        SQLAlchemyUserDatastore(db, Account, Role, Passkey),  # type: ignore[arg-type]  # they are its mixins' at run time
        login_form=SignInForm,
        forgot_password_form=ForgottenPasswordForm,
        two_factor_rescue_form=RescueForm,
        mail_util_cls=OutboxMail,
        totp_cls=OneUseTotp,
        mf_recovery_codes_util_cls=OneUseRecoveryCodes,
    )
    security.unauthn_handler(to_sign_in)
    security.want_json(lambda request: False)  # pages alone
    security.principal.skip_static = True  # a style sheet depends on no session
    sessions.init_app(app, security)
    app.before_request(forget_what_is_over)
    app.after_request(keep_private)
    for pages in (views, passkey_views, account_pages, invitation_page, log, conflict_page):
        app.register_blueprint(pages.blueprint)
    app.view_functions.update(THROTTLED)
    register_work(app, WorkLink("Accounts", "staff_accounts.list_accounts", (ADMIN,)))
    register_work(app, WorkLink("The log", "audit_log.search", tuple(STAFF)))
    register_work(app, WorkLink("Your conflicts of interest", "conflicts.list_conflicts", tuple(STAFF)))
    app.cli.add_command(
        LazyCommand(
            "accounts", "directory.accounts.cli:accounts_cli", "People who sign in: staff and clinics' representatives."
        )
    )
    for signal in (password_changed, password_reset, tf_profile_changed):
        signal.connect(_audit_change, app)


def keep_private(response: Response) -> Response:
    """Let no cache keep a page with the name and links of a signed-in person, unless its view says for how long."""
    says_private = "private" in response.headers.get("Cache-Control", "")
    if response.mimetype == "text/html" and not says_private and current_account() is not None:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _audit_change(app: Flask, user: Account, **_: Any) -> None:
    """Note that the person changed how they sign in. Flask-Security commits afterward."""
    record(f"account:{user.id}", "change_sign_in", f"account:{user.id}")
