"""What all published reviews of a provider say together: counts and averages, made by the database."""

import json
import math
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from flask_babel import ngettext
from sqlalchemy import ColumnElement, String, case, cast, func, literal, select

from directory.extensions import db
from directory.providers.sources import Source
from directory.ratings.model import WHY
from directory.ratings.models import RatingEstimate, RatingParameters
from directory.reviews.display.charts import YearAverage
from directory.reviews.display.tallies import AnswerShare, share
from directory.reviews.models import Review, ReviewStatus, SourceAverage
from directory.web.days import PACIFIC

PUBLISHED = ReviewStatus.PUBLISHED
MIN_OF_A_YEAR = 3
"""A year with fewer reviews gets no average: one more would turn it over."""


@dataclass(frozen=True, slots=True)
class SourceCount:
    """How many reviews one source has of a provider, and their average in stars, as they were given."""

    name: str
    url: str | None
    reviews: int
    average: float


@dataclass(frozen=True, slots=True)
class DiscountCount:
    """Why reviews count less than in full, and how many; one review may have several reasons."""

    words: str
    reviews: int


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """What the published reviews of a provider say together."""

    estimate: RatingEstimate | None
    average_of_all: float | None  # of all providers, in stars; None until ratings were estimated
    total: int
    average: float | None  # of the stars as given, without any shrinking
    stars: list[AnswerShare]  # from 5 stars down to 1; half stars count with the star below
    sources: list[SourceCount]
    averages: list[SourceAverage]  # of sources that give no single reviews
    counted_less: int
    reasons: list[DiscountCount]
    years: list[YearAverage]
    verified: int
    would_return: int  # how many would go back, of the `answered_return` who said
    answered_return: int
    removed: int

    def with_stars(self, stars: int) -> int:
        """How many have `stars` whole stars, 1 to 5."""
        return self.stars[len(self.stars) - stars].count


def shown(npi: str) -> tuple[ColumnElement[bool], ...]:
    """What makes a review of one provider appear on its page: it is published and copies no other."""
    return Review.npi == npi, Review.status == PUBLISHED, Review.duplicate_of.is_(None)


def review_summary(npi: str) -> ReviewSummary:
    """The published reviews of one provider. The number of queries does not depend on the number of reviews."""
    parts = _parts(npi)
    total = sum(part.reviews for part in parts)
    counted_less, reasons = _reasons(npi)
    return ReviewSummary(
        estimate=db.session.get(RatingEstimate, npi),
        average_of_all=db.session.scalar(select(RatingParameters.mean)),
        total=total,
        average=_average(parts),
        stars=_stars(parts, total),
        sources=_sources(parts),
        averages=list(
            db.session.scalars(
                select(SourceAverage).where(SourceAverage.npi == npi).order_by(SourceAverage.reviews.desc())
            )
        ),
        counted_less=counted_less,
        reasons=reasons,
        years=_years(npi, parts) if parts else [],
        verified=sum(part.verified for part in parts),
        would_return=sum(part.would_return for part in parts),
        answered_return=sum(part.answered_return for part in parts),
        removed=db.session.scalar(
            select(func.count()).select_from(Review).where(Review.npi == npi, Review.status == ReviewStatus.REMOVED)
        )
        or 0,
    )


class _Part(NamedTuple):
    """The reviews of one source with one number of stars."""

    rating: float
    source_key: str
    reviews: int
    oldest: datetime
    newest: datetime
    verified: int
    would_return: int
    answered_return: int


def _parts(npi: str) -> list[_Part]:
    """All that can be counted in one pass over the provider's reviews."""
    statement = select(
        Review.rating,
        Review.source_key,
        func.count(),
        func.min(Review.created_at),
        func.max(Review.created_at),
        func.count().filter(Review.verified.is_(True)),
        func.count().filter(Review.would_return.is_(True)),
        func.count().filter(Review.would_return.is_not(None)),
    )
    rows = db.session.execute(statement.where(*shown(npi)).group_by(Review.rating, Review.source_key))
    return [_Part(*row) for row in rows]


def _average(parts: list[_Part]) -> float | None:
    total = sum(part.reviews for part in parts)
    return math.fsum(part.rating * part.reviews for part in parts) / total if total else None


def _stars(parts: list[_Part], total: int) -> list[AnswerShare]:
    by_star: Counter[int] = Counter()
    for part in parts:
        by_star[int(part.rating)] += part.reviews
    return [
        share(ngettext("%(stars)s star", "%(stars)s stars", star, stars=star), by_star[star], total)
        for star in (5, 4, 3, 2, 1)
    ]


def _sources(parts: list[_Part]) -> list[SourceCount]:
    by_source: dict[str, list[_Part]] = {}
    for part in parts:
        by_source.setdefault(part.source_key, []).append(part)
    counts = [
        SourceCount(source.name, source.url, sum(part.reviews for part in of_it), _average(of_it) or 0.0)
        for source in db.session.scalars(select(Source).where(Source.key.in_(by_source)))
        for of_it in [by_source[source.key]]
    ]
    return sorted(counts, key=lambda count: (-count.reviews, count.name))


def _reasons(npi: str) -> tuple[int, list[DiscountCount]]:
    """How many reviews count less, copies of others among them, and why, the most frequent reason first."""
    reasons = cast(Review.discounts, String)  # PostgreSQL cannot group by JSON itself
    rows = db.session.execute(
        select(reasons, func.count())
        .where(Review.npi == npi, Review.status == PUBLISHED, reasons != "[]")
        .group_by(reasons)
    ).all()
    counts: Counter[str] = Counter()
    for keys, count in rows:
        counts.update(dict.fromkeys(json.loads(keys), count))
    named = [DiscountCount(str(WHY.get(key, key)), count) for key, count in counts.most_common()]
    return sum(count for _, count in rows), named


def _years(npi: str, parts: list[_Part]) -> list[YearAverage]:
    """Each year from the first review to the last, as the calendar runs in Los Angeles."""
    first = min(part.oldest for part in parts).astimezone(PACIFIC).year
    last = max(part.newest for part in parts).astimezone(PACIFIC).year
    ends = [(year, datetime(year + 1, 1, 1, tzinfo=PACIFIC).astimezone(UTC)) for year in range(first, last)]
    year_of = case(*((Review.created_at < end, year) for year, end in ends), else_=last) if ends else literal(last)
    per_year = select(year_of.label("year"), Review.rating).where(*shown(npi)).subquery()
    found = {
        year: (count, average)
        for year, count, average in db.session.execute(
            select(per_year.c.year, func.count(), func.avg(per_year.c.rating)).group_by(per_year.c.year)
        )
    }
    return [
        YearAverage(year, count, average if count >= MIN_OF_A_YEAR else None)
        for year in range(first, last + 1)
        for count, average in [found.get(year, (0, None))]
    ]
