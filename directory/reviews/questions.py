"""The questions of a review, the answers offered, and those of one review: keys in the database, words on the page."""

from collections.abc import Mapping
from typing import Any

from flask_babel.speaklater import LazyString

from directory.reviews.models import Outcome, Review
from directory.web.messages import gettext, lazy_pgettext, ngettext
from directory.web.messages import lazy_gettext as _l

Words = dict[str, LazyString]

YES_OR_NO = {True: _l("yes"), False: _l("no")}
RELIEF: Words = {
    "none": lazy_pgettext("relief", "none"),
    "little": lazy_pgettext("relief", "a little"),
    "half": lazy_pgettext("relief", "about half"),
    "most": lazy_pgettext("relief", "most"),
    "all": lazy_pgettext("relief", "all"),
}
SIDE_EFFECTS: Words = {
    "none": lazy_pgettext("side effects", "none"),
    "trouble_swallowing": _l("trouble swallowing"),
    "neck_weakness": _l("neck weakness"),
    "dry_mouth": _l("dry mouth"),
    "site_pain": _l("pain at the site"),
    "headache": _l("headache"),
    "other": lazy_pgettext("side effects", "other"),
}
WAITS: Words = {
    "week": _l("up to a week"),
    "month": _l("up to a month"),
    "three_months": _l("one to three months"),
    "longer": _l("more than three months"),
}
"""For an appointment."""
GUIDANCE: Words = {
    "emg": _l("EMG"),
    "ultrasound": _l("ultrasound"),
    "neither": _l("neither"),
    "unknown": _l("I don’t know"),
}
PAID: Words = {
    "nothing": _l("nothing"),
    "under_100": _l("under $100"),
    "100_499": _l("$100 to $499"),
    "500_999": _l("$500 to $999"),
    "1000_1999": _l("$1,000 to $1,999"),
    "2000_more": _l("$2,000 or more"),
}
"""Out of the patient's own pocket for one visit."""
CAREGIVER = "caregiver"
WRITTEN_AS: Words = {
    "patient": _l("My own visit"),
    CAREGIVER: _l("Someone else’s visit (I cared for or went with the patient)"),
}
"""Whether the writer tells of their own treatment. The answers of one who does not are never told as a patient's."""
WRITERS: Words = {
    "patient": _l("written by the patient"),
    CAREGIVER: _l("written by someone who cared for or went with the patient"),
}
"""The same, as readers are told."""
TIES: Words = {
    "none": _l("No. I was only a patient there or went with one."),
    "works_there": _l("I work or worked there."),
    "family": _l("I am family or a friend of someone who works there."),
    "rewarded": _l("I was given or promised something for this review."),
    "competitor": _l("I work for another provider."),
}
"""What binds the writer to the clinic (16 CFR 465.5)."""

MAX_TEXT_LENGTH = 5_000  # characters
MAX_AUTHOR_LENGTH = 60
MAX_ONSET_DAYS = 90
MAX_WEEKS = 60


def answers_of(review: Review) -> dict[str, str]:
    """All that `review` answers, by question in the order of the form; nothing for what it leaves open."""
    outcome = review.outcome or Outcome()
    answers = {
        gettext("Would go back"): _words(YES_OR_NO, review.would_return),
        gettext("First relief"): _after(outcome.onset_days),
        gettext("Peak relief"): _words(RELIEF, outcome.relief),
        gettext("Lasted"): _weeks(outcome.weeks_lasted),
        gettext("Pain at the injection"): _of(outcome.pain, 10),
        gettext("Side effects"): ", ".join(str(SIDE_EFFECTS.get(key, key)) for key in outcome.side_effects or ()),
        gettext("Wait for an appointment"): _words(WAITS, review.wait),
        gettext("Plan explained"): _of(review.explained, 5),
        gettext("Needle guided by"): _words(GUIDANCE, review.guidance),
        gettext("Paid"): _words(PAID, review.paid),
    }
    return {question: words for question, words in answers.items() if words}


def tie_of(review: Review) -> str | None:
    """What binds the writer to the clinic, in the words that they chose; None for nothing or no answer."""
    return None if review.tie in {None, "none"} else _words(TIES, review.tie)


def byline(review: Review) -> str:
    """The name of the writer, and whether the patient wrote it where that was asked."""
    return ", ".join(filter(None, (review.author or gettext("Anonymous"), _words(WRITERS, review.written_as))))


def _words(offered: Mapping[Any, LazyString], key: str | bool | None) -> str | None:
    return None if key is None else str(offered.get(key, key))


def _after(days: int | None) -> str | None:
    return None if days is None else ngettext("after %(days)s day", "after %(days)s days", days, days=format(days, ","))


def _weeks(weeks: int | None) -> str | None:
    return None if weeks is None else ngettext("%(weeks)s week", "%(weeks)s weeks", weeks, weeks=format(weeks, ","))


def _of(number: int | None, most: int) -> str | None:
    return None if number is None else gettext("%(number)s of %(most)s", number=number, most=most)
