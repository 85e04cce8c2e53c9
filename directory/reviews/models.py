"""Tables of reviews, outcomes and rating estimates."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.extensions import Model
from directory.providers.sources import Source


class Review(Model):
    """What one patient says of one provider. Kept, with its status, whatever is decided about it."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("source_key", "source_review_id"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), index=True)
    source_key: Mapped[str] = mapped_column(ForeignKey("source.key"))
    source_review_id: Mapped[str] = mapped_column(String(100))
    status: Mapped[str] = mapped_column(String(20), default="published")
    rating: Mapped[float]  # 1 to 5 stars
    would_return: Mapped[bool | None]
    verified: Mapped[bool] = mapped_column(default=False)  # the visit was shown to staff
    visited_on: Mapped[date | None]
    created_at: Mapped[datetime]
    author: Mapped[str | None] = mapped_column(String(100))
    text: Mapped[str | None] = mapped_column(Text)

    source: Mapped[Source] = relationship(lazy="joined")
    outcome: Mapped["Outcome | None"] = relationship(cascade="all, delete-orphan", back_populates="review")


class Outcome(Model):
    """What a patient reports of one treatment; every answer is optional."""

    __tablename__ = "outcome"

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    onset_days: Mapped[int | None]
    relief: Mapped[str | None] = mapped_column(String(10))  # none, little, half, most, all
    weeks_lasted: Mapped[int | None]
    pain: Mapped[int | None]  # at the injection, 0 to 10
    side_effects: Mapped[list[str]] = mapped_column(JSON, default=list)

    review: Mapped[Review] = relationship(back_populates="outcome")


class RatingEstimate(Model):
    """Our estimate of a provider's rating, in stars, with its 90 % interval."""

    __tablename__ = "rating_estimate"
    ranked = True

    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True)
    estimate: Mapped[float]
    low: Mapped[float]
    high: Mapped[float]
    reviews_counted: Mapped[int]
    computed_at: Mapped[datetime]


class RatingParameters(Model):
    """What all providers share: the mean that estimates shrink toward, and the spreads (stars). One row."""

    __tablename__ = "rating_parameters"

    id: Mapped[int] = mapped_column(primary_key=True)
    mean: Mapped[float]
    between_sd: Mapped[float]  # of providers' true ratings around the mean
    within_sd: Mapped[float]  # of single reviews around their provider's true rating
    computed_at: Mapped[datetime]
