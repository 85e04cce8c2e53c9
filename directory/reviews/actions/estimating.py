"""Keeping the rating estimates, and the trust in each review that they rest on. The caller commits."""

from array import array
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, delete, func, insert, select, update

from directory.extensions import db
from directory.providers.revision import note_search_change, note_shared_change
from directory.reviews.models import RatingEstimate, RatingParameters, Review, SourceAverage
from directory.reviews.rating_parameters import learn_parameters
from directory.reviews.ratings import SCALE, Averages, Parameters, Reviews, ages
from directory.reviews.ratings import estimate_ratings as estimated
from directory.reviews.status import ReviewStatus
from directory.reviews.trust import DUPLICATE, REASONS, Trust, Written, trust_reviews

PROVIDERS_AT_ONCE = 5_000
ROWS_AT_ONCE = 10_000
DAY_SECONDS = 86_400.0
BITS = {name: bit for bit, name in REASONS.items()}
THIS_SITE = {"site", "demo_site"}
"""Sources of reviews written here: the scale that the others are brought to."""


def estimate_ratings(npis: Collection[str] | None = None) -> int:
    """Estimate the ratings of `npis`, by default of all, from published reviews; returns how many changed.

    What all providers share is learned anew when all are estimated, or when it never was; for some providers alone
    the stored parameters serve, so that one new review moves one provider.
    """
    db.session.flush()
    stored = db.session.scalar(select(RatingParameters))
    if stored is None:
        npis = None
    known = {npi: number for number, npi in enumerate(_providers_with_reviews(npis))}
    sources = _Numbers()
    rows = _read_reviews(npis, known, sources)
    averages = _read_averages(npis, known, sources)
    _keep_trust(rows)
    reviews = Reviews(rows.provider, rows.source, rows.stars, ages(rows.visited, _today()), rows.trust.trust)
    if npis is None:
        parameters = learn_parameters(reviews, sources.names, len(known))
        _keep_parameters(stored, parameters)
        npis = known.keys() | set(db.session.scalars(select(RatingEstimate.npi)))
    else:
        parameters = Parameters.from_json(stored.model) if stored else Parameters()
    found = estimated(reviews, averages, sources.names, len(known), parameters)
    counted = np.bincount(rows.provider[rows.trust.reasons & DUPLICATE == 0], minlength=len(known))
    discounted = np.bincount(rows.provider[rows.trust.reasons != 0], minlength=len(known))
    columns = (found.rating, found.low, found.high, counted, discounted)
    estimates = {npi: _Kept(*(column[number].item() for column in columns)) for npi, number in known.items()}
    return _keep_estimates(npis, estimates)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The values of one row of `RatingEstimate`."""

    estimate: float
    low: float
    high: float
    reviews_counted: int
    reviews_discounted: int


@dataclass(frozen=True, slots=True)
class _Rows:
    """Published reviews as columns, with what the database holds of their trust."""

    id: NDArray[np.int64]
    provider: NDArray[np.int64]
    source: NDArray[np.int64]
    stars: NDArray[np.float64]
    visited: NDArray[np.float64]  # days, as ordinals
    kept_weight: NDArray[np.float64]
    kept_reasons: NDArray[np.int64]  # bits of REASONS
    trust: Trust


class _Numbers(dict[str, int]):
    """Numbers names from 0 in the order in which they come. All sources of reviews written here are one."""

    def __missing__(self, name: str) -> int:
        if name in THIS_SITE and name != SCALE:
            return self[SCALE]
        self[name] = len(self)
        return self[name]

    @property
    def names(self) -> list[str]:
        return list(self)


def _today() -> int:
    return datetime.now(UTC).date().toordinal()


def _providers_with_reviews(npis: Collection[str] | None) -> list[str]:
    found: set[str] = set()
    for lot in _lots(npis):
        for table in (Review, SourceAverage):
            statement = select(table.npi).distinct()
            if table is Review:
                statement = statement.where(Review.status == ReviewStatus.PUBLISHED)
            found.update(db.session.scalars(statement if lot is None else statement.where(table.npi.in_(lot))))
    return sorted(found)


def _read_reviews(npis: Collection[str] | None, known: dict[str, int], sources: _Numbers) -> _Rows:
    columns = (
        Review.id,
        Review.npi,
        Review.source_key,
        Review.rating,
        Review.visited_on,
        Review.created_at,
        Review.verified,
        Review.text_cluster,
        Review.duplicate_of,
        Review.weight,
        Review.discounts,
    )
    whole = {name: array("q") for name in ("id", "provider", "source", "cluster", "reasons")}
    real = {name: array("d") for name in ("stars", "visited", "written", "verified", "duplicate", "weight")}
    for lot in _lots(npis):
        statement = select(*columns).where(Review.status == ReviewStatus.PUBLISHED).order_by(Review.id)
        if lot is not None:
            statement = statement.where(Review.npi.in_(lot))
        for row in db.session.execute(statement.execution_options(yield_per=ROWS_AT_ONCE)):
            id_, npi, source, stars, visited, written, verified, cluster, twin, weight, discounts = row
            for name, number in (
                ("id", id_),
                ("provider", known[npi]),
                ("source", sources[source]),
                ("cluster", -id_ if cluster is None else cluster),
                ("reasons", sum(BITS[name] for name in discounts)),
            ):
                whole[name].append(number)
            for name, value in (
                ("stars", stars),
                ("visited", (visited or written).toordinal()),
                ("written", written.timestamp() / DAY_SECONDS),
                ("verified", verified),
                ("duplicate", twin is not None),
                ("weight", weight),
            ):
                real[name].append(value)
    integers = {name: np.array(column, np.int64) for name, column in whole.items()}
    floats = {name: np.array(column, np.float64) for name, column in real.items()}
    written_ = Written(
        integers["provider"],
        integers["source"],
        floats["stars"],
        floats["written"],
        floats["verified"] > 0,
        integers["cluster"],
        floats["duplicate"] > 0,
    )
    return _Rows(
        integers["id"],
        integers["provider"],
        integers["source"],
        floats["stars"],
        floats["visited"],
        floats["weight"],
        integers["reasons"],
        trust_reviews(written_),
    )


def _read_averages(npis: Collection[str] | None, known: dict[str, int], sources: _Numbers) -> Averages:
    """Averages of sources; where single reviews of the same source are here too, of the others that it is made of."""
    singles = (
        select(Review.npi, Review.source_key, func.count().label("number"), func.sum(Review.rating).label("sum"))
        .where(Review.status == ReviewStatus.PUBLISHED)
        .group_by(Review.npi, Review.source_key)
        .subquery()
    )
    table = SourceAverage
    statement = select(table.npi, table.source_key, table.average, table.reviews, singles.c.number, singles.c.sum)
    statement = statement.outerjoin(singles, (singles.c.npi == table.npi) & (singles.c.source_key == table.source_key))
    read = []
    for lot in _lots(npis):
        for npi, source, average, reviews, number, total in db.session.execute(
            statement if lot is None else statement.where(table.npi.in_(lot))
        ):
            others = reviews - (number or 0)
            if others > 0:
                rest = min(5.0, max(1.0, (average * reviews - (total or 0.0)) / others))
                read.append((known[npi], sources[source], rest, others))
    columns = np.array(read, np.float64).reshape(-1, 4)
    return Averages(
        columns[:, 0].astype(np.int64), columns[:, 1].astype(np.int64), columns[:, 2].copy(), columns[:, 3].copy()
    )


def _keep_trust(rows: _Rows) -> None:
    trust, reasons = np.round(rows.trust.trust, 4), rows.trust.reasons
    differs = np.flatnonzero((trust != rows.kept_weight) | (reasons != rows.kept_reasons))
    if not len(differs):
        return
    table: Any = Review.__table__  # past the object's version: moderators see no change in what they judge
    statement = update(table).where(table.c.id == bindparam("review"))
    statement = statement.values(weight=bindparam("trust"), discounts=bindparam("reasons"))
    for start in range(0, len(differs), ROWS_AT_ONCE):
        changed = [
            {
                "review": int(rows.id[number]),
                "trust": float(trust[number]),
                "reasons": [name for name, bit in BITS.items() if int(reasons[number]) & bit],
            }
            for number in differs[start : start + ROWS_AT_ONCE]
        ]
        db.session.execute(statement, changed)


def _keep_parameters(stored: RatingParameters | None, parameters: Parameters) -> None:
    if stored and Parameters.from_json(stored.model) == parameters:
        return
    row = stored or RatingParameters()
    row.mean, row.model = parameters.mean, parameters.to_json()
    row.computed_at = datetime.now(UTC)
    db.session.add(row)
    note_shared_change()  # providers without reviews stand at the mean


def _keep_estimates(npis: Collection[str], estimates: dict[str, _Kept]) -> int:
    table = RatingEstimate
    kept: dict[str, _Kept] = {}
    for lot in _lots(npis):
        statement = select(
            table.npi, table.estimate, table.low, table.high, table.reviews_counted, table.reviews_discounted
        ).where(table.npi.in_(lot or ()))
        kept.update({row[0]: _Kept(*row[1:]) for row in db.session.execute(statement)})
    changed = sorted(npi for npi in npis if estimates.get(npi) != kept.get(npi))
    for lot in _lots(changed):
        db.session.execute(delete(table).where(table.npi.in_(lot or ())))
    now = datetime.now(UTC)
    rows = [
        {
            "npi": npi,
            "estimate": estimate.estimate,
            "low": estimate.low,
            "high": estimate.high,
            "reviews_counted": estimate.reviews_counted,
            "reviews_discounted": estimate.reviews_discounted,
            "computed_at": now,
        }
        for npi, estimate in ((npi, estimates.get(npi)) for npi in changed)
        if estimate
    ]
    if rows:
        db.session.execute(insert(table), rows)
    note_search_change(changed)
    return len(changed)


def _lots(npis: Collection[str] | None) -> list[list[str] | None]:
    """`npis` in lots that one statement can name; one None for all."""
    if npis is None:
        return [None]
    ordered = sorted(npis)
    return [ordered[start : start + PROVIDERS_AT_ONCE] for start in range(0, len(ordered), PROVIDERS_AT_ONCE)]
