"""The reviews on a provider's page: what they say together, and one page of them."""

from dataclasses import dataclass

from flask import request

from directory.reviews.queries.list_choice import SORTS, STARS, ListChoice
from directory.reviews.queries.published import LEAST_OF_A_YEAR, ReviewSummary, review_summary
from directory.reviews.queries.review_list import ReviewList, review_list
from directory.reviews.summaries.certainty import RULE, Certainty, how_sure
from directory.reviews.summaries.charts import IntervalChart, TrendChart, interval_chart, trend_chart
from directory.web.filters import count_of, stars

Choice = tuple[str, str, bool]
"""Of a select: its value, its words, and whether it is chosen."""


@dataclass(frozen=True, slots=True)
class ReviewsSection:
    """What `reviews/_reviews.html` shows."""

    npi: str
    summary: ReviewSummary
    sentences: list[str]  # about the estimate; none without one
    interval: IntervalChart | None  # None without an estimate, as its certainty
    certainty: Certainty | None
    certainty_rule: str
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
        least_of_a_year=LEAST_OF_A_YEAR,
        page=review_list(npi, choice, wanted),
        star_choices=[
            ("", f"All ({summary.total:,})", choice.stars is None),
            *(
                (str(star), f"{count_of(star, 'star')} ({summary.with_stars(star):,})", star == choice.stars)
                for star in STARS
            ),
        ],
        sort_choices=[(key, words, key == choice.sort) for key, words in SORTS.items()],
    )


def _about_the_estimate(summary: ReviewSummary) -> list[str]:
    rated = summary.estimate
    if rated is None:
        return []
    rests_on = count_of(rated.reviews_counted, "review") if rated.reviews_counted else ""
    if summary.averages:
        given = "the average that one source gives" if len(summary.averages) == 1 else "the averages of other sources"
        rests_on += f" and {given}" if rests_on else given
    sentences = [f"We are 90% sure that the true rating lies between {stars(rated.low)} and {stars(rated.high)}."]
    if rests_on:
        sentences.append(f"The estimate rests on {rests_on}.")
    if summary.average_of_all is not None:
        sentences.append(
            f"The average of all providers is {stars(summary.average_of_all)}; "
            "the fewer reviews there are, the nearer the estimate stays to it."
        )
    if summary.average is not None:
        sentences.append(f"The stars of the reviews here average {summary.average:.2f} as they were given.")
    return sentences
