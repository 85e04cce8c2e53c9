"""The five products as the estimator fills them in: usual doses, vials and what Medicare allows, from facts.toml."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil

from directory.providers.offerings import HCPCS_OF_PRODUCT
from directory.providers.queries import newest_payment_limits
from directory.web.facts import fact

DOSES: dict[str, tuple[str, ...]] = {
    "botox": ("dose_range_botox", "dose_median_botox"),
    "dysport": ("starting_dose_dysport",),
    "xeomin": ("starting_dose_xeomin",),
    "myobloc": ("starting_dose_myobloc",),
    "daxxify": ("starting_dose_daxxify",),
}
"""A fact with a range or a value, and where there is one a fact with the middle."""
VIALS: dict[str, tuple[str, ...]] = {
    "botox": ("vials_botox",),
    "dysport": ("vials_dysport",),
    "xeomin": ("vials_xeomin", "middle_vial_xeomin"),
    "myobloc": ("vials_myobloc", "middle_vial_myobloc"),
    "daxxify": ("vials_daxxify",),
}
BUILT_IN_QUARTER = date(2026, 4, 1)
"""Of the payment limits in facts.toml."""
LIMIT_UNITS = {"botox": 1, "dysport": 5, "xeomin": 1, "myobloc": 100, "daxxify": 1}
"""How many units those limits are for: one unit of the HCPCS code."""


@dataclass(frozen=True, slots=True)
class Doses:
    """Units of one treatment."""

    low: int
    typical: int
    high: int
    typical_is_middle: bool  # no source tells it


@dataclass(frozen=True, slots=True)
class MedicarePrice:
    """The payment limit of one quarter, in dollars for `units` units. `fact` is its key where it is of facts.toml."""

    limit_usd: Decimal
    units: int
    quarter_starts_on: date
    fact: str | None = None

    @property
    def unit_price(self) -> Decimal:
        return self.limit_usd / self.units


def find_doses(product: str) -> Doses:
    whole, *middle = (fact(key) for key in DOSES[product])
    if whole.low is None:
        return Doses(int(whole.figure), int(whole.figure), int(whole.figure), typical_is_middle=False)
    low, high = whole.ends
    typical = middle[0].figure if middle else (low + high) / 2
    return Doses(int(low), ceil(typical), int(high), typical_is_middle=not middle)


def find_vial_sizes(product: str) -> tuple[int, ...]:
    """Units in each vial sold, the smallest first."""
    whole, *middle = (fact(key) for key in VIALS[product])
    return tuple(sorted(int(size) for size in (*whole.ends, *(each.figure for each in middle))))


def medicare_price(product: str, today: date) -> MedicarePrice:
    """The newest quarter that has begun by `today`: of CMS's files where one was imported, else of facts.toml."""
    imported = newest_payment_limits(today).get(HCPCS_OF_PRODUCT[product])
    if imported is not None and imported.quarter_starts_on >= BUILT_IN_QUARTER:
        return MedicarePrice(imported.limit_usd, imported.dosage_units, imported.quarter_starts_on)
    key = f"payment_limit_{product}"
    return MedicarePrice(Decimal(str(fact(key).figure)), LIMIT_UNITS[product], BUILT_IN_QUARTER, key)
