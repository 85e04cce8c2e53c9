"""What a review answers, in words: short facts beside its text, in the language of the page."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext, ngettext
from flask_babel.speaklater import LazyString

from directory.reviews.models import Outcome, Review
from directory.reviews.questions import GUIDANCE, PAID, RELIEF, SIDE_EFFECTS, TIES, WAITS

NO_TIE = "none"


@dataclass(frozen=True, slots=True)
class Answer:
    """One question in a word or two, and what the writer answered."""

    question: str
    words: str


def answers_of(review: Review) -> list[Answer]:
    """All that `review` answers, in the order of the form; nothing for what it leaves open."""
    outcome = review.outcome or Outcome()
    answers = [
        (gettext("Would go back"), _yes_or_no(review.would_return)),
        (gettext("First relief"), _after(outcome.onset_days)),
        (gettext("Relief at best"), _words(RELIEF, outcome.relief)),
        (gettext("Lasted"), _weeks(outcome.weeks_lasted)),
        (gettext("Pain at the injection"), _of(outcome.pain, 10)),
        (gettext("Side effects"), ", ".join(str(SIDE_EFFECTS.get(key, key)) for key in outcome.side_effects or ())),
        (gettext("Wait for an appointment"), _words(WAITS, review.wait)),
        (gettext("Plan explained"), _of(review.explained, 5)),
        (gettext("Needle guided by"), _words(GUIDANCE, review.guidance)),
        (gettext("Paid"), _words(PAID, review.paid)),
    ]
    return [Answer(question, words) for question, words in answers if words]


def tie_of(review: Review) -> str | None:
    """What binds the writer to the clinic, in the words that they chose; None for nothing or no answer."""
    return None if review.tie in {None, NO_TIE} else _words(TIES, review.tie)


def _words(offered: Mapping[str, LazyString], key: str | None) -> str | None:
    return None if key is None else str(offered.get(key, key))


def _yes_or_no(answer: bool | None) -> str | None:
    if answer is None:
        return None
    return gettext("yes") if answer else gettext("no")


def _after(days: int | None) -> str | None:
    return None if days is None else ngettext("after %(days)s day", "after %(days)s days", days, days=format(days, ","))


def _weeks(weeks: int | None) -> str | None:
    return None if weeks is None else ngettext("%(weeks)s week", "%(weeks)s weeks", weeks, weeks=format(weeks, ","))


def _of(number: int | None, most: int) -> str | None:
    return None if number is None else gettext("%(number)s of %(most)s", number=number, most=most)
