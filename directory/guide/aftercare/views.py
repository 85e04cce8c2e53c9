"""The page, and the calendar file. The day of an injection is in the answer alone: it is not kept and not logged."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, make_response
from wtforms.validators import ValidationError

from directory.extensions import csrf
from directory.guide.aftercare.reminders import PEAK_FACTS, RELIEF_FACTS, calendar_after
from directory.guide.contents import render_guide
from directory.web.days import today_in_california
from directory.web.fields import ClockField, DayField
from directory.web.filters import day
from directory.web.forms import SentForm
from directory.web.languages import current_language
from directory.web.messages import gettext
from directory.web.messages import lazy_gettext as _l

REACH = timedelta(days=365)  # back: reminders of an older one are all past; ahead: no visit is booked later


class InjectionForm(SentForm):
    """The day of an injection, and perhaps its time. Takes a day from a year before `today` to a year after it."""

    injected_on = DayField(
        _l("Date of the injection"), _l("Type the date as month/day/year, such as 1/31/2026."), required=True
    )
    injected_at = ClockField(_l("Time of the injection, if you know it"), _l("Type the time like 14:30 or 2:30 pm."))

    def __init__(self, today: date, **options: Any) -> None:
        super().__init__(**options)
        self.first, self.last = today - REACH, today + REACH

    def validate_injected_on(self, field: DayField) -> None:
        if field.data and not self.first <= field.data <= self.last:
            raise ValidationError(
                gettext(
                    "Type a date from %(first)s to %(last)s. For earlier dates, all reminders would be in the past.",
                    first=day(self.first),
                    last=day(self.last),
                )
            )


blueprint = Blueprint("aftercare", __name__, url_prefix="/guide/aftercare")


@blueprint.get("")
def show_form() -> str:
    return _page(InjectionForm(today_in_california()))


@blueprint.post("")
@csrf.exempt  # type: ignore[untyped-decorator]  # the form checks its token itself, so that it can come back filled
def make_calendar() -> Response:
    """The file; or the page again, with what is wrong. The day is in the body, since addresses are kept and logged."""
    form = InjectionForm(today_in_california())
    if form.validate():
        made = calendar_after(
            form.injected_on.data, form.injected_at.data, datetime.now(UTC), current_language().code
        ).to_ical()
        response = Response(made, content_type="text/calendar; charset=utf-8")
        response.headers["Content-Disposition"] = "attachment; filename=aftercare.ics"
    else:
        response = make_response(_page(form), 400)
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(form: InjectionForm) -> str:
    return render_guide(
        "guide/aftercare/page.html", "aftercare", form=form, relief_facts=RELIEF_FACTS, peak_facts=PEAK_FACTS
    )
