"""From the answers to the page that is taken along: what to say first, a summary, what to ask and what to bring.

Pure. It chooses among sentences and judges nothing: no answer leads to a diagnosis.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from directory.guide.prepare.questions import EARLIER_PRODUCTS, HELPED, NECK, SAFETY, TRIED, URGENT_FACTS
from directory.web.filters import month
from directory.web.messages import gettext


@dataclass(frozen=True, slots=True)
class Since:
    """When it began; `month` is None when only the year is known."""

    year: int
    month: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Keys are those of `questions.py`. An empty value, or None, is a question that was left open."""

    red_flags: Sequence[str] = ()
    neck: Sequence[str] = ()
    neck_words: str = ""
    since: Since | None = None
    tried: Sequence[str] = ()
    tried_words: str = ""
    safety: Mapping[str, str] = field(default_factory=dict)  # "yes", "no" or "unsure" by the keys of `SAFETY`
    medicines: str = ""
    earlier: str | None = None  # "yes", "no" or "unsure"
    product: str | None = None
    helped: str | None = None
    earlier_words: str = ""
    own_questions: str = ""

    @property
    def had_injections(self) -> bool:
        """Whether the answers say so, or answer a question that only follows from it."""
        return self.earlier == "yes" or bool(self.product or self.helped or self.earlier_words)

    def may_be(self, *names: str) -> bool:
        """Whether one of these questions of safety was answered with yes or not sure."""
        return any(self.safety.get(name) in {"yes", "unsure"} for name in names)


LONG = 2_000  # characters of answers and questions, from which on the page is printed smaller to stay one page


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A line of the summary: the answers chosen, and the person's own words on one line. Neither: room to write."""

    label: str
    chosen: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """What a doctor has to know. `fact`: the key of why."""

    words: str
    fact: str


@dataclass(frozen=True, slots=True)
class Sheet:
    urgent: tuple[str, ...]  # keys of facts: what cannot wait
    tell_first: tuple[Telling, ...]
    may_apply: tuple[Telling, ...]  # left open: boxes to check by hand
    ruled_out: tuple[str, ...]
    summary: tuple[SummaryLine, ...]
    own_questions: str
    questions: tuple[str, ...]
    bring: tuple[str, ...]

    @property
    def is_long(self) -> bool:
        answers = [text for row in self.summary for text in (*row.chosen, row.words)]
        told = [each.words for each in (*self.tell_first, *self.may_apply)]
        texts = [*answers, *told, *self.ruled_out, self.own_questions, *self.questions, *self.bring]
        return sum(map(len, texts)) > LONG


def make_sheet(answers: Answers) -> Sheet:
    return Sheet(
        urgent=tuple(URGENT_FACTS[flag] for flag in answers.red_flags),
        tell_first=tuple(_tell_first(answers)),
        may_apply=tuple(
            Telling(str(question.yes), question.fact) for name, question in SAFETY.items() if name not in answers.safety
        ),
        ruled_out=tuple(str(question.no) for name, question in SAFETY.items() if answers.safety.get(name) == "no"),
        summary=tuple(_summary(answers)),
        own_questions=_one_line(answers.own_questions),
        questions=tuple(_questions(answers)),
        bring=tuple(_bring(answers)),
    )


def _tell_first(answers: Answers) -> Iterator[Telling]:
    for name, question in SAFETY.items():
        if answers.safety.get(name) == "yes":
            yield Telling(str(question.yes), question.fact)
        elif answers.safety.get(name) == "unsure":
            yield Telling(str(question.unsure), question.fact)
    if answers.had_injections:
        yield Telling(gettext("I have had these injections before."), "earlier_injections")
    elif answers.earlier == "unsure":
        yield Telling(gettext("I am not sure if I had these injections before."), "earlier_injections")


def _summary(answers: Answers) -> Iterator[SummaryLine]:
    yield SummaryLine(gettext("What happens to my neck"), _words(NECK, answers.neck), _one_line(answers.neck_words))
    yield SummaryLine(gettext("Since when"), _when(answers.since))
    yield SummaryLine(gettext("What I have tried"), _words(TRIED, answers.tried), _one_line(answers.tried_words))
    yield SummaryLine(gettext("My medicines"), (), _one_line(answers.medicines))
    earlier = (
        *_words(EARLIER_PRODUCTS, (answers.product,) if answers.product else ()),
        *_words(HELPED, (answers.helped,) if answers.helped else ()),
    )
    if answers.earlier == "no" and not answers.had_injections:
        earlier = (gettext("None so far"),)
    yield SummaryLine(gettext("Earlier injections"), earlier, _one_line(answers.earlier_words))


def _questions(answers: Answers) -> Iterator[str]:
    yield gettext("What do you think causes this? Could it be cervical dystonia?")
    yield gettext("Could the injections help me? What else could?")
    if not answers.tried:
        yield gettext("Should I try something else first?")
    if "physical_therapy" not in answers.tried:
        yield gettext("Would physical therapy help as well?")
    if answers.may_be("blood_thinner"):
        yield gettext("What do I do about my blood thinner before the visit?")
    if answers.may_be("antibiotic") or answers.medicines:
        yield gettext("Do any of my medicines change how the injection works?")
    if answers.may_be("throat", "nerve_muscle"):
        yield gettext("How do you keep my swallowing and breathing safe?")
    if answers.may_be("pregnancy"):
        yield gettext("Can this wait until after the pregnancy or breastfeeding?")
    if answers.may_be("reaction"):
        yield gettext("Is one of these medicines unsafe for me after what I had before?")
    if answers.helped in {"not", "faded", "some"}:
        yield gettext("Would another dose, other muscles or another medicine work better?")
    yield gettext("Which medicine would you use, how much, and in which muscles?")
    yield gettext("How often do you give these injections? Do you use EMG or ultrasound?")
    if not answers.had_injections:
        yield gettext("Will it hurt? Can you numb the skin first?")
    yield gettext("Which side effects should I watch for? Who do I call at night?")
    yield gettext("When will I feel it, and when is the next visit?")
    yield gettext("What will I pay? Does my insurance have to approve it first?")


def _bring(answers: Answers) -> Iterator[str]:
    yield gettext("A list of all my medicines, with how much and how often")
    yield gettext("Letters, scans and test results about my neck")
    yield gettext("A short video of my neck when it acts up")
    if answers.had_injections or answers.earlier == "unsure":
        yield gettext("Records from earlier injections: medicine, units, muscles, date")
    if answers.may_be("blood_thinner"):
        yield gettext("Name and phone number of the doctor who prescribes my blood thinner")
    yield gettext("Insurance card, photo ID, and a referral if my plan wants one")
    yield gettext("Someone who can drive me home, if I can arrange it")


def _words(choices: Mapping[str, object], keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(choices[key]) for key in keys)


def _when(since: Since | None) -> tuple[str, ...]:
    if since is None:
        return ()
    return (month(date(since.year, since.month, 1)) if since.month else str(since.year),)


def _one_line(words: str) -> str:
    """Line ends become spaces, so that the page keeps its length."""
    return " ".join(words.split())
