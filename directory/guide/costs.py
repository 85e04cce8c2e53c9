"""What a treatment may cost, and what of it the patient pays.

    charge  = units x price of a unit, in whole vials + procedure (150 % for both sides on one day) + guidance + visit
    patient = deductible + coinsurance x (allowed - deductible) + copay,
              never above what is allowed, nor above what is left of the out-of-pocket maximum

What is left over in the vials is billed as discarded (modifier JW). The allowed amount is taken to be the charge: the
prices given should be those that the plan has agreed to. Dollars are `Decimal`; amounts are rounded to cents, half up.
The numbers (vials, doses, shares, prices) come from outside: facts.toml, CMS's file, posted fees or the reader.
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import gcd

DIAGNOSIS = "G24.3"  # ICD-10-CM: spasmodic torticollis
PROCEDURE = "64616"  # CPT: injection into neck muscles of one side
BOTH_SIDES_MODIFIER = "50"  # of the procedure: both sides on one day
GUIDANCE = "95874"  # CPT: EMG guidance, beside the procedure
"""The codes of the bill; their source is the fact `codes` of facts.toml. `HCPCS_OF_PRODUCT` has the medicines'."""

MAX_UNITS = 100_000
"""Of one treatment: twenty times what any label starts with."""
NOTHING = Decimal(0)
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Vials:
    """The vials opened for a dose of `needed` units: pairs of (units in a vial, how many), the largest first."""

    counts: tuple[tuple[int, int], ...]
    needed: int

    @property
    def billed(self) -> int:
        """Units in all of them."""
        return sum(size * count for size, count in self.counts)

    @property
    def discarded(self) -> int:
        return self.billed - self.needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """What is billed for one treatment. A fee of None is not known, and left out of the sum.

    `procedure_share` multiplies the procedure's fee: 1 for one side, 1.5 for both sides on one day.
    """

    units: int
    vial_sizes: Collection[int]
    unit_price: Decimal
    procedure_fee: Decimal | None = None
    procedure_share: Decimal = Decimal(1)
    guidance_fee: Decimal | None = None
    visit_fee: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a plan leaves to the patient. `coinsurance` is a share from 0 to 1.

    With `out_of_pocket_left` None there is no maximum.
    """

    deductible_left: Decimal = NOTHING
    coinsurance: Decimal = NOTHING
    copay: Decimal = NOTHING
    out_of_pocket_left: Decimal | None = None


SELF_PAY_PLAN = Plan(coinsurance=Decimal(1))
"""The plan of who has none."""


@dataclass(frozen=True, slots=True)
class Charge:
    """The bill, line by line."""

    vials: Vials
    given: Decimal
    discarded: Decimal
    procedure: Decimal | None
    guidance: Decimal | None
    visit: Decimal | None

    @property
    def total(self) -> Decimal:
        lines = (self.given, self.discarded, self.procedure, self.guidance, self.visit)
        return sum((line for line in lines if line is not None), NOTHING)


@dataclass(frozen=True, slots=True)
class CostShare:
    """How an allowed amount is split. `spared` is what the out-of-pocket maximum takes off."""

    allowed: Decimal
    deductible: Decimal
    after_deductible: Decimal
    coinsurance: Decimal
    copay: Decimal
    spared: Decimal

    @property
    def patient(self) -> Decimal:
        return self.deductible + self.coinsurance + self.copay - self.spared

    @property
    def plan(self) -> Decimal:
        return self.allowed - self.patient


def choose_vials(units: int, sizes: Collection[int]) -> Vials:
    """The vials that hold `units` with the fewest units in all, and of those the fewest vials.

    `units` from 1 to `MAX_UNITS`; `sizes` are the units of the vials sold, each 1 or more. Raises `ValueError`.
    """
    if not 1 <= units <= MAX_UNITS:
        raise ValueError(f"a dose of {units} units is not from 1 to {MAX_UNITS}")
    if not sizes or min(sizes) < 1:
        raise ValueError("vials need sizes of 1 unit or more")
    step = gcd(*sizes)
    steps = sorted({size // step for size in sizes}, reverse=True)
    least = -(-units // step)
    fewest: list[int | None] = [0]  # by the number of steps: how many vials hold exactly that
    last: list[int] = [0]  # the vial added last
    for total in range(1, least + steps[-1]):  # filling up with the smallest overshoots by less than one of it
        ways = [(before + 1, size) for size in steps if size <= total and (before := fewest[total - size]) is not None]
        count, size = min(ways, key=lambda way: way[0], default=(None, 0))
        fewest.append(count)
        last.append(size)
    total = next(total for total in range(least, len(fewest)) if fewest[total] is not None)
    counts = dict.fromkeys((size * step for size in steps), 0)
    while total:
        counts[last[total] * step] += 1
        total -= last[total]
    return Vials(tuple((size, count) for size, count in counts.items() if count), units)


def compute_charge(treatment: Treatment) -> Charge:
    """The bill of one treatment, whose price and fees are 0 or more. Raises `ValueError` for a dose out of range."""
    vials = choose_vials(treatment.units, treatment.vial_sizes)
    medicine = _cents(vials.billed * treatment.unit_price)
    given = _cents(vials.needed * treatment.unit_price)
    procedure = None if treatment.procedure_fee is None else _cents(treatment.procedure_fee * treatment.procedure_share)
    return Charge(
        vials=vials,
        given=given,
        discarded=medicine - given,
        procedure=procedure,
        guidance=None if treatment.guidance_fee is None else _cents(treatment.guidance_fee),
        visit=None if treatment.visit_fee is None else _cents(treatment.visit_fee),
    )


def compute_share(allowed: Decimal, plan: Plan) -> CostShare:
    """How `allowed` dollars are split. All amounts are 0 or more, and the coinsurance is from 0 to 1."""
    deductible = min(plan.deductible_left, allowed)
    after_deductible = allowed - deductible
    coinsurance = _cents(after_deductible * plan.coinsurance)
    copay = min(plan.copay, after_deductible - coinsurance)
    owed = deductible + coinsurance + copay
    spared = NOTHING if plan.out_of_pocket_left is None else max(NOTHING, owed - plan.out_of_pocket_left)
    return CostShare(allowed, deductible, after_deductible, coinsurance, copay, spared)


def _cents(usd: Decimal) -> Decimal:
    return usd.quantize(CENT, ROUND_HALF_UP)


def usd(amount: Decimal) -> str:
    """$1,536.83: with cents, so that a column adds up to the eye."""
    return f"${amount:,.2f}"


def about(amount: Decimal) -> str:
    """$560 for 556.72: to whole dollars below 100, to tens below 1,000, to fifties above, as nobody knows it better."""
    step = next((step for below, step in ((100, 1), (1_000, 10)) if amount < below), 50)
    return f"${int((amount / step).quantize(Decimal(1), ROUND_HALF_UP)) * step:,}"


def unit_price(price: Decimal) -> str:
    """$6.512, $12.60 or $0.13283: as exactly as it is known, with two decimals at least."""
    whole, _, decimals = f"{price:,.6f}".partition(".")
    return f"${whole}.{decimals.rstrip('0'):0<2}"


def percent(share: Decimal) -> str:
    """20% for 0.2, and 12.5% for 0.125."""
    return f"{as_typed(share * 100)}%"


def as_typed(number: Decimal | int) -> str:
    """As a person would type it: 6.512, 260, 0.13283."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
