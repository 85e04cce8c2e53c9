"""Reads of the fees that providers have posted."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select

from directory.extensions import db
from directory.providers.models import DEMONSTRATION, PostedFee

FeeKind = tuple[str, str | None]
"""A key of `offerings.FEES`, and the product of a price by the unit."""


@dataclass(frozen=True, slots=True)
class FeeRange:
    """The lowest and the highest fee of one kind that `providers` have posted, in US dollars."""

    low_usd: Decimal
    high_usd: Decimal
    providers: int
    is_demonstration: bool


def fees_of(npi: str) -> dict[FeeKind, FeeRange]:
    """What one provider has posted, by kind."""
    return _ranges(PostedFee.npi == npi, is_demonstration=npi.startswith(DEMONSTRATION))


def fees_of_all(least_providers: int) -> dict[FeeKind, FeeRange]:
    """What providers have posted, of the kinds that at least so many have.

    Real fees and invented ones are never mixed: the invented count where there are not enough real ones.
    """
    invented = PostedFee.npi.startswith(DEMONSTRATION)
    found = _ranges(invented, is_demonstration=True) | {
        kind: fees for kind, fees in _ranges(~invented).items() if fees.providers >= least_providers
    }
    return {kind: fees for kind, fees in found.items() if fees.providers >= least_providers}


def _ranges(which: ColumnElement[bool], is_demonstration: bool = False) -> dict[FeeKind, FeeRange]:
    columns = (func.min(PostedFee.low_usd), func.max(PostedFee.high_usd), func.count(PostedFee.npi.distinct()))
    rows = db.session.execute(
        select(PostedFee.fee, PostedFee.product, *columns).where(which).group_by(PostedFee.fee, PostedFee.product)
    )
    return {(fee, product): FeeRange(low, high, number, is_demonstration) for fee, product, low, high, number in rows}
