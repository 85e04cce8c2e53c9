"""Outcomes: a part of each provider's page, and a page of their own for all."""

from flask import Blueprint, render_template

from directory.reviews.display.comparisons import OutcomePage, outcome_page
from directory.reviews.display.outcomes import outcome_summary, outcomes_of_all

blueprint = Blueprint("outcomes", __name__)


def outcomes_section(npi: str) -> OutcomePage:
    """What the section of a provider's page shows."""
    return outcome_page(outcome_summary(npi))


@blueprint.get("/outcomes")
def page() -> str:
    summary, is_invented = outcomes_of_all()
    return render_template(
        "reviews/display/outcomes.html", section=outcome_page(summary), shows_demonstration=is_invented
    )
