"""What writers do with their confirmed reviews: change, delete, appeal. Each act commits."""

from datetime import UTC, datetime
from typing import Any

from flask import current_app
from flask_babel import gettext
from sqlalchemy import delete
from sqlalchemy.orm.attributes import flag_modified

from directory.audit.log import record
from directory.extensions import db
from directory.reviews.actions import move_review
from directory.reviews.models import Review, ReviewEdit, TextFingerprint
from directory.reviews.screening.detecting import notice
from directory.reviews.status import ReviewStatus
from directory.reviews.writing.content import REVIEW_FIELDS, content_of, put_content
from directory.reviews.writing.rights import may_appeal, may_change, waiting_edit
from directory.web.uploads import remove_file

WRITER = "writer"
KEPT_AFTER_DELETION = ("rating",)  # the column is never empty


class ReviewChangeError(Exception):
    """A change that the review's state does not allow; the message is a sentence for the writer."""


def change_review(review: Review, content: dict[str, Any], *, commit: bool = True) -> None:
    """Let the review say `content`: at once while nobody sees it, after a moderator's look when it is published.

    A rejected one goes back to the moderators. Raises `ReviewChangeError`, and `StaleDataError` when somebody else
    changed
    or decided on the review at the same moment.
    """
    if not may_change(review):
        raise ReviewChangeError(gettext("This review cannot be changed any more."))
    if review.status == ReviewStatus.PUBLISHED:
        _ask_for_edit(review, content)
    elif content != content_of(review):
        put_content(review, content)
        review.updated_at = datetime.now(UTC)
        if review.status == ReviewStatus.REJECTED:
            move_review(review, ReviewStatus.PENDING, WRITER, "change_review")
        else:
            record(WRITER, "change_review", f"review:{review.id}")
        notice(review)
    if commit:
        db.session.commit()


def withdraw_review(review: Review) -> None:
    """Delete what the review says and its proof of visit; that there was one, and its stars, stay, shown to nobody."""
    submission = review.submission
    proof = submission.proof_file if submission else None
    for name in REVIEW_FIELDS:
        if name not in KEPT_AFTER_DELETION:
            setattr(review, name, None)
    review.outcome = None
    review.language = review.text_cluster = review.duplicate_of = None
    review.verified = False
    review.edits.clear()
    review.signals.clear()
    if submission:
        submission.email = submission.year = submission.proof_file = submission.appeal = None
    db.session.execute(delete(TextFingerprint).where(TextFingerprint.review_id == review.id))
    move_review(review, ReviewStatus.WITHDRAWN, WRITER, "withdraw_review")
    db.session.commit()
    if proof:
        remove_file(current_app.config["REVIEW_PROOFS_DIR"], proof)


def appeal_decision(review: Review, text: str) -> None:
    """Ask the moderators to look again at a rejection or removal.

    Raises `ReviewChangeError`; see also `change_review`.
    """
    submission = review.submission
    if submission is None or not may_appeal(review):
        raise ReviewChangeError(gettext("An appeal can be made once, after a rejection or a removal."))
    submission.appeal, submission.appealed_at = text, datetime.now(UTC)
    if review.status == ReviewStatus.REJECTED:
        move_review(review, ReviewStatus.PENDING, WRITER, "appeal_decision")
    else:
        flag_modified(review, "updated_at")  # so that a decision at the same moment does not pass unseen
        record(WRITER, "appeal_decision", f"review:{review.id}")
    db.session.commit()


def _ask_for_edit(review: Review, content: dict[str, Any]) -> None:
    waiting = waiting_edit(review)
    if content == (waiting.content if waiting else content_of(review)):
        return
    flag_modified(review, "updated_at")
    if waiting:
        waiting.status = "withdrawn"
    if content != content_of(review):
        review.edits.append(ReviewEdit(content=content, status="pending", submitted_at=datetime.now(UTC)))
    record(WRITER, "ask_for_change", f"review:{review.id}")
