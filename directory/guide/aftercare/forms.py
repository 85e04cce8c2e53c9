"""The day of an injection, and perhaps its time, from which the calendar file is made."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from directory.web.filters import day
from directory.web.sent_form import SentForm
from directory.web.typed_fields import DayField, TypedField

REACH = timedelta(days=365)  # back: reminders of an older one are all past; ahead: no visit is booked later


class TimeField(TypedField):
    """A time of day as browsers send it (14:30), or as people here type it (2:30 pm)."""

    def read(self, text: str) -> time:
        typed = text.upper().replace(".", "").replace("\u00a0", " ")  # 2:30 p. m. in Spanish
        typed = typed.replace("A M", "AM").replace("P M", "PM")
        for form in ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p"):
            try:
                return datetime.strptime(typed, form).time()  # noqa: DTZ007 (a time of day has no zone)
            except ValueError:
                continue
        raise ValueError(self.sentence)


class InjectionForm(SentForm):
    """Takes a day from a year before `today` to a year after it."""

    injected_on = DayField(
        _l("Day of the injection"), _l("Type the day as month/day/year, such as 1/31/2026."), required=True
    )
    injected_at = TimeField(_l("Time of the injection, if you know it"), _l("Type the time like 14:30 or 2:30 pm."))

    def __init__(self, today: date, **options: Any) -> None:
        super().__init__(**options)
        self.first, self.last = today - REACH, today + REACH

    def validate_injected_on(self, field: DayField) -> None:
        if field.data and not self.first <= field.data <= self.last:
            raise ValidationError(
                gettext(
                    "Type a day from %(first)s to %(last)s. Earlier, all reminders would be past; later, no visit is "
                    "planned yet.",
                    first=day(self.first),
                    last=day(self.last),
                )
            )
