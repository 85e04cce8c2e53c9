"""The one place where a review's status changes. Each change is in the audit log, in the same transaction."""

from datetime import UTC, datetime

from directory.audit.log import record
from directory.reviews.estimating import estimate_ratings
from directory.reviews.models import Review, ReviewStatus
from directory.web.refusals import InvalidTransitionError

MOVES: dict[ReviewStatus, frozenset[ReviewStatus]] = {
    ReviewStatus.UNCONFIRMED: frozenset({ReviewStatus.PENDING, ReviewStatus.WITHDRAWN}),
    ReviewStatus.PENDING: frozenset({ReviewStatus.PUBLISHED, ReviewStatus.REJECTED, ReviewStatus.WITHDRAWN}),
    ReviewStatus.PUBLISHED: frozenset({ReviewStatus.REMOVED, ReviewStatus.WITHDRAWN}),
    ReviewStatus.REJECTED: frozenset({ReviewStatus.PENDING, ReviewStatus.PUBLISHED, ReviewStatus.WITHDRAWN}),
    ReviewStatus.REMOVED: frozenset({ReviewStatus.PUBLISHED, ReviewStatus.WITHDRAWN}),
    ReviewStatus.WITHDRAWN: frozenset(),
}


def move_review(review: Review, wanted: ReviewStatus, actor: str, act: str, reason: str = "") -> None:
    """Change the status of `review` to `wanted`, and update its provider's rating estimate.

    Raises `InvalidTransitionError`. `actor` and `act` are as the audit log names them: "account:7", "reject_review".
    """
    before = review.status
    if wanted not in MOVES[before]:
        raise InvalidTransitionError(f"This review is {before}, so it cannot become {wanted}.")
    now = datetime.now(UTC)
    review.status = wanted
    review.updated_at = now
    if wanted is ReviewStatus.PUBLISHED:
        review.published_at = review.published_at or now
    record(actor, act, f"review:{review.id}", before={"status": before}, after={"status": wanted}, reason=reason)
    if ReviewStatus.PUBLISHED in {before, wanted}:
        estimate_ratings([review.npi])
