"""What pages show of published reviews: the sections of a provider's page and their own pages, all outcomes, and the
review policy.
"""

from typing import Any

from flask import Blueprint, abort, render_template, request

from directory.extensions import db
from directory.providers.glance import GlanceRow
from directory.providers.models import Provider
from directory.providers.origin import OF_REVIEWS, search_parameters
from directory.providers.queries import provider_of
from directory.reviews.display.charts import interval_chart, trend_chart
from directory.reviews.display.comparisons import OutcomePage, outcome_page
from directory.reviews.display.outcomes import MIN_ANSWERS, outcome_summary, outcomes_of_all
from directory.reviews.display.policy_numbers import moderation_counts
from directory.reviews.display.published import (
    CERTAINTY_RULE,
    MIN_OF_A_YEAR,
    SORTS,
    STARS,
    ListChoice,
    ReviewSummary,
    how_sure,
    newest_reviews,
    review_list,
    review_summary,
)
from directory.reviews.models import VisitSummary
from directory.reviews.moderation.offers import MODERATORS_FOR_REMOVAL, WAIT_KINDS
from directory.reviews.questions import WAITS
from directory.reviews.reasons import REASONS, REFUSING, REPORTS
from directory.web.messages import gettext, ngettext

reviews = Blueprint("reviews", __name__)
outcomes = Blueprint("outcomes", __name__)
policy = Blueprint("policy", __name__)

NEWEST_SHOWN = 3
"""Of the reviews, on the page of their provider."""
MAX_SHOWN_LENGTH = 70
"""Characters of each of them; the page of all reviews has the whole texts."""


def reviews_section(npi: str) -> dict[str, Any]:
    """What the reviews of one provider say together, and the newest of them."""
    summary = review_summary(npi)
    return {
        "summary": summary,
        "newest": newest_reviews(npi, NEWEST_SHOWN),
        "max_length": MAX_SHOWN_LENGTH,
        "visits": db.session.get(VisitSummary, npi),
        **_certainty(summary),
    }


def reviews_at_a_glance(section: dict[str, Any]) -> list[GlanceRow]:
    visits = section["visits"]
    wait = f"{WAITS[visits.wait]} ({_patients(visits.waits)})" if visits and visits.wait else None
    return [GlanceRow(gettext("Typical wait"), wait)]


def _patients(count: int) -> str:
    return ngettext("%(count)s patient", "%(count)s patients", count, count=format(count, ","))


def outcomes_section(npi: str) -> OutcomePage:
    """What the patients of one provider report."""
    return outcome_page(outcome_summary(npi))


def _certainty(summary: ReviewSummary) -> dict[str, Any]:
    rated = summary.estimate
    return {"certainty": how_sure(rated.low, rated.high) if rated else None, "certainty_rule": CERTAINTY_RULE}


@reviews.get("/providers/<npi>/reviews")
def show_provider_reviews(npi: str) -> str:
    """All reviews of one provider, in the order and with the stars for which the address asks."""
    provider, summary, choice = _provider(npi), review_summary(npi), ListChoice.read(request.args)
    rated = summary.estimate
    by_star = dict(zip(STARS, (share.count for share in summary.stars), strict=True))
    total = summary.total if choice.stars is None else by_star[choice.stars]
    page, pages = review_list(npi, choice, total)
    return render_template(
        "reviews/display/of_provider.html",
        provider=provider,
        shows_demonstration=provider.is_demonstration,
        is_first_page=not any(name.startswith(OF_REVIEWS) for name in request.args),
        section={
            "summary": summary,
            "interval": interval_chart(rated.estimate, rated.low, rated.high, summary.average_of_all)
            if rated
            else None,
            **_certainty(summary),
            "trend": trend_chart(summary.years),
            "least_of_a_year": MIN_OF_A_YEAR,
            "choice": choice,
            "reviews": page,
            "pages": pages,
            "search": list(search_parameters().items(multi=True)),
            "star_choices": [
                ("", gettext("All (%(count)s)", count=format(summary.total, ",")), choice.stars is None),
                *((str(star), _with_count(star, count), star == choice.stars) for star, count in by_star.items()),
            ],
            "sort_choices": [(key, words, key == choice.sort) for key, (words, _) in SORTS.items()],
        },
    )


@outcomes.get("/providers/<npi>/outcomes")
def show_provider_outcomes(npi: str) -> str:
    """What the patients of one provider report, beside what trials and labels say."""
    provider, summary = _provider(npi), outcome_summary(npi)
    return render_template(
        "reviews/display/outcomes_of_provider.html",
        provider=provider,
        shows_demonstration=provider.is_demonstration,
        has_enough=summary.reports >= MIN_ANSWERS,
        section=outcome_page(summary),
    )


def _provider(npi: str) -> Provider:
    return provider_of(npi) or abort(404)


def _with_count(star: int, count: int) -> str:
    return ngettext(
        "%(stars)s star (%(count)s)", "%(stars)s stars (%(count)s)", star, stars=star, count=format(count, ",")
    )


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
