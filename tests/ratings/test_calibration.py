"""The interval goes as far as the predictions of reviews that were held back fell short."""

from collections.abc import Callable
from dataclasses import replace
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.ratings import (
    ATTACK,
    BOUGHT,
    World,
    copies_of_short,
    covered,
    first_world,
    on_few_reviews,
    ours,
    percentiles,
    second_world,
)
from directory.ratings.calibration import learn_widening
from directory.ratings.model import SCALE, Parameters, Reviews, SourceEffect
from tests.ratings.plain_ratings import PlainReview, plain_widening
from tests.ratings.test_parameters import SOURCES, TRUE, made_with

WORLDS = pytest.mark.parametrize("world_of", [first_world, second_world])
WorldOf = Callable[[int, int], World]


def scaled(parameters: Parameters, factor: float) -> Parameters:
    """The same chances of stars in the mean, with qualities that differ by a `factor` less."""
    effects = {
        name: SourceEffect(factor * effect.bias, factor * effect.spread) for name, effect in parameters.sources.items()
    }
    return replace(parameters, cuts=tuple(factor * cut for cut in parameters.cuts), sources=effects)


def test_where_the_model_is_right_the_interval_stays_about_what_the_model_says() -> None:
    assert learn_widening(made_with(TRUE, 1_500, 12), SOURCES, 1_500, TRUE) == pytest.approx(1.0, abs=0.08)


def test_the_more_providers_differ_than_the_model_says_the_farther_it_goes() -> None:
    reviews = made_with(TRUE, 1_500, 12)
    learned = [learn_widening(reviews, SOURCES, 1_500, scaled(TRUE, factor)) for factor in (0.7, 1.0, 1.4)]
    assert learned[0] + 0.05 < learned[1] < learned[2] - 0.15


def test_without_anything_to_predict_it_goes_as_far_as_before_all_reviews() -> None:
    one = Reviews(np.array([0]), np.array([1]), np.array([5.0]), np.array([0]), np.array([1.0]))
    untrusted = Reviews(np.array([0]), np.array([1]), np.array([5.0]), np.array([0]), np.array([0.0]))
    for reviews in (one, untrusted):
        assert learn_widening(reviews, SOURCES, 1, TRUE) == pytest.approx(Parameters().widening)


a_review = st.builds(
    PlainReview,
    source=st.sampled_from(SOURCES),
    stars=st.sampled_from([1.0, 2.5, 4.0, 5.0]),
    age=st.integers(0, 4),
    trust=st.sampled_from([0.05, 0.5, 1.0]),
)


@settings(max_examples=15)
@given(st.lists(st.lists(a_review, min_size=1, max_size=8), min_size=1, max_size=3))
def test_the_widening_is_that_of_the_plain_version(providers: list[list[PlainReview]]) -> None:
    providers = [*providers, [PlainReview(SCALE, 4.0, 0)]]
    rows = [(number, review) for number, reviews in enumerate(providers) for review in reviews]
    reviews = Reviews(
        np.array([number for number, _ in rows]),
        np.array([SOURCES.index(review.source) for _, review in rows]),
        np.array([review.stars for _, review in rows]),
        np.array([review.age for _, review in rows]),
        np.array([review.trust for _, review in rows]),
    )
    expected = min(max(plain_widening(providers, TRUE), 0.5), 2.0)
    assert learn_widening(reviews, SOURCES, len(providers), TRUE) == pytest.approx(expected, abs=1e-9)


@WORLDS
def test_nine_in_ten_true_ratings_lie_in_the_interval(world_of: WorldOf) -> None:
    worlds = [world_of(seed, 400) for seed in (1, 2)]
    assert 0.87 <= fmean(covered(ours(world), world.truth) for world in worlds) <= 0.94


@WORLDS
def test_an_attack_on_a_provider_with_few_reviews_costs_little_and_a_bought_burst_gains_little(
    world_of: WorldOf,
) -> None:
    honest = world_of(3, 400).without_fakes()
    before = percentiles(ours(honest).rating)
    for plan, most in ((ATTACK, 12), (BOUGHT, 6)):
        planted = on_few_reviews(honest, plan, 3)
        moved = percentiles(ours(planted).rating) - before
        assert abs(moved[planted.attacked].mean()) < most


def test_short_texts_are_no_copies_for_their_shortness() -> None:
    assert copies_of_short(second_world(1, 200)) == 0
