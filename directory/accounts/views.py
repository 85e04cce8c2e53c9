"""The pages of one's own account and of its sign-ins; Flask-Security has those for signing in."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import logout_user
from flask_security.views import reset_password

from directory.accounts.access import role_required, signed_in_account
from directory.accounts.roles import ROLES
from directory.accounts.sessions import end_one, end_others, own_key_hash, sign_ins_of
from directory.accounts.work import waiting_work
from directory.web.transaction import transaction

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/account")
@role_required()
def show_account() -> str:
    account = signed_in_account()
    roles = [(name, ROLES[name]) for name in ROLES if name in account.role_names]
    work = [] if account.is_staff else waiting_work(current_app, account)
    return render_template("accounts/own.html", account=account, roles=roles, work=work)


@blueprint.get("/account/arrived")
@role_required()
def arrive() -> ResponseReturnValue:
    """Where signing in ends when no page was asked for."""
    account = signed_in_account()
    if not account.mf_recovery_codes:
        return redirect(url_for("security.mf_recovery_codes"))
    return redirect(url_for("desk.show_staff_page" if account.is_staff else "accounts.show_account"))


@blueprint.route("/account/new-password", methods=["GET", "POST"])
def choose_password() -> ResponseReturnValue:
    """Flask-Security's page for a new password, its key in the query string, which is not logged."""
    page: ResponseReturnValue = reset_password(request.args.get("key", ""))
    return page


@blueprint.get("/account/sessions")
@role_required()
def list_sign_ins() -> str:
    listed = sign_ins_of(signed_in_account().id)
    return render_template("accounts/sessions.html", listed=listed, this=own_key_hash())


@blueprint.post("/account/sessions/end")
@role_required()
def end_sign_in() -> ResponseReturnValue:
    chosen = request.form.get("session", "")
    if chosen == own_key_hash():
        logout_user()
        return redirect(url_for("security.login"))
    with transaction():
        ended = end_one(signed_in_account().id, chosen)
    flash("That device is signed out." if ended else "That device was already signed out.", "success")
    return redirect(url_for(".list_sign_ins"))


@blueprint.post("/account/sessions/end-others")
@role_required()
def end_other_sign_ins() -> ResponseReturnValue:
    with transaction():
        end_others(signed_in_account().id)
    flash("You are now signed in only here.", "success")
    return redirect(url_for(".list_sign_ins"))
