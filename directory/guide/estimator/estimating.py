"""From a form that makes sense to three estimates: low, typical and high."""

from dataclasses import dataclass
from decimal import Decimal

from directory.guide.costs import NOTHING, SELF_PAY, Charge, Plan, Share, Treatment, charge_for, share_of
from directory.guide.estimator import choices
from directory.guide.estimator.form import EstimateForm
from directory.guide.estimator.medicines import vial_sizes_of
from directory.web.facts import fact


@dataclass(frozen=True, slots=True)
class Estimate:
    """One column of the sum. `share` is None while the plan's terms are not known."""

    treatment: Treatment
    charge: Charge
    share: Share | None


def estimates_of(form: EstimateForm) -> tuple[Estimate, Estimate, Estimate]:
    """Low, typical and high. Fees from one amount to another are typically in the middle."""
    return _estimate(form, 0), _estimate(form, 1), _estimate(form, 2)


def plan_of(form: EstimateForm) -> Plan | None:
    """The terms of the plan; None when neither coinsurance nor copay is given, without which nothing can be said."""
    if form.payer.data == choices.SELF_PAY:
        return SELF_PAY
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
    return [group for group in billed if getattr(form, group).low is None]


def procedure_share(sides: str) -> Decimal:
    return Decimal(str(fact("both_sides_percent").figure)) / 100 if sides == choices.BOTH_SIDES else Decimal(1)


def _estimate(form: EstimateForm, index: int) -> Estimate:
    """`index` chooses from low, typical and high."""
    dose = (form.dose_low, form.dose_typical, form.dose_high)[index]
    price, procedure, guidance, visit = (
        (span.low, span.typical, span.high)[index]
        for span in (form.price, form.procedure, form.guidance_fee, form.visit)
    )
    treatment = Treatment(
        units=dose.data,
        vial_sizes=vial_sizes_of(form.product.data),
        unit_price=NOTHING if price is None else price,
        procedure_fee=procedure,
        procedure_share=procedure_share(form.sides.data),
        guidance_fee=guidance if form.guidance.data else None,
        visit_fee=visit,
    )
    charge, plan = charge_for(treatment), plan_of(form)
    return Estimate(treatment, charge, share_of(charge.total, plan) if plan else None)
