"""The pages of one's own account; Flask-Security has those for signing in."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security.views import reset_password

from directory.accounts.access import role_required, signed_in_account
from directory.accounts.roles import ROLES
from directory.accounts.work import waiting_work

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/account")
@role_required()
def own() -> str:
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
    return redirect(url_for("desk.staff_page" if account.is_staff else "accounts.own"))


@blueprint.route("/account/new-password", methods=["GET", "POST"])
def new_password() -> ResponseReturnValue:
    """Flask-Security's page for a new password, its key in the query string, which is not logged."""
    page: ResponseReturnValue = reset_password(request.args.get("key", ""))
    return page
