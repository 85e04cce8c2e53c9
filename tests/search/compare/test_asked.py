"""Whom an address asks to compare, whatever stands in it."""

from hypothesis import given
from hypothesis import strategies as st

from directory.search.compare.views import MAX_PROVIDERS, read_npis

FIVE = [f"900000000{number}" for number in range(5)]


def test_the_first_four_are_compared_in_the_order_given() -> None:
    asked = read_npis(reversed(FIVE))
    assert asked.npis == tuple(reversed(FIVE))[:4]
    assert asked.left_out == 1


def test_a_repeated_number_counts_once_and_is_named() -> None:
    asked = read_npis([FIVE[0], FIVE[1], f" {FIVE[0]} "])
    assert (asked.npis, asked.repeated, asked.left_out) == ((FIVE[0], FIVE[1]), (FIVE[0],), 0)


def test_what_is_no_number_is_named_and_cut_to_what_a_page_can_show() -> None:
    asked = read_npis(["", "  ", "abc", "9" * 500, "１２３４５６７８９０"])
    assert asked.npis == ()
    assert asked.malformed == ("abc", "9" * 20 + "…", "１２３４５６７８９０")


@given(st.lists(st.one_of(st.text(max_size=30), st.sampled_from(FIVE), st.from_regex(r"[0-9]{10}", fullmatch=True))))
def test_nothing_is_lost_and_nothing_is_shown_twice(typed: list[str]) -> None:
    asked = read_npis(typed)
    assert len(asked.npis) == len(set(asked.npis)) <= MAX_PROVIDERS
    assert set(asked.repeated) <= set(asked.npis)
    numbers = {
        text.strip() for text in typed if len(text.strip()) == 10 and text.strip().isascii() and text.strip().isdigit()
    }
    assert len(asked.npis) + asked.left_out == len(numbers)
