"""What is done with reviews: keeping the rating estimates. The caller commits."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select

from directory.extensions import db
from directory.providers.revision import note_search_change
from directory.reviews.models import RatingEstimate, RatingParameters
from directory.reviews.queries import rating_sums
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
        sums = rating_sums(npis)
        parameters = Parameters(stored.mean, stored.between_sd, stored.within_sd)
    return _keep_estimates(npis, {npi: estimate_rating(sums[npi], parameters) for npi in sums})


def _keep_parameters(stored: RatingParameters | None, parameters: Parameters) -> None:
    if stored and Parameters(stored.mean, stored.between_sd, stored.within_sd) == parameters:
        return
    row = stored or RatingParameters()
    row.mean, row.between_sd, row.within_sd = parameters.mean, parameters.between_sd, parameters.within_sd
    row.computed_at = datetime.now(UTC)
    db.session.add(row)
    note_search_change(None)  # providers without reviews stand at the mean


def _keep_estimates(npis: Collection[str], estimates: dict[str, Estimate]) -> int:
    ordered = sorted(npis)
    kept: dict[str, Estimate] = {}
    table = RatingEstimate
    for start in range(0, len(ordered), PROVIDERS_AT_ONCE):
        for row in db.session.execute(
            select(table.npi, table.estimate, table.low, table.high, table.reviews_counted).where(
                table.npi.in_(ordered[start : start + PROVIDERS_AT_ONCE])
            )
        ):
            kept[row.npi] = Estimate(row.estimate, row.low, row.high, row.reviews_counted)
    changed = [npi for npi in ordered if estimates.get(npi) != kept.get(npi)]
    for start in range(0, len(changed), PROVIDERS_AT_ONCE):
        db.session.execute(delete(table).where(table.npi.in_(changed[start : start + PROVIDERS_AT_ONCE])))
    rows = [
        {
            "npi": npi,
            "estimate": estimates[npi].estimate,
            "low": estimates[npi].low,
            "high": estimates[npi].high,
            "reviews_counted": estimates[npi].reviews_counted,
            "computed_at": datetime.now(UTC),
        }
        for npi in changed
        if npi in estimates
    ]
    if rows:
        db.session.execute(insert(table), rows)
    note_search_change(changed)
    return len(changed)
