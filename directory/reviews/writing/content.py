"""What a writer says in a review, as plain JSON values by name: the shape of `ReviewEdit.content` and `.replaced`."""

from datetime import date
from typing import Any

from directory.reviews.models import Outcome, Review

REVIEW_FIELDS = (
    "rating",
    "would_return",
    "visited_on",
    "author",
    "text",
    "written_as",
    "tie",
    "explained",
    "wait",
    "guidance",
    "paid",
)
OUTCOME_FIELDS = ("onset_days", "relief", "weeks_lasted", "pain", "side_effects")


def content_of(review: Review) -> dict[str, Any]:
    """What `review` says now. The month of the visit is an ISO date, its first day."""
    content = {name: getattr(review, name) for name in REVIEW_FIELDS}
    content["visited_on"] = review.visited_on.isoformat() if review.visited_on else None
    outcome = review.outcome or Outcome()
    return (
        content
        | {name: getattr(outcome, name) for name in OUTCOME_FIELDS}
        | {"side_effects": list(outcome.side_effects or [])}
    )


def put_content(review: Review, content: dict[str, Any]) -> None:
    """Let `review` say `content`, which names every field and was checked before."""
    for name in REVIEW_FIELDS:
        setattr(review, name, content.get(name))  # a change of before a question does not answer it
    review.visited_on = date.fromisoformat(content["visited_on"]) if content["visited_on"] else None
    answers = {name: content[name] for name in OUTCOME_FIELDS}
    if all(answer is None or answer == [] for answer in answers.values()):
        review.outcome = None
        return
    review.outcome = review.outcome or Outcome()
    for name, answer in answers.items():
        setattr(review.outcome, name, answer)
