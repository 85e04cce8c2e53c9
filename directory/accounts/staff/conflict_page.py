"""The page on which staff declare their conflicts of interest."""

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from directory.accounts.access import current_actor, role_required, signed_in_account
from directory.accounts.conflicts import conflicts_of, declare_conflict
from directory.accounts.roles import STAFF
from directory.web.fields import PlainTextField, TypedField
from directory.web.forms import mistakes_of
from directory.web.refusals import ConflictOfInterestError
from directory.web.transaction import transaction

blueprint = Blueprint("conflicts", __name__, url_prefix="/account/conflicts")

MAX_CONFLICT_LENGTH = 300


class ProviderField(TypedField):
    """A provider, by the NPI or by the address of the page here."""

    def read(self, text: str) -> str:
        found = re.fullmatch(r"(?:\S*/providers/)?(\d{10})(?:[/?#]\S*)?", text)
        if not found:
            raise ValueError(self.sentence)
        return found[1]


class ConflictForm(Form):  # type: ignore[misc]  # WTForms has no types
    """A conflict of interest that a member of staff declares."""

    provider = ProviderField(
        "Provider", "Type the provider’s NPI, ten digits, or copy the address of their page here.", required=True
    )
    what = PlainTextField(
        "What the conflict is", MAX_CONFLICT_LENGTH, sentence="Say what the conflict is.", required=True
    )


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
    flash("Your conflict of interest is saved. Someone else will handle this provider.", "success")
    return redirect(url_for(".list_conflicts"))


def _page(form: ConflictForm) -> str:
    conflicts = conflicts_of(signed_in_account().id)
    return render_template(
        "accounts/staff/conflicts.html",
        conflicts=conflicts,
        form=form,
        errors=mistakes_of(form),
        shows_demonstration=any(conflict.provider.is_demonstration for conflict in conflicts),
    )
