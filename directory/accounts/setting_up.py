"""The first second factor: it is set up between the password and being let in."""

from flask import Flask, request, session
from flask_login import current_user
from flask_security.tf_plugin import tf_check_state, tf_clean_session

from directory.accounts.models import Account

STATES = ("setup_from_login", "validating_profile")  # as Flask-Security notes them in the session
PAGES = {"security.two_factor_setup", "security.two_factor_token_validation"}


def init_app(app: Flask) -> None:
    app.before_request(_forget_what_is_over)


def account_in_state(*states: str) -> Account | None:
    """The account whose password the visitor gave and whose second step is in one of `states`."""
    account: Account | None = tf_check_state(list(states))  # type: ignore[assignment]  # our accounts are its users
    return account


def account_setting_up() -> Account | None:
    """The account whose password the visitor gave and which has no second factor; None for everybody else."""
    account = account_in_state(*STATES)
    if account is not None and account.has_second_factor:
        tf_clean_session()  # type: ignore[no-untyped-call]  # it has no types
        return None
    return account


def _forget_what_is_over() -> None:
    """With a password that was given before the second factor was set up, nobody sets up another."""
    if request.endpoint in PAGES and session.get("tf_state") in STATES and not current_user.is_authenticated:
        account_setting_up()
