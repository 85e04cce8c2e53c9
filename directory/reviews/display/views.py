"""What pages show of published reviews: the sections of a provider's page, all outcomes, and the review policy."""

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext, ngettext

from directory.reviews.display.charts import interval_chart, trend_chart
from directory.reviews.display.comparisons import OutcomePage, outcome_page
from directory.reviews.display.outcomes import outcome_summary, outcomes_of_all
from directory.reviews.display.policy_numbers import moderation_counts
from directory.reviews.display.published import (
    CERTAINTY_RULE,
    MIN_OF_A_YEAR,
    SORTS,
    ListChoice,
    how_sure,
    review_list,
    review_summary,
)
from directory.reviews.moderation.offers import MODERATORS_FOR_REMOVAL, WAIT_KINDS
from directory.reviews.reasons import REASONS, REFUSING, REPORTS

outcomes = Blueprint("outcomes", __name__)
policy = Blueprint("policy", __name__)


def reviews_section(npi: str) -> dict[str, Any]:
    """What the reviews of one provider say together, and those for which the address asks."""
    summary, choice = review_summary(npi), ListChoice.read(request.args)
    rated = summary.estimate
    by_star = dict(zip((5, 4, 3, 2, 1), (share.count for share in summary.stars), strict=True))
    reviews, pages = review_list(npi, choice, summary.total if choice.stars is None else by_star[choice.stars])
    return {
        "summary": summary,
        "interval": interval_chart(rated.estimate, rated.low, rated.high, summary.average_of_all) if rated else None,
        "certainty": how_sure(rated.low, rated.high) if rated else None,
        "certainty_rule": CERTAINTY_RULE,
        "trend": trend_chart(summary.years),
        "least_of_a_year": MIN_OF_A_YEAR,
        "choice": choice,
        "reviews": reviews,
        "pages": pages,
        "star_choices": [
            ("", gettext("All (%(count)s)", count=format(summary.total, ",")), choice.stars is None),
            *((str(star), _with_count(star, count), star == choice.stars) for star, count in by_star.items()),
        ],
        "sort_choices": [(key, words, key == choice.sort) for key, (words, _) in SORTS.items()],
    }


def _with_count(star: int, count: int) -> str:
    return ngettext(
        "%(stars)s star (%(count)s)", "%(stars)s stars (%(count)s)", star, stars=star, count=format(count, ",")
    )


def outcomes_section(npi: str) -> OutcomePage:
    """What the patients of one provider report."""
    return outcome_page(outcome_summary(npi))


@outcomes.get("/outcomes")
def show_outcomes() -> str:
    summary, is_invented = outcomes_of_all()
    return render_template(
        "reviews/display/outcomes.html", section=outcome_page(summary), shows_demonstration=is_invented
    )


@policy.get("/review-policy")
def show_policy() -> str:
    return render_template(
        "reviews/display/policy.html",
        counts=moderation_counts(),
        reasons=REASONS,
        refusing=REFUSING,
        reports=REPORTS,
        moderators_for_removal=MODERATORS_FOR_REMOVAL,
        kinds=WAIT_KINDS,
    )
