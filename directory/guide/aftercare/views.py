"""The page, and the calendar file. The day of an injection is in the answer alone: it is not kept and not logged."""

from datetime import UTC, datetime

from flask import Blueprint, Response, make_response

from directory.extensions import csrf
from directory.guide.aftercare.forms import InjectionForm
from directory.guide.aftercare.reminders import PEAK_FACTS, RELIEF_FACTS
from directory.guide.page import render_guide
from directory.web.days import today_in_california
from directory.web.languages import current_language

blueprint = Blueprint("aftercare", __name__, url_prefix="/guide/aftercare")


@blueprint.get("")
def page() -> str:
    return _page(InjectionForm(today_in_california()))


@blueprint.post("")
@csrf.exempt  # type: ignore[untyped-decorator]  # the form checks its token itself, so that it can come back filled
def calendar() -> Response:
    """The file; or the page again, with what is wrong. The day is in the body, since addresses are kept and logged."""
    form = InjectionForm(today_in_california())
    if form.validate():
        from directory.guide.aftercare.calendar import calendar_after

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
