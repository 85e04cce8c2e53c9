"""What ratings are estimated from, read as columns: a million reviews take some tens of bytes each.

The statements stand ready here, since one new review has to be estimated within milliseconds.
"""

from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Executable, bindparam, func, select

from directory.extensions import db
from directory.reviews.models import Review, SourceAverage
from directory.reviews.ratings import SCALE, Averages
from directory.reviews.status import ReviewStatus
from directory.reviews.trust import REASONS, Written

PROVIDERS_AT_ONCE = 5_000
ROWS_AT_ONCE = 10_000
DAY_SECONDS = 86_400.0
BITS = {name: bit for bit, name in REASONS.items()}
THIS_SITE = {"site", "demo_site"}
"""Sources of reviews written here: the scale that the others are brought to."""

_THESE: Any = bindparam("npis", expanding=True)
_review: Any = Review.__table__.c  # past the objects, which would take as long as all the rest
_average: Any = SourceAverage.__table__.c
_REVIEWS = (
    select(
        _review.id,
        _review.npi,
        _review.source_key,
        _review.rating,
        _review.visited_on,
        _review.created_at,
        _review.verified,
        _review.text_cluster,
        _review.duplicate_of,
        _review.weight,
        _review.discounts,
    )
    .where(_review.status == ReviewStatus.PUBLISHED)
    .order_by(_review.id)
    .execution_options(yield_per=ROWS_AT_ONCE)
)
_SINGLES = (
    select(_review.npi, _review.source_key, func.count(), func.sum(_review.rating))
    .where(_review.status == ReviewStatus.PUBLISHED)
    .group_by(_review.npi, _review.source_key)
)
_AVERAGES = select(_average.npi, _average.source_key, _average.average, _average.reviews)
_REVIEWS_OF = _REVIEWS.where(_review.npi.in_(_THESE))
_SINGLES_OF = _SINGLES.where(_review.npi.in_(_THESE))
_AVERAGES_OF = _AVERAGES.where(_average.npi.in_(_THESE))


class Numbers(dict[str, int]):
    """Numbers names from 0 in the order in which they come."""

    def __missing__(self, name: str) -> int:
        self[name] = number = len(self)
        return number


class SourceNumbers(Numbers):
    """All sources of reviews written here are one."""

    def __missing__(self, name: str) -> int:
        return self[SCALE] if name in THIS_SITE and name != SCALE else super().__missing__(name)


@dataclass(frozen=True, slots=True)
class RatedReviews:
    """Published reviews as columns, with what the database holds of their trust."""

    id: NDArray[np.int64]
    written: Written
    visited: NDArray[np.float64]  # the day of the visit, or else of the writing, as an ordinal
    kept_trust: NDArray[np.float64]
    kept_reasons: NDArray[np.int64]  # bits of `trust.REASONS`


def rated_reviews(npis: Collection[str] | None, providers: Numbers, sources: Numbers) -> RatedReviews:
    """The published reviews of `npis`, or of all; providers and sources get their numbers as they come."""
    whole = [array("q") for _ in range(5)]
    real = [array("d") for _ in range(6)]
    for row in _rows(_REVIEWS, _REVIEWS_OF, npis):
        id_, npi, source, stars, visited, created, verified, cluster, twin, weight, discounts = row
        reasons = sum(BITS[name] for name in discounts)
        alone = -id_ if cluster is None else cluster
        for column, number in zip(whole, (id_, providers[npi], sources[source], alone, reasons), strict=True):
            column.append(number)
        day = (visited or created).toordinal()
        written = created.timestamp() / DAY_SECONDS
        for values, value in zip(real, (stars, day, written, verified, twin is not None, weight), strict=True):
            values.append(value)
    ids, provider, origin, clusters, kept_reasons = (np.array(column, np.int64) for column in whole)
    given, days, writings, verifieds, duplicates, weights = (np.array(column, np.float64) for column in real)
    as_written = Written(provider, origin, given, writings, verifieds > 0, clusters, duplicates > 0)
    return RatedReviews(ids, as_written, days, weights, kept_reasons)


def rated_averages(npis: Collection[str] | None, providers: Numbers, sources: Numbers) -> Averages:
    """Averages of sources; where single reviews of the same source are here too, of the others that it is made of."""
    averages = list(_rows(_AVERAGES, _AVERAGES_OF, npis))
    singles: dict[tuple[str, str], tuple[int, float]] = {}
    if averages:
        singles = {(npi, source): (number, stars) for npi, source, number, stars in _rows(_SINGLES, _SINGLES_OF, npis)}
    read = []
    for npi, source, average, reviews in averages:
        number, stars = singles.get((npi, source), (0, 0.0))
        others = reviews - number
        if others > 0:
            rest = min(5.0, max(1.0, (average * reviews - stars) / others))
            read.append((providers[npi], sources[source], rest, others))
    columns = np.array(read, np.float64).reshape(-1, 4)
    whose, origin = columns[:, 0].astype(np.int64), columns[:, 1].astype(np.int64)
    return Averages(whose, origin, columns[:, 2].copy(), columns[:, 3].copy())


def _rows(of_all: Executable, of_some: Executable, npis: Collection[str] | None) -> Iterator[Any]:
    if npis is None:
        yield from db.session.execute(of_all)
        return
    for lot in lots(npis):
        yield from db.session.execute(of_some, {"npis": lot})


def lots(npis: Collection[str]) -> Iterator[list[str]]:
    """`npis` in lots that one statement can name."""
    ordered = sorted(npis)
    for start in range(0, len(ordered), PROVIDERS_AT_ONCE):
        yield ordered[start : start + PROVIDERS_AT_ONCE]
