"""Rating estimates: bounded, shrunken where reviews are few, surer where they are many."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.reviews.ratings import (
    NINETY_PERCENT,
    PRIOR,
    Parameters,
    RatingSums,
    estimate_rating,
    learn_parameters,
)

half_stars = st.integers(2, 10).map(lambda halves: halves / 2)
reviews = st.lists(half_stars, min_size=1, max_size=40)
providers = st.lists(st.lists(half_stars, max_size=30), max_size=25)
parameters = st.builds(Parameters, st.floats(1, 5), st.floats(0.05, 2), st.floats(0.05, 2))
PARAMETERS = Parameters(mean=4.0, between_sd=0.5, within_sd=1.0)


@given(reviews, parameters)
def test_an_estimate_lies_between_the_mean_of_all_and_the_average_of_its_reviews(
    stars: list[float], shared: Parameters
) -> None:
    sums = RatingSums.of(stars)
    low, high = sorted((shared.mean, sums.average))
    assert low - 1e-9 <= estimate_rating(sums, shared).estimate <= high + 1e-9


@given(st.lists(half_stars, max_size=40), parameters)
def test_the_interval_holds_the_estimate_and_stays_on_the_scale(stars: list[float], shared: Parameters) -> None:
    estimated = estimate_rating(RatingSums.of(stars), shared)
    assert 1 <= estimated.low <= estimated.estimate <= estimated.high <= 5
    assert estimated.reviews_counted == len(stars)


@given(half_stars, st.integers(0, 200), st.integers(1, 200), parameters)
def test_more_reviews_of_the_same_stars_narrow_the_interval_and_leave_the_mean(
    stars: float, some: int, more: int, shared: Parameters
) -> None:
    few = estimate_rating(RatingSums.of([stars] * some), shared)
    many = estimate_rating(RatingSums.of([stars] * (some + more)), shared)
    assert many.high - many.low <= few.high - few.low + 1e-9 or 1 in (few.low, many.low) or 5 in (few.high, many.high)
    assert abs(many.estimate - stars) <= abs(few.estimate - stars) + 1e-9


@given(reviews, st.randoms(use_true_random=False), parameters)
def test_the_order_of_reviews_does_not_matter(stars: list[float], order: random.Random, shared: Parameters) -> None:
    shuffled = stars[:]
    order.shuffle(shuffled)
    assert RatingSums.of(shuffled) == RatingSums.of(stars)


@given(providers, st.randoms(use_true_random=False))
def test_the_order_of_providers_does_not_matter(groups: list[list[float]], order: random.Random) -> None:
    learned = learn_parameters(map(RatingSums.of, groups))
    order.shuffle(groups)
    again = learn_parameters(map(RatingSums.of, groups))
    assert again.mean == pytest.approx(learned.mean)
    assert again.between_sd == pytest.approx(learned.between_sd)


@given(providers)
def test_learned_parameters_are_always_usable(groups: list[list[float]]) -> None:
    learned = learn_parameters(map(RatingSums.of, groups))
    assert 1 <= learned.mean <= 5
    assert 0 < learned.between_sd < 5
    assert 0 < learned.within_sd < 5


def test_the_formula_is_the_published_one() -> None:
    estimated = estimate_rating(RatingSums.of([5, 5, 5, 5]), PARAMETERS)
    share = 4 / (4 + 1.0 / 0.25)
    spread = math.sqrt(1 / (1 / 0.25 + 4 / 1.0))
    assert estimated.estimate == pytest.approx(4 + share * 1)
    assert estimated.low == pytest.approx(4 + share - NINETY_PERCENT * spread)


def test_few_reviews_cannot_beat_many() -> None:
    one = estimate_rating(RatingSums.of([5]), PARAMETERS)
    many = estimate_rating(RatingSums.of([5] * 50 + [4] * 10), PARAMETERS)
    assert one.estimate < many.estimate
    assert one.high - one.low > many.high - many.low


def test_without_reviews_the_estimate_is_the_mean_of_all() -> None:
    assert estimate_rating(RatingSums.of([]), PARAMETERS).estimate == PARAMETERS.mean


def test_with_nothing_to_learn_from_the_prior_serves() -> None:
    assert learn_parameters([]) == PRIOR
    assert learn_parameters([RatingSums.of([])]) == PRIOR


def test_all_equal_reviews_do_not_make_anybody_certain() -> None:
    learned = learn_parameters([RatingSums.of([5] * 10)] * 10)
    estimated = estimate_rating(RatingSums.of([5] * 10), learned)
    assert estimated.low < 4.99
    assert estimated.estimate > 4.5


def test_true_parameters_are_recovered_from_many_reviews() -> None:
    chance = random.Random(7)
    groups = []
    for _ in range(400):
        truth = chance.gauss(3.2, 0.4)
        groups.append(RatingSums.of([chance.gauss(truth, 0.8) for _ in range(chance.choice([1, 2, 5, 20, 60]))]))
    learned = learn_parameters(groups)
    assert learned.mean == pytest.approx(3.2, abs=0.06)
    assert learned.between_sd == pytest.approx(0.4, abs=0.06)
    assert learned.within_sd == pytest.approx(0.8, abs=0.02)


def test_nine_in_ten_intervals_hold_the_true_rating() -> None:
    chance = random.Random(11)
    shared = Parameters(3.0, 0.4, 0.8)
    held = 0
    for _ in range(2000):
        truth = chance.gauss(shared.mean, shared.between_sd)
        stars = [chance.gauss(truth, shared.within_sd) for _ in range(chance.choice([1, 3, 10, 40]))]
        estimated = estimate_rating(RatingSums.of(stars), shared)
        held += estimated.low <= truth <= estimated.high
    assert held / 2000 == pytest.approx(0.9, abs=0.02)
