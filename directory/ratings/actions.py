"""Keeping the rating estimates in the database. The caller reads the reviews, and opens the transaction."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from directory.extensions import db
from directory.providers.revision import note_search_change, note_shared_change
from directory.ratings.model import Averages, Parameters, estimate_ratings
from directory.ratings.models import RatingEstimate, RatingParameters
from directory.ratings.parameters import learn_parameters
from directory.ratings.trust import RatedProviders
from directory.web.chunks import chunks

PROVIDERS_AT_ONCE = 5_000
_VALUES = ("estimate", "low", "high", "reviews_counted", "reviews_discounted")
_estimates: Any = RatingEstimate.__table__
_THESE: Any = bindparam("npis", expanding=True)
_MODEL: Any = select(RatingParameters.__table__.c.model)
# These statements stand ready, since one new review has to be estimated within milliseconds.
_STORED = select(_estimates.c.npi, *(_estimates.c[name] for name in _VALUES)).where(_estimates.c.npi.in_(_THESE))
_DROP = delete(_estimates).where(_estimates.c.npi.in_(_THESE))


def has_parameters() -> bool:
    """Whether what all providers share was ever learned."""
    return db.session.scalar(_MODEL) is not None


def update_estimates(npis: Collection[str] | None, rated: RatedProviders, averages: Averages) -> int:
    """Estimate the ratings of `npis` from `rated`, which holds all their reviews; returns how many changed.

    None stands for all providers: what they share is learned anew then. For some providers the stored parameters
    serve, so that one new review moves one provider.
    """
    if npis is None:
        parameters = learn_parameters(rated.reviews, rated.sources, len(rated.providers))
        _keep_parameters(parameters)
        npis = {*rated.providers, *db.session.scalars(select(RatingEstimate.npi))}
    else:
        parameters = Parameters.from_json(db.session.scalars(_MODEL).one())
    found = estimate_ratings(rated.reviews, averages, rated.sources, len(rated.providers), parameters)
    columns = (found.rating, found.low, found.high, rated.counted(), rated.discounted())
    values = zip(*(column.tolist() for column in columns), strict=True)
    return _keep_estimates(npis, dict(zip(rated.providers, values, strict=True)))


def _keep_parameters(parameters: Parameters) -> None:
    row = db.session.scalar(select(RatingParameters)) or RatingParameters()
    if row.model == parameters.to_json():
        return
    row.mean, row.model = parameters.mean, parameters.to_json()
    db.session.add(row)
    note_shared_change()  # providers without reviews stand at the mean


def _keep_estimates(npis: Collection[str], estimates: Mapping[str, tuple[Any, ...]]) -> int:
    """Write the `estimates` of `npis`, each the `_VALUES`, where they changed; those without one lose theirs."""
    stored = {
        row[0]: tuple(row[1:])
        for chunk in chunks(sorted(npis), PROVIDERS_AT_ONCE)
        for row in db.session.execute(_STORED, {"npis": chunk})
    }
    changed = sorted(npi for npi in npis if estimates.get(npi) != stored.get(npi))
    for chunk in chunks(sorted(stored.keys() & set(changed)), PROVIDERS_AT_ONCE):
        db.session.execute(_DROP, {"npis": chunk})
    rows = [{"npi": npi, **dict(zip(_VALUES, estimates[npi], strict=True))} for npi in changed if npi in estimates]
    if rows:
        db.session.execute(insert(_estimates), rows)
    note_search_change(changed)
    return len(changed)
