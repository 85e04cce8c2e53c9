"""The public page of the rules of moderation, and of what was done by them."""

from flask import Blueprint, render_template

from directory.reviews.display.policy_numbers import moderation_counts
from directory.reviews.moderation.waiting import KINDS
from directory.reviews.policy import MODERATORS_FOR_REMOVAL, REASONS, REFUSING, REPORTS

blueprint = Blueprint("policy", __name__)


@blueprint.get("/review-policy")
def review_policy() -> str:
    return render_template(
        "reviews/display/policy.html",
        counts=moderation_counts(),
        reasons=REASONS,
        refusing=REFUSING,
        reports=REPORTS,
        moderators_for_removal=MODERATORS_FOR_REMOVAL,
        kinds=KINDS,
    )
