"""A reader reports a published review."""

from datetime import UTC, datetime

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from directory.audit.log import record
from directory.extensions import db
from directory.reviews.models import Review, ReviewReport
from directory.reviews.status import ReviewStatus
from directory.web.hmac_hash import keyed_hash, network_of
from directory.web.refusals import InvalidTransitionError

READER = "reader"


def report_review(review: Review, reason: str, note: str | None, address: str | None, form_key: str) -> None:
    """Keep the report, and commit. Raises `InvalidTransitionError` when the review is not published.

    Of the sender's IP `address` only a keyed hash of its network is kept. A second report of the same review from the
    same network is kept too, but closed at once, so that nobody makes a review wait again by sending many. The same
    form sent twice is one report.
    """
    if review.status != ReviewStatus.PUBLISHED:
        raise InvalidTransitionError("This review is not shown any more, so there is nothing to report.")
    now = datetime.now(UTC)
    network_hash = keyed_hash("report", network_of(address))
    is_repeated = db.session.scalar(
        select(exists().where(ReviewReport.review_id == review.id, ReviewReport.network_hash == network_hash))
    )
    report = ReviewReport(
        review_id=review.id,
        reason=reason,
        note=note,
        network_hash=network_hash,
        form_key=form_key,
        reported_at=now,
        closed_at=now if is_repeated else None,
    )
    db.session.add(report)
    try:
        db.session.flush()
        record(READER, "report_review", f"review:{review.id}", after={"report": report.id}, reason=reason)
        db.session.commit()
    except IntegrityError:  # the form was sent before
        db.session.rollback()
