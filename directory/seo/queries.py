"""Reads for machines: which addresses a sitemap names, and what patients here gave a provider."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import ColumnExpressionArgument, func, select

from directory.credentials.models import QualificationScore
from directory.extensions import db
from directory.providers.models import DEMONSTRATION, Provider
from directory.reviews.display.published import shown
from directory.reviews.models import Review, ReviewStatus
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


def listed_providers(skipped: int, most: int) -> Iterator[tuple[str, date]]:
    """NPI, and the newest date that the page shows, of at most `most` providers by NPI, after `skipped`."""
    newest = (
        select(func.max(func.coalesce(Review.updated_at, Review.published_at, Review.created_at)))
        .where(Review.npi == Provider.npi, Review.status == ReviewStatus.PUBLISHED, Review.duplicate_of.is_(None))
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Provider.npi, Provider.as_of, newest)
        .where(*_listed())
        .order_by(Provider.npi)
        .offset(skipped)
        .limit(most)
    )
    for npi, as_of, reviewed_at in rows:
        yield npi, max(as_of, local_day(reviewed_at)) if reviewed_at else as_of


def _listed() -> tuple[ColumnExpressionArgument[bool], ...]:
    """Real providers who may have patients: not invented, deactivated, hidden, merged or barred from the ranking."""
    barred = select(QualificationScore.npi).where(QualificationScore.barred_for.is_not(None))
    return (
        Provider.npi < DEMONSTRATION,
        Provider.deactivated_on.is_(None),
        Provider.is_public,
        Provider.npi.not_in(barred),
    )
