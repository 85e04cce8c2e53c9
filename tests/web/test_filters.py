"""How pages write values."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from directory.web import filters


def test_days_are_those_of_los_angeles() -> None:
    assert filters.day(datetime(2026, 1, 3, 2, 0, tzinfo=UTC)) == "January 2, 2026"
    assert filters.day(datetime(2026, 7, 3, 7, 30, tzinfo=UTC)) == "July 3, 2026"
    assert filters.day(date(2026, 1, 3)) == "January 3, 2026"
    assert filters.day(None) == ""
    assert filters.month(datetime(2026, 2, 1, 1, 0, tzinfo=UTC)) == "January 2026"
    assert filters.month(None) == ""


def test_moments_are_told_to_the_second_in_los_angeles() -> None:
    assert filters.moment(datetime(2026, 1, 3, 7, 59, 9, tzinfo=UTC)) == "January 2, 2026, 11:59:09 PM PST"
    assert filters.moment(datetime(2026, 7, 3, 7, 0, 0, tzinfo=UTC)) == "July 3, 2026, 12:00:00 AM PDT"
    assert filters.moment(datetime(2026, 7, 3, 19, 5, 0, tzinfo=UTC)) == "July 3, 2026, 12:05:00 PM PDT"


@pytest.mark.parametrize(
    ("at", "text"), [(time(0, 5), "12:05 am"), (time(8, 30), "8:30 am"), (time(12), "12 pm"), (time(17), "5 pm")]
)
def test_times_of_day(at: time, text: str) -> None:
    assert filters.clock(at) == text


@pytest.mark.parametrize(
    ("distance_miles", "text"),
    [(0.0, "less than 0.1 mile"), (1.0, "1.0 miles"), (4.26, "4.3 miles"), (2345.6, "2,346 miles")],
)
def test_miles(distance_miles: float, text: str) -> None:
    assert filters.miles(distance_miles) == text


def test_money_shows_cents_only_where_there_are_any() -> None:
    assert filters.money(Decimal("1250.00")) == "$1,250"
    assert filters.money(Decimal("6.51")) == "$6.51"
    assert filters.money_range(Decimal(180), Decimal(260)) == "$180 to $260"
    assert filters.money_range(Decimal(180), Decimal("180.00")) == "$180"


def test_a_phone_number_can_be_called() -> None:
    assert filters.phone_link("(310) 555-0100") == '<a class="phone" href="tel:+1-310-555-0100">(310) 555-0100</a>'
    assert 'href="tel:+1-310-555-0101;ext=22"' in filters.phone_link("(310) 555-0101 ext. 22")
    assert 'href="tel:+52-664-634-1234;ext=5"' in filters.phone_link("+52 664 634 1234 ext. 5")
    assert 'href="tel:+52-664-634-1234"' in filters.phone_link("664 634 1234", "MX")
    assert filters.phone_link("12345") == "12345"
    assert filters.phone_link(None) == ""
    assert filters.phone_link("ask at the desk") == "ask at the desk"
    assert "<b>" not in filters.phone_link("<b>(310) 555-0100")


def test_counts_agree_with_their_noun() -> None:
    assert filters.count_of(1, "provider") == "1 provider"
    assert filters.count_of(2104, "provider") == "2,104 providers"
    assert filters.count_of(0, "visit was", "visits were") == "0 visits were"
