"""Copies, echoes and bursts count less; what is honest or verified counts in full."""

from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from directory.ratings.trust import BURST, DUPLICATE, SAME_TEXT, Trust, Written, trust_reviews


@dataclass(frozen=True)
class Said:
    provider: int = 0
    source: int = 0
    stars: float = 5.0
    day: float = 0.0
    verified: bool = False
    cluster: int | None = None
    duplicate: bool = False


def trusted(said: list[Said]) -> Trust:
    clusters = [-index - 1 if each.cluster is None else each.cluster for index, each in enumerate(said)]
    return trust_reviews(
        Written(
            np.array([each.provider for each in said], np.int64),
            np.array([each.source for each in said], np.int64),
            np.array([each.stars for each in said]),
            np.array([each.day for each in said]),
            np.array([each.verified for each in said], np.bool_),
            np.array(clusters, np.int64),
            np.array([each.duplicate for each in said], np.bool_),
        )
    )


def steady(number: int = 30, stars: float = 5.0, provider: int = 0) -> list[Said]:
    """One review every 40 days."""
    return [Said(day=-40.0 * index, stars=stars, provider=provider) for index in range(number)]


def test_reviews_that_come_steadily_count_in_full() -> None:
    trust = trusted(steady())
    assert list(trust.trust) == [1.0] * 30
    assert not trust.reasons.any()


def test_a_burst_of_one_tone_counts_less_than_three_reviews_however_long_it_is() -> None:
    for number in (10, 30, 200):
        burst = [Said(day=-500 + index * 5 / number) for index in range(number)]
        trust = trusted(steady() + burst)
        assert trust.trust[30:].sum() < 3
        assert set(trust.reasons[30:]) == {BURST}


def test_an_attack_within_ten_days_weighs_less_than_a_third_of_a_review_together() -> None:
    for number in range(8, 26):
        attack = [Said(day=-500 + index * 10 / number, stars=1.0) for index in range(number)]
        for honest in (steady(3), steady(1), []):
            assert trusted(honest + attack).trust[len(honest) :].sum() < 1 / 3


def test_a_burst_of_one_star_is_no_different_from_one_of_five() -> None:
    def weight(stars: float) -> float:
        return float(trusted(steady(stars=stars) + [Said(day=-500.0, stars=stars)] * 12).trust[30:].sum())

    assert weight(1.0) == weight(5.0)


def test_a_burst_leaves_the_other_tone_and_other_providers_alone() -> None:
    others = steady(stars=1.0) + steady(provider=1)
    trust = trusted(others + [Said(day=-500.0)] * 12)
    assert list(trust.trust[:60]) == [1.0] * 60


def test_a_busy_provider_may_get_several_reviews_a_week() -> None:
    busy = [Said(day=-2.0 * index) for index in range(365)]
    assert (trusted(busy).trust == 1.0).all()


def test_verified_visits_count_in_full_in_a_burst_and_with_a_copied_text() -> None:
    burst = [Said(day=-500.0, verified=True, cluster=7)] * 12
    assert list(trusted(steady() + burst).trust[30:]) == [1.0] * 12


def test_copies_count_less_than_one_review_together() -> None:
    copies = [Said(provider=number, day=-100.0 * number, cluster=7) for number in range(5)]
    trust = trusted(copies)
    assert trust.trust.sum() < 1
    assert set(trust.reasons) == {SAME_TEXT}


def test_a_review_that_stands_at_another_source_too_counts_once() -> None:
    trust = trusted([Said(cluster=7, source=0, day=-20.0), Said(cluster=7, source=1, day=-15.0)])
    assert list(trust.trust) == [1.0, 0.0]
    assert list(trust.reasons) == [0, DUPLICATE]


def test_the_same_text_with_other_stars_or_long_after_is_a_copy_and_no_echo() -> None:
    for later in (Said(cluster=7, source=1, stars=4.0), Said(cluster=7, source=1, day=400.0)):
        assert set(trusted([Said(cluster=7), later]).reasons) == {SAME_TEXT}


def test_a_review_known_to_be_elsewhere_does_not_count() -> None:
    trust = trusted([Said(duplicate=True), Said(day=-300.0)])
    assert list(trust.trust) == [0.0, 1.0]


@given(
    st.lists(
        st.builds(
            Said,
            provider=st.integers(0, 2),
            source=st.integers(0, 2),
            stars=st.sampled_from([1.0, 3.0, 5.0]),
            day=st.floats(-3_000, 0),
            verified=st.booleans(),
            cluster=st.none() | st.integers(0, 3),
        ),
        max_size=40,
    )
)
def test_trust_is_a_share_has_its_reason_and_does_not_hang_on_the_order(said: list[Said]) -> None:
    trust = trusted(said)
    assert ((trust.trust >= 0) & (trust.trust <= 1)).all()
    assert ((trust.trust < 1) == (trust.reasons != 0)).all()
    assert (trusted([*said, Said(provider=9)]).trust[: len(said)] == trust.trust).all()


def test_no_reviews_need_no_trust() -> None:
    assert len(trusted([]).trust) == 0
