"""Reads for machines: which addresses a sitemap names, and what patients here gave a provider."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import ColumnElement, func, select

from directory.credentials.models import QualificationScore
from directory.extensions import db
from directory.providers.models import DEMONSTRATION, Provider
from directory.reviews.display.published import shown
from directory.reviews.models import Review, ReviewStatus
from directory.seo.schema_org import RatingFacts
from directory.web.days import local_day

OURS = "site"
"""The source of reviews that patients wrote here. Those of other sites are those sites' to sum up."""
PROVIDERS_AT_ONCE = 2_000


def read_rating(npi: str) -> RatingFacts | None:
    """The reviews written here that the page of a listed provider shows, as they were given; None without any."""
    count, average = db.session.execute(
        select(func.count(), func.avg(Review.rating))
        .join(Provider, Provider.npi == Review.npi)
        .where(*shown(npi), Review.source_key == OURS, *_listed())
    ).one()
    return RatingFacts(count, float(average)) if count else None


def count_listed() -> int:
    """How many providers a sitemap names."""
    return db.session.scalar(select(func.count()).select_from(Provider).where(*_listed())) or 0


def listed_providers(skipped: int, most: int) -> Iterator[tuple[str, date]]:
    """NPI, and the newest date that the page shows, of at most `most` providers by NPI, after `skipped`."""
    last = ""
    while most > 0:
        npis = db.session.execute(
            select(Provider.npi, Provider.as_of)
            .where(*_listed(), Provider.npi > last)
            .order_by(Provider.npi)
            .offset(skipped)
            .limit(min(most, PROVIDERS_AT_ONCE))
        ).all()
        if not npis:
            return
        reviewed = _newest_reviews([npi for npi, _ in npis])
        for npi, as_of in npis:
            yield npi, max(as_of, reviewed.get(npi, as_of))
        last, skipped, most = npis[-1][0], 0, most - len(npis)


def _listed() -> tuple[ColumnElement[bool], ...]:
    """Real providers who may have patients: neither invented, nor deactivated, nor barred from the ranking."""
    barred = select(QualificationScore.npi).where(QualificationScore.barred_for.is_not(None))
    return Provider.npi < DEMONSTRATION, Provider.deactivated_on.is_(None), Provider.npi.not_in(barred)


def _newest_reviews(npis: list[str]) -> dict[str, date]:
    newest = func.max(func.coalesce(Review.updated_at, Review.published_at, Review.created_at))
    rows = db.session.execute(
        select(Review.npi, newest)
        .where(Review.npi.in_(npis), Review.status == ReviewStatus.PUBLISHED, Review.duplicate_of.is_(None))
        .group_by(Review.npi)
    )
    return {npi: local_day(moment) for npi, moment in rows}
