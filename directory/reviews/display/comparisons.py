"""What patients report beside what a trial, a label or an article says: one question after the other, for the page.

Pure but for the facts, which it reads from their file. Sentences are made in the language of the page, and kept
nowhere; outside of a request they are in English.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel.speaklater import LazyString

from directory.reviews.display.charts import ColumnChart, ComparisonChart, Figure, column_chart, comparison_chart
from directory.reviews.display.outcomes import MIN_ANSWERS, Choices, Numbers, OutcomeSummary, much_relieved
from directory.reviews.display.tallies import AnswerShare, Bins, binned
from directory.reviews.questions import SIDE_EFFECTS
from directory.web.facts import Fact, fact
from directory.web.messages import gettext
from directory.web.messages import lazy_gettext as _l

ONSET_BINS = (
    (_l("0 to 3 days"), 3),
    (_l("4 to 7 days"), 7),
    (_l("8 to 14 days"), 14),
    (_l("15 to 28 days"), 28),
    (_l("more than 28 days"), None),
)
WEEKS_BINS = (
    (_l("up to 7 weeks"), 7),
    (_l("8 to 11 weeks"), 11),
    (_l("12 to 15 weeks"), 15),
    (_l("16 to 25 weeks"), 25),
    (_l("26 weeks or more"), None),
)
PAIN_BINS = ((_l("0, none"), 0), (_l("1 to 3"), 3), (_l("4 to 6"), 6), (_l("7 to 10"), None))
POINTS_BINS = tuple((str(points), points) for points in range(1, 6))
MAX_PAIN = 10
DAYS_A_WEEK = 7
WEEKS_A_MONTH = 365.25 / 12 / DAYS_A_WEEK


@dataclass(frozen=True, slots=True)
class Question:
    """One question, and what the page says of its answers.

    In sentences `patients` are how many answered, and `figure` is what `figure` makes of their answers.
    """

    key: str  # the field of `OutcomeSummary`
    title: LazyString  # begins with a small letter
    heading: LazyString  # of the table's first column
    sentence: LazyString
    figure: Callable[[Any], str]
    in_short: LazyString | str = ""  # for the page of a provider, which has the main questions alone
    bins: Bins = ()  # of answers that are numbers
    facts: tuple[str, ...] = ()  # what others say
    caution: LazyString | str = ""
    chart: Callable[[Any], ComparisonChart | ColumnChart] | None = None
    unit: LazyString | str = ""  # of the scale, where the chart has one
    trials: Mapping[str, str] = field(default_factory=dict)  # by key of an answer: what a trial found


@dataclass(frozen=True, slots=True)
class Says:
    """What one source says of a question, in one or more sentences; `fact` is the first of its facts."""

    fact: Fact
    source: str  # its name
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class OutcomeComparison:
    """What patients answered to one question, in a sentence, a table and a chart, and what others say."""

    question: Question
    answers: int
    sentence: str
    in_short: str
    shares: list[AnswerShare]
    says: list[Says]
    chart: ComparisonChart | ColumnChart | None
    trial_shares: Mapping[str, Fact]  # by label of a share: what a trial found


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """The outcomes of one provider or of all, ready for their template."""

    reports: int
    least: int
    comparisons: list[OutcomeComparison]
    too_few: list[LazyString]  # the questions that fewer than `least` answered
    by_caregivers: int  # reports that are not summed up


def outcome_page(summary: OutcomeSummary) -> OutcomePage:
    given = [(question, getattr(summary, question.key)) for question in QUESTIONS]
    return OutcomePage(
        reports=summary.reports,
        least=MIN_ANSWERS,
        comparisons=[_comparison(question, answers) for question, answers in given if answers],
        too_few=[question.title for question, answers in given if not answers],
        by_caregivers=summary.by_caregivers,
    )


def _comparison(question: Question, given: Numbers | Choices) -> OutcomeComparison:
    figures = {"patients": format(given.answers, ","), "figure": question.figure(given)}
    return OutcomeComparison(
        question=question,
        answers=given.answers,
        sentence=str(question.sentence) % figures,
        in_short=str(question.in_short) % figures,
        shares=binned(given.counts, question.bins) if isinstance(given, Numbers) else given.shares,
        says=_by_source(question.facts),
        chart=question.chart(given) if question.chart else None,
        trial_shares={str(SIDE_EFFECTS[key]): fact(name) for key, name in question.trials.items()},
    )


def _by_source(names: tuple[str, ...]) -> list[Says]:
    """One entry for each source, in the order of the facts."""
    said: dict[str, Says] = {}
    for each in map(fact, names):
        says = said.setdefault(each.source, Says(each, gettext(each.source), []))
        says.sentences.append(gettext(each.words))
    return list(said.values())


def _onset_chart(days: Numbers) -> ComparisonChart:
    trial, label, article = (fact(f"first_improvement_{name}") for name in ("trial", "label_botox", "article"))
    half = gettext("Patients here: half within %(days)s days", days=_median(days))
    figures = [
        Figure(half, days.low, days.median, days.high, ours=True),
        Figure(gettext("Trial of 1998: improved by day 14"), *_stretch(trial)),
        Figure(gettext("Label of Botox: within two weeks"), *_stretch(label)),
        Figure(gettext("Patients’ article: days to a week"), *_stretch(article)),
    ]
    return comparison_chart(figures, reach=28, step=7)


def _weeks_chart(weeks: Numbers) -> ComparisonChart:
    cycle = fact("cycle_weeks").figure
    half = gettext("Patients here: half %(weeks)s weeks or more", weeks=_median(weeks))
    long_term = gettext("Patients in long-term treatment, 2016: every %(weeks)s", weeks=format(cycle, "g"))
    figures = [
        Figure(half, weeks.low, weeks.median, weeks.high, ours=True),
        *_retreated(),
        Figure(long_term, middle=cycle),
        Figure(gettext("Patients’ article: three to six months"), *_stretch(fact("duration_article"), WEEKS_A_MONTH)),
    ]
    return comparison_chart(figures, reach=28, step=4)


def _retreated() -> Iterator[Figure]:
    """After how many weeks the patients of the trial of 1998 were treated again."""
    for name in ("Botox", "Dysport"):
        days = fact(f"retreatment_days_{name.lower()}")
        low, middle, high = (each / DAYS_A_WEEK for each in (days.ends[0], days.figure, days.ends[1]))
        words = gettext(
            "Trial of 1998, %(name)s: treated again after %(weeks)s", name=name, weeks=format(middle, ".1f")
        )
        yield Figure(words, low, middle, high)


def _pain_chart(pain: Numbers) -> ColumnChart:
    return column_chart([pain.counts.get(value, 0) for value in range(MAX_PAIN + 1)], pain.mean)


def _stretch(one: Fact, times: float = 1.0) -> tuple[float, None, float]:
    """A range as the low, middle and high of a `Figure`, each `times` as much."""
    low, high = one.ends
    return low * times, None, high * times


def _median(given: Numbers) -> str:
    return format(given.median, "g")


def _mean(given: Numbers) -> str:
    return format(given.mean, ".1f")


def _middle(given: Choices) -> str:
    return given.shares[given.middle].label


QUESTIONS = (
    Question(
        key="onset_days",
        title=_l("first relief"),
        heading=_l("First relief after"),
        sentence=_l("Half of the %(patients)s patients who answered felt first relief within %(figure)s days."),
        figure=_median,
        in_short=_l("Half felt first relief within %(figure)s days."),
        bins=ONSET_BINS,
        facts=(
            "first_improvement_trial",
            "peak_trial",
            "first_improvement_label_botox",
            "peak_label_botox",
            "first_improvement_article",
            "peak_article",
        ),
        caution=_l("The trial gives weeks, not days. We don’t ask when relief peaked."),
        chart=_onset_chart,
        unit=_l("days after the injection"),
    ),
    Question(
        key="relief",
        title=_l("peak relief"),
        heading=_l("Relieved of"),
        sentence=_l("%(figure)s of the %(patients)s patients who answered said that most or all of it went away."),
        figure=lambda relief: format(much_relieved(relief), ","),
        in_short=_l("%(figure)s of %(patients)s say most or all of it went away."),
        facts=("stopped_percent",),
        caution=_l("Trials measure relief on their own scales, which can’t be compared with this question."),
    ),
    Question(
        key="weeks_lasted",
        title=_l("how long it lasted"),
        heading=_l("Lasted"),
        sentence=_l(
            "For half of the %(patients)s patients who answered, the relief lasted %(figure)s weeks or longer."
        ),
        figure=_median,
        in_short=_l("For half it lasted %(figure)s weeks or longer."),
        bins=WEEKS_BINS,
        facts=(
            "retreatment_days_botox",
            "retreatment_days_dysport",
            "cycle_weeks",
            "least_interval_weeks",
            "duration_article",
        ),
        caution=_l(
            "Patients here say how long the relief lasted; the trial counted the days until the next treatment, "
            "which is often a little later."
        ),
        chart=_weeks_chart,
        unit=_l("weeks after the injection"),
    ),
    Question(
        key="pain",
        title=_l("pain at the injection"),
        heading=_l("Pain"),
        sentence=_l("%(figure)s on average, on a scale from 0 (none) to 10, by %(patients)s patients."),
        figure=_mean,
        bins=PAIN_BINS,
        facts=("pain_article",),
        caution=_l("None of the trials quoted here report this."),
        chart=_pain_chart,
    ),
    Question(
        key="side_effects",
        title=_l("side effects"),
        heading=_l("Side effect"),
        sentence=_l("%(figure)s of the %(patients)s patients who answered had none. A patient can name several."),
        figure=lambda effects: format(effects.count(str(SIDE_EFFECTS["none"])), ","),
        in_short=_l("%(figure)s of %(patients)s had no side effects."),
        facts=(
            "swallowing_percent",
            "respiratory_infection_percent",
            "neck_pain_percent",
            "headache_percent",
            "boxed_warning",
            "emergency",
        ),
        caution=_l(
            "Trials record side effects by their own rules; patients here name what they "
            "remember. We show the trials’ figure only where both ask about the same thing."
        ),
        # Those that we and the trial ask for in the same words; neck pain is not pain at the site.
        trials={"trouble_swallowing": "swallowing_percent", "headache": "headache_percent"},
    ),
    Question(
        key="guidance",
        title=_l("how the needle was guided"),
        heading=_l("Guided by"),
        sentence=_l("As %(patients)s patients remember it."),
        figure=lambda guidance: "",
    ),
    Question(
        key="wait",
        title=_l("wait for an appointment"),
        heading=_l("Waited"),
        sentence=_l("Typical wait: %(figure)s (%(patients)s patients)"),
        figure=_middle,
    ),
    Question(
        key="explained",
        title=_l("how well the plan was explained"),
        heading=_l("Points"),
        sentence=_l("%(figure)s of 5 on average, by %(patients)s patients."),
        figure=_mean,
        bins=POINTS_BINS,
    ),
    Question(
        key="paid",
        title=_l("what patients paid"),
        heading=_l("Paid"),
        sentence=_l("Typically %(figure)s out of pocket for one visit (%(patients)s patients)."),
        figure=_middle,
        caution=_l("What you pay depends on your plan, the medicine and the dose."),
    ),
)
"""In the order in which pages show them."""
