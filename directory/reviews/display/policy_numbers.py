"""What moderation has done, counted by month for the public page. Counts alone, never texts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from directory.extensions import db
from directory.providers.sources import Source, SourceKind
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
from directory.web.days import PACIFIC, local_day

MONTHS_SHOWN = 24
DAY_SECONDS = 24 * 3600
SITE = "site"


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
class ReasonCounts:
    """How many reviews were rejected and removed for one reason in one month."""

    first_day: date
    reason: str  # a key of `reasons.REASONS`
    rejected: int
    removed: int


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """What another source gave, and under which terms."""

    source: Source
    published: int
    averages: int  # providers of whom it gave an average alone
    terms: SourceTerms | None

    @property
    def is_invented(self) -> bool:
        return self.source.kind == SourceKind.DEMONSTRATION


@dataclass(frozen=True, slots=True)
class ModerationCounts:
    """All that the public page counts; months and reasons the newest first."""

    months: list[MonthCounts]
    reasons: list[ReasonCounts]
    median_days: float | None  # over all months shown
    waiting: dict[WaitKind, int]
    waiting_total: int
    sources: list[SourceCounts]


def moderation_counts(now: datetime | None = None) -> ModerationCounts:
    """The counts of the last `MONTHS_SHOWN` months, this one included."""
    days = last_months(local_day(now or datetime.now(UTC)))
    starts = [datetime(day.year, day.month, 1, tzinfo=PACIFIC).astimezone(UTC) for day in days]
    acts, reasons = _decisions(starts)
    waits = _days_to_decision(starts)
    received = _by_month(Submission.confirmed_at, starts)
    withdrawn = _by_month(
        Review.updated_at,
        starts,
        Review.status == ReviewStatus.WITHDRAWN,
        Review.id.in_(select(Submission.review_id).where(Submission.confirmed_at.is_not(None))),
    )
    reported = _by_month(ReviewReport.reported_at, starts, counted=func.count(ReviewReport.review_id.distinct()))
    months = [
        MonthCounts(
            first_day=day,
            received=received[index],
            published=acts[index, "publish"],
            rejected=acts[index, "reject"],
            removed=acts[index, "remove"],
            upheld=acts[index, "upheld"],
            withdrawn=withdrawn[index],
            reported=reported[index],
            median_days=median(waits[index]) if waits[index] else None,
        )
        for index, day in enumerate(days)
    ]
    return ModerationCounts(
        months=months,
        reasons=[
            ReasonCounts(days[index], reason, found.get("reject", 0), found.get("remove", 0))
            for (index, reason), found in sorted(reasons.items())
        ],
        median_days=median(all_waits) if (all_waits := [days for found in waits.values() for days in found]) else None,
        waiting=waiting_counts(),
        waiting_total=waiting_count(),
        sources=_sources(),
    )


def last_months(today: date, number: int = MONTHS_SHOWN) -> list[date]:
    """The first days of the last `number` months up to that of `today`, the newest first."""
    latest = 12 * today.year + today.month - 1
    return [date((latest - ago) // 12, (latest - ago) % 12 + 1, 1) for ago in range(number)]


def _month_of(moment: Any, starts: Sequence[datetime]) -> ColumnElement[int]:
    """Which of the months, that begin at `starts`, a moment lies in; the newest has the number 0."""
    return case(*((moment >= start, index) for index, start in enumerate(starts)))


def _by_month(
    moment: Any, starts: Sequence[datetime], *conditions: ColumnElement[bool], counted: ColumnElement[int] | None = None
) -> defaultdict[int, int]:
    """By number of the month: how many rows, or what `counted` counts of them."""
    number = _month_of(moment, starts).label("month")
    statement = select(number, func.count() if counted is None else counted)
    rows = db.session.execute(statement.where(moment >= starts[-1], *conditions).group_by(number))
    return defaultdict(int, {row[0]: row[1] for row in rows})


def _decisions(
    starts: Sequence[datetime],
) -> tuple[defaultdict[tuple[int, str], int], dict[tuple[int, str], dict[str, int]]]:
    """By month and act: how many; "upheld" are appeals. By month and reason: how many of each refusing act."""
    number = _month_of(Decision.decided_at, starts).label("month")
    rows = db.session.execute(
        select(number, Decision.act, Decision.reason, func.count())
        .where(Decision.decided_at >= starts[-1], Decision.act.in_(["publish", "restore", "reject", "remove"]))
        .group_by(number, Decision.act, Decision.reason)
    )
    acts: defaultdict[tuple[int, str], int] = defaultdict(int)
    reasons: dict[tuple[int, str], dict[str, int]] = {}
    for month, act, reason, count in rows:
        acts[month, act] += count
        if reason == "appeal_upheld":
            acts[month, "upheld"] += count
        if act in {"reject", "remove"}:
            reasons.setdefault((month, reason), {})[act] = count
    return acts, reasons


def _days_to_decision(starts: Sequence[datetime]) -> defaultdict[int, list[float]]:
    """By month: how long each review of this site that was first decided on in it had waited."""
    first = func.min(Decision.decided_at)
    number = _month_of(first, starts)
    rows = db.session.execute(
        select(number, Submission.confirmed_at, first)
        .join(Submission, Submission.review_id == Decision.review_id)
        .where(Decision.act.in_(["publish", "reject"]))
        .group_by(Submission.review_id, Submission.confirmed_at)
        .having(first >= starts[-1])
    )
    waits: defaultdict[int, list[float]] = defaultdict(list)
    for month, confirmed_at, decided_at in rows:
        if confirmed_at:
            waits[month].append((decided_at - confirmed_at).total_seconds() / DAY_SECONDS)
    return waits


def _sources() -> list[SourceCounts]:
    """The sources but this site, those with the most reviews first."""
    shown = (
        select(Review.source_key, func.count())
        .where(Review.status == ReviewStatus.PUBLISHED, Review.source_key != SITE)
        .group_by(Review.source_key)
    )
    averaged = select(SourceAverage.source_key, func.count()).group_by(SourceAverage.source_key)
    reviews = {row[0]: row[1] for row in db.session.execute(shown)}
    averages = {row[0]: row[1] for row in db.session.execute(averaged)}
    rows = db.session.execute(
        select(Source, SourceTerms)
        .outerjoin(SourceTerms, SourceTerms.source_key == Source.key)
        .where(Source.key.in_(reviews.keys() | averages.keys()))
    )
    found = [
        SourceCounts(source, reviews.get(source.key, 0), averages.get(source.key, 0), terms) for source, terms in rows
    ]
    return sorted(found, key=lambda each: (-each.published, each.source.name))
