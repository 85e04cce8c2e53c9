"""What patients report of their visits: how long they waited, how well the plan was explained, what they paid.

Counted as the outcomes are (`display/outcomes.py`): published reviews that copy no other, by patients, from five
answers on. The search filters by the sums, so they are kept in `VisitSummary`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import String, bindparam, cast, func, literal, select, union_all

from directory.reviews.display.outcomes import MIN_ANSWERS
from directory.reviews.display.published import BY_PATIENT, PUBLISHED
from directory.reviews.display.tallies import middle
from directory.reviews.models import Review
from directory.reviews.questions import PAID, WAITS

QUESTIONS = (Review.wait, Review.explained, Review.paid)
VisitValues = tuple[str | None, int, float | None, int, str | None, int]
"""The columns of `VisitSummary` after the NPI."""

_COUNTS = tuple(
    select(Review.npi, literal(each.key).label("question"), cast(each, String).label("answer"), func.count())
    .where(each.is_not(None), Review.status == PUBLISHED, Review.duplicate_of.is_(None), BY_PATIENT)
    .group_by(Review.npi, each)
    for each in QUESTIONS
)
ANSWERS: Any = union_all(*_COUNTS)
ANSWERS_OF: Any = union_all(*(each.where(Review.npi.in_(bindparam("npis", expanding=True))) for each in _COUNTS))


def visit_summaries(rows: Iterable[Any]) -> dict[str, VisitValues]:
    """From `ANSWERS` or `ANSWERS_OF` the sums of those about whom enough patients answered one of the questions."""
    answers: defaultdict[str, defaultdict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for npi, question, answer, count in rows:
        answers[npi][question][answer] += count
    summed = {npi: summed_up(given["wait"], given["explained"], given["paid"]) for npi, given in answers.items()}
    return {npi: values for npi, values in summed.items() if any(values[::2])}


def summed_up(waits: Counter[str], explained: Counter[str], paid: Counter[str]) -> VisitValues:
    """How many gave each answer in; the middle answer or the mean out, None where too few answered."""
    mean = sum(int(points) * count for points, count in explained.items()) / (explained.total() or 1)
    return (
        median_answer(waits, WAITS),
        waits.total(),
        mean if explained.total() >= MIN_ANSWERS else None,
        explained.total(),
        median_answer(paid, PAID),
        paid.total(),
    )


def median_answer(given: Mapping[str, int], offered: Iterable[str]) -> str | None:
    """The middle one of the answers `given`, in the order `offered`."""
    counts = {place: given[answer] for place, answer in enumerate(offered) if given.get(answer)}
    return list(offered)[middle(counts)] if sum(counts.values()) >= MIN_ANSWERS else None
