"""The page that says how credentials are verified."""

from flask import Blueprint, render_template

from directory.credentials.actions import DECISION_DAYS
from directory.credentials.kinds import KINDS, MAX_CHECK_AGE_DAYS, NOTICE_DAYS, REVERIFY_DAYS
from directory.credentials.rubric import RUBRIC

blueprint = Blueprint("credentials", __name__)


@blueprint.get("/how-we-verify")
def how_we_verify() -> str:
    return render_template(
        "credentials/how_we_verify.html",
        rubric=RUBRIC,
        kinds=KINDS,
        reverify_days=REVERIFY_DAYS,
        oldest_check_days=MAX_CHECK_AGE_DAYS,
        notice_days=NOTICE_DAYS,
        decision_days=DECISION_DAYS,
    )
