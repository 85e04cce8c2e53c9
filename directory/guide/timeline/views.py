"""The page of the timeline."""

from flask import Blueprint

from directory.guide.page import render_guide
from directory.guide.timeline.chart import ABOVE, BESIDE, timeline_chart
from directory.guide.timeline.stages import treatment_stages
from directory.reviews.display.outcomes import MIN_ANSWERS, outcomes_of_all

blueprint = Blueprint("timeline", __name__, url_prefix="/guide/timeline")


@blueprint.get("")
def page() -> str:
    reported, is_invented = outcomes_of_all()
    stages = treatment_stages(reported.onset_days, reported.weeks_lasted, is_invented)
    shows_reports = bool(reported.onset_days or reported.weeks_lasted)
    return render_guide(
        "guide/timeline/page.html",
        "timeline",
        charts={"above": timeline_chart(stages, ABOVE), "beside": timeline_chart(stages, BESIDE)},
        stages=stages,
        reported=reported,
        least_answers=MIN_ANSWERS,
        is_invented=is_invented,
        shows_demonstration=is_invented and shows_reports,
    )
