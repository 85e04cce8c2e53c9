"""Fields of the clinic's forms: times of day, sums of money, the address of a website."""

import re
from datetime import time
from decimal import Decimal

from directory.providers.websites import SENTENCE, checked_website
from directory.web.typed_fields import TypedField

MOST_USD = Decimal(99_999)


class ClockField(TypedField):
    """A time of day, as browsers send it (17:30), or as people type it (5:30 pm)."""

    sentence = "Type the time, such as 8:30 am or 17:30."

    @property
    def shown(self) -> str:
        return f"{self.data:%H:%M}" if isinstance(self.data, time) and not self.raw_data else super().shown

    def read(self, text: str) -> time:
        found = re.fullmatch(r"(\d{1,2})(?::(\d\d)(?::\d\d)?)? ?([ap])?\.?(?:m\.?)?", text.lower(), re.ASCII)
        if found is None or (found[2] is None and found[3] is None):
            raise ValueError(self.sentence)
        hour, minute = int(found[1]), int(found[2] or 0)
        if found[3] and not 1 <= hour <= 12:
            raise ValueError(self.sentence)
        if found[3]:
            hour = hour % 12 + (12 if found[3] == "p" else 0)
        if hour > 23 or minute > 59:
            raise ValueError(self.sentence)
        return time(hour, minute)


class DollarsField(TypedField):
    """A sum in US dollars, from 0 up, with cents if need be."""

    sentence = f"Type dollars, such as 250 or 12.50, up to {MOST_USD:,}."

    @property
    def shown(self) -> str:
        if isinstance(self.data, Decimal) and not self.raw_data:
            return f"{self.data:.0f}" if self.data == self.data.to_integral_value() else f"{self.data:.2f}"
        return super().shown

    def read(self, text: str) -> Decimal:
        plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text.removeprefix("$").strip())
        if not re.fullmatch(r"\d{1,6}(\.\d{1,2})?", plain, re.ASCII) or Decimal(plain) > MOST_USD:
            raise ValueError(self.sentence)
        return Decimal(plain)


class WebsiteField(TypedField):
    """The address of a website, as it is kept."""

    sentence = SENTENCE

    def read(self, text: str) -> str:
        return checked_website(text)
