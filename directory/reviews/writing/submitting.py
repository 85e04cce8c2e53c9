"""A review comes in: it is kept, its address is asked, and then it waits for a moderator. Each act commits."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from directory.extensions import db
from directory.providers.sources import known_source
from directory.reviews.actions import move_review
from directory.reviews.models import Review, Submission
from directory.reviews.screening.detecting import notice
from directory.reviews.status import ReviewStatus
from directory.reviews.writing.content import content_of, put_content
from directory.reviews.writing.mail import (
    queue_all_links,
    queue_confirmation,
    queue_link_of_earlier,
    queue_private_link,
)
from directory.reviews.writing.queries import (
    confirmed_submissions,
    earlier_submission,
    hash_of_address,
    plain_address,
    stored_form_key,
    submission_of_form,
    year_of,
)
from directory.reviews.writing.rewriting import change_review, withdraw_review
from directory.web.uploads import remove_file

WRITER = "writer"
ATTEMPTS = 5
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class SentForm:
    """What one sending of the form holds. `content` is as `content.py` says; `network_hash` stands for the network.

    `language` is the code of that in which the form was: letters to the writer are in it too.
    """

    npi: str
    form_key: str
    content: dict[str, Any]
    email: str
    network_hash: str
    proof_file: str | None
    language: str


class AlreadyReviewedError(Exception):
    """The writer has another review of the same provider and year."""

    def __init__(self, earlier: Submission) -> None:
        super().__init__()
        self.earlier = earlier


def submit_review(sent: SentForm) -> Submission:
    """Keep the review until its address is confirmed, and queue the mail that asks for it.

    The same form sent again makes no second review: while unconfirmed its content is replaced, later nothing changes.
    """
    return _with_retries(lambda: _take_in(sent))


def confirm_review(submission: Submission) -> Submission:
    """Bring the review before the moderators and forget the address; once is enough. Raises `AlreadyReviewedError`."""
    return _with_retries(lambda: _confirm(submission.review_id))


def send_confirmation_again(submission: Submission) -> bool:
    """Queue the confirming mail once more; False when the address is gone or got too many mails today."""
    was_queued = queue_confirmation(submission)
    db.session.commit()
    return was_queued


def send_link_of_earlier(submission: Submission, earlier: Submission) -> bool:
    """Mail the writer of an unconfirmed review the link to the earlier one; False after too many mails."""
    address = plain_address(submission.email or "")
    was_queued = queue_link_of_earlier(earlier, address, submission.review.form_language)
    db.session.commit()
    return was_queued


def send_all_links(address: str, language: str) -> None:
    """Mail the links to all reviews written with an address, if there are any, in the language of who asks."""
    email_hash = hash_of_address(address)
    queue_all_links(confirmed_submissions(email_hash), email_hash, plain_address(address), language)
    db.session.commit()


def put_into_earlier(submission: Submission) -> Submission:
    """Make an unconfirmed review a change of the earlier one; it is deleted then. Raises `ReviewChangeError`."""
    return _with_retries(lambda: _put_into_earlier(submission.review_id))


def _take_in(sent: SentForm) -> Submission:
    submission = submission_of_form(sent.npi, sent.form_key)
    if submission is None:
        submission = _add(sent)
        queue_confirmation(submission)
    elif submission.review.status == ReviewStatus.UNCONFIRMED:
        _replace(submission, sent)
    return submission


def _add(sent: SentForm) -> Submission:
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
        form_key=stored_form_key(sent.npi, sent.form_key),
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


def _replace(submission: Submission, sent: SentForm) -> None:
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
        remove_file(current_app.config["REVIEW_PROOFS_DIR"], replaced_proof)


def _confirm(review_id: int) -> Submission:
    submission = db.session.get_one(Submission, review_id)
    review, address = submission.review, submission.email
    if review.status != ReviewStatus.UNCONFIRMED or not address:
        return submission
    earlier = earlier_submission(submission)
    if earlier:
        raise AlreadyReviewedError(earlier)
    submission.year, submission.confirmed_at = year_of(submission.submitted_at), datetime.now(UTC)
    submission.email = None
    move_review(review, ReviewStatus.PENDING, WRITER, "confirm_review")
    notice(review, email=address)
    queue_private_link(submission, address)
    return submission


def _put_into_earlier(review_id: int) -> Submission:
    submission = db.session.get_one(Submission, review_id)
    earlier = earlier_submission(submission)
    if earlier is None or submission.review.status != ReviewStatus.UNCONFIRMED:
        return _confirm(review_id)
    proof = submission.proof_file
    if proof and not earlier.proof_file and not earlier.review.verified:
        earlier.proof_file, earlier.proof_decided_at, submission.proof_file = proof, None, None
    change_review(earlier.review, content_of(submission.review), commit=False)
    earlier.review.form_language = submission.review.form_language
    withdraw_review(submission.review)
    return earlier


def _with_retries(act: Callable[[], Result]) -> Result:
    """`act` in a transaction, begun anew when another one changed the same rows at the same moment."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            result = act()
            db.session.commit()
        except (IntegrityError, StaleDataError):
            db.session.rollback()
            if attempt == ATTEMPTS:
                raise
        else:
            return result
    raise AssertionError("the last attempt returns or raises")
