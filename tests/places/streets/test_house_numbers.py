"""House numbers as they are written, and as a range may hold them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.places.streets.house_numbers import HouseNumber, read_number, spellings


@pytest.mark.parametrize(
    ("text", "prefix", "number"),
    [
        *[("123", "", 123), ("0123", "", 123), ("123A", "", 123), ("123-A", "", 123), ("12-345", "12-", 345)],
        *[("N123", "N", 123), ("n 123", "N", 123), ("W220N101", "W220N", 101), ("12 - 345", "12-", 345), ("7", "", 7)],
    ],
)
def test_a_number_is_its_last_digits_and_what_stands_before(text: str, prefix: str, number: int) -> None:
    assert read_number(text) == HouseNumber(prefix, number)


@pytest.mark.parametrize("text", ["", "One", "A", "1234567890", "12345678901-5", "190th", "-", "1/2"])
def test_what_is_no_number(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("number", "found"),
    [
        (HouseNumber("", 123), [("", 123, True)]),
        (HouseNumber("12-", 345), [("12-", 345, True), ("", 12345, True)]),
        (HouseNumber("12-", 5), [("12-", 5, True), ("", 12005, True)]),
        (HouseNumber("", 12345), [("", 12345, True), ("12-", 345, True)]),
        (HouseNumber("3400-", 3420), [("3400-", 3420, True), ("", 3400, True), ("3-", 400, True)]),
        (HouseNumber("72751-", 72755), [("72751-", 72755, True), ("", 72751, True), ("72-", 751, True)]),
        (HouseNumber("N", 123), [("N", 123, True), ("", 123, False)]),
        (HouseNumber("", 123456), [("", 123456, True)]),
    ],
)
def test_a_range_may_hold_it_in_another_spelling(number: HouseNumber, found: list[tuple[str, int, bool]]) -> None:
    assert [(each.prefix, each.number, is_sure) for each, is_sure in spellings(number)] == found


@given(st.text(max_size=20) | st.text("0123456789NSEW-AB /", max_size=16))
def test_no_text_is_too_odd(text: str) -> None:
    number = read_number(text)
    assert number is None or spellings(number)[0] == (number, True)
