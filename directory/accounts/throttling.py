"""Flask-Security's views and ours of passkeys: how often a network, and how often an account, may try them."""

from collections.abc import Callable
from typing import Any

from flask import current_app, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import recovery_codes, views

from directory.accounts import passkey_views
from directory.accounts.sessions import rotate_session
from directory.extensions import limiter
from directory.web.hmac_hash import keyed_hash, network_of
from directory.web.transaction import transaction

PASSWORDS_OF_AN_ACCOUNT = "5 per minute"
CODES_OF_AN_ACCOUNT = "5 per minute; 30 per hour"  # of a million codes three are right at any moment
MESSAGES_TO_AN_ACCOUNT = "3 per hour"


def password_again() -> ResponseReturnValue:
    """Flask-Security's page that asks for the password again; the key of the session changes with it."""
    given_at = session.get("fs_paa")
    page: ResponseReturnValue = views.verify()
    if session.get("fs_paa") != given_at:
        with transaction():
            rotate_session()
    return page


def forgotten_password() -> ResponseReturnValue:
    """Flask-Security's page, which queues a message and leaves the commit to this."""
    with transaction():
        page: ResponseReturnValue = views.forgot_password()
    return page


def _network() -> str:
    return network_of(request.remote_addr)


def _account_named() -> str:
    """The account whose address was typed, whether there is one or not."""
    return keyed_hash("sign-in", request.form.get("email", "").strip().lower())


def _account_at_hand() -> str:
    """The signed-in account, or the one whose password was given and whose code is asked for."""
    return str(current_user.get_id() or session.get("tf_user_id") or _network())


def _throttled(view: Callable[..., Any], limit: str, key: Callable[[], str]) -> Callable[..., Any]:
    by_account = limiter.limit(limit, key_func=key, methods=["POST"])
    by_network = limiter.limit(lambda: current_app.config["SIGN_IN_LIMIT"], key_func=_network, methods=["POST"])
    return by_network(by_account(view))


# Wrapped once, not for each app: the limiter adds up what it is given for a function.
THROTTLED = {
    "security.login": _throttled(views.login, PASSWORDS_OF_AN_ACCOUNT, _account_named),
    "security.verify": _throttled(password_again, PASSWORDS_OF_AN_ACCOUNT, _account_at_hand),
    "security.change_password": _throttled(views.change_password, PASSWORDS_OF_AN_ACCOUNT, _account_at_hand),
    "security.forgot_password": _throttled(forgotten_password, MESSAGES_TO_AN_ACCOUNT, _account_named),
    "security.two_factor_token_validation": _throttled(
        views.two_factor_token_validation, CODES_OF_AN_ACCOUNT, _account_at_hand
    ),
    "security.mf_recovery": _throttled(recovery_codes.mf_recovery, CODES_OF_AN_ACCOUNT, _account_at_hand),
    "passkeys.set_up": _throttled(passkey_views.set_up, CODES_OF_AN_ACCOUNT, _account_at_hand),
    "passkeys.remove": _throttled(passkey_views.remove, CODES_OF_AN_ACCOUNT, _account_at_hand),
    "passkeys.sign_in": _throttled(passkey_views.sign_in, CODES_OF_AN_ACCOUNT, _account_at_hand),
}
