"""Days as people in California have them, and how long ago something was."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")


def today_in_california() -> date:
    """The day on which a license expires is California's, not UTC's."""
    return local_day(datetime.now(PACIFIC))


def local_day(moment: datetime) -> date:
    return moment.astimezone(PACIFIC).date()


def last_months(number: int, today: date) -> list[date]:
    """The first days of the last `number` months up to that of `today`, the newest first."""
    latest = 12 * today.year + today.month - 1
    return [date((latest - ago) // 12, (latest - ago) % 12 + 1, 1) for ago in range(number)]


def age_in_words(since: datetime, now: datetime) -> str:
    """How long ago, rounded down: "5 minutes", "1 day"."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    for unit, length in (("day", 24 * 60), ("hour", 60), ("minute", 1)):
        if number := minutes // length:
            return f"{number:,} {unit}{'' if number == 1 else 's'}"
    return "less than a minute"


def day_in_words(day: date) -> str:
    """January 2, 2026: in English, for what is stored or sent."""
    return f"{day:%B} {day.day}, {day.year}"


def as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with each day as the text that JSON holds; `read_day` reads it again."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def read_day(text: str | None) -> date | None:
    """The day that JSON holds as a text; None for none."""
    return date.fromisoformat(text) if text else None
