"""Intervals of medians and shares, held against the probabilities that define them."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.reviews.display.outcomes import MIN_ANSWERS
from directory.search.compare.differences import NORMAL_QUANTILE, median_interval, share_interval

ANSWERS = st.lists(st.integers(0, 90), min_size=1, max_size=60)


def chance_below(rank: int, answers: int) -> float:
    """P(fewer than `rank` heads of `answers` fair coins), added up plainly."""
    return sum(math.comb(answers, heads) for heads in range(rank)) / 2**answers


@pytest.mark.parametrize("answers", [MIN_ANSWERS, 8, 20, 51, 2000])
def test_the_ends_are_the_narrowest_ranks_that_hold_the_median_with_ninety_percent(answers: int) -> None:
    low, high = median_interval(dict.fromkeys(range(1, answers + 1), 1))
    rank = int(low)
    assert high == answers + 1 - rank
    assert chance_below(rank, answers) <= 0.05 < chance_below(rank + 1, answers)


@given(ANSWERS)
def test_the_median_lies_within_and_both_ends_are_answers(answers: list[int]) -> None:
    low, high = median_interval(Counter(answers))
    in_order = sorted(answers)
    middle = (in_order[(len(answers) - 1) // 2] + in_order[len(answers) // 2]) / 2
    assert low <= middle <= high
    assert {low, high} <= set(map(float, answers))


@pytest.mark.parametrize("answers", [1, 2, 3, 4])
def test_below_five_answers_the_ends_are_the_extremes(answers: int) -> None:
    assert median_interval(dict.fromkeys(range(answers), 1)) == (0.0, answers - 1.0)


@given(st.integers(1, 5000).flatmap(lambda answers: st.tuples(st.integers(0, answers), st.just(answers))))
def test_a_share_lies_in_its_interval_whose_ends_are_where_it_would_just_be_rejected(seen: tuple[int, int]) -> None:
    count, answers = seen
    low, high = share_interval(count, answers)
    share = count / answers
    assert 0 <= low <= share <= high <= 1
    for end in (low, high):
        if 0 < end < 1:
            z = abs(share - end) / math.sqrt(end * (1 - end) / answers)
            assert z == pytest.approx(NORMAL_QUANTILE, rel=1e-6)


def test_more_answers_make_it_narrower() -> None:
    few, many = share_interval(4, 5), share_interval(80, 100)
    assert many[1] - many[0] < few[1] - few[0]
