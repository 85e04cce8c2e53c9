"""From a form that makes sense to three estimates (low, typical and high), and to the rows of their table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from directory.guide.costs import (
    BOTH_SIDES_MODIFIER,
    GUIDANCE,
    NOTHING,
    PROCEDURE,
    SELF_PAY_PLAN,
    Charge,
    CostShare,
    Plan,
    Treatment,
    compute_charge,
    compute_share,
    percent,
    unit_price,
    usd,
)
from directory.guide.estimator.filled_in import BOTH_SIDES, SELF_PAY
from directory.guide.estimator.forms import EstimateForm
from directory.guide.estimator.medicines import find_vial_sizes
from directory.web.facts import fact
from directory.web.messages import gettext


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """One column of the sum. `share` is None while the plan's terms are not known."""

    treatment: Treatment
    charge: Charge
    share: CostShare | None


def make_estimates(form: EstimateForm) -> list[CostEstimate]:
    """Low, typical and high. Fees from one amount to another are typically in the middle."""
    return [_estimate(form, index) for index in range(3)]


def read_plan(form: EstimateForm) -> Plan | None:
    """The terms of the plan; None when neither coinsurance nor copay is given."""
    if form.payer.data == SELF_PAY:
        return SELF_PAY_PLAN
    if form.coinsurance.data is None and form.copay.data is None:
        return None
    return Plan(
        deductible_left=form.deductible.data or NOTHING,
        coinsurance=form.coinsurance.data or NOTHING,
        copay=form.copay.data or NOTHING,
        out_of_pocket_left=form.out_of_pocket.data,
    )


def left_out(form: EstimateForm) -> list[str]:
    """The names of the fees that are billed and not known: keys of `GROUPS`."""
    billed = ["procedure", *(["guidance_fee"] if form.guidance.data else []), "visit"]
    return [group for group in billed if form.amounts(group)[0] is None]


def _estimate(form: EstimateForm, index: int) -> CostEstimate:
    """`index` chooses from low, typical and high."""
    dose = (form.dose_low, form.dose_typical, form.dose_high)[index]
    price, procedure, guidance, visit = (
        form.amounts(group)[index] for group in ("price", "procedure", "guidance_fee", "visit")
    )
    both_sides = Decimal(str(fact("both_sides_percent").figure)) / 100
    treatment = Treatment(
        units=dose.data,
        vial_sizes=find_vial_sizes(form.product.data),
        unit_price=NOTHING if price is None else price,
        procedure_fee=procedure,
        procedure_share=both_sides if form.sides.data == BOTH_SIDES else Decimal(1),
        guidance_fee=guidance if form.guidance.data else None,
        visit_fee=visit,
    )
    charge, plan = compute_charge(treatment), read_plan(form)
    return CostEstimate(treatment, charge, compute_share(charge.total, plan) if plan else None)


class SumCell(NamedTuple):
    """`how` is the arithmetic, empty where there is none to show."""

    amount: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class SumRow:
    """`kind` is plain, part (of the line above), sum or total."""

    label: str
    cells: tuple[SumCell, ...]
    kind: str = "plain"


def charge_rows(estimates: Sequence[CostEstimate], guided: bool) -> list[SumRow]:
    """The bill. `guided`: with guidance, so that a fee for it is billed."""
    both = estimates[0].treatment.procedure_share != 1
    procedure = gettext("Procedure (CPT %(code)s)", code=PROCEDURE)
    if both:
        procedure = gettext(
            "Procedure, both sides (CPT %(code)s, modifier %(modifier)s)", code=PROCEDURE, modifier=BOTH_SIDES_MODIFIER
        )
    rows = [
        SumRow(gettext("Vials to open"), tuple(map(_vials, estimates))),
        SumRow(gettext("Medicine, whole vials"), tuple(map(_medicine, estimates))),
        SumRow(
            gettext("Part of that left over and billed as discarded (JW)"), tuple(map(_discarded, estimates)), "part"
        ),
        SumRow(procedure, tuple(map(_procedure, estimates))),
    ]
    if guided:
        label = gettext("Guidance (CPT %(code)s)", code=GUIDANCE)
        rows.append(_row(label, (each.charge.guidance for each in estimates)))
    return [
        *rows,
        _row(gettext("Visit"), (each.charge.visit for each in estimates)),
        _row(gettext("All charges"), (each.charge.total for each in estimates), "sum"),
    ]


def share_rows(estimates: Sequence[CostEstimate], plan: Plan) -> list[SumRow]:
    """Who pays what of the charges, by a plan that is known."""
    shares = [estimate.share for estimate in estimates if estimate.share]
    patient = _row(gettext("You pay"), (share.patient for share in shares), "total")
    if plan == SELF_PAY_PLAN:
        return [patient]
    left = gettext("%(amount)s left", amount=usd(plan.deductible_left))
    rows = [
        SumRow(gettext("Deductible"), tuple(SumCell(usd(share.deductible), left) for share in shares)),
        SumRow(
            gettext("Coinsurance"),
            tuple(SumCell(usd(share.coinsurance), _coinsurance(share, plan)) for share in shares),
        ),
    ]
    if plan.copay:
        rows.append(_row(gettext("Copay"), (share.copay for share in shares)))
    if plan.out_of_pocket_left is not None:
        rows.append(
            SumRow(
                gettext("Minus the amount above your out-of-pocket maximum"),
                tuple(SumCell(f"−{usd(share.spared)}" if share.spared else usd(share.spared)) for share in shares),
            )
        )
    return [*rows, patient, _row(gettext("Your plan pays"), (share.plan for share in shares))]


def _vials(estimate: CostEstimate) -> SumCell:
    vials = estimate.charge.vials
    how = " + ".join(f"{count} × {size:,}" for size, count in vials.counts)
    billed = f"{vials.billed:,}"
    return SumCell(gettext("%(count)s units", count=billed), how)


def _medicine(estimate: CostEstimate) -> SumCell:
    charge = estimate.charge
    how = f"{charge.vials.billed:,} × {unit_price(estimate.treatment.unit_price)}"
    return SumCell(usd(charge.given + charge.discarded), how)


def _discarded(estimate: CostEstimate) -> SumCell:
    vials = estimate.charge.vials
    return SumCell(usd(estimate.charge.discarded), f"{vials.billed:,} − {vials.needed:,} = {vials.discarded:,}")


def _procedure(estimate: CostEstimate) -> SumCell:
    fee, share = estimate.treatment.procedure_fee, estimate.treatment.procedure_share
    how = f"{percent(share)} × {usd(fee)}" if fee is not None and share != 1 else ""
    return _cell(estimate.charge.procedure, how)


def _coinsurance(share: CostShare, plan: Plan) -> str:
    base = f"({usd(share.allowed)} − {usd(share.deductible)})" if share.deductible else usd(share.allowed)
    return f"{percent(plan.coinsurance)} × {base}"


def _row(label: str, amounts: Iterable[Decimal | None], kind: str = "plain") -> SumRow:
    return SumRow(label, tuple(map(_cell, amounts)), kind)


def _cell(amount: Decimal | None, how: str = "") -> SumCell:
    return SumCell(gettext("left out")) if amount is None else SumCell(usd(amount), how)
