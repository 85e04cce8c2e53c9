"""What the writer of a review may still do with it. Plain rules over the review's rows."""

from directory.reviews.models import Decision, Review, ReviewEdit, ReviewStatus

REFUSALS = {
    ReviewStatus.REJECTED: ("reject", "decline_appeal"),
    ReviewStatus.REMOVED: ("remove", "decline_appeal"),
}
"""The decisions that lead to a status, or leave it so; others, such as on the proof of visit, do not speak of it."""


def may_change(review: Review) -> bool:
    """While it waits or is published; after a rejection once, unless an appeal was made."""
    if review.status == ReviewStatus.REJECTED:
        return not _has_used_chance(review)
    return review.status in {ReviewStatus.PENDING, ReviewStatus.PUBLISHED}


def may_appeal(review: Review) -> bool:
    """Once, after a rejection that was not met by a change, or after a removal."""
    if review.submission is None or review.submission.appealed_at:
        return False
    if review.status == ReviewStatus.REJECTED:
        return not _has_used_chance(review)
    return review.status == ReviewStatus.REMOVED


def refusal_of(review: Review) -> Decision | None:
    """The decision by which the review was rejected or removed; None when it is neither."""
    return _last(review, REFUSALS.get(review.status, ()))


def waiting_edit(review: Review) -> ReviewEdit | None:
    """The change of a published review that waits for a moderator."""
    return next((edit for edit in reversed(review.edits) if edit.status == "pending"), None)


def refused_edit(review: Review) -> Decision | None:
    """Why the last change was not published; None when it was, or when another one waits."""
    if not review.edits or review.edits[-1].status != "rejected":
        return None
    return _last(review, ("reject_edit",))


def refused_proof(review: Review) -> Decision | None:
    """Why the proof of visit was not accepted; None when it was, or when there is none or another one."""
    last = _last(review, ("accept_proof", "decline_proof"))
    has_another = review.submission is None or review.submission.proof_file is not None
    return last if last and last.act == "decline_proof" and not has_another else None


def _last(review: Review, acts: tuple[str, ...]) -> Decision | None:
    return next((decision for decision in reversed(review.decisions) if decision.act in acts), None)


def _has_used_chance(review: Review) -> bool:
    rejections = sum(decision.act == "reject" for decision in review.decisions)
    return rejections > 1 or bool(review.submission and review.submission.appealed_at)
