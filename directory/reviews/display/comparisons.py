"""What patients report beside what a trial, a label or an article says: one question after the other, for the page.

Pure but for the facts, which it reads from their file. Sentences are made in the language of the page, and kept
nowhere; outside of a request they are in English.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from directory.reviews.display.charts import ColumnChart, ComparisonChart, Figure, column_chart, comparison_chart
from directory.reviews.display.outcomes import MIN_ANSWERS, Choices, Numbers, OutcomeSummary, much_relieved
from directory.reviews.display.tallies import AnswerShare, binned
from directory.reviews.questions import SIDE_EFFECTS
from directory.web.facts import Fact, fact

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

TRIAL_EFFECTS = {"trouble_swallowing": "swallowing_percent", "headache": "headache_percent"}
"""Side effects that we and the trial ask for in the same words; neck pain is not pain at the site."""


@dataclass(frozen=True, slots=True)
class Says:
    """What one source says of a question, in one or more sentences; `fact` is the first of its facts."""

    fact: Fact
    source: str  # its name
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class OutcomeComparison:
    """One question: what patients answered, in a sentence, a table and a chart, and what others say."""

    key: str
    title: str
    answers: int
    sentence: str
    heading: str  # of the table's first column
    shares: list[AnswerShare]
    says: list[Says]
    in_short: str = ""  # for the page of a provider, which has the main questions alone
    caution: str = ""
    scale_chart: ComparisonChart | None = None
    unit: str = ""  # of the scale chart
    column_chart: ColumnChart | None = None
    trial_shares: Mapping[str, Fact] = field(default_factory=dict)  # by label of a share: what a trial found


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """The outcomes of one provider or of all, ready for their template."""

    reports: int
    least: int
    comparisons: list[OutcomeComparison]
    too_few: list[str]  # the questions that fewer than `least` answered
    by_caregivers: int  # reports that are not summed up


def outcome_page(summary: OutcomeSummary) -> OutcomePage:
    asked = [
        (gettext("first relief"), summary.onset_days and _onset(summary.onset_days)),
        (gettext("peak relief"), summary.relief and _relief(summary.relief)),
        (gettext("how long it lasted"), summary.weeks_lasted and _weeks(summary.weeks_lasted)),
        (gettext("pain at the injection"), summary.pain and _pain(summary.pain)),
        (gettext("side effects"), summary.side_effects and _side_effects(summary.side_effects)),
        (gettext("how the needle was guided"), summary.guidance and _guidance(summary.guidance)),
        (gettext("wait for an appointment"), summary.wait and _wait(summary.wait)),
        (gettext("how well the plan was explained"), summary.explained and _explained(summary.explained)),
        (gettext("what patients paid"), summary.paid and _paid(summary.paid)),
    ]
    return OutcomePage(
        reports=summary.reports,
        least=MIN_ANSWERS,
        comparisons=[comparison for _, comparison in asked if comparison],
        too_few=[name for name, comparison in asked if not comparison],
        by_caregivers=summary.by_caregivers,
    )


def _onset(days: Numbers) -> OutcomeComparison:
    trial, label, article = (fact(f"first_improvement_{name}") for name in ("trial", "label_botox", "article"))
    half = gettext("Patients here: half within %(days)s days", days=format(days.median, "g"))
    figures = [
        Figure(
            half,
            days.low,
            days.median,
            days.high,
            ours=True,
        ),
        Figure(gettext("Trial of 1998: improved by day 14"), *_stretch(trial)),
        Figure(gettext("Label of Botox: within two weeks"), *_stretch(label)),
        Figure(gettext("Patients’ article: days to a week"), *_stretch(article)),
    ]
    return OutcomeComparison(
        key="onset",
        title=gettext("First relief"),
        answers=days.answers,
        sentence=gettext(
            "Half of the %(patients)s patients who answered felt first relief within %(days)s days.",
            patients=format(days.answers, ","),
            days=format(days.median, "g"),
        ),
        heading=gettext("First relief after"),
        in_short=gettext("Half felt first relief within %(days)s days.", days=format(days.median, "g")),
        shares=binned(days.counts, ONSET_BINS),
        says=_by_source(trial, fact("peak_trial"), label, fact("peak_label_botox"), article, fact("peak_article")),
        caution=gettext("The trial gives weeks, not days. We don’t ask when relief peaked."),
        scale_chart=comparison_chart(figures, reach=28, step=7),
        unit=gettext("days after the injection"),
    )


def _relief(relief: Choices) -> OutcomeComparison:
    much = much_relieved(relief)
    return OutcomeComparison(
        key="relief",
        title=gettext("Peak relief"),
        answers=relief.answers,
        sentence=gettext(
            "%(much)s of the %(patients)s patients who answered said that most or all of it went away.",
            much=format(much, ","),
            patients=format(relief.answers, ","),
        ),
        heading=gettext("Relieved of"),
        in_short=gettext(
            "%(much)s of %(patients)s say most or all of it went away.",
            much=format(much, ","),
            patients=format(relief.answers, ","),
        ),
        shares=relief.shares,
        says=_by_source(fact("stopped_percent")),
        caution=gettext("Trials measure relief on their own scales, which can’t be compared with this question."),
    )


def _weeks(weeks: Numbers) -> OutcomeComparison:
    botox, dysport, cycle, article = (
        fact(name) for name in ("retreatment_days_botox", "retreatment_days_dysport", "cycle_weeks", "duration_article")
    )
    half = gettext("Patients here: half %(weeks)s weeks or more", weeks=format(weeks.median, "g"))
    figures = [
        Figure(
            half,
            weeks.low,
            weeks.median,
            weeks.high,
            ours=True,
        ),
        *(
            Figure(
                gettext(
                    "Trial of 1998, %(name)s: treated again after %(weeks)s",
                    name=name,
                    weeks=format(each.figure / DAYS_A_WEEK, ".1f"),
                ),
                each.ends[0] / DAYS_A_WEEK,
                each.figure / DAYS_A_WEEK,
                each.ends[1] / DAYS_A_WEEK,
            )
            for name, each in (("Botox", botox), ("Dysport", dysport))
        ),
        Figure(
            gettext("Patients in long-term treatment, 2016: every %(weeks)s", weeks=format(cycle.figure, "g")),
            middle=cycle.figure,
        ),
        Figure(gettext("Patients’ article: three to six months"), *_stretch(article, WEEKS_A_MONTH)),
    ]
    return OutcomeComparison(
        key="lasted",
        title=gettext("How long it lasted"),
        answers=weeks.answers,
        sentence=gettext(
            "For half of the %(patients)s patients who answered, the relief lasted %(weeks)s weeks or longer.",
            patients=format(weeks.answers, ","),
            weeks=format(weeks.median, "g"),
        ),
        heading=gettext("Lasted"),
        in_short=gettext("For half it lasted %(weeks)s weeks or longer.", weeks=format(weeks.median, "g")),
        shares=binned(weeks.counts, WEEKS_BINS),
        says=_by_source(botox, dysport, cycle, fact("least_interval_weeks"), article),
        caution=gettext(
            "Patients here say how long the relief lasted; the trial counted the days until the next treatment, "
            "which is often a little later."
        ),
        scale_chart=comparison_chart(figures, reach=28, step=4),
        unit=gettext("weeks after the injection"),
    )


def _pain(pain: Numbers) -> OutcomeComparison:
    return OutcomeComparison(
        key="pain",
        title=gettext("Pain at the injection"),
        answers=pain.answers,
        sentence=gettext(
            "%(mean)s on average, on a scale from 0 (none) to 10, by %(patients)s patients.",
            mean=format(pain.mean, ".1f"),
            patients=format(pain.answers, ","),
        ),
        heading=gettext("Pain"),
        shares=binned(pain.counts, PAIN_BINS),
        says=_by_source(fact("pain_article")),
        caution=gettext("None of the trials quoted here report this."),
        column_chart=column_chart([pain.counts.get(value, 0) for value in range(MAX_PAIN + 1)], pain.mean),
    )


def _side_effects(effects: Choices) -> OutcomeComparison:
    return OutcomeComparison(
        key="side-effects",
        title=gettext("Side effects"),
        answers=effects.answers,
        sentence=gettext(
            "%(free)s of the %(patients)s patients who answered had none. A patient can name several.",
            free=format(effects.count(str(SIDE_EFFECTS["none"])), ","),
            patients=format(effects.answers, ","),
        ),
        heading=gettext("Side effect"),
        in_short=gettext(
            "%(free)s of %(patients)s had no side effects.",
            free=format(effects.count(str(SIDE_EFFECTS["none"])), ","),
            patients=format(effects.answers, ","),
        ),
        shares=effects.shares,
        says=_by_source(
            *map(
                fact,
                (
                    "swallowing_percent",
                    "respiratory_infection_percent",
                    "neck_pain_percent",
                    "headache_percent",
                    "boxed_warning",
                    "emergency",
                ),
            )
        ),
        caution=gettext(
            "Trials record side effects by their own rules; patients here name what they "
            "remember. We show the trials’ figure only where both ask about the same thing."
        ),
        trial_shares={str(SIDE_EFFECTS[key]): fact(name) for key, name in TRIAL_EFFECTS.items()},
    )


def _guidance(guidance: Choices) -> OutcomeComparison:
    return OutcomeComparison(
        key="guidance",
        title=gettext("How the needle was guided"),
        answers=guidance.answers,
        sentence=gettext("As %(patients)s patients remember it.", patients=format(guidance.answers, ",")),
        heading=gettext("Guided by"),
        shares=guidance.shares,
        says=[],
    )


def _wait(waits: Choices) -> OutcomeComparison:
    return OutcomeComparison(
        key="wait",
        title=gettext("Wait for an appointment"),
        answers=waits.answers,
        sentence=typical_wait(waits.shares[waits.middle].label, waits.answers),
        heading=gettext("Waited"),
        shares=waits.shares,
        says=[],
    )


def typical_wait(wait: str, patients: int) -> str:
    """The middle answer, and how many gave one."""
    return ngettext(
        "Typical wait: %(wait)s (%(patients)s patient)",
        "Typical wait: %(wait)s (%(patients)s patients)",
        patients,
        wait=wait,
        patients=format(patients, ","),
    )


def _explained(points: Numbers) -> OutcomeComparison:
    return OutcomeComparison(
        key="explained",
        title=gettext("How well the plan was explained"),
        answers=points.answers,
        sentence=gettext(
            "%(mean)s of 5 on average, by %(patients)s patients.",
            mean=format(points.mean, ".1f"),
            patients=format(points.answers, ","),
        ),
        heading=gettext("Points"),
        shares=binned(points.counts, POINTS_BINS),
        says=[],
    )


def _paid(paid: Choices) -> OutcomeComparison:
    return OutcomeComparison(
        key="paid",
        title=gettext("What patients paid"),
        answers=paid.answers,
        sentence=gettext(
            "Typically %(paid)s out of pocket for one visit (%(patients)s patients).",
            paid=paid.shares[paid.middle].label,
            patients=format(paid.answers, ","),
        ),
        heading=gettext("Paid"),
        shares=paid.shares,
        says=[],
        caution=gettext("What you pay depends on your plan, the medicine and the dose."),
    )


def _by_source(*facts: Fact) -> list[Says]:
    """One entry for each source, in the order of the facts."""
    said: dict[str, Says] = {}
    for each in facts:
        says = said.setdefault(each.source, Says(each, gettext(each.source), []))
        says.sentences.append(gettext(each.words))
    return list(said.values())


def _stretch(one: Fact, times: float = 1.0) -> tuple[float, None, float]:
    """A range as the low, middle and high of a `Figure`, each `times` as much."""
    low, high = one.ends
    return low * times, None, high * times
