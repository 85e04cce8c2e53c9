"""What a review answers, in words: short facts beside its text."""

from dataclasses import dataclass

from directory.reviews.models import Outcome, Review
from directory.reviews.questions import GUIDANCE, PAID, RELIEF, SIDE_EFFECTS, TIES, WAITS
from directory.web.filters import count_of

NO_TIE = "none"


@dataclass(frozen=True, slots=True)
class Answer:
    """One question in a word or two, and what the writer answered."""

    question: str
    words: str


def answers_of(review: Review) -> list[Answer]:
    """All that `review` answers, in the order of the form; nothing for what it leaves open."""
    outcome = review.outcome or Outcome()
    effects = [SIDE_EFFECTS.get(key, key) for key in outcome.side_effects or ()]
    answers = [
        ("Would go back", None if review.would_return is None else "yes" if review.would_return else "no"),
        ("First relief", None if outcome.onset_days is None else f"after {count_of(outcome.onset_days, 'day')}"),
        ("Relief at best", _words(RELIEF, outcome.relief)),
        ("Lasted", None if outcome.weeks_lasted is None else count_of(outcome.weeks_lasted, "week")),
        ("Pain at the injection", None if outcome.pain is None else f"{outcome.pain} of 10"),
        ("Side effects", ", ".join(effects)),
        ("Wait for an appointment", _words(WAITS, review.wait)),
        ("Plan explained", None if review.explained is None else f"{review.explained} of 5"),
        ("Needle guided by", _words(GUIDANCE, review.guidance)),
        ("Paid", _words(PAID, review.paid)),
    ]
    return [Answer(question, words) for question, words in answers if words]


def tie_of(review: Review) -> str | None:
    """What binds the writer to the clinic, in the words that they chose; None when nothing does or nobody asked."""
    return None if review.tie in {None, NO_TIE} else _words(TIES, review.tie)


def _words(offered: dict[str, str], key: str | None) -> str | None:
    return None if key is None else offered.get(key, key)
