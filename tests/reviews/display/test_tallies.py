"""Sums of answers are those of the answers laid out one by one."""

from collections import Counter
from statistics import median, quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.reviews.display.tallies import binned, quantile, share, shares

answers = st.lists(st.integers(0, 90), min_size=2, max_size=40)


@given(answers)
def test_quantiles_are_those_of_the_single_answers(given_answers: list[int]) -> None:
    counts = Counter(given_answers)
    assert quantile(counts, 0.5) == pytest.approx(median(given_answers))
    sixths = quantiles(given_answers, n=6, method="inclusive")
    assert (quantile(counts, 1 / 6), quantile(counts, 5 / 6)) == (pytest.approx(sixths[0]), pytest.approx(sixths[-1]))
    assert (quantile(counts, 0), quantile(counts, 1)) == (min(given_answers), max(given_answers))


def test_one_answer_is_every_quantile() -> None:
    assert {quantile({7: 1}, part) for part in (0, 1 / 6, 0.5, 1)} == {7}


@given(answers)
def test_every_answer_falls_into_one_bin(given_answers: list[int]) -> None:
    bins = (("few", 3), ("some", 14), ("many", None))
    found = {each.label: each.count for each in binned(Counter(given_answers), bins)}
    assert found == {
        "few": sum(answer <= 3 for answer in given_answers),
        "some": sum(3 < answer <= 14 for answer in given_answers),
        "many": sum(answer > 14 for answer in given_answers),
    }


def test_shares_keep_the_order_of_the_labels_and_know_nothing_of_other_keys() -> None:
    found = shares({"b": 1, "other": 5}, {"a": "first", "b": "second"}, total=4)
    assert [(each.label, each.count, each.percent) for each in found] == [("first", 0, 0), ("second", 1, 25)]


def test_a_share_of_nobody_is_nothing() -> None:
    assert share("none", 0, 0).percent == 0
