"""What moderation has done, counted by month for the public page. Counts alone, never texts."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from directory.extensions import db
from directory.providers.sources import Source
from directory.reviews.display.published import HAS_PAGE
from directory.reviews.models import (
    Decision,
    Review,
    ReviewReport,
    ReviewStatus,
    SourceAverage,
    SourceTerms,
    Submission,
)
from directory.reviews.moderation.offers import WaitKind
from directory.reviews.moderation.queue import waiting_count, waiting_counts
from directory.web.days import PACIFIC, last_months, local_day

MONTHS_SHOWN = 24


@dataclass(frozen=True, slots=True)
class MonthCounts:
    """One month in Los Angeles. `median_days` is from coming in to the first decision; None when none was taken."""

    first_day: date
    received: int
    published: int
    rejected: int
    removed: int
    upheld: int  # appeals
    withdrawn: int
    reported: int
    median_days: float | None


@dataclass(frozen=True, slots=True)
class ModerationCounts:
    """All that the public page counts; months and reasons the newest first."""

    months: list[MonthCounts]
    reasons: list[tuple[date, str, int, int]]  # a month, a key of `reasons.REASONS`: rejected, removed for it
    median_days: float | None  # over all months shown
    waiting: dict[WaitKind, int]
    waiting_total: int
    sources: Sequence[Any]


def moderation_counts(now: datetime | None = None) -> ModerationCounts:
    """The counts of the last `MONTHS_SHOWN` months, this one included."""
    days = last_months(MONTHS_SHOWN, local_day(now or datetime.now(UTC)))
    starts = [datetime(day.year, day.month, 1, tzinfo=PACIFIC).astimezone(UTC) for day in days]
    acts: Counter[tuple[int, str]] = Counter()
    reasons: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for month, act, reason, count in _decisions(starts):
        acts[month, act] += count
        reasons[month, reason][act] += count
    waits = _days_to_decision(starts)
    received = _by_month(Submission.confirmed_at, starts)
    withdrawn = _by_month(
        Review.updated_at,
        starts,
        Review.status == ReviewStatus.WITHDRAWN,
        Review.id.in_(select(Submission.review_id).where(Submission.confirmed_at.is_not(None))),
    )
    reported = _by_month(ReviewReport.reported_at, starts, counted=func.count(ReviewReport.review_id.distinct()))
    return ModerationCounts(
        months=[
            MonthCounts(
                first_day=day,
                received=received[index],
                published=acts[index, "publish"],
                rejected=acts[index, "reject"],
                removed=acts[index, "remove"],
                upheld=reasons[index, "appeal_upheld"].total(),
                withdrawn=withdrawn[index],
                reported=reported[index],
                median_days=median(waits[index]) if waits[index] else None,
            )
            for index, day in enumerate(days)
        ],
        reasons=[
            (days[index], reason, found["reject"], found["remove"])
            for (index, reason), found in sorted(reasons.items())
            if found["reject"] or found["remove"]
        ],
        median_days=median(all_waits) if (all_waits := [days for found in waits.values() for days in found]) else None,
        waiting=waiting_counts(),
        waiting_total=waiting_count(),
        sources=_sources(),
    )


def _month_of(moment: Any, starts: Sequence[datetime]) -> ColumnElement[int]:
    """Which of the months, that begin at `starts`, a moment lies in; the newest has the number 0."""
    return case(*((moment >= start, index) for index, start in enumerate(starts))).label("month")


def _by_month(
    moment: Any, starts: Sequence[datetime], *conditions: ColumnElement[bool], counted: ColumnElement[int] | None = None
) -> Counter[int]:
    """By number of the month: how many rows, or what `counted` counts of them."""
    number = _month_of(moment, starts)
    statement = select(number, func.count() if counted is None else counted)
    rows = db.session.execute(statement.where(moment >= starts[-1], *conditions).group_by(number))
    return Counter({row[0]: row[1] for row in rows})


def _decisions(starts: Sequence[datetime]) -> Sequence[Any]:
    """How many of each month, act and reason."""
    number = _month_of(Decision.decided_at, starts)
    return db.session.execute(
        select(number, Decision.act, Decision.reason, func.count())
        .where(Decision.decided_at >= starts[-1], Decision.act.in_(["publish", "restore", "reject", "remove"]))
        .group_by(number, Decision.act, Decision.reason)
    ).all()


def _days_to_decision(starts: Sequence[datetime]) -> defaultdict[int, list[float]]:
    """By month: how long each review of this site that was first decided on in it had waited."""
    first = func.min(Decision.decided_at)
    rows = db.session.execute(
        select(_month_of(first, starts), Submission.confirmed_at, first)
        .join(Submission, Submission.review_id == Decision.review_id)
        .where(Decision.act.in_(["publish", "reject"]))
        .group_by(Submission.review_id, Submission.confirmed_at)
        .having(first >= starts[-1])
    )
    waits: defaultdict[int, list[float]] = defaultdict(list)
    for month, confirmed_at, decided_at in rows:
        if confirmed_at:
            waits[month].append((decided_at - confirmed_at) / timedelta(days=1))
    return waits


def _sources() -> Sequence[Any]:
    """The sources but this site, those with the most reviews first: a source, its terms, and what it gave.

    That is how many reviews that pages show, and of how many providers an average alone.
    """
    reviews = (
        select(Review.source_key, func.count().label("number"))
        .where(Review.status == ReviewStatus.PUBLISHED, Review.duplicate_of.is_(None), HAS_PAGE)
        .group_by(Review.source_key)
        .subquery()
    )
    averages = (
        select(SourceAverage.source_key, func.count().label("number")).group_by(SourceAverage.source_key).subquery()
    )
    published, averaged = func.coalesce(reviews.c.number, 0), func.coalesce(averages.c.number, 0)
    return db.session.execute(
        select(Source, SourceTerms, published, averaged)
        .outerjoin(SourceTerms, SourceTerms.source_key == Source.key)
        .outerjoin(reviews, reviews.c.source_key == Source.key)
        .outerjoin(averages, averages.c.source_key == Source.key)
        .where(Source.key != "site", published + averaged > 0)
        .order_by(published.desc(), Source.name)
    ).all()
