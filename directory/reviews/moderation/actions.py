"""What moderators decide. Each decision is a row, an event of the audit log and its effect.

The caller opens the transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from directory.audit.log import record
from directory.extensions import db
from directory.reviews.estimating import estimate_ratings
from directory.reviews.models import Decision, ReplyVersion, Review, ReviewEdit, ReviewStatus
from directory.reviews.moderation.offers import ACTS, WaitKind
from directory.reviews.moderation.queries import acts_on, last_refusal
from directory.reviews.replies.actions import publish_reply, reject_reply
from directory.reviews.replies.queries import waiting_version
from directory.reviews.screening.detecting import detect_signals
from directory.reviews.status import move_review
from directory.reviews.writing.actions import remove_proof
from directory.reviews.writing.content import content_of, put_content
from directory.reviews.writing.rights import waiting_edit
from directory.web.refusals import InvalidTransitionError
from directory.web.transaction import EditConflictError, take_version

Subject = TypeVar("Subject", ReviewEdit, ReplyVersion)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a moderator decides, as their form says it."""

    act: str  # a key of `ACTS`
    version: int  # of the review when the form was made
    subject: int | None = None  # the edit, or the version of the reply, that is decided
    reason: str = ""  # where the moderator has the choice: a key of `REASONS`
    message: str | None = None  # to the writer
    note: str | None = None  # among moderators


def decide_review(review: Review, ruling: Ruling, actor: str) -> None:
    """Do what `ruling` says. Raises `EditConflictError` when the review changed since, or `RefusalError`."""
    take_version(review, ruling.version)
    open_act = next((each for each in acts_on(review, actor) if each.act == ruling.act), None)
    if open_act is None:
        raise InvalidTransitionError("There is nothing like that left to decide on this review.")
    if open_act.refusal:
        raise open_act.refusal
    ruling = replace(ruling, reason=_reason(review, ruling, open_act.kind))
    CHANGES.get(ruling.act, change_status)(review, ruling, actor)
    is_of_reply = open_act.kind is WaitKind.REPLY
    decision = Decision(
        review=review,
        reply_id=review.reply.id if review.reply and is_of_reply else None,
        act=ruling.act,
        reason=ruling.reason,
        message=ruling.message if ACTS[ruling.act].is_explained else None,
        note=ruling.note,
        moderator=actor,
        decided_at=datetime.now(UTC),
    )
    db.session.add(decision)


def change_status(review: Review, ruling: Ruling, actor: str) -> None:
    """Change the review's status, and answer its reports, as the act says; a refused review is kept, and counted."""
    act = ACTS[ruling.act]
    if act.status:
        move_review(review, act.status, actor, act.event, ruling.reason)
    else:
        record(actor, act.event, f"review:{review.id}", reason=ruling.reason)
    for report in review.reports if act.answers_reports else ():
        report.closed_at = report.closed_at or datetime.now(UTC)


def decline_appeal(review: Review, ruling: Ruling, actor: str) -> None:
    """Leave a rejected or removed review as it is."""
    if review.status == ReviewStatus.PENDING:
        move_review(review, ReviewStatus.REJECTED, actor, "decline_appeal", ruling.reason)
    else:
        record(actor, "decline_appeal", f"review:{review.id}", reason=ruling.reason)


def apply_edit(review: Review, ruling: Ruling, actor: str) -> None:
    """Show what the writer changed; what was shown before is kept with the edit."""
    edit = _seen(waiting_edit(review), ruling)
    edit.replaced = content_of(review)
    edit.status = "applied"
    put_content(review, edit.content)
    review.updated_at = datetime.now(UTC)
    record(actor, "apply_edit", f"review:{review.id}", after={"edit": edit.id}, reason=ruling.reason)
    detect_signals(review)
    estimate_ratings([review.npi])


def reject_edit(review: Review, ruling: Ruling, actor: str) -> None:
    """Leave a published review as it is, without the change that its writer asked for."""
    edit = _seen(waiting_edit(review), ruling)
    edit.status = "rejected"
    record(actor, "reject_edit", f"review:{review.id}", after={"edit": edit.id}, reason=ruling.reason)


def accept_proof(review: Review, ruling: Ruling, actor: str) -> None:
    """Say that the visit was shown. The file goes once this is committed."""
    before, after = {"verified": review.verified}, {"verified": True}
    review.verified = True
    _close_proof(review)
    record(actor, "accept_proof", f"review:{review.id}", before=before, after=after, reason=ruling.reason)
    if review.status == ReviewStatus.PUBLISHED:
        estimate_ratings([review.npi])


def decline_proof(review: Review, ruling: Ruling, actor: str) -> None:
    """Say that the file does not show the visit. It goes once this is committed; the review is judged without it."""
    _close_proof(review)
    record(actor, "decline_proof", f"review:{review.id}", reason=ruling.reason)


def _reason(review: Review, ruling: Ruling, kind: WaitKind | None) -> str:
    act, refusal = ACTS[ruling.act], last_refusal(review)
    if act.reasons:
        if ruling.reason not in act.reasons:
            raise InvalidTransitionError("Choose one of the published reasons.")
        return ruling.reason
    if ruling.act == "remove" and refusal:
        return refusal.reason
    return "appeal_upheld" if kind is WaitKind.APPEAL else act.reason


def _seen(waiting: Subject | None, ruling: Ruling) -> Subject:
    """What waits, if it is what the moderator saw."""
    if waiting is None or waiting.id != ruling.subject:
        raise EditConflictError
    return waiting


def _close_proof(review: Review) -> None:
    """Forget the file's name, and remove the file once that is committed."""
    if review.submission and review.submission.proof_file:
        remove_proof(review.submission.proof_file)
        review.submission.proof_file = None
        review.submission.proof_decided_at = datetime.now(UTC)


CHANGES: dict[str, Callable[[Review, Ruling, str], None]] = {
    "decline_appeal": decline_appeal,
    "apply_edit": apply_edit,
    "reject_edit": reject_edit,
    "accept_proof": accept_proof,
    "decline_proof": decline_proof,
    "publish_reply": lambda review, ruling, actor: publish_reply(_seen(waiting_version(review.reply), ruling), actor),
    "reject_reply": lambda review, ruling, actor: reject_reply(
        _seen(waiting_version(review.reply), ruling), actor, ruling.reason
    ),
}
"""By act: what it changes, where that is more than `change_status` does."""
