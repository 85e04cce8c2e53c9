"""The second factor: codes that work once, passkeys, and the first set-up between the password and being let in."""

import unicodedata
from typing import Any

from flask import Blueprint, Flask, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import MfRecoveryCodesUtil, Security, Totp
from flask_security.tf_plugin import tf_check_state, tf_clean_session
from passlib.totp import TotpMatch

from directory.accounts.models import Account
from directory.extensions import db
from directory.web.transaction import lock_row

STATES = ("setup_from_login", "validating_profile")  # as Flask-Security notes them in the session
_LOOK_LIKE_DIGITS = str.maketrans("oil", "011")
PAGES = {"security.two_factor_setup", "security.two_factor_token_validation"}


class OneUseTotp(Totp):
    """Refuses a code of the time step of the last one that it took, or of an earlier step."""

    def verify_totp(self, token: str, totp_secret: str, user: Account, window: int = 0) -> bool:  # type: ignore[override]  # our accounts are its users
        lock_row(db.session.get_one(Account, user.id))  # not the proxy of the signed-in one
        if totp_secret != user.tf_totp_secret:
            user.tf_last_counter = None  # a new authenticator app: the old one's codes say nothing about its own
        return super().verify_totp(token, totp_secret, user, window)  # type: ignore[arg-type]  # our accounts are its users

    def get_last_counter(self, user: Account) -> int | None:  # type: ignore[override]  # our accounts are its users
        return user.tf_last_counter

    def set_last_counter(self, user: Account, tmatch: TotpMatch) -> None:  # type: ignore[override]  # our accounts are its users
        user.tf_last_counter = tmatch.counter


class OneUseRecoveryCodes(MfRecoveryCodesUtil):
    """Checks a recovery code against what is stored at that moment; the caller deletes it before the commit."""

    def check_recovery_code(self, user: Account, code: str) -> bool:  # type: ignore[override]  # our accounts are its users
        lock_row(db.session.get_one(Account, user.id))
        return super().check_recovery_code(user, _as_made(code))  # type: ignore[arg-type]  # our accounts are its users

    def delete_recovery_code(self, user: Account, code: str) -> bool:  # type: ignore[override]  # our accounts are its users
        return super().delete_recovery_code(user, _as_made(code))  # type: ignore[arg-type]  # our accounts are its users


def _as_made(code: str) -> str:
    """A typed recovery code in its own spelling, "12ab-34cd-56ef".

    Case, width, dashes, spaces and line ends do not count, and letters that codes lack stand for the digits they look
    like.
    """
    typed = unicodedata.normalize("NFKC", code).lower()
    letters = "".join(character for character in typed if character.isalnum()).translate(_LOOK_LIKE_DIGITS)
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


class PasskeyFactor:
    """Passkeys among the second factors that Flask-Security chooses from (its `TfPluginBase`)."""

    def __init__(self, app: Flask) -> None:
        pass

    def create_blueprint(self, app: Flask, bp: Blueprint, state: Security) -> None:
        """No page of its own: they are in passkey_views.py."""

    def get_setup_methods(self, user: Account) -> list[tuple[str, str]]:
        return [("passkey", "Passkey")] if user.webauthn else []

    def tf_login(self, user: Account, json_payload: dict[str, Any], next_loc: str | None) -> ResponseReturnValue:
        """Send the person on to the page that asks for the passkey."""
        session["tf_state"] = "ready"
        return redirect(url_for("passkeys.sign_in", next=next_loc))


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


def forget_what_is_over() -> None:
    """A password that was given before the second factor was set up does not set up another."""
    if request.endpoint in PAGES and session.get("tf_state") in STATES and not current_user.is_authenticated:
        account_setting_up()
