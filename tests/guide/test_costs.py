"""The sum of an estimate: worked out by hand, beside a plain search for the vials, and within its bounds."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.guide.costs import (
    MAX_UNITS,
    SELF_PAY_PLAN,
    Charge,
    Plan,
    Treatment,
    Vials,
    choose_vials,
    compute_charge,
    compute_share,
)

BOTOX, DYSPORT, MYOBLOC = (100, 200), (300, 500), (2500, 5000, 10_000)


def usd(text: str) -> Decimal:
    return Decimal(text)


def lines(charge: Charge) -> list[str | None]:
    amounts = (charge.given, charge.discarded, charge.procedure, charge.guidance, charge.visit)
    return [None if amount is None else str(amount) for amount in amounts]


def test_medicare_for_one_side_with_236_units_of_botox() -> None:
    charge = compute_charge(
        Treatment(
            units=236,
            vial_sizes=BOTOX,
            unit_price=usd("6.512"),
            procedure_fee=usd("200"),
            guidance_fee=usd("80"),
            visit_fee=usd("150"),
        )
    )
    # 236 units need 300: one vial of 200 and one of 100; 64 are discarded.
    assert charge.vials == Vials(((200, 1), (100, 1)), 236)
    assert (charge.vials.billed, charge.vials.discarded) == (300, 64)
    # 300 x 6.512 = 1953.60; 236 x 6.512 = 1536.832, so 1536.83; the rest is 416.77.
    # 1953.60 + 200 + 80 + 150 = 2383.60
    assert lines(charge) == ["1536.83", "416.77", "200.00", "80.00", "150.00"]
    assert charge.total == usd("2383.60")
    # The deductible left is 100. 2383.60 - 100 = 2283.60; 20 % of that = 456.72; 100 + 456.72 = 556.72.
    share = compute_share(charge.total, Plan(deductible_left=usd("100"), coinsurance=usd("0.20")))
    assert (share.deductible, share.after_deductible, share.coinsurance) == (100, usd("2283.60"), usd("456.72"))
    assert (share.patient, share.plan) == (usd("556.72"), usd("1826.88"))


def test_a_commercial_plan_with_a_deductible_partly_left_and_a_maximum() -> None:
    charge = compute_charge(
        Treatment(units=200, vial_sizes=BOTOX, unit_price=usd("10.25"), procedure_fee=usd("340"), visit_fee=usd("250"))
    )
    # One vial of 200, nothing discarded: 200 x 10.25 = 2050. 2050 + 340 + 250 = 2640. Guidance is not known.
    assert lines(charge) == ["2050.00", "0.00", "340.00", None, "250.00"]
    # 2640 - 1500 = 1140; 30 % = 342; 1500 + 342 + 40 = 1882; 1700 are left of the maximum, so 182 are spared.
    plan = Plan(deductible_left=usd("1500"), coinsurance=usd("0.3"), copay=usd("40"), out_of_pocket_left=usd("1700"))
    share = compute_share(charge.total, plan)
    assert (share.deductible, share.coinsurance, share.copay, share.spared) == (1500, 342, 40, 182)
    assert (share.patient, share.plan) == (1700, 940)


def test_a_copay_alone_and_one_that_is_more_than_the_charge() -> None:
    # No deductible left and no coinsurance: of 500 the patient pays the copay of 60, the plan 440.
    share = compute_share(usd("500"), Plan(copay=usd("60")))
    assert (share.copay, share.patient, share.plan) == (60, 60, 440)
    # Of 50, 30 go to the deductible; 20 are left, of which 25 % = 5; a copay of 60 can be 15: 30 + 5 + 15 = 50.
    share = compute_share(usd("50"), Plan(deductible_left=usd("30"), coinsurance=usd("0.25"), copay=usd("60")))
    assert (share.deductible, share.coinsurance, share.copay, share.patient, share.plan) == (30, 5, 15, 50, 0)


def test_who_pays_alone_pays_all_of_both_sides() -> None:
    charge = compute_charge(
        Treatment(
            units=300,
            vial_sizes=BOTOX,
            unit_price=usd("12.61"),
            procedure_fee=usd("260.55"),
            procedure_share=usd("1.5"),
            guidance_fee=usd("80"),
            visit_fee=usd("250"),
        )
    )
    # 300 x 12.61 = 3783; 150 % of 260.55 = 390.825, so 390.83; 3783 + 390.83 + 80 + 250 = 4503.83.
    assert lines(charge) == ["3783.00", "0.00", "390.83", "80.00", "250.00"]
    share = compute_share(charge.total, SELF_PAY_PLAN)
    assert (share.patient, share.plan) == (usd("4503.83"), 0)


def test_dysport_is_priced_by_five_units_and_comes_in_300_and_500() -> None:
    charge = compute_charge(Treatment(units=620, vial_sizes=DYSPORT, unit_price=usd("8.903") / 5))
    # 620 units: 500 + 300 = 800 would be more than 300 + 300 = 600, which is too little; so 800, 180 discarded.
    assert charge.vials == Vials(((500, 1), (300, 1)), 620)
    # 800 / 5 = 160; 160 x 8.903 = 1424.48. 620 / 5 = 124; 124 x 8.903 = 1103.972, so 1103.97; the rest is 320.51.
    assert lines(charge) == ["1103.97", "320.51", None, None, None]
    assert charge.total == usd("1424.48")


def test_the_fewest_units_come_before_the_fewest_vials() -> None:
    assert choose_vials(600, DYSPORT).counts == ((300, 2),)  # one vial of 500 and one of 300 would be 800
    assert choose_vials(900, DYSPORT).counts == ((300, 3),)
    assert choose_vials(1500, DYSPORT).counts == ((500, 3),)  # rather than five of 300
    assert choose_vials(7500, MYOBLOC).counts == ((5000, 1), (2500, 1))
    assert choose_vials(1, BOTOX).counts == ((100, 1),)


@pytest.mark.parametrize("units", [0, -5, MAX_UNITS + 1, 10**9])
def test_a_dose_out_of_range_is_refused(units: int) -> None:
    with pytest.raises(ValueError, match="a dose of"):
        choose_vials(units, BOTOX)


@pytest.mark.parametrize("sizes", [(), (0, 100), (-100,)])
def test_vials_without_a_size_are_refused(sizes: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="vials need sizes"):
        choose_vials(100, sizes)


def searched(units: int, sizes: list[int]) -> tuple[int, int]:
    """The fewest units and then the fewest vials, by trying every mix."""
    mixes = product(*(range(-(-units // size) + 1) for size in sizes))
    counted = ((sum(size * count for size, count in zip(sizes, mix, strict=True)), sum(mix)) for mix in mixes)
    return min(mix for mix in counted if mix[0] >= units)


@given(st.integers(1, 60), st.sets(st.integers(1, 40), min_size=1, max_size=3))
def test_vials_are_those_of_a_search_through_every_mix(units: int, sizes: set[int]) -> None:
    chosen = choose_vials(units, sizes)
    assert (chosen.billed, sum(count for _, count in chosen.counts)) == searched(units, sorted(sizes))
    assert {size for size, _ in chosen.counts} <= sizes
    assert chosen.discarded >= 0


cents = st.integers(0, 500_000).map(lambda amount: Decimal(amount) / 100)
shares = st.integers(0, 100).map(lambda percent: Decimal(percent) / 100)
fees = st.none() | cents
plans = st.builds(Plan, deductible_left=cents, coinsurance=shares, copay=cents, out_of_pocket_left=st.none() | cents)
treatments = st.builds(
    Treatment,
    units=st.integers(1, 2000),
    vial_sizes=st.sampled_from([BOTOX, DYSPORT, MYOBLOC]),
    unit_price=st.integers(0, 200_000).map(lambda price: Decimal(price) / 10_000),
    procedure_fee=fees,
    procedure_share=st.sampled_from([Decimal(1), Decimal("1.5")]),
    guidance_fee=fees,
    visit_fee=fees,
)


@given(treatments, plans)
def test_the_patient_pays_from_nothing_to_the_charge_and_the_plan_the_rest(treatment: Treatment, plan: Plan) -> None:
    charge = compute_charge(treatment)
    share = compute_share(charge.total, plan)
    assert 0 <= share.patient <= charge.total
    assert share.plan >= 0
    assert share.patient + share.plan == charge.total
    assert min(share.deductible, share.coinsurance, share.copay, share.spared, charge.given, charge.discarded) >= 0
    if plan.out_of_pocket_left is not None:
        assert share.patient <= plan.out_of_pocket_left


@given(treatments, plans, st.integers(0, 500))
def test_more_units_never_cost_less(treatment: Treatment, plan: Plan, more: int) -> None:
    larger = Treatment(
        units=treatment.units + more,
        vial_sizes=treatment.vial_sizes,
        unit_price=treatment.unit_price,
        procedure_fee=treatment.procedure_fee,
        procedure_share=treatment.procedure_share,
        guidance_fee=treatment.guidance_fee,
        visit_fee=treatment.visit_fee,
    )
    small, large = compute_charge(treatment).total, compute_charge(larger).total
    assert small <= large
    assert compute_share(small, plan).patient <= compute_share(large, plan).patient


@given(cents, plans, shares)
def test_a_higher_coinsurance_never_costs_the_patient_less(allowed: Decimal, plan: Plan, other: Decimal) -> None:
    low, high = sorted((plan.coinsurance, other))
    costs = [
        compute_share(
            allowed,
            Plan(
                deductible_left=plan.deductible_left,
                coinsurance=coinsurance,
                copay=plan.copay,
                out_of_pocket_left=plan.out_of_pocket_left,
            ),
        ).patient
        for coinsurance in (low, high)
    ]
    assert costs[0] <= costs[1]
