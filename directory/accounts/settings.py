"""What Flask-Security is told: which of its features we use, where, with which keys and sentences."""

from datetime import UTC, datetime, timedelta
from typing import Any

from directory.accounts.keys import derived_key

SITE_NAME = "Neck Spasm Directory"
PASSWORD_LENGTH = 12

ERRORS = {
    "GENERIC_AUTHN_FAILED": "That email address and password don’t match an account. Check both and try again.",
    "EMAIL_NOT_PROVIDED": "Enter your email address.",
    "INVALID_EMAIL_ADDRESS": "Enter a full email address, such as name@example.org.",
    "PASSWORD_NOT_PROVIDED": "Enter your password.",
    "INVALID_PASSWORD": "That is not your password. Type it again.",
    "PASSWORD_INVALID_LENGTH": "Choose a password of %(length)s to 128 characters.",
    "PASSWORD_TOO_SIMPLE": "That password is easy to guess. Choose another, for example four random words.",
    "PASSWORD_IS_THE_SAME": "Choose a password that is different from your current one.",
    "RETYPE_PASSWORD_MISMATCH": "The two new passwords don’t match. Type the same one twice.",
    "PASSWORD_RESET_EXPIRED": "That link works for %(within)s and has expired. Ask for a new one.",
    "INVALID_RESET_PASSWORD_TOKEN": "That link is not complete, or was already used. Ask for a new one.",
    "TWO_FACTOR_INVALID_TOKEN": "That code is wrong or was already used. Enter the one that your app shows now.",
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": "Press the button to set up an authenticator app.",
    "TWO_FACTOR_PERMISSION_DENIED": "Sign in with your address and password first.",
    "INVALID_RECOVERY_CODE": "That recovery code is wrong or was already used. Enter another.",
}
NOTES = {
    "PASSWORD_RESET_REQUEST": "If there is an account with that email address, we sent a link to it.",
    "REAUTHENTICATION_REQUIRED": "Enter your password again before you change how you sign in.",
}
SUCCESSES = {
    "PASSWORD_CHANGE": "Your password was changed. Other devices are signed out.",
    "PASSWORD_RESET_NO_LOGIN": "Your password was changed. Sign in with it.",
    "TWO_FACTOR_LOGIN_SUCCESSFUL": "You are signed in.",
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": "Your new authenticator app is set up. The old one no longer works.",
    "REAUTHENTICATION_SUCCESSFUL": "Thank you. You can continue.",
}
SENTENCES = ERRORS | NOTES | SUCCESSES


def security_settings(secret_key: str) -> dict[str, Any]:
    """Flask-Security's settings by their names there, without the prefix SECURITY_."""
    return {
        "URL_PREFIX": "/account",
        "LOGIN_URL": "/sign-in",
        "LOGOUT_URL": "/sign-out",
        "VERIFY_URL": "/password-again",
        "CHANGE_URL": "/password",
        "RESET_URL": "/forgotten-password",
        "TWO_FACTOR_SETUP_URL": "/second-factor",
        "TWO_FACTOR_TOKEN_VALIDATION_URL": "/second-factor/code",
        "TWO_FACTOR_RESCUE_URL": "/second-factor/help",
        "TWO_FACTOR_SELECT_URL": "/second-factor/choice",
        "MULTI_FACTOR_RECOVERY_CODES_URL": "/recovery-codes",
        "MULTI_FACTOR_RECOVERY_URL": "/second-factor/recovery",
        "POST_LOGIN_VIEW": "accounts.arrive",
        "POST_LOGOUT_VIEW": "search.show_home",
        "POST_RESET_VIEW": "security.login",
        "POST_CHANGE_VIEW": "accounts.show_account",
        "POST_VERIFY_VIEW": "accounts.show_account",
        "TWO_FACTOR_POST_SETUP_VIEW": "accounts.show_account",
        "STATIC_FOLDER": None,
        "CACHE_CONTROL": {"private": None, "no-store": None},  # Werkzeug writes its default as private=True
        "CLI_USERS_NAME": "",  # our commands audit what they do
        "CLI_ROLES_NAME": "",
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        "PASSWORD_SALT": derived_key(secret_key, "password"),
        "PASSWORD_LENGTH_MIN": PASSWORD_LENGTH,
        "PASSWORD_COMPLEXITY_CHECKER": "zxcvbn",
        "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "allow_smtputf8": False},  # what our mail can reach
        "RETURN_GENERIC_RESPONSES": True,
        "CHANGEABLE": True,
        "RECOVERABLE": True,
        "RESET_PASSWORD_WITHIN": timedelta(hours=2),
        "EMAIL_HTML": False,
        "EMAIL_SUBJECT_PASSWORD_RESET": "Choose a new password",
        "EMAIL_SUBJECT_PASSWORD_NOTICE": "Your password was changed",
        "EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": "Your password was changed",
        "TWO_FACTOR": True,
        "TWO_FACTOR_REQUIRED": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        # Its own passkeys will not do: docs/decisions/0005-passkeys.md.
        "TWO_FACTOR_IMPLEMENTATIONS": {
            "code": "flask_security.twofactor.CodeTfPlugin",
            "passkey": "directory.accounts.second_factor.PasskeyFactor",
        },
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,  # seconds before and after: one code of each
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "TOTP_ISSUER": SITE_NAME,
        "TOTP_SECRETS": {"1": derived_key(secret_key, "second factor")},
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "MULTI_FACTOR_RECOVERY_CODES_N": 10,
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [derived_key(secret_key, "recovery codes").encode()],
        "FRESHNESS": timedelta(hours=1),  # since the password was given, to change how one signs in
        "FRESHNESS_GRACE_PERIOD": timedelta(minutes=15),
        "API_ENABLED_METHODS": ["session"],
        "DATETIME_FACTORY": lambda: datetime.now(UTC),
        **{
            f"MSG_{name}": (sentence, kind)
            for kind, sentences in (("error", ERRORS), ("info", NOTES), ("success", SUCCESSES))
            for name, sentence in sentences.items()
        },
    }
