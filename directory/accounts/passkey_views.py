"""Pages of passkeys: one's own, a new one, and the step of signing in that asks for one.

The views import `passkeys` themselves, since webauthn and what it needs take 15 MB.
"""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import check_and_update_authn_fresh, validate_redirect_url
from wtforms import Form
from wtforms.validators import ValidationError

from directory.accounts.access import current_account, role_required, signed_in_account
from directory.accounts.models import Account
from directory.accounts.second_factor import account_in_state, account_setting_up
from directory.accounts.sessions import rotate_session
from directory.accounts.settings import SENTENCES
from directory.web.fields import PlainTextField
from directory.web.transaction import transaction

blueprint = Blueprint("passkeys", __name__, url_prefix="/account")

MAX_PASSKEY_NAME_LENGTH = 64


class PasskeyForm(Form):  # type: ignore[misc]  # WTForms has no types
    """The name of a new passkey, which differs from those `taken`."""

    name = PlainTextField(
        "Name",
        MAX_PASSKEY_NAME_LENGTH,
        required=True,
        sentence="Give the passkey a name by which you know it again, such as “Phone”.",
    )

    def __init__(self, taken: set[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = taken

    def validate_name(self, field: PlainTextField) -> None:
        if field.data in self.taken:
            raise ValidationError("You already have a passkey with that name. Choose another.")


@blueprint.get("/passkeys")
@role_required()
def list_passkeys() -> str:
    return render_template("accounts/passkeys.html", account=signed_in_account())


@blueprint.route("/passkeys/new", methods=["GET", "POST"])
def set_up() -> ResponseReturnValue:
    """For a person who is signed in, and for one who has no second factor yet and only gave the password."""
    from directory.accounts import passkeys

    account = current_account()
    if account is not None:
        if stale := _ask_password_again(url_for(".set_up")):
            return stale
    else:
        account = account_setting_up()
        if account is None:
            return _to_the_start()
    form = PasskeyForm({passkey.name for passkey in account.webauthn}, request.form)
    mistake = ""
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                passkeys.add_passkey(
                    account, form.name.data, request.form.get("ticket", ""), request.form.get("answer", "")
                )
                return _after_adding(account)
        except passkeys.PasskeyError as error:
            mistake = str(error)
    page = render_template(
        "accounts/new_passkey.html",
        form=form,
        mistake=mistake,
        question=passkeys.ask_to_add(account),
        signed_in=current_account() is not None,
    )
    return page, {"Cache-Control": "private, no-store"}


@blueprint.post("/passkeys/remove")
@role_required()
def remove() -> ResponseReturnValue:
    from directory.accounts import passkeys

    if stale := _ask_password_again(url_for(".list_passkeys")):
        return stale
    account = signed_in_account()
    try:
        with transaction():
            name = passkeys.remove_passkey(account, request.form.get("passkey", 0, type=int))
            if name is not None:
                rotate_session()
    except passkeys.PasskeyError as error:
        flash(str(error), "error")
    else:
        flash(f"The passkey “{name}” no longer works here." if name else "That passkey was already removed.", "success")
    return redirect(url_for(".list_passkeys"))


@blueprint.route("/second-factor/passkey", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """The second step of signing in, when the password was right."""
    from directory.accounts import passkeys

    account = account_in_state("ready")
    if account is None or not account.webauthn:
        return _to_the_start()
    mistake = ""
    if request.method == "POST":
        try:
            with transaction():
                passkeys.check_passkey(account, request.form.get("ticket", ""), request.form.get("answer", ""))
                current_app.extensions["security"].two_factor_plugins.tf_complete(account, True)
            return redirect(_wanted() or url_for("accounts.arrive"))
        except passkeys.PasskeyError as error:
            mistake = str(error)
    page = render_template(
        "accounts/passkey_sign_in.html",
        account=account,
        mistake=mistake,
        question=passkeys.ask_to_sign_in(account),
        wanted=_wanted(),
        may_choose=session.get("tf_select", False),
    )
    return page, {"Cache-Control": "private, no-store"}


def _ask_password_again(afterward: str) -> ResponseReturnValue | None:
    """The way to the page that asks for the password and then leads to `afterward`; None when there is no need."""
    within, grace = current_app.config["SECURITY_FRESHNESS"], current_app.config["SECURITY_FRESHNESS_GRACE_PERIOD"]
    if check_and_update_authn_fresh(within, grace, "session"):
        return None
    flash(SENTENCES["REAUTHENTICATION_REQUIRED"], "info")
    return redirect(url_for("security.verify", next=afterward))


def _after_adding(account: Account) -> ResponseReturnValue:
    if current_account() is not None:
        rotate_session()
        arrived = url_for(".list_passkeys")
        flash("The passkey is set up.", "success")
    else:
        current_app.extensions["security"].two_factor_plugins.tf_complete(account, True)
        arrived = url_for("accounts.arrive")
        flash(SENTENCES["TWO_FACTOR_LOGIN_SUCCESSFUL"], "success")
    return redirect(arrived)


def _to_the_start() -> ResponseReturnValue:
    flash(SENTENCES["TWO_FACTOR_PERMISSION_DENIED"], "error")
    return redirect(url_for("security.login"))


def _wanted() -> str | None:
    """The page of this site that the person asked for before they signed in."""
    wanted = request.args.get("next", "")
    own_page = wanted.startswith("/") and "\\" not in wanted
    return wanted if own_page and validate_redirect_url(wanted) else None
