"""Days and ages."""

from datetime import UTC, date, datetime, timedelta

import pytest

from directory.web.days import age_in_words, last_months


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-5), "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(hours=1, minutes=59), "1 hour"),
        (timedelta(hours=47), "1 day"),
        (timedelta(days=1200), "1,200 days"),
    ],
)
def test_an_age_is_said_in_words(age: timedelta, words: str) -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    assert age_in_words(now - age, now) == words


def test_the_last_months_go_back_over_new_year() -> None:
    assert last_months(4, date(2026, 2, 28)) == [
        date(2026, 2, 1),
        date(2026, 1, 1),
        date(2025, 12, 1),
        date(2025, 11, 1),
    ]
