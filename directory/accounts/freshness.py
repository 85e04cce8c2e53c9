"""Before somebody changes how they sign in, the password must have been given lately."""

from flask import current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import check_and_update_authn_fresh

from directory.accounts.settings import SENTENCES


def ask_password_again(afterward: str) -> ResponseReturnValue | None:
    """The way to the page that asks for the password and then leads to `afterward`; None when there is no need."""
    within, grace = current_app.config["SECURITY_FRESHNESS"], current_app.config["SECURITY_FRESHNESS_GRACE_PERIOD"]
    if check_and_update_authn_fresh(within, grace, "session"):
        return None
    flash(SENTENCES["REAUTHENTICATION_REQUIRED"], "info")
    return redirect(url_for("security.verify", next=afterward))
