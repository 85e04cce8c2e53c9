"""What a moderator needs to know of one review, and what they may decide about it."""

from dataclasses import replace

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from directory.accounts.models import Account, Role
from directory.accounts.queries import names_of
from directory.accounts.roles import ADMIN, MODERATOR
from directory.desk.eligibility import refusal_to
from directory.extensions import db
from directory.reviews.models import Decision, Review, ReviewEdit, ReviewReply, ReviewStatus
from directory.reviews.moderation.offers import ACTS, OpenAct, open_acts
from directory.reviews.moderation.queue import waiting_kinds
from directory.reviews.writing.content import put_content

MAX_SIMILAR = 10


def moderated_review(review_id: int) -> Review | None:
    """The review with all that is shown beside it; None while its writer has not confirmed it."""
    return db.session.scalar(
        select(Review)
        .where(Review.id == review_id, Review.status != ReviewStatus.UNCONFIRMED)
        .options(
            joinedload(Review.provider),
            joinedload(Review.outcome),
            joinedload(Review.submission),
            joinedload(Review.reply).selectinload(ReviewReply.versions),
            selectinload(Review.signals),
            selectinload(Review.reports),
            selectinload(Review.decisions),
            selectinload(Review.edits),
        )
        .execution_options(populate_existing=True)
    )


def acts_on(review: Review, actor: str) -> list[OpenAct]:
    """The acts that are open on `review` now; a conflict of interest closes all of them to `actor`."""
    found = open_acts(review.status, waiting_kinds(review.id), review.decisions, actor, moderator_actors())
    conflict = refusal_to(actor, review.npi)
    return [replace(each, refusal=conflict) for each in found] if conflict else found


def moderator_actors() -> set[str]:
    """All who may decide, as the audit log names them."""
    may_decide = Account.roles.any(Role.name.in_([MODERATOR, ADMIN]))
    return {f"account:{number}" for number in db.session.scalars(select(Account.id).where(Account.active, may_decide))}


def as_edited(edit: ReviewEdit) -> Review:
    """A review, not stored anywhere, that says what the edit asks for."""
    changed = Review()
    put_content(changed, edit.content)
    return changed


def last_refusal(review: Review) -> Decision | None:
    """The decision that a removal confirms, or that an appeal is against."""
    refusing = ("reject", "propose_removal", "remove")
    return next((decision for decision in reversed(review.decisions) if decision.act in refusing), None)


def similar_reviews(review: Review) -> list[Review]:
    """Reviews with (nearly) the same text, and the one that this is a duplicate of."""
    conditions = [Review.id == review.duplicate_of] if review.duplicate_of else []
    if review.text_cluster is not None:
        conditions.append(Review.text_cluster == review.text_cluster)
    if not conditions:
        return []
    return list(
        db.session.scalars(
            select(Review)
            .where(or_(*conditions), Review.id != review.id, Review.status != ReviewStatus.UNCONFIRMED)
            .options(joinedload(Review.provider))
            .order_by(Review.id)
            .limit(MAX_SIMILAR)
        )
    )


def what_happened(review: Review, act: str, decision_seen: int, actor: str) -> str | None:
    """How the review stands, for a person whose act came too late; None when it was their own second click."""
    since = [decision for decision in review.decisions if decision.id > decision_seen]
    if any(decision.act == act and decision.moderator == actor for decision in since):
        return None
    if since:
        names = names_of(decision.moderator for decision in since)
        done = ", then ".join(f"“{ACTS[decision.act].done}” by {names[decision.moderator]}" for decision in since)
        return f"The decision before yours: {done}."
    if review.status == ReviewStatus.WITHDRAWN:
        return "Its writer deleted this review. There is nothing left to decide."
    return "This review changed while you had it open. Read it again, then decide."
