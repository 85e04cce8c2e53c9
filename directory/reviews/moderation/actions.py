"""What moderators decide. Each decision is a row, an event of the audit log and its effect.

The caller opens the transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from directory.audit.log import record
from directory.extensions import db
from directory.reviews.actions import move_review
from directory.reviews.estimating import estimate_ratings
from directory.reviews.models import Decision, ReplyVersion, Review, ReviewEdit
from directory.reviews.moderation.offers import ACTS, WaitKind
from directory.reviews.moderation.queries import acts_on, last_refusal
from directory.reviews.replies.actions import publish_reply, reject_reply
from directory.reviews.replies.queries import waiting_version
from directory.reviews.screening.detecting import detect_signals
from directory.reviews.status import ReviewStatus
from directory.reviews.writing.actions import remove_proof
from directory.reviews.writing.content import content_of, put_content
from directory.reviews.writing.rights import waiting_edit
from directory.web.refusals import InvalidTransitionError
from directory.web.transaction import EditConflictError, take_version


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
        raise InvalidTransitionError("There is nothing of that kind to decide on this review any more.")
    if open_act.refusal:
        raise open_act.refusal
    ruling = replace(ruling, reason=_reason(review, ruling, open_act.kind))
    DECISIONS[ruling.act](review, ruling, actor)


def publish(review: Review, ruling: Ruling, actor: str) -> None:
    """Show a review: a new one, or a rejected one whose writer was right to appeal."""
    move_review(review, ReviewStatus.PUBLISHED, actor, "publish_review", ruling.reason)
    _note_decision(review, ruling, actor)


def reject(review: Review, ruling: Ruling, actor: str) -> None:
    """Decide against showing a new review. It is kept, and counted in public."""
    move_review(review, ReviewStatus.REJECTED, actor, "reject_review", ruling.reason)
    _note_decision(review, ruling, actor)


def propose_removal(review: Review, ruling: Ruling, actor: str) -> None:
    """Ask a second moderator to agree that a published review goes; until then it stays."""
    record(actor, "propose_removal", f"review:{review.id}", reason=ruling.reason)
    _note_decision(review, ruling, actor)


def remove(review: Review, ruling: Ruling, actor: str) -> None:
    """Agree, as the second moderator, that a published review goes. It is kept, and counted in public."""
    move_review(review, ReviewStatus.REMOVED, actor, "remove_review", ruling.reason)
    _close_reports(review)
    _note_decision(review, ruling, actor)


def decline_removal(review: Review, ruling: Ruling, actor: str) -> None:
    """Disagree, as the second moderator: the review stays, and the reports that led there are answered."""
    record(actor, "decline_removal", f"review:{review.id}", reason=ruling.reason)
    _close_reports(review)
    _note_decision(review, ruling, actor)


def restore(review: Review, ruling: Ruling, actor: str) -> None:
    """Show a removed review again, since its writer was right to appeal."""
    move_review(review, ReviewStatus.PUBLISHED, actor, "restore_review", ruling.reason)
    _note_decision(review, ruling, actor)


def decline_appeal(review: Review, ruling: Ruling, actor: str) -> None:
    """Leave a rejected or removed review as it is."""
    if review.status == ReviewStatus.PENDING:
        move_review(review, ReviewStatus.REJECTED, actor, "decline_appeal", ruling.reason)
    else:
        record(actor, "decline_appeal", f"review:{review.id}", reason=ruling.reason)
    _note_decision(review, ruling, actor)


def keep(review: Review, ruling: Ruling, actor: str) -> None:
    """Leave a reported review published, and answer its reports."""
    record(actor, "keep_review", f"review:{review.id}", reason=ruling.reason)
    _close_reports(review)
    _note_decision(review, ruling, actor)


def apply_edit(review: Review, ruling: Ruling, actor: str) -> None:
    """Show what the writer changed; what was shown before is kept with the edit."""
    edit = _edit(review, ruling)
    edit.replaced = content_of(review)
    edit.status = "applied"
    put_content(review, edit.content)
    review.updated_at = datetime.now(UTC)
    record(actor, "apply_edit", f"review:{review.id}", after={"edit": edit.id}, reason=ruling.reason)
    _note_decision(review, ruling, actor)
    detect_signals(review)
    estimate_ratings([review.npi])


def reject_edit(review: Review, ruling: Ruling, actor: str) -> None:
    """Leave a published review as it is, without the change that its writer asked for."""
    edit = _edit(review, ruling)
    edit.status = "rejected"
    record(actor, "reject_edit", f"review:{review.id}", after={"edit": edit.id}, reason=ruling.reason)
    _note_decision(review, ruling, actor)


def accept_proof(review: Review, ruling: Ruling, actor: str) -> None:
    """Say that the visit was shown. The file goes once this is committed."""
    before = review.verified
    review.verified = True
    _close_proof(review)
    record(
        actor,
        "accept_proof",
        f"review:{review.id}",
        before={"verified": before},
        after={"verified": True},
        reason=ruling.reason,
    )
    _note_decision(review, ruling, actor)
    if review.status == ReviewStatus.PUBLISHED:
        estimate_ratings([review.npi])


def decline_proof(review: Review, ruling: Ruling, actor: str) -> None:
    """Say that the file does not show the visit. It goes once this is committed; the review is judged without it."""
    _close_proof(review)
    record(actor, "decline_proof", f"review:{review.id}", reason=ruling.reason)
    _note_decision(review, ruling, actor)


def _reason(review: Review, ruling: Ruling, kind: WaitKind | None) -> str:
    act, refusal = ACTS[ruling.act], last_refusal(review)
    if act.reasons:
        if ruling.reason not in act.reasons:
            raise InvalidTransitionError("Choose one of the published reasons.")
        return ruling.reason
    if ruling.act == "remove" and refusal:
        return refusal.reason
    return "appeal_upheld" if kind is WaitKind.APPEAL else act.reason


def _edit(review: Review, ruling: Ruling) -> ReviewEdit:
    edit = waiting_edit(review)
    if edit is None or edit.id != ruling.subject:
        raise EditConflictError
    return edit


def _reply(review: Review, ruling: Ruling) -> ReplyVersion:
    version = waiting_version(review.reply)
    if version is None or version.id != ruling.subject:
        raise EditConflictError
    return version


def _note_decision(review: Review, ruling: Ruling, actor: str) -> None:
    db.session.add(
        Decision(
            review=review,
            act=ruling.act,
            reason=ruling.reason,
            message=ruling.message if ACTS[ruling.act].is_explained else None,
            note=ruling.note,
            moderator=actor,
            decided_at=datetime.now(UTC),
        )
    )


def _close_reports(review: Review) -> None:
    for report in review.reports:
        report.closed_at = report.closed_at or datetime.now(UTC)


def _close_proof(review: Review) -> None:
    """Forget the file's name, and remove the file once that is committed."""
    if review.submission is None:
        raise InvalidTransitionError("This review came from another site, so there is no proof of visit.")
    if review.submission.proof_file:
        remove_proof(review.submission.proof_file)
    review.submission.proof_file = None
    review.submission.proof_decided_at = datetime.now(UTC)


DECISIONS: dict[str, Callable[[Review, Ruling, str], None]] = {
    "publish": publish,
    "reject": reject,
    "propose_removal": propose_removal,
    "remove": remove,
    "decline_removal": decline_removal,
    "restore": restore,
    "decline_appeal": decline_appeal,
    "keep": keep,
    "apply_edit": apply_edit,
    "reject_edit": reject_edit,
    "accept_proof": accept_proof,
    "decline_proof": decline_proof,
    "publish_reply": lambda review, ruling, actor: publish_reply(_reply(review, ruling), actor, ruling.note),
    "reject_reply": lambda review, ruling, actor: reject_reply(
        _reply(review, ruling), actor, ruling.reason, ruling.message, ruling.note
    ),
}
"""By act: what `decide_review` does."""
