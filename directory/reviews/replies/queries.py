"""Reads for a clinic's representatives: the reviews that they may reply to, and what became of their replies."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from directory.extensions import db
from directory.reviews.models import Decision, ReplyVersion, Review, ReviewReply, ReviewStatus
from directory.web.pagination import Pages

REVIEWS_A_PAGE = 20


def review_to_reply_to(review_id: int) -> Review | None:
    """The review, if it is published."""
    return db.session.scalar(
        select(Review)
        .where(Review.id == review_id, Review.status == ReviewStatus.PUBLISHED)
        .options(joinedload(Review.provider), joinedload(Review.reply).selectinload(ReviewReply.versions))
    )


def answerable_reviews(npis: Collection[str], page: int) -> tuple[list[Review], Pages]:
    """The published reviews of `npis` with their replies; a page beyond the last stands for the last."""
    shown = (Review.npi.in_(npis), Review.status == ReviewStatus.PUBLISHED, Review.duplicate_of.is_(None))
    total = db.session.scalar(select(func.count()).where(*shown)) or 0
    pages = Pages.nearest(page, REVIEWS_A_PAGE, total)
    reviews = db.session.scalars(
        select(Review)
        .where(*shown)
        .options(joinedload(Review.provider), selectinload(Review.reply).selectinload(ReviewReply.versions))
        .order_by(Review.created_at.desc(), Review.id.desc())
        .offset(pages.skipped)
        .limit(pages.size)
    )
    return list(reviews), pages


def waiting_version(reply: ReviewReply | None) -> ReplyVersion | None:
    """The wording that waits for a moderator; there is never more than one."""
    return next((version for version in (reply.versions if reply else ()) if version.status == "pending"), None)


def wordings(reply: ReviewReply | None) -> list[tuple[ReplyVersion, Decision | None]]:
    """All versions of a reply, the newest first, those that a moderator refused with that decision."""
    if reply is None:
        return []
    refusals = iter(
        db.session.scalars(
            select(Decision).where(Decision.reply_id == reply.id, Decision.act == "reject_reply").order_by(Decision.id)
        )
    )
    # One waits at a time, so they are refused in the order of their writing.
    return [(each, next(refusals, None) if each.status == "rejected" else None) for each in reply.versions][::-1]
