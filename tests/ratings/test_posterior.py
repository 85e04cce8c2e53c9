"""The rating estimate is the documented formula, and does what a reader would expect of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.ratings.model import (
    HALF_YEARS,
    SCALE,
    Averages,
    Parameters,
    Reviews,
    SourceEffect,
    ages,
    no_averages,
)
from directory.ratings.posterior import Estimates, drift, estimate_ratings
from tests.ratings.plain_ratings import PlainAverage, PlainReview, plain_estimate

SOURCES = [SCALE, "generous", "harsh"]
PARAMETERS = Parameters(
    cuts=(-2.0, -1.6, -1.1, -0.4),
    widening=1.07,
    persistence=0.94,
    sources={SCALE: SourceEffect(0.0, 0.8), "generous": SourceEffect(0.6, 0.6), "harsh": SourceEffect(-0.5, 1.1)},
)


def estimated(*providers: list[PlainReview], averages: list[tuple[int, PlainAverage]] | None = None) -> Estimates:
    rows = [(number, review) for number, reviews in enumerate(providers) for review in reviews]
    reviews = Reviews(
        np.array([number for number, _ in rows], np.int64),
        np.array([SOURCES.index(review.source) for _, review in rows], np.int64),
        np.array([review.stars for _, review in rows], np.float64),
        np.array([review.age for _, review in rows], np.int64),
        np.array([review.trust for _, review in rows], np.float64),
    )
    given = no_averages()
    if averages:
        given = Averages(
            np.array([number for number, _ in averages]),
            np.array([SOURCES.index(average.source) for _, average in averages]),
            np.array([average.average for _, average in averages]),
            np.array([float(average.reviews) for _, average in averages]),
        )
    return estimate_ratings(reviews, given, SOURCES, len(providers), PARAMETERS)


def one(*reviews: PlainReview) -> tuple[float, float, float]:
    found = estimated(list(reviews))
    return float(found.rating[0]), float(found.low[0]), float(found.high[0])


a_review = st.builds(
    PlainReview,
    source=st.sampled_from(SOURCES),
    stars=st.sampled_from([1.0, 1.5, 2.0, 3.0, 3.7, 4.0, 4.5, 5.0]),
    age=st.integers(0, HALF_YEARS - 1),
    trust=st.sampled_from([0.0, 0.04, 0.5, 1.0]),
)
an_average = st.builds(
    PlainAverage, source=st.sampled_from(SOURCES), average=st.floats(1, 5), reviews=st.integers(1, 2_000)
)


@given(st.lists(st.lists(a_review, max_size=12), min_size=1, max_size=4), st.data())
def test_the_estimate_is_that_of_the_plain_version(providers: list[list[PlainReview]], data: st.DataObject) -> None:
    whose = st.tuples(st.integers(0, len(providers) - 1), an_average)
    averages = data.draw(st.lists(whose, max_size=3))
    found = estimated(*providers, averages=averages)
    for number, reviews in enumerate(providers):
        expected = plain_estimate(reviews, [each for whose, each in averages if whose == number], PARAMETERS)
        assert (found.rating[number], found.low[number], found.high[number]) == pytest.approx(expected, abs=1e-9)


@given(st.lists(a_review, max_size=30))
def test_low_rating_and_high_are_in_order_and_within_the_stars(reviews: list[PlainReview]) -> None:
    rating, low, high = one(*reviews)
    assert 1 <= low <= rating <= high <= 5


@given(st.lists(a_review, min_size=1, max_size=8), st.integers(0, 7))
def test_a_better_review_never_lowers_the_rating(reviews: list[PlainReview], which: int) -> None:
    index = which % len(reviews)
    worse = reviews[index]
    better = PlainReview(worse.source, min(5.0, worse.stars + 1), worse.age, worse.trust)
    assert one(*reviews[:index], better, *reviews[index + 1 :])[0] >= one(*reviews)[0] - 1e-12


def test_without_reviews_the_rating_is_the_mean_of_all() -> None:
    assert one()[0] == pytest.approx(PARAMETERS.mean)


def test_few_reviews_cannot_beat_many() -> None:
    two_perfect = [PlainReview(SCALE, 5.0, 0)] * 2
    sixty_good = [PlainReview(SCALE, 5.0, 0)] * 48 + [PlainReview(SCALE, 4.0, 0)] * 12
    assert one(*sixty_good)[0] > one(*two_perfect)[0]


def test_more_reviews_make_the_interval_narrower() -> None:
    widths = []
    for number in (0, 1, 4, 16, 64):
        _, low, high = one(*[PlainReview(SCALE, 4.0, 0)] * number)
        widths.append(high - low)
    assert widths == sorted(widths, reverse=True)


def test_the_same_stars_say_less_good_of_a_provider_where_the_users_are_generous() -> None:
    ratings = [one(*[PlainReview(source, 4.0, 0)] * 6)[0] for source in ("generous", SCALE, "harsh")]
    assert ratings == sorted(ratings)


def test_older_reviews_count_less() -> None:
    bad, good = [PlainReview(SCALE, 1.0, 0)] * 5, [PlainReview(SCALE, 5.0, 10)] * 5
    other_way = [PlainReview(SCALE, 1.0, 10)] * 5 + [PlainReview(SCALE, 5.0, 0)] * 5
    assert one(*bad, *good)[0] < one(*other_way)[0]


def test_a_review_that_is_not_trusted_says_nothing() -> None:
    assert one(PlainReview(SCALE, 1.0, 0, trust=0.0)) == pytest.approx(one())


def test_an_average_of_many_counts_as_no_more_than_a_limited_number() -> None:
    def width(reviews: int) -> float:
        found = estimated([], averages=[(0, PlainAverage("harsh", 4.2, reviews))])
        return float(found.high[0] - found.low[0])

    assert width(1) > width(30) > width(1_000)
    assert width(1_000) == pytest.approx(width(1_000_000), rel=0.05)


def test_providers_do_not_touch_each_other() -> None:
    reviews = [PlainReview("harsh", 2.0, 3), PlainReview(SCALE, 5.0, 1)]
    together = estimated([PlainReview(SCALE, 1.0, 0)] * 9, reviews, [])
    assert (together.rating[1], together.low[1], together.high[1]) == pytest.approx(one(*reviews))


def test_chances_of_drift_sum_to_one() -> None:
    assert drift(0.9).sum(axis=1) == pytest.approx(1.0)


def test_ages_are_whole_half_years_from_today_to_ten_years() -> None:
    assert list(ages(np.array([1_000, 900, 800, -9_000, 1_100]), 1_000)) == [0, 0, 1, HALF_YEARS - 1, 0]


def test_parameters_survive_the_database() -> None:
    assert Parameters.from_json(PARAMETERS.to_json()) == PARAMETERS


def test_parameters_stored_before_the_widening_was_learned_go_as_far_as_those_before_all_reviews() -> None:
    stored = {name: value for name, value in PARAMETERS.to_json().items() if name != "widening"}
    assert Parameters.from_json(stored).widening == Parameters().widening
