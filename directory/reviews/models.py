"""Tables of reviews: what patients say, what became of it, where it came from, and the estimates made of it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.extensions import Model
from directory.providers.models import Provider, WhenMerged
from directory.providers.sources import Source


class ReviewStatus(StrEnum):
    """`status.MOVES` says which may follow which."""

    UNCONFIRMED = "unconfirmed"  # sent, but the email address was not confirmed yet
    PENDING = "pending"  # waits for a moderator
    PUBLISHED = "published"
    REJECTED = "rejected"  # a moderator decided against it before it was published
    REMOVED = "removed"  # two moderators took it down after it was published
    WITHDRAWN = "withdrawn"  # its writer deleted it


class Review(Model):
    """What a patient or a caregiver says of one provider. Kept, with its status, whatever is decided about it."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("source_key", "source_review_id"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        Index("ix_review_npi_status", "npi", "status"),
        Index("ix_review_status_created_at", "status", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), index=True)
    source_key: Mapped[str] = mapped_column(ForeignKey("source.key"))
    source_review_id: Mapped[str] = mapped_column(String(100))
    status: Mapped[ReviewStatus] = mapped_column(String(20), default=ReviewStatus.PUBLISHED)
    rating: Mapped[float]  # 1 to 5 stars
    would_return: Mapped[bool | None]
    verified: Mapped[bool] = mapped_column(default=False)  # the visit was shown to staff
    visited_on: Mapped[date | None]
    created_at: Mapped[datetime]
    author: Mapped[str | None] = mapped_column(String(100))
    text: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(String(500))  # of the review at its source
    language: Mapped[str | None] = mapped_column(String(3))  # ISO 639-1, as found in the text
    form_language: Mapped[str] = mapped_column(String(2), server_default="en", default="en")  # letters are in it too
    written_as: Mapped[str | None] = mapped_column(String(20))  # a key of `questions.WRITTEN_AS`; None where not asked
    tie: Mapped[str | None] = mapped_column(
        String(20)
    )  # a key of `questions.TIES`: what binds the writer to the clinic
    explained: Mapped[int | None]  # how well the plan was explained, 1 to 5
    wait: Mapped[str | None] = mapped_column(String(20))  # for an appointment: a key of `questions.WAITS`
    guidance: Mapped[str | None] = mapped_column(String(20))  # a key of `questions.GUIDANCE`
    paid: Mapped[str | None] = mapped_column(String(20))  # a key of `questions.PAID`
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime | None]  # when what is shown last changed
    duplicate_of: Mapped[int | None] = mapped_column(ForeignKey("review.id", ondelete="SET NULL"))
    text_cluster: Mapped[int | None] = mapped_column(index=True)  # reviews with (nearly) the same text share one
    weight: Mapped[float] = mapped_column(default=1.0)  # trust in the rating estimate, 0 to 1; age is not in it
    discounts: Mapped[list[str]] = mapped_column(JSON, default=list)  # why it weighs less: keys of `ratings.trust.WHY`
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it from the class)

    provider: Mapped[Provider] = relationship()
    source: Mapped[Source] = relationship(lazy="joined")
    outcome: Mapped["Outcome | None"] = relationship(cascade="all, delete-orphan", back_populates="review")
    submission: Mapped["Submission | None"] = relationship(cascade="all, delete-orphan", back_populates="review")
    signals: Mapped[list["ReviewSignal"]] = relationship(cascade="all, delete-orphan", order_by="ReviewSignal.id")
    reports: Mapped[list["ReviewReport"]] = relationship(
        cascade="all, delete-orphan", order_by="ReviewReport.id", back_populates="review"
    )
    decisions: Mapped[list["Decision"]] = relationship(order_by="Decision.id", back_populates="review")
    edits: Mapped[list["ReviewEdit"]] = relationship(
        cascade="all, delete-orphan", order_by="ReviewEdit.id", back_populates="review"
    )
    reply: Mapped["ReviewReply | None"] = relationship(cascade="all, delete-orphan", back_populates="review")


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


class Submission(Model):
    """How a review written on this site came in. The address goes when it is confirmed; its keyed hash stays.

    `year` is that of the writing, in Los Angeles; it is empty until the address is confirmed and after the writer
    deleted the review, so that the constraint holds one review a person, provider and year.
    """

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("npi", "email_hash", "year"),)

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"))
    form_key: Mapped[str] = mapped_column(String(64), unique=True)  # of the form that was sent: two sends, one review
    email: Mapped[str | None] = mapped_column(String(254))
    email_hash: Mapped[str] = mapped_column(String(64), index=True)
    year: Mapped[int | None]
    network_hash: Mapped[str] = mapped_column(String(64), index=True)
    submitted_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    link_key: Mapped[str] = mapped_column(String(32))  # is in the writer's links; a new one makes them void
    proof_file: Mapped[str | None] = mapped_column(String(80))  # its name in REVIEW_PROOFS_DIR, until decided
    proof_decided_at: Mapped[datetime | None]
    appeal: Mapped[str | None] = mapped_column(Text)
    appealed_at: Mapped[datetime | None]

    review: Mapped[Review] = relationship(back_populates="submission")


class ReviewEdit(Model):
    """A change that the writer asks for of a published review; what is shown stays until it is decided.

    `content` and, once applied, `replaced` hold the writer's fields by name.
    """

    __tablename__ = "review_edit"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    replaced: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(20), default="pending")  # pending, applied, rejected, withdrawn
    submitted_at: Mapped[datetime]

    review: Mapped[Review] = relationship(back_populates="edits")


class ReviewSignal(Model):
    """What a program noticed about a review. It sorts the queue and explains; it decides nothing."""

    __tablename__ = "review_signal"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # a key of `signals.KINDS`
    sentence: Mapped[str] = mapped_column(String(500))


class ReviewReport(Model):
    """A reader's word that a published review should be looked at again."""

    __tablename__ = "review_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(30))  # a key of `reasons.REPORTS`
    note: Mapped[str | None] = mapped_column(Text)
    network_hash: Mapped[str] = mapped_column(String(64))
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    reported_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    review: Mapped[Review] = relationship(back_populates="reports")


class Decision(Model):
    """One decision of one moderator, with its reason from the published list. Never changed or removed."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id", ondelete="SET NULL"), index=True)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("review_reply.id", ondelete="SET NULL"), index=True)
    act: Mapped[str] = mapped_column(String(30), index=True)  # a key of `offers.ACTS`
    reason: Mapped[str] = mapped_column(String(30))  # a key of `reasons.REASONS`
    message: Mapped[str | None] = mapped_column(Text)  # to the writer
    note: Mapped[str | None] = mapped_column(Text)  # among moderators
    moderator: Mapped[str] = mapped_column(String(120))  # the actor as the audit log names it: "account:7"
    decided_at: Mapped[datetime]

    review: Mapped[Review | None] = relationship(back_populates="decisions")


class ReviewReply(Model):
    """A clinic's one reply to a review. `text` is what is shown, None until a version was published."""

    __tablename__ = "review_reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), unique=True)
    text: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it from the class)

    review: Mapped[Review] = relationship(back_populates="reply")
    versions: Mapped[list["ReplyVersion"]] = relationship(
        cascade="all, delete-orphan", order_by="ReplyVersion.id", back_populates="reply"
    )


class ReplyVersion(Model):
    """One wording of a reply, kept whatever is decided about it."""

    __tablename__ = "reply_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("review_reply.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(3))  # ISO 639-1, as found in the text
    status: Mapped[str] = mapped_column(String(20), default="pending")  # pending, published, rejected, replaced
    written_by: Mapped[str] = mapped_column(String(120))  # the actor as the audit log names it
    written_at: Mapped[datetime]

    reply: Mapped[ReviewReply] = relationship(back_populates="versions")


class SourceTerms(Model):
    """What a source allows with its reviews. Without a row nothing of a text may be shown or kept."""

    __tablename__ = "source_terms"

    source_key: Mapped[str] = mapped_column(ForeignKey("source.key"), primary_key=True)
    show_text: Mapped[bool] = mapped_column(default=False)
    max_characters: Mapped[int | None]  # of a text; None for all of it
    link_required: Mapped[bool] = mapped_column(default=False)


class SourceAverage(Model):
    """A source that gives only an average and a count of a provider's stars."""

    __tablename__ = "source_average"

    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True)
    source_key: Mapped[str] = mapped_column(ForeignKey("source.key"), primary_key=True)
    average: Mapped[float]  # stars, 1 to 5
    reviews: Mapped[int]
    url: Mapped[str | None] = mapped_column(String(500))
    as_of: Mapped[date]

    source: Mapped[Source] = relationship(lazy="joined")


class VisitSummary(Model):
    """What patients report of their visits to a provider; a value is None where fewer than five answered."""

    __tablename__ = "visit_summary"
    when_merged = WhenMerged.STAY
    ranked = True

    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True)
    wait: Mapped[str | None] = mapped_column(String(20))  # the middle answer: a key of `questions.WAITS`
    waits: Mapped[int]  # how many answered
    explained: Mapped[float | None]  # the mean, 1 to 5
    explained_count: Mapped[int]
    paid: Mapped[str | None] = mapped_column(String(20))  # the middle answer: a key of `questions.PAID`
    paid_count: Mapped[int]


class DoubtfulMatch(Model):
    """A review or average from elsewhere whose provider is not certain: it waits until a person says who is meant."""

    __tablename__ = "doubtful_match"
    __table_args__ = (UniqueConstraint("source_key", "source_review_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_key: Mapped[str] = mapped_column(ForeignKey("source.key"))
    source_review_id: Mapped[str] = mapped_column(String(100))
    subject: Mapped[dict[str, Any]] = mapped_column(JSON)  # name, address, phone as the source has them
    content: Mapped[dict[str, Any]] = mapped_column(JSON)  # the row as read, within the source's terms
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # [{"npi", "score"}], the best first
    status: Mapped[str] = mapped_column(String(20), default="waiting", index=True)  # waiting, matched, dismissed
    npi: Mapped[str | None] = mapped_column(String(10))  # whom a person chose
    opened_at: Mapped[datetime | None]  # since when it waits; None of what waited before this was kept
    decided_at: Mapped[datetime | None]


class TextFingerprint(Model):
    """Bands of a review's text: two texts that share one are compared (`ratings.near_duplicates`)."""

    __tablename__ = "text_fingerprint"

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    band: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger, index=True)
