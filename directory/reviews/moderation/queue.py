"""What waits for a moderator. The list sorts by age or by signals, never by stars."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import CTE, ColumnElement, Select, case, exists, func, literal, select, union_all
from sqlalchemy.orm import aliased

from directory.extensions import db
from directory.reviews.models import (
    Decision,
    ReplyVersion,
    Review,
    ReviewEdit,
    ReviewReply,
    ReviewReport,
    ReviewSignal,
    Submission,
)
from directory.reviews.moderation.waiting import Kind
from directory.reviews.screening.signals import STRENGTHS
from directory.reviews.status import ReviewStatus
from directory.web.days import age_in_words
from directory.web.pagination import Pages

ITEMS_A_PAGE = 25
PUBLISHED = Review.status == ReviewStatus.PUBLISHED
SETTLES_AN_APPEAL = ("publish", "reject", "restore", "remove", "decline_appeal")
SETTLES_A_REMOVAL = ("remove", "decline_removal")


class Sort(StrEnum):
    OLDEST = "oldest"
    SIGNALS = "signals"


@dataclass(frozen=True, slots=True)
class WaitingReview:
    """One line of the queue. `age` is that of what has waited longest; `signals` are the kinds, the strongest first."""

    review: Review
    kinds: list[Kind]
    age: str
    signals: list[str]


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue; `counts` has every kind, of the whole queue."""

    items: list[WaitingReview]
    pages: Pages
    counts: dict[Kind, int]
    total: int


def waiting_queue(kind: Kind | None = None, sort: Sort = Sort.OLDEST, page: int = 1) -> Queue:
    """The `page`-th page of what waits, of `kind` alone if one is named; a page beyond the last is the last."""
    waiting = _waiting()
    counts, total = waiting_counts(), waiting_count()
    pages = Pages.nearest(page, ITEMS_A_PAGE, counts[kind] if kind else total)
    rows = db.session.execute(_ordered(waiting, kind, sort).offset(pages.skipped).limit(ITEMS_A_PAGE)).all()
    ids = [row.review_id for row in rows]
    reviews = {review.id: review for review in db.session.scalars(select(Review).where(Review.id.in_(ids)))}
    kinds, signals = _kinds_of(waiting, ids), _signals_of(ids)
    now = datetime.now(UTC)
    items = [
        WaitingReview(
            reviews[row.review_id], kinds[row.review_id], age_in_words(row.since, now), signals.get(row.review_id, [])
        )
        for row in rows
    ]
    return Queue(items, pages, counts, total)


def waiting_count() -> int:
    """How many reviews wait for a decision."""
    return db.session.scalar(select(func.count(_waiting().c.review_id.distinct()))) or 0


def waiting_counts() -> dict[Kind, int]:
    """How many reviews wait for each reason; one may count for several."""
    waiting = _waiting()
    counts = select(waiting.c.kind, func.count(waiting.c.review_id.distinct())).group_by(waiting.c.kind)
    found = {Kind(kind): count for kind, count in db.session.execute(counts)}
    return {kind: found.get(kind, 0) for kind in Kind}


def waiting_kinds(review_id: int) -> list[Kind]:
    """Why one review waits, in the order of `Kind`; empty when it does not."""
    return _kinds_of(_waiting(), [review_id]).get(review_id, [])


def next_waiting(review_id: int, kind: Kind | None = None, sort: Sort = Sort.OLDEST) -> int | None:
    """The review that stands after `review_id` in the queue, or its first; None when nothing else waits."""
    ids = [row.review_id for row in db.session.execute(_ordered(_waiting(), kind, sort))]
    after = ids[ids.index(review_id) + 1 :] if review_id in ids else []
    return next((found for found in [*after, *ids] if found != review_id), None)


def _ordered(waiting: CTE, kind: Kind | None, sort: Sort) -> Select[tuple[int, datetime]]:
    """The reviews that wait (review_id, since), in the order of `sort`."""
    since = func.min(waiting.c.since).label("since")
    statement = select(waiting.c.review_id, since).group_by(waiting.c.review_id)
    if kind is not None:
        statement = statement.where(waiting.c.kind == kind)
    if sort is Sort.SIGNALS:
        strength = func.sum(case(STRENGTHS, value=ReviewSignal.kind, else_=1)).label("strength")
        noticed = select(ReviewSignal.review_id, strength).group_by(ReviewSignal.review_id).subquery("noticed")
        statement = (
            statement.outerjoin(noticed, noticed.c.review_id == waiting.c.review_id)
            .group_by(noticed.c.strength)
            .order_by(func.coalesce(noticed.c.strength, 0).desc())
        )
    return statement.order_by(since, waiting.c.review_id)


def _kinds_of(waiting: CTE, ids: list[int]) -> dict[int, list[Kind]]:
    found: dict[int, set[Kind]] = {}
    for review_id, kind in db.session.execute(
        select(waiting.c.review_id, waiting.c.kind).where(waiting.c.review_id.in_(ids))
    ):
        found.setdefault(review_id, set()).add(Kind(kind))
    return {review_id: [kind for kind in Kind if kind in kinds] for review_id, kinds in found.items()}


def _signals_of(ids: list[int]) -> dict[int, list[str]]:
    """By review: the kinds of its signals, the strongest first."""
    found: dict[int, set[str]] = {}
    for review_id, kind in db.session.execute(
        select(ReviewSignal.review_id, ReviewSignal.kind).where(ReviewSignal.review_id.in_(ids))
    ):
        found.setdefault(review_id, set()).add(kind)
    return {
        review_id: sorted(kinds, key=lambda kind: (-STRENGTHS.get(kind, 1), kind)) for review_id, kinds in found.items()
    }


def _waiting() -> CTE:
    """Every reason to wait as a row (review_id, kind, since). This is the one place that says what waits."""
    review = Review.id.label("review_id")
    handed_in = func.coalesce(Submission.confirmed_at, Submission.submitted_at, Review.created_at)
    return union_all(
        select(review, literal(Kind.NEW.value).label("kind"), handed_in.label("since"))
        .select_from(Review)
        .outerjoin(Submission)
        .where(Review.status == ReviewStatus.PENDING, ~_has_open_appeal()),
        select(review, literal(Kind.APPEAL.value), Submission.appealed_at)
        .select_from(Review)
        .join(Submission)
        .where(_has_open_appeal()),
        select(review, literal(Kind.EDIT.value), ReviewEdit.submitted_at)
        .select_from(Review)
        .join(ReviewEdit)
        .where(PUBLISHED, ReviewEdit.status == "pending"),
        select(review, literal(Kind.REPORT.value), ReviewReport.reported_at)
        .select_from(Review)
        .join(ReviewReport)
        .where(PUBLISHED, ReviewReport.closed_at.is_(None), ~exists().where(_is_open_proposal(Decision))),
        select(review, literal(Kind.REMOVAL.value), Decision.decided_at)
        .select_from(Review)
        .join(Decision, Decision.review_id == Review.id)
        .where(PUBLISHED, _is_open_proposal(Decision)),
        select(review, literal(Kind.PROOF.value), handed_in)
        .select_from(Review)
        .join(Submission)
        .where(
            Submission.proof_file.is_not(None),
            Submission.proof_decided_at.is_(None),
            Review.status.not_in([ReviewStatus.UNCONFIRMED, ReviewStatus.WITHDRAWN]),
        ),
        select(review, literal(Kind.REPLY.value), ReplyVersion.written_at)
        .select_from(Review)
        .join(ReviewReply)
        .join(ReplyVersion)
        .where(PUBLISHED, ReplyVersion.status == "pending"),
    ).cte("waiting")


def _has_open_appeal() -> ColumnElement[bool]:
    """Of the review in the outer query, joined with its submission."""
    settled = exists().where(
        Decision.review_id == Review.id,
        Decision.act.in_(SETTLES_AN_APPEAL),
        Decision.decided_at >= Submission.appealed_at,
    )
    open_to_it = (ReviewStatus.PENDING, ReviewStatus.REJECTED, ReviewStatus.REMOVED)
    return Submission.appealed_at.is_not(None) & Review.status.in_(open_to_it) & ~settled


def _is_open_proposal(decision: type[Decision]) -> ColumnElement[bool]:
    later = aliased(Decision)
    settled = exists().where(
        later.review_id == decision.review_id, later.id > decision.id, later.act.in_(SETTLES_A_REMOVAL)
    )
    return (decision.review_id == Review.id) & (decision.act == "propose_removal") & ~settled
