"""Reads of reviews. Only what is published is counted or shown."""

from collections.abc import Collection
from dataclasses import dataclass
from statistics import mean, median

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from directory.extensions import db
from directory.providers.sources import Source
from directory.reviews.models import Outcome, RatingEstimate, Review
from directory.reviews.questions import RELIEF, SIDE_EFFECTS
from directory.reviews.ratings import RatingSums
from directory.reviews.status import ReviewStatus

PUBLISHED = ReviewStatus.PUBLISHED
REVIEWS_A_PAGE = 10
LEAST_ANSWERS = 5
"""Fewer answers than this are not summed up: they would say little, and could point to one person."""


@dataclass(frozen=True, slots=True)
class Share:
    """One answer and how many gave it; `percent` is of all answers, rounded."""

    label: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """The reviews part of a provider's page."""

    estimate: RatingEstimate | None
    total: int
    average: float | None  # of the stars as given, without any shrinking
    stars: list[Share]  # from 5 stars down to 1; half stars count with the star below
    sources: list[Share]
    verified: int
    would_return: int  # how many would go back, of the `answered_return` who said
    answered_return: int
    newest: list[Review]
    page: int
    last_page: int


@dataclass(frozen=True, slots=True)
class OutcomeSummary:
    """The outcomes part of a provider's page. Each answer is None, or empty, below `LEAST_ANSWERS` answers to it."""

    reports: int
    least: int
    onset_days: float | None  # median
    weeks_lasted: float | None  # median
    pain: float | None  # mean, 0 to 10
    relief: list[Share]
    side_effects: list[Share]  # a report may name several


def rating_sums(npis: Collection[str] | None = None) -> dict[str, RatingSums]:
    """By NPI: the sums of published stars; of all providers with reviews when `npis` is None."""
    statement = (
        select(Review.npi, func.count(), func.sum(Review.rating), func.sum(Review.rating * Review.rating))
        .where(Review.status == PUBLISHED)
        .group_by(Review.npi)
    )
    if npis is not None:
        statement = statement.where(Review.npi.in_(npis))
    return {npi: RatingSums(count, total, squares) for npi, count, total, squares in db.session.execute(statement)}


def review_summary(npi: str, page: int = 1) -> ReviewSummary:
    """The reviews of one provider, with the `page`-th page of the newest; a page beyond the last is the last."""
    published = (Review.npi == npi, Review.status == PUBLISHED)
    by_star = [0, 0, 0, 0, 0]
    for rating, count in db.session.execute(
        select(Review.rating, func.count()).where(*published).group_by(Review.rating)
    ):
        by_star[int(rating) - 1] += count
    total = sum(by_star)
    sources = db.session.execute(
        select(Source.name, func.count())
        .join(Review, Review.source_key == Source.key)
        .where(*published)
        .group_by(Source.key, Source.name)
        .order_by(func.count().desc(), Source.name)
    )
    last_page = max(1, -(-total // REVIEWS_A_PAGE))
    page = min(max(1, page), last_page)
    return ReviewSummary(
        estimate=db.session.get(RatingEstimate, npi),
        total=total,
        average=db.session.scalar(select(func.avg(Review.rating)).where(*published)),
        stars=[_share(f"{star} stars" if star > 1 else "1 star", by_star[star - 1], total) for star in (5, 4, 3, 2, 1)],
        sources=[_share(name, count, total) for name, count in sources],
        verified=_count(*published, Review.verified.is_(True)),
        would_return=_count(*published, Review.would_return.is_(True)),
        answered_return=_count(*published, Review.would_return.is_not(None)),
        newest=list(
            db.session.scalars(
                select(Review)
                .where(*published)
                .options(selectinload(Review.outcome))
                .order_by(Review.created_at.desc(), Review.id.desc())
                .offset((page - 1) * REVIEWS_A_PAGE)
                .limit(REVIEWS_A_PAGE)
            )
        ),
        page=page,
        last_page=last_page,
    )


def outcome_summary(npi: str) -> OutcomeSummary:
    """What patients of one provider report of their treatments."""
    outcomes = list(
        db.session.scalars(select(Outcome).join(Review).where(Review.npi == npi, Review.status == PUBLISHED))
    )
    onset = [outcome.onset_days for outcome in outcomes if outcome.onset_days is not None]
    weeks = [outcome.weeks_lasted for outcome in outcomes if outcome.weeks_lasted is not None]
    pain = [outcome.pain for outcome in outcomes if outcome.pain is not None]
    relief = [outcome.relief for outcome in outcomes if outcome.relief]
    effects = [outcome.side_effects for outcome in outcomes if outcome.side_effects]
    return OutcomeSummary(
        reports=len(outcomes),
        least=LEAST_ANSWERS,
        onset_days=median(onset) if len(onset) >= LEAST_ANSWERS else None,
        weeks_lasted=median(weeks) if len(weeks) >= LEAST_ANSWERS else None,
        pain=mean(pain) if len(pain) >= LEAST_ANSWERS else None,
        relief=[_share(label, relief.count(key), len(relief)) for key, label in RELIEF.items()]
        if len(relief) >= LEAST_ANSWERS
        else [],
        side_effects=[
            _share(label, sum(key in named for named in effects), len(effects)) for key, label in SIDE_EFFECTS.items()
        ]
        if len(effects) >= LEAST_ANSWERS
        else [],
    )


def _count(*conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(Review).where(*conditions)) or 0


def _share(label: str, count: int, total: int) -> Share:
    return Share(label, count, round(100 * count / total) if total else 0)
