"""The staff's pages of claims: whom to call, and what came of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from directory.accounts.access import current_actor, role_required
from directory.accounts.conflicts import CONFLICT, has_conflict, refuse_conflict
from directory.accounts.queries import names_of
from directory.accounts.roles import ADMIN, VERIFIER
from directory.clinics.claims.actions import note_no_answer, refuse_claim, start_call
from directory.clinics.claims.codes import in_groups
from directory.clinics.claims.forms import NoteForm, ReasonForm, WebsiteForm
from directory.clinics.claims.queries import claim_queue, phone_to_call, published_domain
from directory.clinics.models import Claim
from directory.extensions import db
from directory.providers.actions import set_website
from directory.providers.models import Website
from directory.web.refusals import RefusalError
from directory.web.transaction import transaction
from directory.web.typed_fields import mistakes_of

blueprint = Blueprint("claim_desk", __name__, url_prefix="/admin/claims")


@blueprint.get("")
@role_required(VERIFIER, ADMIN)
def claims() -> str:
    queue = claim_queue()
    everything = [*queue.to_call, *queue.waiting_for_code, *queue.decided]
    return render_template(
        "clinics/claims/queue.html",
        queue=queue,
        shows_demonstration=any(claim.provider.is_demonstration for claim in everything),
    )


@blueprint.get("/<int:claim_id>")
@role_required(VERIFIER, ADMIN)
def item(claim_id: int) -> str:
    return _page(_claim(claim_id))


@blueprint.post("/<int:claim_id>/call")
@role_required(VERIFIER, ADMIN)
def call(claim_id: int) -> ResponseReturnValue:
    """The answer is the page with the code, which is shown here and nowhere again."""
    found = _claim(claim_id)
    try:
        with transaction():
            code = start_call(found, current_actor(), _moment(request.form.get("seen", "")))
    except RefusalError as refusal:
        return _page(found, refusal=str(refusal)), 409
    return _page(found, code=in_groups(code))


@blueprint.post("/<int:claim_id>/no-answer")
@role_required(VERIFIER, ADMIN)
def no_answer(claim_id: int) -> ResponseReturnValue:
    found, form = _claim(claim_id), NoteForm(request.form)
    return _answer(found, form, lambda: note_no_answer(found, current_actor(), form.note.data), note=form)


@blueprint.post("/<int:claim_id>/refuse")
@role_required(VERIFIER, ADMIN)
def refuse(claim_id: int) -> ResponseReturnValue:
    found, form = _claim(claim_id), ReasonForm(request.form)
    return _answer(found, form, lambda: refuse_claim(found, current_actor(), form.reason.data), reason=form)


@blueprint.post("/<int:claim_id>/website")
@role_required(VERIFIER, ADMIN)
def website(claim_id: int) -> ResponseReturnValue:
    found, form = _claim(claim_id), WebsiteForm(request.form)

    def act() -> None:
        refuse_conflict(current_actor(), found.npi)
        set_website(current_actor(), found.npi, form.website.data)

    return _answer(found, form, act, website=form)


def _answer(found: Claim, form: Form, act: Callable[[], None], **shown: Any) -> ResponseReturnValue:
    """Do what a valid form asks for; otherwise show the page with what is wrong."""
    if not form.validate():
        return _page(found, **shown), 400
    try:
        with transaction():
            act()
    except RefusalError as refusal:
        return _page(found, refusal=str(refusal), **shown), 409
    return redirect(url_for(".item", claim_id=found.id), 303)


def _claim(claim_id: int) -> Claim:
    return db.session.get(Claim, claim_id) or abort(404)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _page(
    claim: Claim,
    *,
    code: str | None = None,
    refusal: str | None = None,
    note: NoteForm | None = None,
    reason: ReasonForm | None = None,
    website: WebsiteForm | None = None,
) -> str:
    known = db.session.get(Website, claim.npi)
    forms: dict[str, Any] = {
        "note": note or NoteForm(),
        "reason": reason or ReasonForm(),
        "website": website or WebsiteForm(website=known.url if known else None),
    }
    return render_template(
        "clinics/claims/item.html",
        claim=claim,
        code=code,
        refusal=refusal,
        mistakes=mistakes_of(*forms.values()),
        forms=forms,
        phone=phone_to_call(claim),
        website=known,
        domain=published_domain(claim.npi),
        conflicted=CONFLICT if has_conflict(current_actor(), claim.npi) else None,
        names=names_of([claim.called_by] if claim.called_by else []),
        shows_demonstration=claim.provider.is_demonstration,
    )
