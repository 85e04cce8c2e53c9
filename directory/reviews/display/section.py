"""The reviews on a provider's page: what they say together, and one page of them."""

from dataclasses import dataclass

from flask import request
from flask_babel import gettext, ngettext
from flask_babel.speaklater import LazyString

from directory.reviews.display.certainty import RULE, Certainty, how_sure
from directory.reviews.display.charts import IntervalChart, TrendChart, interval_chart, trend_chart
from directory.reviews.display.published import MIN_OF_A_YEAR, ReviewSummary, review_summary
from directory.reviews.display.review_list import SORTS, STARS, ListChoice, ReviewList, review_list
from directory.web.filters import stars

Choice = tuple[str, str | LazyString, bool]
"""Of a select: its value, its words, and whether it is chosen."""


@dataclass(frozen=True, slots=True)
class ReviewsSection:
    """What `reviews/display/_reviews.html` shows."""

    npi: str
    summary: ReviewSummary
    sentences: list[str]  # about the estimate; none without one
    interval: IntervalChart | None  # None without an estimate, as its certainty
    certainty: Certainty | None
    certainty_rule: LazyString
    trend: TrendChart | None
    least_of_a_year: int
    page: ReviewList
    star_choices: list[Choice]
    sort_choices: list[Choice]


def reviews_section(npi: str) -> ReviewsSection:
    """The reviews of one provider, of which the address may ask for some."""
    summary, choice = review_summary(npi), ListChoice.read(request.args)
    rated = summary.estimate
    wanted = summary.total if choice.stars is None else summary.with_stars(choice.stars)
    return ReviewsSection(
        npi=npi,
        summary=summary,
        sentences=_about_the_estimate(summary),
        interval=interval_chart(rated.estimate, rated.low, rated.high, summary.average_of_all) if rated else None,
        certainty=how_sure(rated.low, rated.high) if rated else None,
        certainty_rule=RULE,
        trend=trend_chart(summary.years),
        least_of_a_year=MIN_OF_A_YEAR,
        page=review_list(npi, choice, wanted),
        star_choices=[
            ("", gettext("All (%(count)s)", count=format(summary.total, ",")), choice.stars is None),
            *((str(star), _with_count(star, summary.with_stars(star)), star == choice.stars) for star in STARS),
        ],
        sort_choices=[(key, words, key == choice.sort) for key, words in SORTS.items()],
    )


def _with_count(star: int, count: int) -> str:
    return ngettext(
        "%(stars)s star (%(count)s)", "%(stars)s stars (%(count)s)", star, stars=star, count=format(count, ",")
    )


def _about_the_estimate(summary: ReviewSummary) -> list[str]:
    rated = summary.estimate
    if rated is None:
        return []
    sentences = [
        gettext(
            "We are 90%% sure that the true rating lies between %(low)s and %(high)s.",
            low=stars(rated.low),
            high=stars(rated.high),
        )
    ]
    if rated.reviews_counted or summary.averages:
        sentences.append(_rests_on(rated.reviews_counted, len(summary.averages)))
    if summary.average_of_all is not None:
        sentences.append(
            gettext(
                "The average of all providers is %(stars)s; the fewer reviews there are, the nearer the estimate stays "
                "to it.",
                stars=stars(summary.average_of_all),
            )
        )
    if summary.average is not None:
        sentences.append(
            gettext(
                "The stars of the reviews here average %(stars)s as they were given.",
                stars=format(summary.average, ".2f"),
            )
        )
    return sentences


def _rests_on(reviews: int, averages: int) -> str:
    """What an estimate rests on: `reviews` that count, the `averages` of other sources, or both."""
    if not reviews:
        return ngettext(
            "The estimate rests on the average that one source gives.",
            "The estimate rests on the averages of other sources.",
            averages,
        )
    counted = f"{reviews:,}"
    if not averages:
        return ngettext(
            "The estimate rests on %(reviews)s review.",
            "The estimate rests on %(reviews)s reviews.",
            reviews,
            reviews=counted,
        )
    if averages == 1:
        return ngettext(
            "The estimate rests on %(reviews)s review and the average that one source gives.",
            "The estimate rests on %(reviews)s reviews and the average that one source gives.",
            reviews,
            reviews=counted,
        )
    return ngettext(
        "The estimate rests on %(reviews)s review and the averages of other sources.",
        "The estimate rests on %(reviews)s reviews and the averages of other sources.",
        reviews,
        reviews=counted,
    )
