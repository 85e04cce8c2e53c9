"""The page of one's sign-ins, and the buttons that end them."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import logout_user

from directory.accounts.access import role_required, signed_in_account
from directory.accounts.keys import hash_of_key
from directory.accounts.sessions import current_key
from directory.accounts.sign_ins import end_one, end_others, sign_ins_of
from directory.web.days import age_in_words
from directory.web.transaction import transaction

blueprint = Blueprint("sessions", __name__, url_prefix="/account/sessions")


@blueprint.get("")
@role_required()
def own() -> str:
    now = datetime.now(UTC)
    listed = [
        (sign_in, age_in_words(sign_in.started_at, now), age_in_words(sign_in.seen_at, now))
        for sign_in in sign_ins_of(signed_in_account().id)
    ]
    return render_template("accounts/sessions.html", listed=listed, this=hash_of_key(_key()))


@blueprint.post("/end")
@role_required()
def end() -> ResponseReturnValue:
    chosen = request.form.get("session", "")
    if chosen == hash_of_key(_key()):
        logout_user()
        return redirect(url_for("security.login"))
    with transaction():
        ended = end_one(signed_in_account().id, chosen)
    flash("That device is signed out." if ended else "That device was signed out already.", "success")
    return redirect(url_for(".own"))


@blueprint.post("/end-others")
@role_required()
def end_all_others() -> ResponseReturnValue:
    with transaction():
        end_others(signed_in_account().id, but=_key())
    flash("You are signed in here alone.", "success")
    return redirect(url_for(".own"))


def _key() -> str:
    key = current_key()
    assert key is not None, "without it nobody is signed in"  # noqa: S101 (tells mypy what the loader ensures)
    return key
