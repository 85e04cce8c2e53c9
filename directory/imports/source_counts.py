"""Of how many providers each source tells something, and where what is in no public file comes from."""

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import func, select, union

from directory.audit.log import newest_hash
from directory.credentials.exclusions.models import ListedExclusion
from directory.credentials.models import LicenseRecord
from directory.extensions import Model, db
from directory.providers.revision import current_revision
from directory.providers.sources import Source, Sourced, SourceKind
from directory.reviews.models import Review, ReviewStatus, SourceAverage

OF_NO_PROVIDER = frozenset({"nucc", "cms_asp", "tiger"})
"""Sources that tell something of no single provider."""
UNDECIDED = (ListedExclusion,)
"""Facts with an NPI that may be of no provider here."""


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """By source: `providers` with a fact, a published review or an average of it, and `licenses` in a board's list.

    Licenses hang on no provider.
    """

    providers: dict[str, int]
    licenses: dict[str, int]


def source_counts() -> SourceCounts:
    """Counted anew after an import, after what a person did, and after what the search ranks by changed."""
    counted_at = newest_hash(), current_revision()
    kept: dict[tuple[str, int], SourceCounts] = current_app.extensions["source_counts"]
    counts = kept.get(counted_at)
    if counts is None:
        counts = _count()
        kept.clear()
        kept[counted_at] = counts
    return counts


def _count() -> SourceCounts:
    facts = [each for mapper in Model.registry.mappers if issubclass(each := mapper.class_, Sourced)]
    told = [select(each.source_key, each.npi) for each in facts if hasattr(each, "npi") and each not in UNDECIDED]
    told.append(select(Review.source_key, Review.npi).where(Review.status == ReviewStatus.PUBLISHED))
    told.append(select(SourceAverage.source_key, SourceAverage.npi))
    each_once = union(*told).subquery()
    providers, licenses = (
        select(key, func.count()).group_by(key) for key in (each_once.c.source_key, LicenseRecord.source_key)
    )
    return SourceCounts(dict(db.session.execute(providers).all()), dict(db.session.execute(licenses).all()))


def other_sources() -> list[Source]:
    """Where facts and reviews come from that are in no public file, in the order of their kinds."""
    kinds = list(SourceKind)
    others = db.session.scalars(select(Source).where(Source.kind != SourceKind.PUBLIC_FILE))
    return sorted(others, key=lambda source: (kinds.index(source.kind), source.name))
