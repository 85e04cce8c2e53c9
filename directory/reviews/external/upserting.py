"""Reviews and averages from elsewhere, once it is known whom they are about. The caller opens the transaction.

They are published at once: their source has moderated them, and readers can report them here. A review that is here
already, by its source and id, is brought up to date; what moderators decided about it stays.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from directory.extensions import db
from directory.providers.queries import successors_of
from directory.ratings.trust import ECHO_DAYS
from directory.reviews.external.source_terms import Terms, kept_text
from directory.reviews.models import Review, ReviewStatus, SourceAverage
from directory.reviews.screening.detecting import detect_signals
from directory.reviews.screening.personal_details import public_name
from directory.reviews.screening.text_clusters import assign_clusters

Content = dict[str, Any]
"""What a review says, as plain JSON values: rating, verified, visited_on, created_at, author, text, url."""


@dataclass(frozen=True, slots=True)
class ExternalReview:
    """`content["text"]` is the whole text; `terms` and `has_source_link` say how much of it is kept."""

    npi: str
    source_key: str
    source_review_id: str
    content: Content
    terms: Terms
    has_source_link: bool = False


@dataclass(slots=True)
class UpsertedReviews:
    """What became of reviews: the outcome of each, in order, and whose ratings they move."""

    outcomes: list[str] = field(default_factory=list)  # added, changed or unchanged
    duplicates: int = 0  # of those added: how many are reviews of other sources
    npis: set[str] = field(default_factory=set)


def upsert_reviews(found: Sequence[ExternalReview], *, detects: bool) -> UpsertedReviews:
    """Add or update the reviews; `detects` says whether signals are detected at once. No source and id stands twice.

    Those of a provider who was merged into another one are the other one's.
    """
    successors = successors_of({each.npi for each in found})
    found = [replace(each, npi=successors.get(each.npi, each.npi)) for each in found]
    stored = _stored(found)
    done = UpsertedReviews()
    added: list[Review] = []
    changed_texts: list[Review] = []
    texts: list[str | None] = []
    for each in found:
        review = stored.get((each.source_key, each.source_review_id))
        values = _values(each)
        if review is None:
            review = Review(
                source_key=each.source_key,
                source_review_id=each.source_review_id,
                status=ReviewStatus.PUBLISHED,
                published_at=datetime.now(UTC),
                **values,
            )
            db.session.add(review)
            added.append(review)
            outcome = "added"
            changes = values
        else:
            changes = {name: value for name, value in values.items() if getattr(review, name) != value}
            outcome = "changed" if changes else "unchanged"
            if changes:
                done.npis.add(review.npi)
                review.updated_at = datetime.now(UTC)
                for name, value in changes.items():
                    setattr(review, name, value)
        if changes:
            done.npis.add(each.npi)
        if {"text", "npi"} & changes.keys():
            changed_texts.append(review)
            texts.append(each.content["text"])
        done.outcomes.append(outcome)
    db.session.flush()
    if changed_texts:
        assign_clusters(changed_texts, texts)
        done.duplicates = _mark_duplicates(added)
        if detects:
            for review in changed_texts:
                detect_signals(review)
    db.session.flush()
    for review in (*stored.values(), *added):
        db.session.expunge(review)
    return done


def upsert_average(npi: str, source_key: str, content: Content) -> str:
    """Keep a source's average of a provider's stars; returns added, changed or unchanged."""
    values = {
        "average": content["average"],
        "reviews": content["reviews"],
        "url": content["url"],
        "as_of": date.fromisoformat(content["as_of"]),
    }
    npi = successors_of([npi]).get(npi, npi)
    row = db.session.get(SourceAverage, (npi, source_key))
    if row is None:
        db.session.add(SourceAverage(npi=npi, source_key=source_key, **values))
        return "added"
    changed = any(getattr(row, name) != value for name, value in values.items() if name != "as_of")
    if changed:
        for name, value in values.items():
            setattr(row, name, value)
    return "changed" if changed else "unchanged"


def _stored(found: Sequence[ExternalReview]) -> dict[tuple[str, str], Review]:
    ids: dict[str, list[str]] = defaultdict(list)
    for each in found:
        ids[each.source_key].append(each.source_review_id)
    return {
        (review.source_key, review.source_review_id): review
        for source_key, of_source in ids.items()
        for review in db.session.scalars(
            select(Review).where(Review.source_key == source_key, Review.source_review_id.in_(of_source))
        )
    }


def _values(each: ExternalReview) -> dict[str, Any]:
    content = each.content
    has_link = bool(content["url"] or each.has_source_link)
    return {
        "npi": each.npi,
        "rating": content["rating"],
        "verified": content["verified"],
        "visited_on": date.fromisoformat(content["visited_on"]) if content["visited_on"] else None,
        "created_at": datetime.fromisoformat(content["created_at"]),
        "author": public_name(content["author"]),
        "text": kept_text(content["text"], each.terms, has_link=has_link),
        "url": content["url"],
    }


def _mark_duplicates(added: Sequence[Review]) -> int:
    """Mark those of `added` that stand at another source too; the one that was here first stays."""
    here: dict[str, list[Any]] = defaultdict(list)  # by NPI: rows of those that were here, and reviews, alike in names
    new = {review.id for review in added}
    for row in db.session.execute(
        select(Review.npi, Review.id, Review.source_key, Review.rating, Review.created_at, Review.text_cluster)
        .where(Review.npi.in_({review.npi for review in added}))
        .where(Review.status == ReviewStatus.PUBLISHED, Review.duplicate_of.is_(None))
        .order_by(Review.id)
    ):
        if row.id not in new:
            here[row.npi].append(row)
    duplicates = 0
    for review in added:
        first = next((other for other in here[review.npi] if _same(review, other)), None)
        if first is None:
            here[review.npi].append(review)
        else:
            review.duplicate_of = first.id
            duplicates += 1
    return duplicates


def _same(one: Any, other: Any) -> bool:
    """Whether two reviews of one provider at two sources are one: nearly one text, equal stars, days near."""
    return (
        one.text_cluster is not None
        and one.text_cluster == other.text_cluster
        and one.source_key != other.source_key
        and one.rating == other.rating
        and abs(one.created_at - other.created_at) <= timedelta(days=ECHO_DAYS)
    )
