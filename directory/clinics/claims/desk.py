"""The staff's queue of claims: whom to call, and what came of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, case, or_, select
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from directory.accounts.access import current_actor, role_required
from directory.accounts.queries import names_of
from directory.accounts.roles import ADMIN, VERIFIER
from directory.clinics.claims.actions import note_no_answer, refuse_claim, start_call
from directory.clinics.claims.queries import PHONE, has_to_be_called, phone_to_call, published_domain
from directory.clinics.models import Claim
from directory.clinics.practice.forms import WebsiteField
from directory.desk.deciding import DecisionForm, Offer, decide, left_over, shown_offers, to_next
from directory.desk.eligibility import refusal_to, refuse_ineligible
from directory.desk.queue import Neighbors, Queue, QueueChoice, neighbors, option_of, queue_by_state
from directory.extensions import db
from directory.providers.actions import set_website
from directory.providers.models import Website
from directory.web.fields import PlainTextField
from directory.web.pagination import asked_page

blueprint = Blueprint("claim_desk", __name__, url_prefix="/admin/claims")

SHOWN_AFTER_DECISION = timedelta(days=90)
MAX_NOTE_LENGTH = 300


class ClaimState(StrEnum):
    TO_CALL = "to_call"
    CODE_IS_OUT = "code_is_out"
    DECIDED = "decided"


STATES = {
    ClaimState.TO_CALL: "to call",
    ClaimState.CODE_IS_OUT: "the code is out",
    ClaimState.DECIDED: "decided lately",
}


@dataclass(frozen=True)
class ClaimChoice(QueueChoice):
    kind: ClaimState | None = None


class CallForm(DecisionForm):
    """`called_at` is when the last call began, as the page showed it."""

    called_at = HiddenField()

    @property
    def called_at_seen(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.called_at.data or "")
        except ValueError:
            return None


class NoAnswerForm(DecisionForm):
    note = PlainTextField("Note for staff", MAX_NOTE_LENGTH)


class ClaimRefusalForm(DecisionForm):
    """Why a claim is refused; the claimant reads it."""

    reason = PlainTextField(
        "Reason, for the claimant to read",
        MAX_NOTE_LENGTH,
        sentence="Type the reason; the claimant reads it.",
        required=True,
    )


class PracticeWebsiteForm(DecisionForm):
    website = WebsiteField("Website of the practice", required=True)


FORMS: dict[str, type[DecisionForm]] = {
    "call": CallForm,
    "no_answer": NoAnswerForm,
    "refuse": ClaimRefusalForm,
    "website": PracticeWebsiteForm,
}


@blueprint.get("")
@role_required(VERIFIER, ADMIN)
def show_queue() -> str:
    choice = ClaimChoice(asked_page(request.args), option_of(ClaimState, request.args.get("kind")))
    claims = claim_queue(choice)
    return render_template(
        "clinics/claims/queue.html",
        heading="Claims",
        queue=claims,
        choice=choice,
        kinds=STATES,
        states=ClaimState,
        shows_demonstration=any(claim.provider.is_demonstration for claim, _ in claims.items),
    )


@blueprint.get("/<int:claim_id>")
@role_required(VERIFIER, ADMIN)
def show_claim(claim_id: int) -> str:
    return _page(_claim(claim_id))


@blueprint.post("/<int:claim_id>")
@role_required(VERIFIER, ADMIN)
def act_on_claim(claim_id: int) -> ResponseReturnValue:
    """After a call has been started the answer is the page with its code, which is shown here and nowhere again."""
    claim, actor = _claim(claim_id), current_actor()
    form = form_of(request.form.get("act", ""), request.form) or abort(400)
    following = _neighbors(claim_id).next
    outcome = decide(form, lambda: _act(claim, actor, form), lambda: "The claim has changed.")
    if not outcome.is_done:
        return _page(claim, form, outcome.refusal), outcome.status
    if form.act == "call":
        return _page(claim, code=outcome.sentence)
    decided = url_for(".show_claim", claim_id=claim_id)
    if form.act == "website":
        flash(outcome.sentence or "", "success")
        return redirect(decided, 303)
    next_page = url_for(".show_claim", claim_id=following) if following else None
    return to_next(outcome.sentence, decided, next_page, url_for(".show_queue"))


def claim_queue(choice: ClaimChoice) -> Queue[tuple[Claim, ClaimState]]:
    """The part that `choice` asks for: what waits from the oldest on, what was decided from the newest."""
    is_shown = or_(Claim.status == "waiting", Claim.decided_at >= datetime.now(UTC) - SHOWN_AFTER_DECISION)
    return queue_by_state(Claim, _state(), ClaimState, choice.kind, choice.page, Claim.made_at, is_shown)


def form_of(act: str, typed: MultiDict[str, str] | None = None) -> DecisionForm | None:
    return FORMS[act](act, typed) if act in FORMS else None


def offers_on(claim: Claim, phone: str | None, website: Website | None) -> list[Offer]:
    """The acts that are open on the claim now."""
    if claim.status != "waiting":
        return []
    call, known = CallForm("call"), PracticeWebsiteForm("website")
    call.called_at.data = claim.called_at.isoformat() if claim.called_at else ""
    known.website.data = website.url if website else None
    offers = [
        Offer("refuse", "Refuse the claim", ClaimRefusalForm("refuse")),
        Offer("website", "Set the website", known),
    ]
    if claim.way != PHONE or phone is None:
        return offers
    if claim.code_hash:
        offers.insert(0, Offer("no_answer", "Couldn’t reach anyone", NoAnswerForm("no_answer")))
    return [Offer("call", "Start another call" if claim.called_at else "Start the call", call), *offers]


def _act(claim: Claim, actor: str, form: DecisionForm) -> str:
    """Do what the form asks for; gives the sentence about it, and for a call its code."""
    match form:
        case CallForm():
            return start_call(claim, actor, form.called_at_seen)
        case NoAnswerForm():
            note_no_answer(claim, actor, form.note.data)
            return "Saved. The claimant gets an email."
        case ClaimRefusalForm():
            refuse_claim(claim, actor, form.reason.data)
            return "The claim was refused. The claimant gets an email."
        case PracticeWebsiteForm():
            refuse_ineligible(actor, claim.npi)
            set_website(actor, claim.npi, form.website.data)
            return "The website was saved."
    raise AssertionError("there is an act for every form")


def _state() -> ColumnElement[str]:
    return case(
        (Claim.status != "waiting", ClaimState.DECIDED.value),
        (has_to_be_called(), ClaimState.TO_CALL.value),
        else_=ClaimState.CODE_IS_OUT.value,
    )


def _claim(claim_id: int) -> Claim:
    return db.session.get(Claim, claim_id) or abort(404)


def _neighbors(claim_id: int) -> Neighbors:
    to_call = select(Claim.id).where(Claim.status == "waiting", has_to_be_called())
    return neighbors(to_call, (Claim.made_at, Claim.id), claim_id)


def _page(
    claim: Claim, sent: DecisionForm | None = None, refusal: str | None = None, *, code: str | None = None
) -> str:
    phone, website = phone_to_call(claim), db.session.get(Website, claim.npi)
    kept = sent if sent is not None and sent.act != "call" else None  # a new call is about the claim as it is now
    offers = shown_offers(offers_on(claim, phone, website), 0, 0, kept, is_refused=refusal is not None)
    return render_template(
        "clinics/claims/item.html",
        heading=f"Claim of {claim.provider.name}",
        claim=claim,
        code=code,
        refusal=refusal,
        errors=kept.problems if kept else [],
        left_over=left_over(kept, offers),
        neighbors=_neighbors(claim.id),
        closed=refusal_to(current_actor(), claim.npi),
        offers=dict.fromkeys(FORMS) | {offer.act: offer for offer in offers},
        phone=phone,
        website=website,
        domain=published_domain(claim.npi),
        names=names_of([claim.called_by] if claim.called_by else []),
        shows_demonstration=claim.provider.is_demonstration,
    )
