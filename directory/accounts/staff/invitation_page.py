"""The page behind the link of an invitation, on which its reader makes the account."""

import hmac

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import Form

from directory.accounts.actions import AccountError, checked_password
from directory.accounts.models import Invitation
from directory.accounts.roles import ROLES
from directory.accounts.settings import PASSWORD_LENGTH
from directory.accounts.staff.inviting import (
    MAX_NAME_LENGTH,
    InvitationExpiredError,
    State,
    accept,
    invitation_of_key,
    state_of,
)
from directory.extensions import limiter
from directory.web.fields import LineField, TypedField
from directory.web.forms import mistakes_of
from directory.web.transaction import transaction

blueprint = Blueprint("invitation", __name__)


class PasswordField(TypedField):
    """A password, with all its spaces. It is never shown again."""

    def process_formdata(self, typed: list[str]) -> None:  # type: ignore[override]  # WTForms gives a list
        self.data = typed[0] if typed and isinstance(typed[0], str) and typed[0] else None


class AcceptForm(Form):  # type: ignore[misc]  # WTForms has no types
    """The account that the reader of an invitation makes."""

    name = LineField("Your name", MAX_NAME_LENGTH, sentence="Type your name as colleagues know you.", required=True)
    password = PasswordField("Password", "Choose a password.", required=True)
    again = PasswordField("The same password again", "Type the same password again.", required=True)

    def __init__(self, email: str, invited_name: str, typed: MultiDict[str, str] | None = None) -> None:
        super().__init__(typed, name=invited_name)
        self.email = email

    def validate(self, extra_validators: object = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if self.password.data:
            _, faults = checked_password(self.password.data, self.email, self.name.data or "")
            self.password.errors = [*self.password.errors, *faults]
            if self.again.data and not hmac.compare_digest(self.again.data.encode(), self.password.data.encode()):
                self.again.errors = ["The two passwords don’t match. Type the same one twice."]
        return valid and not self.password.errors and not self.again.errors


@blueprint.route("/invitation", methods=["GET", "POST"])
@limiter.limit(lambda: current_app.config["SIGN_IN_LIMIT"], methods=["POST"])
def accept_invitation() -> ResponseReturnValue:
    response = make_response(_answer(invitation_of_key(request.args.get("key", ""))))
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _answer(invitation: Invitation | None) -> ResponseReturnValue:
    if invitation is None:
        return render_template("accounts/staff/invitation_over.html", state=None), 400
    if state_of(invitation) is not State.OPEN:
        return _over(state_of(invitation))
    if request.method == "GET":
        return _page(invitation, AcceptForm(invitation.email, invitation.name))
    form = AcceptForm(invitation.email, invitation.name, request.form)
    if not form.validate():
        return _page(invitation, form), 400
    try:
        with transaction():
            accept(invitation, form.name.data, form.password.data)
    except InvitationExpiredError as over:
        return _over(over.state)
    except AccountError as refusal:
        return _page(invitation, form, str(refusal)), 409
    flash(
        "Your account is ready. Sign in with your email address and password, then set up the second factor.", "success"
    )
    return redirect(url_for("security.login"))


def _over(state: State) -> ResponseReturnValue:
    return render_template("accounts/staff/invitation_over.html", state=state), 410


def _page(invitation: Invitation, form: AcceptForm, refusal: str | None = None) -> str:
    return render_template(
        "accounts/staff/invitation.html",
        invitation=invitation,
        key=request.args["key"],
        form=form,
        errors=mistakes_of(form),
        refusal=refusal,
        roles=[(role, ROLES[role]) for role in invitation.roles],
        password_length=PASSWORD_LENGTH,
    )
