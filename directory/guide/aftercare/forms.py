"""The day of an injection, and perhaps its time, from which the calendar file is made."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from directory.web.filters import day
from directory.web.forms import ClockField, DayField, SentForm

REACH = timedelta(days=365)  # back: reminders of an older one are all past; ahead: no visit is booked later


class InjectionForm(SentForm):
    """Takes a day from a year before `today` to a year after it."""

    injected_on = DayField(
        _l("Day of the injection"), _l("Type the day as month/day/year, such as 1/31/2026."), required=True
    )
    injected_at = ClockField(_l("Time of the injection, if you know it"), _l("Type the time like 14:30 or 2:30 pm."))

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
