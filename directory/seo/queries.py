"""Reads for machines: which addresses a sitemap names, and what patients here gave a provider."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnExpressionArgument, func, select

from directory.credentials.models import QualificationScore
from directory.extensions import db
from directory.providers.models import DEMONSTRATION, Provider
from directory.reviews.display.outcomes import MIN_ANSWERS
from directory.reviews.display.published import BY_PATIENT, shown
from directory.reviews.models import Outcome, Review, ReviewStatus
from directory.web.days import local_day

OURS = "site"
"""The source of reviews that patients wrote here. Those of other sites are those sites' to sum up."""


def read_rating(npi: str) -> tuple[int, float]:
    """How many reviews written here the page of a listed provider shows, and the plain average of their stars."""
    count, average = db.session.execute(
        select(func.count(), func.avg(Review.rating))
        .join(Provider, Provider.npi == Review.npi)
        .where(*shown(npi), Review.source_key == OURS, *_listed())
    ).one()
    return count, float(average or 0)


def count_listed() -> int:
    """How many providers a sitemap names."""
    return db.session.scalar(select(func.count()).select_from(Provider).where(*_listed())) or 0


@dataclass(frozen=True, slots=True)
class ListedProvider:
    """A provider whose page a sitemap names, with the newest date that it shows."""

    npi: str
    changed_on: date
    has_reviews: bool  # so that the page of them is named too
    has_outcomes: bool  # enough of them


def listed_providers(skipped: int, most: int) -> Iterator[ListedProvider]:
    """At most `most` providers by NPI, after `skipped`."""
    shown_here = (Review.npi == Provider.npi, Review.status == ReviewStatus.PUBLISHED, Review.duplicate_of.is_(None))
    newest = (
        select(func.max(func.coalesce(Review.updated_at, Review.published_at, Review.created_at)))
        .where(*shown_here)
        .scalar_subquery()
    )
    reports = select(func.count()).select_from(Review).join(Outcome).where(*shown_here, BY_PATIENT).scalar_subquery()
    rows = db.session.execute(
        select(Provider.npi, Provider.as_of, newest, reports)
        .where(*_listed())
        .order_by(Provider.npi)
        .offset(skipped)
        .limit(most)
    )
    for npi, as_of, reviewed_at, reported in rows:
        changed_on = max(as_of, local_day(reviewed_at)) if reviewed_at else as_of
        yield ListedProvider(npi, changed_on, reviewed_at is not None, reported >= MIN_ANSWERS)


def _listed() -> tuple[ColumnExpressionArgument[bool], ...]:
    """Real providers who may have patients: not invented, deactivated, hidden, merged or barred from the ranking."""
    barred = select(QualificationScore.npi).where(QualificationScore.barred_for.is_not(None))
    return (
        Provider.npi < DEMONSTRATION,
        Provider.deactivated_on.is_(None),
        Provider.is_public,
        Provider.npi.not_in(barred),
    )
