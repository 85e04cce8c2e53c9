"""The public pages of all outcomes, and of the rules of moderation and what was done by them."""

from flask import Blueprint, render_template

from directory.reviews.display.comparisons import OutcomePage, outcome_page
from directory.reviews.display.outcomes import outcome_summary, outcomes_of_all
from directory.reviews.display.policy_numbers import moderation_counts
from directory.reviews.moderation.offers import MODERATORS_FOR_REMOVAL, WAIT_KINDS
from directory.reviews.reasons import REASONS, REFUSING, REPORTS

outcomes = Blueprint("outcomes", __name__)
policy = Blueprint("policy", __name__)


def outcomes_section(npi: str) -> OutcomePage:
    """What the section of a provider's page shows."""
    return outcome_page(outcome_summary(npi))


@outcomes.get("/outcomes")
def page() -> str:
    summary, is_invented = outcomes_of_all()
    return render_template(
        "reviews/display/outcomes.html", section=outcome_page(summary), shows_demonstration=is_invented
    )


@policy.get("/review-policy")
def review_policy() -> str:
    return render_template(
        "reviews/display/policy.html",
        counts=moderation_counts(),
        reasons=REASONS,
        refusing=REFUSING,
        reports=REPORTS,
        moderators_for_removal=MODERATORS_FOR_REMOVAL,
        kinds=WAIT_KINDS,
    )
