"""The admins' pages of accounts: all accounts and open invitations, and one account with what can be done to it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form
from wtforms.validators import ValidationError

from directory.accounts.access import current_actor, role_required
from directory.accounts.actions import ACTS, AccountError, change_access
from directory.accounts.conflicts import conflicts_of, end_conflict
from directory.accounts.models import Account, ConflictOfInterest, Invitation
from directory.accounts.queries import listed_accounts, names_of
from directory.accounts.roles import ADMIN, ROLES, STAFF
from directory.accounts.sessions import sign_ins_of
from directory.accounts.staff import inviting
from directory.extensions import db
from directory.web.email_field import AddressField
from directory.web.fields import AnswersField, LineField
from directory.web.forms import mistakes_of
from directory.web.pagination import asked_page
from directory.web.refusals import ConflictOfInterestError
from directory.web.transaction import transaction

blueprint = Blueprint("staff_accounts", __name__, url_prefix="/admin/accounts")

OFFERED_ROLES = {role: meaning for role, meaning in ROLES.items() if role in STAFF}
DONE = {
    "disable": "{name} can no longer sign in and is signed out everywhere.",
    "enable": "{name} may sign in again.",
    "reset_second_factor": "{name} sets up a new second factor at the next sign-in, and is signed out everywhere.",
    "end_sessions": "{name} is signed out everywhere.",
}
INVITATION_ACTS = {
    "send_again": (inviting.send_again, "An email with a new link is on its way to {email}."),
    "withdraw": (inviting.withdraw, "The invitation for {email} was withdrawn."),
}
ANSWERED = {
    "used": "That invitation was accepted in the meantime. The account is in the list.",
    "withdrawn": "That invitation was already withdrawn.",
}


class RolesField(AnswersField):
    """At least one of the roles of staff."""

    def pre_validate(self, form: Form) -> None:
        if not self.data:
            raise ValidationError(self.sentence)


class InviteForm(Form):  # type: ignore[misc]  # WTForms has no types
    """Whom an admin invites."""

    name = LineField("Name", inviting.MAX_NAME_LENGTH)
    email = AddressField("Email", "Type their email address, such as name@example.org.", required=True)
    roles = RolesField("Roles", OFFERED_ROLES, "Choose at least one role.")


@blueprint.get("")
@role_required(ADMIN)
def list_accounts() -> str:
    return _accounts_page(InviteForm())


@blueprint.post("")
@role_required(ADMIN)
def invite_staff() -> ResponseReturnValue:
    form = InviteForm(request.form)
    if not form.validate():
        return _accounts_page(form), 400
    try:
        with transaction():
            invitation = inviting.invite(current_actor(), form.email.data, form.roles.data, form.name.data or "")
    except AccountError as refusal:
        form.email.errors = [str(refusal)]
        return _accounts_page(form), 409
    flash(f"An email is on its way to {invitation.email}.", "success")
    return redirect(url_for(".list_accounts", _anchor="invitations"))


@blueprint.post("/invitations/<int:invitation_id>")
@role_required(ADMIN)
def change_invitation(invitation_id: int) -> ResponseReturnValue:
    """Send an invitation again, or withdraw it."""
    invitation = db.session.get(Invitation, invitation_id) or abort(404)
    change, done = INVITATION_ACTS.get(request.form.get("act", "")) or abort(400)
    try:
        with transaction():
            change(current_actor(), invitation)
        flash(done.format(email=invitation.email), "success")
    except inviting.InvitationExpiredError as over:
        flash(ANSWERED[over.state], "info")
    return redirect(url_for(".list_accounts", _anchor="invitations"))


@blueprint.get("/<int:account_id>")
@role_required(ADMIN)
def show_account(account_id: int) -> str:
    return _account_page(_known(account_id))


@blueprint.post("/<int:account_id>")
@role_required(ADMIN)
def change_account(account_id: int) -> ResponseReturnValue:
    changed = _known(account_id)
    act = request.form.get("act", "")
    if act not in ACTS:
        abort(400)
    try:
        with transaction():
            change_access(current_actor(), changed, act)
    except AccountError as refusal:
        return _account_page(changed, str(refusal)), 409
    flash(DONE[act].format(name=changed.name), "success")
    return redirect(url_for(".show_account", account_id=account_id))


@blueprint.post("/<int:account_id>/conflicts/<npi>")
@role_required(ADMIN)
def end_conflict_of(account_id: int, npi: str) -> ResponseReturnValue:
    shown = _known(account_id)
    conflict = db.session.get(ConflictOfInterest, (account_id, npi))
    if conflict is not None:  # else it is a second click
        try:
            with transaction():
                end_conflict(current_actor(), conflict)
        except ConflictOfInterestError as refusal:
            return _account_page(shown, str(refusal)), 409
    flash("The conflict of interest was ended.", "success")
    return redirect(url_for(".show_account", account_id=account_id))


def _known(account_id: int) -> Account:
    return db.session.get(Account, account_id) or abort(404)


def _accounts_page(form: InviteForm) -> str:
    words = request.args.get("words", "")
    accounts, pages = listed_accounts(words.replace("\0", " "), asked_page(request.args))
    invitations = inviting.open_invitations()
    return render_template(
        "accounts/staff/accounts.html",
        accounts=accounts,
        pages=pages,
        words=words,
        invitations=[(invitation, inviting.state_of(invitation)) for invitation in invitations],
        inviters=names_of(invitation.invited_by for invitation in invitations),
        form=form,
        errors=mistakes_of(form),
        roles=OFFERED_ROLES,
        days=inviting.INVITATION_DAYS,
    )


def _account_page(shown: Account, refusal: str | None = None) -> str:
    conflicts = conflicts_of(shown.id)
    return render_template(
        "accounts/staff/account.html",
        account=shown,
        is_own=current_actor() == f"account:{shown.id}",
        roles=[(name, ROLES[name]) for name in ROLES if name in shown.role_names],
        sessions=sign_ins_of(shown.id),
        conflicts=conflicts,
        refusal=refusal,
        shows_demonstration=any(conflict.provider.is_demonstration for conflict in conflicts),
    )
