"""What is done with reviews: keeping the rating estimates. The caller commits."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select

from directory.extensions import db
from directory.providers.revision import note_search_change, note_shared_change
from directory.reviews.models import RatingEstimate, RatingParameters
from directory.reviews.queries.published import rating_sums
from directory.reviews.ratings import Estimate, Parameters, estimate_rating, learn_parameters

PROVIDERS_AT_ONCE = 5_000


def estimate_ratings(npis: Collection[str] | None = None) -> int:
    """Estimate the ratings of `npis`, by default of all, from published reviews; returns how many changed.

    What all providers share is learned anew when all are estimated, or when it never was; for some providers alone
    the stored parameters serve, so that one new review moves one provider.
    """
    db.session.flush()
    stored = db.session.scalar(select(RatingParameters))
    if npis is None or stored is None:
        sums = rating_sums()
        npis = sums.keys() | set(db.session.scalars(select(RatingEstimate.npi)))
        parameters = learn_parameters(sums[npi] for npi in sorted(sums))
        _keep_parameters(stored, parameters)
    else:
        sums = {npi: found for lot in _lots(npis) for npi, found in rating_sums(lot).items()}
        parameters = Parameters(stored.mean, stored.between_sd, stored.within_sd)
    return _keep_estimates(npis, {npi: estimate_rating(sums[npi], parameters) for npi in sums})


def _keep_parameters(stored: RatingParameters | None, parameters: Parameters) -> None:
    if stored and Parameters(stored.mean, stored.between_sd, stored.within_sd) == parameters:
        return
    row = stored or RatingParameters()
    row.mean, row.between_sd, row.within_sd = parameters.mean, parameters.between_sd, parameters.within_sd
    row.computed_at = datetime.now(UTC)
    db.session.add(row)
    note_shared_change()  # providers without reviews stand at the mean


def _keep_estimates(npis: Collection[str], estimates: dict[str, Estimate]) -> int:
    table = RatingEstimate
    kept = {
        row.npi: Estimate(row.estimate, row.low, row.high, row.reviews_counted)
        for lot in _lots(npis)
        for row in db.session.execute(
            select(table.npi, table.estimate, table.low, table.high, table.reviews_counted).where(table.npi.in_(lot))
        )
    }
    changed = sorted(npi for npi in npis if estimates.get(npi) != kept.get(npi))
    for lot in _lots(changed):
        db.session.execute(delete(table).where(table.npi.in_(lot)))
    rows = [
        {"npi": npi, **asdict(estimates[npi]), "computed_at": datetime.now(UTC)} for npi in changed if npi in estimates
    ]
    if rows:
        db.session.execute(insert(table), rows)
    note_search_change(changed)
    return len(changed)


def _lots(npis: Collection[str]) -> list[list[str]]:
    """`npis` in lots that one statement can name."""
    ordered = sorted(npis)
    return [ordered[start : start + PROVIDERS_AT_ONCE] for start in range(0, len(ordered), PROVIDERS_AT_ONCE)]
