"""How long ago something was, in words."""

from datetime import datetime


def age_in_words(since: datetime, now: datetime) -> str:
    """How long ago, rounded down: "5 minutes", "1 day"."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 1:
        return "less than a minute"
    for unit, length in (("day", 24 * 60), ("hour", 60), ("minute", 1)):
        if minutes >= length:
            number = minutes // length
            return f"{number:,} {unit}{'' if number == 1 else 's'}"
    raise AssertionError("there is a unit for every age")
