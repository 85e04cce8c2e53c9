"""What patients report of their treatments and visits, summed up by the database. Only what is published counts.

What a caregiver answers stands with their review and is not in the sums: pain and relief are the patient's to tell, and
each figure is told as the patients'. Their reports are counted, so that the page can say so.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel.speaklater import LazyString
from sqlalchemy import ColumnElement, String, cast, func, literal, select, union_all

from directory.extensions import db
from directory.providers.models import DEMONSTRATION
from directory.reviews.display.published import BY_PATIENT, HAS_PAGE, PUBLISHED, shown
from directory.reviews.display.tallies import AnswerShare, middle, quantile, shares
from directory.reviews.models import Outcome, Review
from directory.reviews.questions import GUIDANCE, PAID, RELIEF, SIDE_EFFECTS, WAITS

MIN_ANSWERS = 5
"""Fewer answers than this are not summed up: they would say little, and could point to one person."""
REPORTS = "reports"  # how many reviews report any outcome, counted like an answer
BY_PATIENTS = "by_patients"
BY_CAREGIVERS = "by_caregivers"  # how many more do, by caregivers

Conditions = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The answers to a question for a number."""

    answers: int
    counts: Mapping[int, int]  # by answer
    median: float
    mean: float
    low: float  # the middle two thirds of the answers lie between low and high
    high: float


@dataclass(frozen=True, slots=True)
class Choices:
    """The answers to a question that offers some."""

    answers: int
    shares: list[AnswerShare]

    def count(self, *labels: str) -> int:
        return sum(share.count for share in self.shares if share.label in labels)

    @property
    def by_place(self) -> Mapping[int, int]:
        """How many gave each answer, by its place among those offered; for answers that rise."""
        return {place: share.count for place, share in enumerate(self.shares) if share.count}

    @property
    def middle(self) -> int:
        """The place of the middle one of all answers."""
        return middle(self.by_place)


def much_relieved(relief: Choices) -> int:
    """How many say that most or all of it went away."""
    return relief.count(str(RELIEF["most"]), str(RELIEF["all"]))


@dataclass(frozen=True, slots=True)
class OutcomeSummary:
    """What patients report; each is None below `MIN_ANSWERS` answers to it."""

    reports: int
    onset_days: Numbers | None
    relief: Choices | None
    weeks_lasted: Numbers | None
    pain: Numbers | None
    side_effects: Choices | None  # a report may name several
    guidance: Choices | None
    wait: Choices | None = None
    explained: Numbers | None = None
    paid: Choices | None = None
    by_caregivers: int = 0  # reports, which are in none of the above


def outcome_summary(npi: str) -> OutcomeSummary:
    """What patients of one provider report."""
    return _summary(shown(npi))


def outcomes_of_all() -> tuple[OutcomeSummary, bool]:
    """What the patients of all providers report, and whether it is invented.

    Invented reports never mix with real ones: they are summed up only where there are no others. Reviews that nobody
    can read, since their provider's page is hidden, do not count.
    """
    everywhere = (Review.status == PUBLISHED, Review.duplicate_of.is_(None), HAS_PAGE)
    real = _summary((*everywhere, Review.npi.not_like(f"{DEMONSTRATION}%")))
    if real.reports or real.by_caregivers:
        return real, False
    invented = _summary((*everywhere, Review.npi.startswith(DEMONSTRATION)))
    return invented, bool(invented.reports)


def _summary(conditions: Conditions) -> OutcomeSummary:
    counts = _counts(conditions)
    return OutcomeSummary(
        reports=counts[REPORTS].total(),
        onset_days=_numbers(counts["onset_days"]),
        relief=_choices(counts["relief"], RELIEF),
        weeks_lasted=_numbers(counts["weeks_lasted"]),
        pain=_numbers(counts["pain"]),
        side_effects=_side_effects(counts["side_effects"]),
        guidance=_choices(counts["guidance"], GUIDANCE),
        wait=_choices(counts["wait"], WAITS),
        explained=_numbers(counts["explained"]),
        paid=_choices(counts["paid"], PAID),
        by_caregivers=counts[BY_CAREGIVERS].total(),
    )


def _counts(conditions: Conditions) -> dict[str, Counter[str]]:
    """By question: how many gave each answer, as text. The reviews are gone through once, whatever their number."""
    said = (
        select(
            Outcome.review_id.label(REPORTS),
            Outcome.onset_days,
            Outcome.relief,
            Outcome.weeks_lasted,
            Outcome.pain,
            cast(Outcome.side_effects, String).label("side_effects"),  # PostgreSQL cannot group by JSON itself
            Review.guidance,
            Review.wait,
            Review.explained,
            Review.paid,
            BY_PATIENT.label(BY_PATIENTS),
        )
        .select_from(Review)
        .outerjoin(Review.outcome)
        .where(*conditions)
        .cte("said")
    )
    by_patients = said.c[BY_PATIENTS]
    questions = [
        select(literal(answer.name), cast(answer, String), func.count())
        .where(answer.is_not(None), by_patients)
        .group_by(answer)
        for answer in said.c
        if answer.name not in {REPORTS, BY_PATIENTS}
    ]
    reports = [
        select(literal(name), literal(name), func.count(said.c[REPORTS])).where(condition)
        for name, condition in ((REPORTS, by_patients), (BY_CAREGIVERS, ~by_patients))
    ]
    counts: dict[str, Counter[str]] = {name: Counter() for name in (*said.c.keys(), BY_CAREGIVERS)}
    for question, answer, count in db.session.execute(union_all(*reports, *questions)):
        counts[question][answer] = count
    return counts


def _numbers(given: Counter[str]) -> Numbers | None:
    if given.total() < MIN_ANSWERS:
        return None
    counts = {int(answer): count for answer, count in given.items()}
    mean = sum(answer * count for answer, count in counts.items()) / given.total()
    low, median, high = (quantile(counts, part) for part in (1 / 6, 0.5, 5 / 6))
    return Numbers(given.total(), counts, median, mean, low, high)


def _choices(given: Counter[str], labels: Mapping[str, LazyString]) -> Choices | None:
    answers = given.total()
    return Choices(answers, shares(given, labels, answers)) if answers >= MIN_ANSWERS else None


def _side_effects(given: Counter[str]) -> Choices | None:
    """Each answer is a JSON list; an empty one, or null, is none."""
    answers = 0
    named: Counter[str] = Counter()
    for text, count in given.items():
        keys = json.loads(text) or []
        answers += count if keys else 0
        named.update(dict.fromkeys(keys, count))
    return Choices(answers, shares(named, SIDE_EFFECTS, answers)) if answers >= MIN_ANSWERS else None
