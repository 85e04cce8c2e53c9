"""A field for a time of day."""

import re
from datetime import time

from directory.web.phrases import Words
from directory.web.typed_fields import TypedField


class ClockField(TypedField):
    """A time of day, as browsers send it (17:30), or as people type it (5:30 pm, in Spanish 5:30 p. m.)."""

    sentence: Words = "Type the time, such as 8:30 am or 17:30."

    @property
    def shown(self) -> str:
        return f"{self.data:%H:%M}" if isinstance(self.data, time) and not self.raw_data else super().shown

    def read(self, text: str) -> time:
        typed = text.lower().replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
        found = re.fullmatch(r"(\d{1,2})(?::(\d\d)(?::\d\d)?)? ?([ap])?\.?(?: ?m\.?)?", typed, re.ASCII)
        if found is None or (found[2] is None and found[3] is None):
            raise ValueError(str(self.sentence))
        hour, minute = int(found[1]), int(found[2] or 0)
        if found[3] and not 1 <= hour <= 12:
            raise ValueError(str(self.sentence))
        if found[3]:
            hour = hour % 12 + (12 if found[3] == "p" else 0)
        if hour > 23 or minute > 59:
            raise ValueError(str(self.sentence))
        return time(hour, minute)
