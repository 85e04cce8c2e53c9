"""The moderators' pages: the queue, and one review with all that can be decided about it."""

from dataclasses import dataclass

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from directory.accounts.access import current_actor, role_required
from directory.accounts.queries import names_of
from directory.accounts.roles import ADMIN, MODERATOR
from directory.reviews.answers import answers_of, tie_of
from directory.reviews.models import ReplyVersion, Review, ReviewEdit
from directory.reviews.moderation.actions import decide
from directory.reviews.moderation.forms import BUTTONS, DecisionForm, QueueChoice
from directory.reviews.moderation.offers import Offer
from directory.reviews.moderation.queries import (
    as_edited,
    decided_since,
    last_refusal,
    moderated_review,
    offers_on,
    similar_reviews,
    what_happened,
)
from directory.reviews.moderation.queue import Sort, next_waiting, waiting_kinds, waiting_queue
from directory.reviews.moderation.waiting import KINDS, Kind
from directory.reviews.policy import ACTS, REASONS, REPORTS
from directory.reviews.replies.queries import waiting_version
from directory.reviews.screening.personal_details import Finding, find_details
from directory.reviews.screening.signals import KINDS as SIGNALS
from directory.reviews.writing.rights import waiting_edit
from directory.web.refusals import InvalidTransitionError
from directory.web.transaction import EditConflictError
from directory.web.uploads import send_kept

blueprint = Blueprint("moderating", __name__, url_prefix="/admin/reviews")


@dataclass(frozen=True, slots=True)
class OfferedForm:
    """An offer with its form, and what went wrong with it."""

    offer: Offer
    form: DecisionForm
    errors: list[tuple[str, str]]  # as the error summary takes them


@blueprint.get("")
@role_required(MODERATOR, ADMIN)
def queue() -> str:
    choice = QueueChoice.read(request.args)
    waiting = waiting_queue(choice.kind, choice.sort, choice.page)
    return render_template(
        "reviews/moderation/queue.html",
        queue=waiting,
        choice=choice,
        kinds=KINDS,
        sorts=Sort,
        signals=SIGNALS,
        shows_demonstration=any(item.review.provider.is_demonstration for item in waiting.items),
    )


@blueprint.get("/<int:review_id>")
@role_required(MODERATOR, ADMIN)
def item(review_id: int) -> str:
    return _item_page(_review(review_id))


@blueprint.post("/<int:review_id>")
@role_required(MODERATOR, ADMIN)
def decide_item(review_id: int) -> ResponseReturnValue:
    review = _review(review_id)
    act = request.form.get("act", "")
    if act not in ACTS:
        abort(400)
    form = _form(review, act, request.form)
    if not form.validate():
        return _item_page(review, form), 400
    try:
        decide(review, form.ruling, current_actor())
    except InvalidTransitionError as refusal:
        return _item_page(_review(review_id), form, str(refusal)), 409
    except EditConflictError:
        review = _review(review_id)
        own = any(
            decision.act == act and decision.moderator == current_actor()
            for decision in decided_since(review, form.last_seen)
        )
        if not own:  # else it is a second click
            return _item_page(review, form, what_happened(review, form.last_seen)), 409
    choice = QueueChoice.read(request.args)
    return redirect(url_for(".item", review_id=review_id, decided=act, **choice.parameters))


@blueprint.get("/<int:review_id>/proof")
@role_required(MODERATOR, ADMIN)
def proof(review_id: int) -> ResponseReturnValue:
    submission = _review(review_id).submission
    if submission is None or submission.proof_file is None:
        abort(404)
    extension = submission.proof_file.rpartition(".")[2]
    return send_kept(
        current_app.config["REVIEW_PROOFS_DIR"], submission.proof_file, f"proof-of-visit-{review_id}.{extension}"
    )


def _review(review_id: int) -> Review:
    return moderated_review(review_id) or abort(404)


def _form(review: Review, act: str, typed: MultiDict[str, str] | None = None) -> DecisionForm:
    """The form of one decision; who reads its message is a clinic, a writer of this site, or nobody."""
    if act == "reject_reply":
        return DecisionForm(act, typed, has_reader=True)
    return DecisionForm(act, typed, has_reader=review.submission is not None, language=review.form_language)


def _item_page(review: Review, sent: DecisionForm | None = None, refusal: str | None = None) -> str:
    actor, choice = current_actor(), QueueChoice.read(request.args)
    last = review.decisions[-1] if review.decisions else None
    decided = last if last and last.moderator == actor and last.act == request.args.get("decided") else None
    forms = [_offered_form(review, offer, sent, is_fresh=refusal is None) for offer in offers_on(review, actor)]
    kinds = waiting_kinds(review.id)
    edit = waiting_edit(review)
    changed = as_edited(edit) if edit and Kind.EDIT in kinds else None
    return render_template(
        "reviews/moderation/item.html",
        review=review,
        shows_demonstration=review.provider.is_demonstration,
        kinds=kinds,
        kind_names=KINDS,
        by_kind={kind: [form for form in forms if form.offer.kind is kind] for kind in [*Kind, None]},
        errors=[error for form in forms for error in form.errors],
        refusal=refusal,
        typed=sent if sent and sent.act not in {form.offer.act for form in forms} else None,
        decided=decided,
        answers=answers_of(review),
        tie=tie_of(review),
        pieces=pieces_of(review.text or "", _details(review, review)),
        changed=changed,
        changed_answers=answers_of(changed) if changed else [],
        changed_pieces=pieces_of(changed.text or "", _details(review, changed)) if changed else [],
        reply=waiting_version(review.reply) if Kind.REPLY in kinds else None,
        similar=similar_reviews(review),
        names=names_of(decision.moderator for decision in review.decisions),
        acts=ACTS,
        buttons=BUTTONS,
        reasons=REASONS,
        reports=REPORTS,
        choice=choice,
        next_id=next_waiting(review.id, choice.kind, choice.sort),
    )


def _details(review: Review, said: Review) -> list[Finding]:
    return find_details(said.text or "", review.provider.name)


def pieces_of(text: str, findings: list[Finding]) -> list[tuple[str, Finding | None]]:
    """`text` in pieces, each with the personal detail that it is, if any."""
    pieces: list[tuple[str, Finding | None]] = []
    end = 0
    for finding in findings:
        pieces += [(text[end : finding.start], None), (text[finding.start : finding.end], finding)]
        end = finding.end
    return [piece for piece in [*pieces, (text[end:], None)] if piece[0]]


def _offered_form(review: Review, offer: Offer, sent: DecisionForm | None, *, is_fresh: bool) -> OfferedForm:
    """The form of an offer: as it was `sent`, or empty. After a refusal it is for the review as it is now."""
    is_sent = sent is not None and sent.act == offer.act
    form = sent if sent is not None and is_sent else _form(review, offer.act)
    if not is_sent or not is_fresh:
        form.version.data = str(review.version)
        form.seen.data = str(review.decisions[-1].id if review.decisions else 0)
        form.subject.data = _subject(review, offer)
    refusal = last_refusal(review)
    if offer.act in {"remove", "decline_appeal"} and refusal and not is_sent:
        form.reason.data = refusal.reason if offer.act == "decline_appeal" else None
        form.fill_message(refusal.reason)
    errors = [(f"{offer.act}-{name}", sentence) for name, sentences in form.errors.items() for sentence in sentences]
    return OfferedForm(offer, form, errors if is_fresh else [])


def _subject(review: Review, offer: Offer) -> str:
    """The number of the edit, or of the reply's version, that an offer is about; empty for others."""
    found: ReviewEdit | ReplyVersion | None = None
    if offer.kind is Kind.EDIT:
        found = waiting_edit(review)
    elif offer.kind is Kind.REPLY:
        found = waiting_version(review.reply)
    return str(found.id) if found else ""
