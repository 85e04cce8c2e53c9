"""The page on which staff declare their conflicts of interest."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.access import current_actor, role_required
from directory.accounts.conflicts import account_id_of, conflicts_of, declare_conflict
from directory.accounts.roles import STAFF
from directory.accounts.staff.forms import ConflictForm
from directory.web.forms import mistakes_of
from directory.web.refusals import ConflictOfInterestError
from directory.web.transaction import transaction

blueprint = Blueprint("conflicts", __name__, url_prefix="/account/conflicts")


@blueprint.get("")
@role_required(*sorted(STAFF))
def list_conflicts() -> str:
    return _page(ConflictForm())


@blueprint.post("")
@role_required(*sorted(STAFF))
def declare() -> ResponseReturnValue:
    form = ConflictForm(request.form)
    if not form.validate():
        return _page(form), 400
    try:
        with transaction():
            declare_conflict(current_actor(), form.provider.data, form.what.data)
    except ConflictOfInterestError as refusal:
        form.provider.errors = [str(refusal)]
        return _page(form), 400
    flash("Your conflict of interest is noted. What concerns this provider waits for somebody else.", "success")
    return redirect(url_for(".list_conflicts"))


def _page(form: ConflictForm) -> str:
    account_id = account_id_of(current_actor())
    conflicts = conflicts_of(account_id) if account_id else []
    return render_template(
        "accounts/staff/conflicts.html",
        conflicts=conflicts,
        form=form,
        errors=mistakes_of(form),
        shows_demonstration=any(conflict.provider.is_demonstration for conflict in conflicts),
    )
