"""The moderators' pages: the queue, and one review with all that can be decided about it."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.access import current_actor, role_required
from directory.accounts.queries import names_of
from directory.accounts.roles import ADMIN, MODERATOR
from directory.desk.deciding import Offer, PastAct, decide, left_over, shown_offers, to_next
from directory.reviews.models import ReplyVersion, Review, ReviewEdit
from directory.reviews.moderation.actions import decide_review
from directory.reviews.moderation.forms import RulingForm
from directory.reviews.moderation.offers import ACTS, WAIT_KINDS, OpenAct, WaitKind
from directory.reviews.moderation.queries import (
    acts_on,
    as_edited,
    last_refusal,
    moderated_review,
    similar_reviews,
    what_happened,
)
from directory.reviews.moderation.queue import ReviewChoice, Sort, neighbors, waiting_kinds, waiting_queue
from directory.reviews.questions import CAREGIVER, answers_of, tie_of
from directory.reviews.reasons import REASONS, REPORTS
from directory.reviews.replies.queries import waiting_version
from directory.reviews.screening.personal_details import TextFinding, find_details
from directory.reviews.screening.signals import KINDS as SIGNALS
from directory.reviews.writing.rights import waiting_edit
from directory.web.filters import day
from directory.web.uploads import send_kept

blueprint = Blueprint("moderating", __name__, url_prefix="/admin/reviews")


@blueprint.get("")
@role_required(MODERATOR, ADMIN)
def show_queue() -> str:
    choice = ReviewChoice.read(request.args)
    waiting = waiting_queue(choice)
    return render_template(
        "reviews/moderation/queue.html",
        heading="Reviews to decide",
        queue=waiting,
        choice=choice,
        kinds=WAIT_KINDS,
        sorts=Sort,
        signals=SIGNALS,
        shows_demonstration=any(line.review.provider.is_demonstration for line in waiting.items),
    )


@blueprint.get("/<int:review_id>")
@role_required(MODERATOR, ADMIN)
def show_item(review_id: int) -> str:
    return _item_page(_review(review_id))


@blueprint.post("/<int:review_id>")
@role_required(MODERATOR, ADMIN)
def decide_item(review_id: int) -> ResponseReturnValue:
    review, act, actor = _review(review_id), request.form.get("act", ""), current_actor()
    choice = ReviewChoice.read(request.args)
    following = neighbors(review_id, choice).next
    if act not in ACTS:
        abort(400)
    form = RulingForm(review, act, request.form)
    outcome = decide(
        form,
        lambda: _decide(review, form, actor),
        lambda: what_happened(_review(review_id), act, form.decision_seen, actor),
    )
    if not outcome.is_done:
        return _item_page(_review(review_id), form, outcome.refusal), outcome.status
    own_page = url_for(".show_item", review_id=review_id, **choice.parameters)
    if waiting_kinds(review_id):
        flash(outcome.sentence or "")
        return redirect(own_page)
    next_page = url_for(".show_item", review_id=following, **choice.parameters) if following else None
    return to_next(outcome.sentence, own_page, next_page, url_for(".show_queue", **choice.parameters))


@blueprint.get("/<int:review_id>/proof")
@role_required(MODERATOR, ADMIN)
def download_proof(review_id: int) -> ResponseReturnValue:
    submission = _review(review_id).submission
    if submission is None or submission.proof_file is None:
        abort(404)
    extension = submission.proof_file.rpartition(".")[2]
    return send_kept(
        current_app.config["REVIEW_PROOFS_DIR"], submission.proof_file, f"proof-of-visit-{review_id}.{extension}"
    )


def _review(review_id: int) -> Review:
    return moderated_review(review_id) or abort(404)


def _decide(review: Review, form: RulingForm, actor: str) -> str:
    decide_review(review, form.ruling, actor)
    done = f"Done: {ACTS[form.act].done}."
    return f"{done} This review still waits for something else, see below." if waiting_kinds(review.id) else done


def _item_page(review: Review, sent: RulingForm | None = None, refusal: str | None = None) -> str:
    choice, kinds, edit = ReviewChoice.read(request.args), waiting_kinds(review.id), waiting_edit(review)
    open_now = acts_on(review, current_actor())
    offers = shown_offers(
        [_offer(review, each, sent, is_refused=refusal is not None) for each in open_now],
        review.version,
        review.decisions[-1].id if review.decisions else 0,
        sent,
        is_refused=refusal is not None,
    )
    return render_template(
        "reviews/moderation/item.html",
        heading=f"Review {review.id} of {review.provider.name}",
        review=review,
        shows_demonstration=review.provider.is_demonstration,
        kinds=kinds,
        kind_names=WAIT_KINDS,
        by_kind={
            kind: [offer for offer, each in zip(offers, open_now, strict=True) if each.kind is kind]
            for kind in [*WaitKind, None]
        },
        errors=sent.problems if sent else [],
        refusal=refusal,
        left_over=left_over(sent, offers),
        now=_said(review, review),
        changed=_said(review, as_edited(edit)) if edit and WaitKind.EDIT in kinds else None,
        tie=tie_of(review),
        reply=waiting_version(review.reply) if WaitKind.REPLY in kinds else None,
        similar=similar_reviews(review),
        past=_history(review),
        reports=REPORTS,
        choice=choice,
        neighbors=neighbors(review.id, choice),
    )


def _offer(review: Review, each: OpenAct, sent: RulingForm | None, *, is_refused: bool) -> Offer:
    """The offer of an open act, with its form: as it was `sent`, or empty. After a refusal it is for what waits now."""
    is_sent = sent is not None and sent.act == each.act
    form = sent if sent is not None and is_sent else RulingForm(review, each.act)
    if not is_sent or is_refused:
        form.subject.data = _subject(review, each)
    refused = last_refusal(review)
    if each.act in {"remove", "decline_appeal"} and refused and not is_sent:
        form.reason.data = refused.reason if each.act == "decline_appeal" else None
        form.fill_message(refused.reason)
    grants_appeal = each.act == "publish" and each.kind is WaitKind.APPEAL
    label = "Publish: the appeal is right" if grants_appeal else ACTS[each.act].button
    return Offer(each.act, label, form, str(each.refusal) if each.refusal else None)


def _subject(review: Review, each: OpenAct) -> str:
    """The number of the edit, or of the reply's version, that an act is about; empty for others."""
    found: ReviewEdit | ReplyVersion | None = None
    if each.kind is WaitKind.EDIT:
        found = waiting_edit(review)
    elif each.kind is WaitKind.REPLY:
        found = waiting_version(review.reply)
    return str(found.id) if found else ""


def _said(review: Review, as_said: Review) -> dict[str, Any]:
    """What `review` says, or would say as `as_said`; the text in pieces, each with the personal detail that it is."""
    text, end = as_said.text or "", 0
    pieces: list[tuple[str, TextFinding | None]] = []
    for finding in find_details(text, review.provider.name, by_caregiver=as_said.written_as == CAREGIVER):
        pieces += [(text[end : finding.start], None), (text[finding.start : finding.end], finding)]
        end = finding.end
    pieces.append((text[end:], None))
    return {"review": as_said, "answers": answers_of(as_said), "pieces": [piece for piece in pieces if piece[0]]}


def _history(review: Review) -> list[PastAct]:
    """What was decided, the newest first, and how the review came here."""
    names = names_of(decision.moderator for decision in review.decisions)
    past = []
    for decision in reversed(review.decisions):
        done = ACTS[decision.act].done
        words = []
        if decision.message:
            words.append((f"To the {'clinic' if decision.act == 'reject_reply' else 'writer'}", decision.message))
        if decision.note:
            words.append(("Note", decision.note))
        by = f", {day(decision.decided_at)}, by {names[decision.moderator]}. {REASONS[decision.reason].sentence}"
        past.append(PastAct(done[0].upper() + done[1:], by, words))
    if review.published_at and not review.submission:
        past.append(PastAct("", f"Published from {review.source.name}, {day(review.published_at)}."))
    came = (review.submission.confirmed_at if review.submission else None) or review.created_at
    return [*past, PastAct("", f"{'Received' if review.submission else 'Written'}, {day(came)}.")]
