"""Passkeys among the second factors that Flask-Security chooses from when the password was right."""

from typing import Any

from flask import Blueprint, Flask, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import Security

from directory.accounts.models import Account

METHOD = "passkey"


class PasskeyFactor:
    """What Flask-Security's `TfPluginBase` asks for, on which its setting TWO_FACTOR_IMPLEMENTATIONS hangs."""

    def __init__(self, app: Flask) -> None:
        pass

    def create_blueprint(self, app: Flask, bp: Blueprint, state: Security) -> None:
        """No page of its own: they are in passkey_views.py."""

    def get_setup_methods(self, user: Account) -> list[tuple[str, str]]:
        return [(METHOD, "Passkey")] if user.webauthn else []

    def tf_login(self, user: Account, json_payload: dict[str, Any], next_loc: str | None) -> ResponseReturnValue:
        """Send the person on to the page that asks for the passkey."""
        session["tf_state"] = "ready"
        return redirect(url_for("passkeys.sign_in", next=next_loc))
