"""The values of a review from elsewhere, read from text. Pure; shared by the import and by estimates from a file."""

import re
from datetime import UTC, datetime

from directory.ratings.model import MAX_STARS, MIN_STARS

_NUMBER = re.compile(r"\d+(\.\d+)?")
_VERIFIED = {"": False, "0": False, "1": True}


class InvalidValueError(Exception):
    """A value that cannot be used; the message says why."""


def stars(text: str) -> float:
    """A rating from 1 to 5. Raises `InvalidValueError`."""
    if not text:
        raise InvalidValueError("the rating is empty")
    if not text.isascii() or not _NUMBER.fullmatch(text):
        raise InvalidValueError(f"the rating {text[:20]!r} is not a number from 1 to 5")
    if not MIN_STARS <= float(text) <= MAX_STARS:
        raise InvalidValueError(f"the rating {text[:20]} is not from 1 to 5")
    return float(text)


def is_verified(text: str) -> bool:
    """Raises `InvalidValueError`."""
    if text not in _VERIFIED:
        raise InvalidValueError(f"verified is {text[:20]!r}: it must be 0, 1 or empty")
    return _VERIFIED[text]


def written_at(text: str) -> datetime:
    """When a review was written. A day counts from its start in UTC, and so does a moment without a time zone.

    Raises `InvalidValueError`.
    """
    if not text:
        raise InvalidValueError("the date of the review (created_at) is empty")
    moment = _parsed(text, "date of the review")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def visited_at(text: str) -> datetime | None:
    """The day of the visit, or of a month its first; None when nothing is said. Raises `InvalidValueError`."""
    if not text:
        return None
    day = _parsed(f"{text}-01" if re.fullmatch(r"\d{4}-\d{2}", text, re.ASCII) else text, "date of the visit")
    return day.replace(tzinfo=UTC)


def _parsed(text: str, what: str) -> datetime:
    try:
        if not re.match(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError
        return datetime.fromisoformat(text)
    except ValueError:
        raise InvalidValueError(f"the {what}, {text[:40]!r}, is no day: write it as 2026-01-31") from None
