"""The figures that pages quote: each is whole and has its source."""

import math

import pytest

from directory.web.facts import FactsError, fact, facts


def test_a_fact_is_found_by_its_name() -> None:
    found = fact("retreatment_days_botox")
    assert (found.figure, found.sd, found.unit, found.year) == (80.7, 14.4, "days", 1998)
    assert found.ends == pytest.approx((66.3, 95.1))
    assert "1998;64:6-12" in found.source


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(FactsError, match="no entry nonsense"):
        fact("nonsense")


def test_every_fact_has_words_and_a_source_and_no_figure_stands_twice() -> None:
    assert all(each.words.strip() and each.source.strip() for each in facts().values())
    words = [each.words for each in facts().values()]
    assert len(set(words)) == len(words)


def test_every_figure_is_a_value_or_a_range_with_its_unit(subtests: pytest.Subtests) -> None:
    for each in facts().values():
        with subtests.test(key=each.key):
            numbers = [number for number in (each.value, each.sd, each.low, each.high) if number is not None]
            assert all(type(number) in (int, float) and math.isfinite(number) for number in numbers)
            assert (each.low is None) == (each.high is None)
            assert each.low is None or each.value is None
            assert each.low is None or each.high is None or each.low < each.high
            assert each.sd is None or each.value is not None
            assert bool(each.unit) == bool(numbers)


def test_every_year_has_four_digits_and_every_link_is_safe() -> None:
    assert all(each.year is None or 1900 <= each.year <= 2100 for each in facts().values())
    assert all(each.link is None or each.link.startswith("https://") for each in facts().values())


def test_every_figure_stands_in_its_words() -> None:
    spelled = {2: "two", 3: "three", 4: "four", 6: "six", 7: "week", 14: "two weeks"}
    for each in facts().values():
        for figure in (each.value, each.sd, each.low, each.high):
            if figure:
                written = (f"{figure:g}", f"{figure:,}", spelled.get(figure, f"{figure:g}"))
                assert any(form in each.words for form in written), each.key


def test_what_a_fact_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(FactsError, match="boxed_warning has no value"):
        _ = fact("boxed_warning").figure
    with pytest.raises(FactsError, match="cycle_weeks has no range"):
        _ = fact("cycle_weeks").ends
