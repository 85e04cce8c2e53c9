"""The sum worked out, as rows of a table: each line with its amount, low, typical and high, and how it came about."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from flask_babel import gettext

from directory.guide.codes import BOTH_SIDES, GUIDANCE, PROCEDURE
from directory.guide.costs import SELF_PAY, Charge, Plan, Share
from directory.guide.estimator.amounts import percent, unit_price, usd
from directory.guide.estimator.estimating import Estimate


class Cell(NamedTuple):
    """`how` is the arithmetic, empty where there is none to show."""

    amount: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """`kind` is plain, part (of the line above), sum or total."""

    label: str
    cells: tuple[Cell, ...]
    kind: str = "plain"


def charge_rows(estimates: Sequence[Estimate], guided: bool) -> list[Row]:
    """The bill. `guided`: with guidance, so that a fee for it is billed."""
    both = estimates[0].treatment.procedure_share != 1
    procedure = gettext("Procedure (CPT %(code)s)", code=PROCEDURE)
    if both:
        procedure = gettext(
            "Procedure, both sides (CPT %(code)s, modifier %(modifier)s)", code=PROCEDURE, modifier=BOTH_SIDES
        )
    rows = [
        Row(gettext("Vials to open"), tuple(map(_vials, estimates))),
        Row(gettext("Medicine, whole vials"), tuple(map(_medicine, estimates))),
        Row(gettext("Of that, left over and billed as discarded (JW)"), tuple(map(_discarded, estimates)), "part"),
        Row(procedure, tuple(map(_procedure, estimates))),
    ]
    if guided:
        label = gettext("Guidance (CPT %(code)s)", code=GUIDANCE)
        rows.append(Row(label, _amounts(estimates, lambda charge: charge.guidance)))
    rows.append(Row(gettext("Visit"), _amounts(estimates, lambda charge: charge.visit)))
    rows.append(Row(gettext("All charges"), _amounts(estimates, lambda charge: charge.total), "sum"))
    return rows


def share_rows(estimates: Sequence[Estimate], plan: Plan) -> list[Row]:
    """Who pays what of the charges, by a plan that is known."""
    shares = [estimate.share for estimate in estimates if estimate.share]
    if plan == SELF_PAY:
        return [Row(gettext("You pay"), _shares(shares, lambda share: share.patient), "total")]
    left = gettext("%(amount)s left", amount=usd(plan.deductible_left))
    rows = [
        Row(gettext("Deductible"), tuple(Cell(usd(share.deductible), left) for share in shares)),
        Row(gettext("Coinsurance"), tuple(Cell(usd(share.coinsurance), _coinsurance(share, plan)) for share in shares)),
    ]
    if plan.copay:
        rows.append(Row(gettext("Copay"), _shares(shares, lambda share: share.copay)))
    if plan.out_of_pocket_left is not None:
        rows.append(
            Row(
                gettext("Less what is above your out-of-pocket maximum"),
                tuple(Cell(f"−{usd(share.spared)}" if share.spared else usd(share.spared)) for share in shares),
            )
        )
    return [
        *rows,
        Row(gettext("You pay"), _shares(shares, lambda share: share.patient), "total"),
        Row(gettext("Your plan pays"), _shares(shares, lambda share: share.plan)),
    ]


def _vials(estimate: Estimate) -> Cell:
    vials = estimate.charge.vials
    how = " + ".join(f"{count} × {size:,}" for size, count in vials.counts)
    billed = f"{vials.billed:,}"
    return Cell(gettext("%(count)s units", count=billed), how)


def _medicine(estimate: Estimate) -> Cell:
    charge = estimate.charge
    how = f"{charge.vials.billed:,} × {unit_price(estimate.treatment.unit_price)}"
    return Cell(usd(charge.given + charge.discarded), how)


def _discarded(estimate: Estimate) -> Cell:
    vials = estimate.charge.vials
    return Cell(usd(estimate.charge.discarded), f"{vials.billed:,} − {vials.needed:,} = {vials.discarded:,}")


def _procedure(estimate: Estimate) -> Cell:
    fee, share = estimate.treatment.procedure_fee, estimate.treatment.procedure_share
    how = f"{percent(share)} × {usd(fee)}" if fee is not None and share != 1 else ""
    return _cell(estimate.charge.procedure, how)


def _coinsurance(share: Share, plan: Plan) -> str:
    base = f"({usd(share.allowed)} − {usd(share.deductible)})" if share.deductible else usd(share.allowed)
    return f"{percent(plan.coinsurance)} × {base}"


def _amounts(estimates: Sequence[Estimate], amount: Callable[[Charge], Decimal | None]) -> tuple[Cell, ...]:
    return tuple(_cell(amount(estimate.charge)) for estimate in estimates)


def _shares(shares: Sequence[Share], amount: Callable[[Share], Decimal]) -> tuple[Cell, ...]:
    return tuple(Cell(usd(amount(share))) for share in shares)


def _cell(amount: Decimal | None, how: str = "") -> Cell:
    return Cell(gettext("left out")) if amount is None else Cell(usd(amount), how)
