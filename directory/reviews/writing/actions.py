"""What writers do with a review: send it, confirm it, change it, delete it, appeal. The caller opens the transaction.

Of two sendings or confirmations at the same moment the second breaks a constraint: the caller uses `with_retries`.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import flag_modified

from directory.audit.log import record
from directory.extensions import db
from directory.providers.sources import known_source
from directory.reviews.models import Review, ReviewEdit, ReviewStatus, Submission, TextFingerprint
from directory.reviews.screening.detecting import detect_signals
from directory.reviews.status import move_review
from directory.reviews.writing.content import REVIEW_FIELDS, content_of, put_content
from directory.reviews.writing.mail import queue_confirmation, queue_private_link
from directory.reviews.writing.queries import earlier_submission, hash_of_address
from directory.reviews.writing.rights import may_appeal, may_change, waiting_edit
from directory.web.days import local_day
from directory.web.messages import gettext
from directory.web.refusals import InvalidTransitionError
from directory.web.transaction import after_commit
from directory.web.uploads import remove_file

WRITER = "writer"


@dataclass(frozen=True, slots=True)
class SentReview:
    """What one sending of the form holds. `content` is as `content.py` says; `language` is a code, for letters too.

    `form_key` is a hash of the form's own key and the provider, and `network_hash` stands for the network.
    """

    npi: str
    form_key: str
    content: dict[str, Any]
    email: str
    network_hash: str
    proof_file: str | None
    language: str


class AlreadyReviewedError(Exception):
    """The writer has another review of the same provider and year: the `earlier_submission`."""


def submit_review(sent: SentReview) -> Submission:
    """Keep the review until its address is confirmed, and queue the mail that asks for it.

    The same form sent again makes no second review: while unconfirmed its content is replaced, later nothing changes.
    """
    submission = db.session.scalar(select(Submission).where(Submission.form_key == sent.form_key))
    if submission is None:
        submission = _add(sent)
        queue_confirmation(submission)
    elif submission.review.status == ReviewStatus.UNCONFIRMED:
        _replace(submission, sent)
    return submission


def confirm_review(review_id: int) -> Submission:
    """Bring the review before the moderators and forget the address; once is enough. Raises `AlreadyReviewedError`."""
    submission = db.session.get_one(Submission, review_id)
    review, address = submission.review, submission.email
    if review.status != ReviewStatus.UNCONFIRMED or not address:
        return submission
    if earlier_submission(submission):
        raise AlreadyReviewedError
    submission.year, submission.confirmed_at = local_day(submission.submitted_at).year, datetime.now(UTC)
    submission.email, submission.email_hash = None, hash_of_address(address)
    move_review(review, ReviewStatus.PENDING, WRITER, "confirm_review")
    detect_signals(review, email=address)
    queue_private_link(submission, address)
    return submission


def put_into_earlier(review_id: int) -> Submission:
    """Make an unconfirmed review a change of the earlier one; it is deleted then. Raises `InvalidTransitionError`."""
    submission = db.session.get_one(Submission, review_id)
    earlier = earlier_submission(submission)
    if earlier is None or submission.review.status != ReviewStatus.UNCONFIRMED:
        return confirm_review(review_id)
    proof = submission.proof_file
    if proof and not earlier.proof_file and not earlier.review.verified:
        earlier.proof_file, earlier.proof_decided_at, submission.proof_file = proof, None, None
    change_review(earlier.review, content_of(submission.review))
    earlier.review.form_language = submission.review.form_language
    withdraw_review(submission.review)
    return earlier


def change_review(review: Review, content: dict[str, Any]) -> None:
    """Let the review say `content`: at once while it is not shown, after a moderator's decision when it is published.

    A rejected one goes back to the moderators. Raises `InvalidTransitionError`.
    """
    if not may_change(review):
        raise InvalidTransitionError(gettext("This review can no longer be changed."))
    if review.status == ReviewStatus.PUBLISHED:
        _ask_for_edit(review, content)
    elif content != content_of(review):
        put_content(review, content)
        review.updated_at = datetime.now(UTC)
        if review.status == ReviewStatus.REJECTED:
            move_review(review, ReviewStatus.PENDING, WRITER, "change_review")
        else:
            record(WRITER, "change_review", f"review:{review.id}")
        detect_signals(review)


def withdraw_review(review: Review) -> None:
    """Delete what the review says and its proof of visit. Its row and its stars stay, and are not shown."""
    submission = review.submission
    proof = submission.proof_file if submission else None
    for name in REVIEW_FIELDS:
        if name != "rating":  # the column is never empty
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
    if proof:
        remove_proof(proof)


def appeal_decision(review: Review, text: str) -> None:
    """Ask the moderators to look again at a rejection or removal. Raises `InvalidTransitionError`."""
    submission = review.submission
    if submission is None or not may_appeal(review):
        raise InvalidTransitionError(gettext("You can appeal once, after a review is rejected or removed."))
    submission.appeal, submission.appealed_at = text, datetime.now(UTC)
    if review.status == ReviewStatus.REJECTED:
        move_review(review, ReviewStatus.PENDING, WRITER, "appeal_decision")
    else:
        flag_modified(review, "updated_at")  # so that a decision at the same moment does not pass unseen
        record(WRITER, "appeal_decision", f"review:{review.id}")


def remove_proof(name: str) -> None:
    """Remove the file of a proof of visit once the transaction is committed."""
    folder = current_app.config["REVIEW_PROOFS_DIR"]
    after_commit(lambda: remove_file(folder, name))


def _add(sent: SentReview) -> Submission:
    now = datetime.now(UTC)
    review = Review(
        npi=sent.npi,
        source_key=known_source("site").key,
        source_review_id=secrets.token_hex(16),
        status=ReviewStatus.UNCONFIRMED,
        created_at=now,
        form_language=sent.language,
    )
    put_content(review, sent.content)
    review.submission = Submission(
        npi=sent.npi,
        form_key=sent.form_key,
        email=sent.email,
        email_hash=hash_of_address(sent.email),
        network_hash=sent.network_hash,
        submitted_at=now,
        link_key=secrets.token_hex(8),
        proof_file=sent.proof_file,
    )
    db.session.add(review)
    db.session.flush()
    return review.submission


def _replace(submission: Submission, sent: SentReview) -> None:
    review, replaced_proof = submission.review, submission.proof_file
    has_new_proof = sent.proof_file is not None and sent.proof_file != replaced_proof
    review.form_language = sent.language
    if (content_of(review), submission.email) == (sent.content, sent.email) and not has_new_proof:
        return
    put_content(review, sent.content)
    review.created_at = submission.submitted_at = datetime.now(UTC)  # also tells a confirmation at the same moment
    if has_new_proof:
        submission.proof_file = sent.proof_file
    is_other_address = submission.email != sent.email
    if is_other_address:
        submission.email, submission.email_hash = sent.email, hash_of_address(sent.email)
        submission.link_key = secrets.token_hex(8)
    db.session.flush()
    if is_other_address:
        queue_confirmation(submission)
    if has_new_proof and replaced_proof:
        remove_proof(replaced_proof)


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
