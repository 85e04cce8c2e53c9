"""Days as people in California have them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")


def today_in_california() -> date:
    """The day on which a license expires is California's, not UTC's."""
    return datetime.now(PACIFIC).date()
