"""What Medicare pays for a medicine in a quarter: the payment limits of CMS's ASP file, read by `flask import asp`."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Numeric, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.extensions import Model, db
from directory.providers.sources import Source, Sourced

HCPCS_OF_PRODUCT = {
    "botox": "J0585",
    "dysport": "J0586",
    "myobloc": "J0587",
    "xeomin": "J0588",
    "daxxify": "J0589",
}
"""The code under which each of `offerings.PRODUCTS` is billed."""


class PaymentLimit(Sourced, Model):
    """The payment limit (average sales price + 6 %) of one HCPCS code from the first day of one quarter."""

    __tablename__ = "payment_limit"

    hcpcs_code: Mapped[str] = mapped_column(String(5), primary_key=True)  # "J0585"
    quarter_starts_on: Mapped[date] = mapped_column(primary_key=True)
    dosage_units: Mapped[int]  # 1, 5, 100
    limit_usd: Mapped[Decimal] = mapped_column(Numeric(12, 3))  # for the dosage, not for one unit

    source: Mapped[Source] = relationship(lazy="joined")


def newest_payment_limits(today: date) -> dict[str, PaymentLimit]:
    """By HCPCS code the limit of the newest quarter that has begun by `today`, of those that were imported."""
    begun = select(PaymentLimit).where(PaymentLimit.quarter_starts_on <= today)
    limits = db.session.scalars(begun.order_by(PaymentLimit.quarter_starts_on))
    return {limit.hcpcs_code: limit for limit in limits}
