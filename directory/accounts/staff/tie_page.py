"""The page on which staff declare their ties to providers."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.access import current_actor, role_required
from directory.accounts.roles import STAFF
from directory.accounts.staff.forms import TieForm
from directory.accounts.ties import account_id_of, declare_tie, ties_of
from directory.extensions import db
from directory.web.refusals import ConflictOfInterestError
from directory.web.typed_fields import mistakes_of

blueprint = Blueprint("ties", __name__, url_prefix="/account/ties")


@blueprint.get("")
@role_required(*sorted(STAFF))
def own() -> str:
    return _page(TieForm())


@blueprint.post("")
@role_required(*sorted(STAFF))
def declare() -> ResponseReturnValue:
    form = TieForm(request.form)
    if not form.validate():
        return _page(form), 400
    try:
        declare_tie(current_actor(), form.provider.data, form.what.data)
        db.session.commit()
    except ConflictOfInterestError as refusal:
        db.session.rollback()
        form.provider.errors = [str(refusal)]
        return _page(form), 400
    flash("Your tie is noted. What concerns this provider waits for somebody else.", "success")
    return redirect(url_for(".own"))


def _page(form: TieForm) -> str:
    account_id = account_id_of(current_actor())
    ties = ties_of(account_id) if account_id else []
    return render_template(
        "accounts/staff/ties.html",
        ties=ties,
        form=form,
        errors=mistakes_of(form),
        shows_demonstration=any(tie.provider.is_demonstration for tie in ties),
    )
