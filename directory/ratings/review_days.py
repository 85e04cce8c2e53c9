"""Days and moments of reviews, as sites and people write them. Pure."""

import re
from contextlib import suppress
from datetime import date, datetime, time
from functools import lru_cache

from directory.web.days import PACIFIC

DECEMBER = 12
_MONTH_NAMES = (
    *("january jan enero ene", "february feb febrero", "march mar marzo", "april apr abril abr", "may mayo"),
    *("june jun junio", "july jul julio", "august aug agosto ago", "september sep sept septiembre setiembre"),
    *("october oct octubre", "november nov noviembre", "december dec diciembre dic"),
)
_MONTHS = {name: month for month, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_FILLING = re.compile(
    r"(?<=\d)(?:st|nd|rd|th)\b|[.,]|:(?!\d)|\b(?:del?|of|at|on)\b|(?<=[a-z])-(?=[12]\d{3})|(?<=\d)-(?=[a-z])"
)
_TIME = r"(?:[ T]\d{1,2}:\d\d(?::\d\d)?(?: ?[ap] ?m)?(?: [a-z]{1,5})?(?: ?[+-]\d\d:?\d\d)?(?: \([^)]*\))?)?"
_WORDS = re.compile(
    r"(?:[^\W\d]+ ){0,3}(?:(?P<month>[a-z]+) (?P<day>[0-9]{1,2})|(?P<earlier_day>[0-9]{1,2}) (?P<later_month>[a-z]+)) "
    r"(?P<year>[0-9]{4})" + _TIME
)
_NUMBERS = re.compile(
    r"(?P<first>\d{1,2})(?P<sign>[/.-])(?P<second>\d{1,2})(?P=sign)(?P<year>\d{4}),?" + _TIME, re.ASCII | re.IGNORECASE
)
_SHORT_YEAR = re.compile(r"^(\d{1,2}(?:/\d{1,2}/|-[a-z]{3}-))(\d\d)(?![\d/-])", re.ASCII | re.IGNORECASE)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?P<sign>[/.-])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})" + _TIME, re.ASCII | re.IGNORECASE
)


class InvalidValueError(Exception):
    """A value, a header or a file that cannot be used; the message says why."""


@lru_cache(maxsize=100_000)
def read_written_at(text: str) -> datetime:
    """When a review was written. Raises `InvalidValueError`.

    A day stays that day: it begins in California. So does a moment without a time zone, and midnight in any zone is how
    sites write a day.
    """
    if not text:
        raise InvalidValueError("the date of the review (created_at) is empty")
    return _parsed(text, "date of the review")


@lru_cache(maxsize=100_000)
def read_visited_at(text: str) -> datetime | None:
    """The day of the visit, or of a month its first; None when nothing is said. Raises `InvalidValueError`."""
    if not text:
        return None
    return _parsed(f"{text}-01" if re.fullmatch(r"\d{4}-\d{2}", text, re.ASCII) else text, "date of the visit")


def us_day(text: str) -> str:
    """3/4/2025 as 2025-03-04, in a file that says that it is from the United States; other text as it is.

    Nobody there writes 3.4.2025, so that stays in doubt.
    """
    found = _NUMBERS.fullmatch(_with_century(text))
    if not found or found["sign"] == "." or int(found["first"]) > DECEMBER:
        return text
    return f"{found['year']}-{found['first']:0>2}-{found['second']:0>2}"


def _with_century(text: str) -> str:
    """7/22/25 and 22-Jul-25, which Excel writes, with the whole year."""
    return _SHORT_YEAR.sub(r"\g<1>20\g<2>", text)


def _parsed(text: str, what: str) -> datetime:
    moment = None
    text = _with_century(text)
    with suppress(ValueError):
        moment = _iso_moment(text) or _start_of(_day_in_words(text) or _day_in_numbers(text))
    if moment is None:
        raise InvalidValueError(f"the {what}, {text[:40]!r}, is not a day: write it as 2026-01-31{_why_unclear(text)}")
    return moment


def _iso_moment(text: str) -> datetime | None:
    if not re.match(r"\d{4}-\d{2}-\d{2}|\d{8}(?!\d)", text, re.ASCII):
        return None
    moment = datetime.fromisoformat(re.sub(r" (?=[+-]\d\d:?\d\d$)", "", re.sub(r" ?(UTC|GMT)$", "+00:00", text)))
    if moment.time() == time():
        return _start_of(moment.date())
    return moment if moment.tzinfo else moment.replace(tzinfo=PACIFIC)


def _start_of(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), PACIFIC) if day else None


def _day_in_words(text: str) -> date | None:
    """The day of “Friday, Feb. 21st, 2025, 10:30 AM” or “21 de febrero de 2025”."""
    found = _WORDS.fullmatch(" ".join(_FILLING.sub(" ", text.casefold()).split()))
    month = _MONTHS.get(found["month"] or found["later_month"]) if found else None
    return date(int(found["year"]), month, int(found["day"] or found["earlier_day"])) if found and month else None


def _day_in_numbers(text: str) -> date | None:
    """The day of 2025/2/21, and of 21/2/2025 or 2/21/2025 where only one of the two is a day."""
    if found := _YEAR_FIRST.fullmatch(text):
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    days = _possible_days(text)
    return days.pop() if len(days) == 1 else None


def _possible_days(text: str) -> set[date]:
    days: set[date] = set()
    if found := _NUMBERS.fullmatch(text):
        year, first, second = (int(found[name]) for name in ("year", "first", "second"))
        for month, day in ((first, second), (second, first)):
            with suppress(ValueError):
                days.add(date(year, month, day))
    return days


def _why_unclear(text: str) -> str:
    days = [f"{day:%B} {day.day}" for day in sorted(_possible_days(text))]
    return f", since it may be {' or '.join(days)}" if len(days) > 1 else ""
