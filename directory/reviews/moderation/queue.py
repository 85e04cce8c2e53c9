"""What waits for a moderator. The list sorts by age or by signals, never by stars."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import CTE, ColumnElement, Select, case, exists, func, literal, select, union_all
from sqlalchemy.orm import aliased, selectinload

from directory.accounts.models import Account
from directory.accounts.work import Waiting
from directory.desk import queue as desk_queue
from directory.desk.queue import ITEMS_A_PAGE, Neighbors, Queue, option_of
from directory.extensions import db
from directory.reviews.models import (
    Decision,
    ReplyVersion,
    Review,
    ReviewEdit,
    ReviewReply,
    ReviewReport,
    ReviewSignal,
    ReviewStatus,
    Submission,
)
from directory.reviews.moderation.offers import WaitKind
from directory.reviews.screening.signals import KINDS
from directory.web.pagination import Pages, asked_page

PUBLISHED = Review.status == ReviewStatus.PUBLISHED
ANSWERS_AN_APPEAL = ("publish", "reject", "restore", "remove", "decline_appeal")
ANSWERS_A_REMOVAL = ("remove", "decline_removal")


class Sort(StrEnum):
    OLDEST = "oldest"
    SIGNALS = "signals"


@dataclass(frozen=True)
class ReviewChoice(desk_queue.QueueChoice):
    """Which reviews are asked for, and in which order."""

    kind: WaitKind | None = None
    sort: Sort = Sort.OLDEST

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Self:
        """What an address asks for; anything that is not offered stands for the default."""
        kind, sort = option_of(WaitKind, asked.get("kind")), option_of(Sort, asked.get("sort"))
        return cls(asked_page(asked), kind, sort or Sort.OLDEST)


@dataclass(frozen=True, slots=True)
class WaitingReview:
    """One line of the queue, with what it waits for, since when the longest."""

    review: Review
    kinds: list[WaitKind]
    since: datetime

    @property
    def signals(self) -> list[str]:
        """The kinds of its signals, the strongest first."""
        return sorted({signal.kind for signal in self.review.signals}, key=lambda kind: (-KINDS[kind].strength, kind))


def waiting_queue(choice: ReviewChoice) -> Queue[WaitingReview]:
    """The page of the queue that `choice` asks for; a page beyond the last is the last."""
    waiting = _waiting()
    counts, total = waiting_counts(), waiting_count()
    pages = Pages.nearest(choice.page, ITEMS_A_PAGE, counts[choice.kind] if choice.kind else total)
    chosen, order = _chosen(waiting, choice)
    rows = db.session.execute(chosen.order_by(*order).offset(pages.skipped).limit(ITEMS_A_PAGE)).all()
    ids = [row.review_id for row in rows]
    found = select(Review).where(Review.id.in_(ids)).options(selectinload(Review.signals))
    reviews = {review.id: review for review in db.session.scalars(found)}
    kinds = _kinds_of(waiting, ids)
    items = [WaitingReview(reviews[row.review_id], kinds[row.review_id], row.since) for row in rows]
    return Queue(items, pages, counts, total)


def waiting_count() -> int:
    """How many reviews wait for a decision."""
    return db.session.scalar(select(func.count(_waiting().c.review_id.distinct()))) or 0


def waiting_reviews(_account: Account) -> Waiting:
    """What waits for a decision, for the staff's first page."""
    waiting = _waiting()
    row = db.session.execute(select(func.count(waiting.c.review_id.distinct()), func.min(waiting.c.since))).one()
    return Waiting(*row)


def waiting_counts() -> dict[WaitKind, int]:
    """How many reviews wait for each reason; one may count for several."""
    waiting = _waiting()
    counts = select(waiting.c.kind, func.count(waiting.c.review_id.distinct())).group_by(waiting.c.kind)
    found = {WaitKind(kind): count for kind, count in db.session.execute(counts)}
    return {kind: found.get(kind, 0) for kind in WaitKind}


def waiting_kinds(review_id: int) -> list[WaitKind]:
    """Why one review waits, in the order of `WaitKind`; empty when it does not."""
    return _kinds_of(_waiting(), [review_id]).get(review_id, [])


def neighbors(review_id: int, choice: ReviewChoice) -> Neighbors:
    """The reviews before and after one in the part of the queue that `choice` asks for."""
    chosen, order = _chosen(_waiting(), choice)
    return desk_queue.neighbors(chosen.with_only_columns(chosen.selected_columns[0]), order, review_id)


def _chosen(waiting: CTE, choice: ReviewChoice) -> tuple[Select[int, datetime], list[Any]]:
    """The reviews of the choice (review_id, since), and their order."""
    since = func.min(waiting.c.since).label("since")
    statement = select(waiting.c.review_id, since).group_by(waiting.c.review_id)
    if choice.kind is not None:
        statement = statement.where(waiting.c.kind == choice.kind)
    first = statement.subquery("first")
    chosen = select(first.c.review_id, first.c.since)
    order: list[Any] = [first.c.since, first.c.review_id]
    if choice.sort is Sort.SIGNALS:
        strength = func.sum(case({kind: each.strength for kind, each in KINDS.items()}, value=ReviewSignal.kind)).label(
            "strength"
        )
        detected = select(ReviewSignal.review_id, strength).group_by(ReviewSignal.review_id).subquery("detected")
        chosen = chosen.outerjoin(detected, detected.c.review_id == first.c.review_id)
        order = [func.coalesce(detected.c.strength, 0).desc(), *order]
    return chosen, order


def _kinds_of(waiting: CTE, ids: list[int]) -> dict[int, list[WaitKind]]:
    found: dict[int, set[WaitKind]] = {}
    for review_id, kind in db.session.execute(
        select(waiting.c.review_id, waiting.c.kind).where(waiting.c.review_id.in_(ids))
    ):
        found.setdefault(review_id, set()).add(WaitKind(kind))
    return {review_id: [kind for kind in WaitKind if kind in kinds] for review_id, kinds in found.items()}


def _waiting() -> CTE:
    """Every reason to wait as a row (review_id, kind, since). This is the one place that says what waits."""

    def rows(kind: WaitKind, since: Any) -> Select[Any]:
        columns = (Review.id.label("review_id"), literal(kind.value).label("kind"), since.label("since"))
        return select(*columns).select_from(Review)

    handed_in = func.coalesce(Submission.confirmed_at, Submission.submitted_at, Review.created_at)
    return union_all(
        rows(WaitKind.NEW, handed_in)
        .outerjoin(Submission)
        .where(Review.status == ReviewStatus.PENDING, ~_has_open_appeal()),
        rows(WaitKind.APPEAL, Submission.appealed_at).join(Submission).where(_has_open_appeal()),
        rows(WaitKind.EDIT, ReviewEdit.submitted_at).join(ReviewEdit).where(PUBLISHED, ReviewEdit.status == "pending"),
        rows(WaitKind.REPORT, ReviewReport.reported_at)
        .join(ReviewReport)
        .where(PUBLISHED, ReviewReport.closed_at.is_(None), ~exists().where(_is_open_proposal())),
        rows(WaitKind.REMOVAL, Decision.decided_at).join(Decision).where(PUBLISHED, _is_open_proposal()),
        rows(WaitKind.PROOF, handed_in)
        .join(Submission)
        .where(
            Submission.proof_file.is_not(None),
            Submission.proof_decided_at.is_(None),
            Review.status.not_in([ReviewStatus.UNCONFIRMED, ReviewStatus.WITHDRAWN]),
        ),
        rows(WaitKind.REPLY, ReplyVersion.written_at)
        .join(ReviewReply)
        .join(ReplyVersion)
        .where(PUBLISHED, ReplyVersion.status == "pending"),
    ).cte("waiting")


def _has_open_appeal() -> ColumnElement[bool]:
    """Of the review in the outer query, joined with its submission."""
    answered = exists().where(
        Decision.review_id == Review.id,
        Decision.act.in_(ANSWERS_AN_APPEAL),
        Decision.decided_at >= Submission.appealed_at,
    )
    open_to_it = (ReviewStatus.PENDING, ReviewStatus.REJECTED, ReviewStatus.REMOVED)
    return Submission.appealed_at.is_not(None) & Review.status.in_(open_to_it) & ~answered


def _is_open_proposal() -> ColumnElement[bool]:
    """Whether this decision proposes to remove the review of the outer query, and none later answered it."""
    later = aliased(Decision)
    answered = exists().where(
        later.review_id == Decision.review_id, later.id > Decision.id, later.act.in_(ANSWERS_A_REMOVAL)
    )
    return (Decision.review_id == Review.id) & (Decision.act == "propose_removal") & ~answered
