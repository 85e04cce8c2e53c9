"""The one place where a review's status changes. Each change is in the audit log, in the same transaction."""

from datetime import UTC, datetime

from directory.audit.log import record
from directory.reviews.estimating import estimate_ratings
from directory.reviews.models import Review
from directory.reviews.status import ReviewStatus, check_move


def move_review(review: Review, wanted: ReviewStatus, actor: str, act: str, reason: str = "") -> None:
    """Change the status of `review` to `wanted`, and update its provider's rating estimate.

    Raises `InvalidTransitionError`. `actor` and `act` are as the audit log names them: "account:7", "reject_review".
    """
    before = review.status
    check_move(before, wanted)
    review.status = wanted
    now = datetime.now(UTC)
    review.updated_at = now
    if wanted is ReviewStatus.PUBLISHED:
        review.published_at = review.published_at or now
    record(actor, act, f"review:{review.id}", before={"status": before}, after={"status": wanted}, reason=reason)
    if ReviewStatus.PUBLISHED in {before, wanted}:
        estimate_ratings([review.npi])
