"""Reads of the sources that reviews come from."""

from dataclasses import dataclass

from sqlalchemy import func, select

from directory.extensions import db
from directory.providers.sources import KNOWN_SOURCES, Source, SourceKind
from directory.reviews.models import Review, SourceAverage


@dataclass(frozen=True, slots=True)
class CountedSource:
    source: Source
    reviews: int
    averages: int


def sources_with_counts() -> list[CountedSource]:
    """The sources that reviews from elsewhere come from, by name, with all that is stored of each."""
    kinds = (SourceKind.PLATFORM, SourceKind.DEMONSTRATION)
    sources = db.session.scalars(
        select(Source).where(Source.kind.in_(kinds), Source.key.not_in(KNOWN_SOURCES)).order_by(Source.name)
    )
    reviews, averages = (
        dict(db.session.execute(select(table.source_key, func.count()).group_by(table.source_key)).all())
        for table in (Review, SourceAverage)
    )
    return [CountedSource(each, reviews.get(each.key, 0), averages.get(each.key, 0)) for each in sources]
