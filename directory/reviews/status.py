"""The statuses of a review, and which may follow which. `actions.move_review` keeps to it."""

from enum import StrEnum

from directory.web.refusals import InvalidTransitionError


class ReviewStatus(StrEnum):
    UNCONFIRMED = "unconfirmed"  # sent, but the email address was not confirmed yet
    PENDING = "pending"  # waits for a moderator
    PUBLISHED = "published"
    REJECTED = "rejected"  # a moderator decided against it before it was published
    REMOVED = "removed"  # two moderators took it down after it was published
    WITHDRAWN = "withdrawn"  # its writer deleted it


MOVES: dict[ReviewStatus, frozenset[ReviewStatus]] = {
    ReviewStatus.UNCONFIRMED: frozenset({ReviewStatus.PENDING, ReviewStatus.WITHDRAWN}),
    ReviewStatus.PENDING: frozenset({ReviewStatus.PUBLISHED, ReviewStatus.REJECTED, ReviewStatus.WITHDRAWN}),
    ReviewStatus.PUBLISHED: frozenset({ReviewStatus.REMOVED, ReviewStatus.WITHDRAWN}),
    ReviewStatus.REJECTED: frozenset({ReviewStatus.PENDING, ReviewStatus.PUBLISHED, ReviewStatus.WITHDRAWN}),
    ReviewStatus.REMOVED: frozenset({ReviewStatus.PUBLISHED, ReviewStatus.WITHDRAWN}),
    ReviewStatus.WITHDRAWN: frozenset(),
}


def check_move(current: ReviewStatus, wanted: ReviewStatus) -> None:
    """Raises `InvalidTransitionError` unless a review may go from `current` to `wanted`."""
    if wanted not in MOVES[current]:
        raise InvalidTransitionError(f"This review is {current}, so it cannot become {wanted}.")
