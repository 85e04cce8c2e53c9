"""Keeping the rating estimates, and the trust in each review that they rest on. The caller commits."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import bindparam, delete, insert, select, update

from directory.extensions import db
from directory.providers.revision import note_search_change, note_shared_change
from directory.reviews.models import RatingEstimate, RatingParameters, Review
from directory.reviews.queries.rated import (
    BITS,
    ROWS_AT_ONCE,
    Numbers,
    RatedReviews,
    SourceNumbers,
    lots,
    rated_averages,
    rated_reviews,
)
from directory.reviews.rating_parameters import learn_parameters
from directory.reviews.ratings import Parameters, Reviews, ages
from directory.reviews.ratings import estimate_ratings as estimated
from directory.reviews.trust import DUPLICATE, Trust, trust_reviews

_reviews: Any = Review.__table__  # past the objects' version: moderators see no change in what they judge
_estimates: Any = RatingEstimate.__table__
_VALUES = ("estimate", "low", "high", "reviews_counted", "reviews_discounted")
_THESE: Any = bindparam("npis", expanding=True)
_MODEL: Any = select(RatingParameters.__table__.c.model)
_KEPT = select(_estimates.c.npi, *(_estimates.c[name] for name in _VALUES)).where(_estimates.c.npi.in_(_THESE))
_DROP = delete(_estimates).where(_estimates.c.npi.in_(_THESE))
_KEEP_TRUST = (
    update(_reviews)
    .where(_reviews.c.id == bindparam("review"))
    .values(weight=bindparam("trust"), discounts=bindparam("reasons"))
)


def estimate_ratings(npis: Collection[str] | None = None) -> int:
    """Estimate the ratings of `npis`, by default of all, from published reviews; returns how many changed.

    What all providers share is learned anew when all are estimated, or when it never was; for some providers alone
    the stored parameters serve, so that one new review moves one provider.
    """
    db.session.flush()
    stored = db.session.scalar(_MODEL)
    if stored is None:
        npis = None
    providers, sources = Numbers(), SourceNumbers()
    rows = rated_reviews(npis, providers, sources)
    averages = rated_averages(npis, providers, sources)
    written, trust = rows.written, trust_reviews(rows.written)
    _keep_trust(rows, trust)
    today = datetime.now(UTC).date().toordinal()
    reviews = Reviews(written.provider, written.source, written.stars, ages(rows.visited, today), trust.trust)
    if stored is None or npis is None:
        parameters = learn_parameters(reviews, list(sources), len(providers))
        _keep_parameters(parameters)
        npis = providers.keys() | set(db.session.scalars(select(RatingEstimate.npi)))
    else:
        parameters = Parameters.from_json(stored)
    found = estimated(reviews, averages, list(sources), len(providers), parameters)
    counted = np.bincount(written.provider[trust.reasons & DUPLICATE == 0], minlength=len(providers))
    discounted = np.bincount(written.provider[trust.reasons != 0], minlength=len(providers))
    columns = [column.tolist() for column in (found.rating, found.low, found.high, counted, discounted)]
    return _keep_estimates(npis, dict(zip(providers, zip(*columns, strict=True), strict=True)))


def _keep_trust(rows: RatedReviews, trust: Trust) -> None:
    rounded = np.round(trust.trust, 4)
    differs = np.flatnonzero((rounded != rows.kept_trust) | (trust.reasons != rows.kept_reasons))
    for start in range(0, len(differs), ROWS_AT_ONCE):
        changed = [
            {
                "review": int(rows.id[number]),
                "trust": float(rounded[number]),
                "reasons": [name for name, bit in BITS.items() if int(trust.reasons[number]) & bit],
            }
            for number in differs[start : start + ROWS_AT_ONCE]
        ]
        db.session.execute(_KEEP_TRUST, changed)


def _keep_parameters(parameters: Parameters) -> None:
    row = db.session.scalar(select(RatingParameters)) or RatingParameters()
    if row.model == parameters.to_json():
        return
    row.mean, row.model = parameters.mean, parameters.to_json()
    row.computed_at = datetime.now(UTC)
    db.session.add(row)
    note_shared_change()  # providers without reviews stand at the mean


def _keep_estimates(npis: Collection[str], estimates: Mapping[str, tuple[Any, ...]]) -> int:
    """Write the `estimates` of `npis`, each the `_VALUES`, where they changed; those without one lose theirs."""
    kept = {row[0]: tuple(row[1:]) for lot in lots(npis) for row in db.session.execute(_KEPT, {"npis": lot})}
    changed = sorted(npi for npi in npis if estimates.get(npi) != kept.get(npi))
    for lot in lots(kept.keys() & set(changed)):
        db.session.execute(_DROP, {"npis": lot})
    now = datetime.now(UTC)
    rows = [
        {"npi": npi, "computed_at": now, **dict(zip(_VALUES, estimates[npi], strict=True))}
        for npi in changed
        if npi in estimates
    ]
    if rows:
        db.session.execute(insert(_estimates), rows)
    note_search_change(changed)
    return len(changed)
