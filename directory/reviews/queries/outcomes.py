"""What patients report of their treatments, summed up by the database. Only what is published counts."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute

from directory.extensions import db
from directory.providers.models import DEMONSTRATION
from directory.reviews.models import Outcome, Review
from directory.reviews.queries.published import PUBLISHED, shown
from directory.reviews.questions import GUIDANCE, RELIEF, SIDE_EFFECTS
from directory.reviews.tallies import Share, average, quantile, shares

LEAST_ANSWERS = 5
"""Fewer answers than this are not summed up: they would say little, and could point to one person."""
TWO_THIRDS = (1 / 6, 5 / 6)

Conditions = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The answers to a question for a number."""

    answers: int
    counts: Mapping[int, int]  # by answer
    median: float
    mean: float
    low: float  # the middle two thirds of the answers lie between low and high
    high: float


@dataclass(frozen=True, slots=True)
class Choices:
    """The answers to a question that offers some."""

    answers: int
    shares: list[Share]

    def count(self, *labels: str) -> int:
        return sum(share.count for share in self.shares if share.label in labels)


@dataclass(frozen=True, slots=True)
class OutcomeSummary:
    """What patients report; each is None below `LEAST_ANSWERS` answers to it."""

    reports: int
    onset_days: Numbers | None
    relief: Choices | None
    weeks_lasted: Numbers | None
    pain: Numbers | None
    side_effects: Choices | None  # a report may name several
    guidance: Choices | None


def outcome_summary(npi: str) -> OutcomeSummary:
    """What patients of one provider report."""
    return _summary(shown(npi))


def outcomes_of_all() -> tuple[OutcomeSummary, bool]:
    """What the patients of all providers report, and whether it is invented.

    Invented reports never mix with real ones: they are summed up only where there are no others.
    """
    everywhere = (Review.status == PUBLISHED, Review.duplicate_of.is_(None))
    real = _summary((*everywhere, Review.npi.not_like(f"{DEMONSTRATION}%")))
    if real.reports:
        return real, False
    invented = _summary((*everywhere, Review.npi.startswith(DEMONSTRATION)))
    return invented, bool(invented.reports)


def _summary(conditions: Conditions) -> OutcomeSummary:
    reports = db.session.scalar(select(func.count()).select_from(Outcome).join(Review).where(*conditions))
    return OutcomeSummary(
        reports=reports or 0,
        onset_days=_numbers(Outcome.onset_days, conditions),
        relief=_choices(Outcome.relief, RELIEF, conditions),
        weeks_lasted=_numbers(Outcome.weeks_lasted, conditions),
        pain=_numbers(Outcome.pain, conditions),
        side_effects=_side_effects(conditions),
        guidance=_choices(Review.guidance, GUIDANCE, conditions),
    )


def _numbers(column: InstrumentedAttribute[int | None], conditions: Conditions) -> Numbers | None:
    statement = select(column, func.count()).join(Outcome.review).where(*conditions, column.is_not(None))
    rows = db.session.execute(statement.group_by(column))
    counts = {value: count for value, count in rows if value is not None}
    answers = sum(counts.values())
    if answers < LEAST_ANSWERS:
        return None
    low, high = (quantile(counts, part) for part in TWO_THIRDS)
    return Numbers(answers, counts, quantile(counts, 0.5), average(counts), low, high)


def _choices(
    column: InstrumentedAttribute[str | None], labels: Mapping[str, str], conditions: Conditions
) -> Choices | None:
    statement = select(column, func.count()).where(*conditions, column.is_not(None)).group_by(column)
    if column.class_ is Outcome:
        statement = statement.join(Outcome.review)
    counts = {key: count for key, count in db.session.execute(statement) if key is not None}
    answers = sum(counts.values())
    return Choices(answers, shares(counts, labels, answers)) if answers >= LEAST_ANSWERS else None


def _side_effects(conditions: Conditions) -> Choices | None:
    named = cast(Outcome.side_effects, String)  # PostgreSQL cannot group by JSON itself
    rows = db.session.execute(
        select(named, func.count()).join(Outcome.review).where(*conditions, named != "[]").group_by(named)
    ).all()
    answers = sum(count for _, count in rows)
    counts: Counter[str] = Counter()
    for keys, count in rows:
        counts.update(dict.fromkeys(json.loads(keys), count))
    return Choices(answers, shares(counts, SIDE_EFFECTS, answers)) if answers >= LEAST_ANSWERS else None
