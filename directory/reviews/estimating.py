"""Estimating ratings from the published reviews, and keeping estimates, parameters and the trust in each review.

What patients report of their visits is summed up and kept at the same moments.

The caller opens the transaction. Reviews are read as columns, which take some tens of bytes a review.
"""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Executable, bindparam, delete, func, insert, select, update

from directory.extensions import Model, db
from directory.providers.revision import note_search_change, note_shared_change
from directory.ratings.model import SCALE, Averages, Parameters, Reviews, ages
from directory.ratings.models import RatingEstimate, RatingParameters
from directory.ratings.parameters import learn_parameters
from directory.ratings.trust import REASONS, RatedProviders, Trust, Written, trust_reviews
from directory.reviews.models import Review, ReviewStatus, SourceAverage, VisitSummary
from directory.reviews.visits import ANSWERS, ANSWERS_OF, visit_summaries
from directory.web.chunks import chunks

ROWS_AT_ONCE = 10_000
PROVIDERS_AT_ONCE = 5_000
DAY_SECONDS = 86_400.0
Numbers = defaultdict[str, int]
"""Names, numbered from 0 in the order in which they come."""
BITS = {name: bit for bit, name in REASONS.items()}
ALIASES = {"demo_site": SCALE}
"""Sources that stand for another one: all reviews written here are of the scale that the others are brought to."""

# These statements stand ready, since one new review has to be estimated within milliseconds.
_THESE: Any = bindparam("npis", expanding=True)
_reviews: Any = Review.__table__  # past the objects: they are slow, and their version would tell moderators of a change
_review = _reviews.c
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
_KEEP_TRUST = (
    update(_reviews)
    .where(_review.id == bindparam("review"))
    .values(weight=bindparam("trust"), discounts=bindparam("reasons"))
)
_PARAMETERS: Any = select(RatingParameters.__table__.c.model)


class KeptRows:
    """The table of `model`, of which a provider has one row at most; its columns after the NPI hold the values."""

    def __init__(self, model: type[Model]) -> None:
        table: Any = model.__table__
        npi, *columns = table.c
        self.names = tuple(column.name for column in columns)
        self.stored = select(npi, *columns).where(npi.in_(_THESE))
        self.drop = delete(table).where(npi.in_(_THESE))
        self.insert = insert(table)


_ESTIMATES, _VISITS = KeptRows(RatingEstimate), KeptRows(VisitSummary)


def estimate_ratings(npis: Collection[str] | None = None) -> int:
    """Estimate the ratings of `npis` from published reviews; returns how many changed.

    By default all are estimated, and what they share is learned anew. For some the stored parameters serve, so that
    one new review moves one provider.
    """
    db.session.flush()
    stored = db.session.scalar(_PARAMETERS)
    if stored is None:
        npis = None
    providers, sources = Numbers(count().__next__), Numbers(count().__next__)
    rows = rated_reviews(npis, providers, sources)
    averages = rated_averages(npis, providers, sources)
    written, trust = rows.written, trust_reviews(rows.written)
    _keep_trust(rows, trust)
    today = datetime.now(UTC).date().toordinal()
    reviews = Reviews(written.provider, written.source, written.stars, ages(rows.visited, today), trust.trust)
    rated = RatedProviders(list(providers), list(sources), reviews, trust)
    if npis is None:
        parameters = learn_parameters(reviews, rated.sources, len(providers))
        _keep_parameters(parameters)
        stored_npis = (db.session.scalars(select(each)) for each in (RatingEstimate.npi, VisitSummary.npi))
        visits = visit_summaries(_rows(ANSWERS, ANSWERS_OF, None))
        npis = {*providers, *chain.from_iterable(stored_npis)}
    else:
        parameters, visits = Parameters.from_json(stored), visit_summaries(_rows(ANSWERS, ANSWERS_OF, npis))
    _keep_rows(_VISITS, npis, visits)
    return _keep_rows(_ESTIMATES, npis, rated.estimates(averages, parameters))


def _keep_trust(rows: "RatedReviews", trust: Trust) -> None:
    rounded = np.round(trust.trust, 4)
    differs = np.flatnonzero((rounded != rows.stored_trust) | (trust.reasons != rows.stored_reasons))
    for chunk in chunks(differs.tolist(), ROWS_AT_ONCE):
        changed = [
            {
                "review": int(rows.id[number]),
                "trust": float(rounded[number]),
                "reasons": [name for name, bit in BITS.items() if int(trust.reasons[number]) & bit],
            }
            for number in chunk
        ]
        db.session.execute(_KEEP_TRUST, changed)


def _keep_parameters(parameters: Parameters) -> None:
    row = db.session.scalar(select(RatingParameters)) or RatingParameters()
    if row.model == parameters.to_json():
        return
    row.mean, row.model = parameters.mean, parameters.to_json()
    db.session.add(row)
    note_shared_change()  # providers without reviews stand at the mean


def _keep_rows(kept: KeptRows, npis: Collection[str], values: Mapping[str, tuple[Any, ...]]) -> int:
    """Write the `values` of `npis` where they changed; those without any lose their row. Returns how many changed."""
    stored = {
        row[0]: tuple(row[1:])
        for chunk in chunks(sorted(npis), PROVIDERS_AT_ONCE)
        for row in db.session.execute(kept.stored, {"npis": chunk})
    }
    changed = sorted(npi for npi in npis if values.get(npi) != stored.get(npi))
    for chunk in chunks(sorted(stored.keys() & set(changed)), PROVIDERS_AT_ONCE):
        db.session.execute(kept.drop, {"npis": chunk})
    rows = [{"npi": npi, **dict(zip(kept.names, values[npi], strict=True))} for npi in changed if npi in values]
    if rows:
        db.session.execute(kept.insert, rows)
    note_search_change(changed)
    return len(changed)


@dataclass(frozen=True, slots=True)
class RatedReviews:
    """Published reviews as columns, with what the database holds of their trust."""

    id: NDArray[np.int64]
    written: Written
    visited: NDArray[np.float64]  # the day of the visit, or else of the writing, as an ordinal
    stored_trust: NDArray[np.float64]
    stored_reasons: NDArray[np.int64]  # bits of `trust.REASONS`


def rated_reviews(npis: Collection[str] | None, providers: Numbers, sources: Numbers) -> RatedReviews:
    """The published reviews of `npis`, or of all; providers and sources get their numbers as they come."""
    whole = [array("q") for _ in range(5)]
    real = [array("d") for _ in range(6)]
    for row in _rows(_REVIEWS, _REVIEWS_OF, npis):
        id_, npi, source, stars, visited, created, verified, cluster, twin, weight, discounts = row
        reasons = sum(BITS[name] for name in discounts)
        alone = -id_ if cluster is None else cluster
        origin = sources[ALIASES.get(source, source)]
        for column, number in zip(whole, (id_, providers[npi], origin, alone, reasons), strict=True):
            column.append(number)
        day = (visited or created).toordinal()
        written = created.timestamp() / DAY_SECONDS
        for values, value in zip(real, (stars, day, written, verified, twin is not None, weight), strict=True):
            values.append(value)
    ids, whose, origins, clusters, stored_reasons = (np.array(column, np.int64) for column in whole)
    given, days, writings, verifieds, duplicates, weights = (np.array(column, np.float64) for column in real)
    as_written = Written(whose, origins, given, writings, verifieds > 0, clusters, duplicates > 0)
    return RatedReviews(ids, as_written, days, weights, stored_reasons)


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
            read.append((providers[npi], sources[ALIASES.get(source, source)], rest, others))
    columns = np.array(read, np.float64).reshape(-1, 4)
    whose, origin = columns[:, 0].astype(np.int64), columns[:, 1].astype(np.int64)
    return Averages(whose, origin, columns[:, 2].copy(), columns[:, 3].copy())


def _rows(of_all: Executable, of_some: Executable, npis: Collection[str] | None) -> Iterator[Any]:
    if npis is None:
        yield from db.session.execute(of_all)
        return
    for chunk in chunks(sorted(npis), PROVIDERS_AT_ONCE):
        yield from db.session.execute(of_some, {"npis": chunk})
