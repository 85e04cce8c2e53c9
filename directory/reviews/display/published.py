"""The published reviews of a provider: what they say together, as the database counts it, and one page of them."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask_babel.speaklater import LazyString
from sqlalchemy import ColumnElement, String, case, cast, func, literal, select
from sqlalchemy.orm import selectinload

from directory.extensions import db
from directory.providers.models import Provider
from directory.providers.sources import Source
from directory.ratings.models import RatingEstimate, RatingParameters
from directory.ratings.trust import WHY
from directory.reviews.display.charts import YearAverage
from directory.reviews.display.tallies import AnswerShare, share
from directory.reviews.models import Review, ReviewReply, ReviewStatus, SourceAverage
from directory.reviews.questions import CAREGIVER
from directory.web.days import PACIFIC
from directory.web.messages import lazy_gettext as _l
from directory.web.messages import ngettext
from directory.web.pagination import Pages, whole_number

PUBLISHED = ReviewStatus.PUBLISHED
BY_PATIENT = Review.written_as.is_distinct_from(CAREGIVER)
"""Whose answers are told as a patient's; where the writer was not asked, reviews are by patients."""
STARS = (5, 4, 3, 2, 1)
MIN_OF_A_YEAR = 3
"""A year with fewer reviews gets no average: one more would turn it over."""
REVIEWS_A_PAGE = 10
_NEWEST = (Review.created_at.desc(), Review.id.desc())
SORTS: dict[str, tuple[LazyString, tuple[Any, ...]]] = {
    "newest": (_l("Newest first"), _NEWEST),
    "oldest": (_l("Oldest first"), (Review.created_at, Review.id)),
    "lowest": (_l("Lowest rated first"), (Review.rating, *_NEWEST)),
    "highest": (_l("Highest rated first"), (Review.rating.desc(), *_NEWEST)),
}
"""What each order is called, and by which columns it sorts."""
CERTAINTY_RULE = _l(
    "Very sure: the range is half a star or less. Fairly sure: one star or less. Not sure yet: more than one star."
)


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """What the published reviews of a provider say together."""

    estimate: RatingEstimate | None
    average_of_all: float | None  # of all providers, in stars; None until ratings were estimated
    total: int
    average: float | None  # of the stars as given, without any shrinking
    stars: list[AnswerShare]  # from 5 stars down to 1; half stars count with the star below
    sources: list[tuple[Source, int, float]]  # with the number of its reviews and their average stars, as given
    averages: list[SourceAverage]  # of sources that give no single reviews
    counted_less: int
    reasons: dict[str, int]  # why, in words: of how many; one review may have several reasons
    years: list[YearAverage]
    verified: int
    would_return: int  # how many patients would go back, of the `answered_return` who said
    answered_return: int
    removed: int


def how_sure(low: float, high: float) -> tuple[str, LazyString]:
    """How sure an estimate between `low` and `high` (stars) is: a key for the color, and words."""
    width = round(high - low, 6)
    if width <= 0.5:
        return "very", _l("very sure")
    return ("fairly", _l("fairly sure")) if width <= 1 else ("not", _l("not sure yet"))


HAS_PAGE = Review.npi.not_in(select(Provider.npi).where(~Provider.is_public))
"""Whether anyone can read the review: that its provider's page is not hidden."""


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
        average=_average(parts) if parts else None,
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


@dataclass(frozen=True, slots=True)
class ListChoice:
    """Page `page` (from 1) of the reviews with `stars` whole stars, of all when None, in the order `sort`."""

    stars: int | None = None
    sort: str = "newest"
    page: int = 1

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "ListChoice":
        """What an address asks for; anything that is not offered stands for the first, as if it had not been asked."""
        stars, page = whole_number(asked.get("reviews_stars")), whole_number(asked.get("reviews_page"))
        sort = asked.get("reviews_sort", "newest")
        return cls(stars if stars in STARS else None, sort if sort in SORTS else "newest", max(1, page))


def newest_reviews(npi: str, most: int) -> list[Review]:
    """At most `most` of the reviews of one provider, without their answers and replies."""
    return list(db.session.scalars(select(Review).where(*shown(npi)).order_by(*_NEWEST).limit(most)))


def review_list(npi: str, choice: ListChoice, total: int) -> tuple[list[Review], Pages]:
    """The page that `choice` asks for, of `total` with its stars; a page beyond the last is the last."""
    pages = Pages.nearest(choice.page, REVIEWS_A_PAGE, total)
    statement = (
        select(Review)
        .where(*shown(npi))
        .options(selectinload(Review.outcome), selectinload(Review.reply).selectinload(ReviewReply.versions))
        .order_by(*SORTS[choice.sort][1])
        .offset(pages.skipped)
        .limit(REVIEWS_A_PAGE)
    )
    if choice.stars is not None:  # half stars go with the star below
        statement = statement.where(Review.rating >= choice.stars, Review.rating < choice.stars + 1)
    return list(db.session.scalars(statement)), pages


def source_link(review: Review) -> str | None:
    """The address of `review` at its source, or else of the source itself; an export may hold other texts there."""
    return next(
        (url for url in (review.url, review.source.url) if url and url.startswith(("https://", "http://"))), None
    )


def _parts(npi: str) -> Sequence[Any]:
    """For each source and number of stars all that can be counted in one pass over the provider's reviews."""
    statement = select(
        Review.rating,
        Review.source_key,
        func.count().label("reviews"),
        func.min(Review.created_at).label("oldest"),
        func.max(Review.created_at).label("newest"),
        func.count().filter(Review.verified.is_(True)).label("verified"),
        func.count().filter(Review.would_return.is_(True), BY_PATIENT).label("would_return"),
        func.count().filter(Review.would_return.is_not(None), BY_PATIENT).label("answered_return"),
    )
    return db.session.execute(statement.where(*shown(npi)).group_by(Review.rating, Review.source_key)).all()


def _average(parts: Sequence[Any]) -> float:
    """In stars, of at least one part."""
    total: int = sum(part.reviews for part in parts)
    return math.fsum(part.rating * part.reviews for part in parts) / total


def _stars(parts: Sequence[Any], total: int) -> list[AnswerShare]:
    by_star: Counter[int] = Counter()
    for part in parts:
        by_star[int(part.rating)] += part.reviews
    return [
        share(ngettext("%(stars)s star", "%(stars)s stars", star, stars=star), by_star[star], total) for star in STARS
    ]


def _sources(parts: Sequence[Any]) -> list[tuple[Source, int, float]]:
    by_source: dict[str, list[Any]] = {}
    for part in parts:
        by_source.setdefault(part.source_key, []).append(part)
    counts = [
        (source, sum(part.reviews for part in by_source[source.key]), _average(by_source[source.key]))
        for source in db.session.scalars(select(Source).where(Source.key.in_(by_source)))
    ]
    return sorted(counts, key=lambda count: (-count[1], count[0].name))


def _reasons(npi: str) -> tuple[int, dict[str, int]]:
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
    return sum(count for _, count in rows), {str(WHY[key]): count for key, count in counts.most_common()}


def _years(npi: str, parts: Sequence[Any]) -> list[YearAverage]:
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
