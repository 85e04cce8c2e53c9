"""What trials, label, article and patients say of each stage of a treatment, in the page's language.

The numbers are those of facts.toml, and what patients of this site reported.
"""

from directory.guide.timeline_chart import Stage, TimelineLine, TimelineSource
from directory.reviews.display.comparisons import DAYS_A_WEEK, WEEKS_A_MONTH
from directory.reviews.display.outcomes import Numbers
from directory.web.facts import Fact, fact
from directory.web.messages import gettext


def treatment_stages(onset_days: Numbers | None, weeks_lasted: Numbers | None, invented: bool) -> tuple[Stage, ...]:
    """The stages in their order. What patients say is left out where it is None; `invented` marks it as such."""
    return (
        Stage("first-effect", gettext("When it begins to work"), _first_effect(onset_days, invented)),
        Stage("peak", gettext("When it works best"), _peak()),
        Stage("wearing-off", gettext("When it wears off"), _wearing_off(weeks_lasted, invented)),
    )


def _first_effect(reported: Numbers | None, invented: bool) -> tuple[TimelineLine, ...]:
    trial, label, article = (fact(f"first_improvement_{name}") for name in ("trial", "label_botox", "article"))
    lines = [
        _within(_trial(trial), trial, TimelineSource.TRIAL),
        _within(gettext("The label of Botox"), label, TimelineSource.LABEL),
        _within(gettext("The article"), article, TimelineSource.ARTICLE),
    ]
    if reported:
        when = gettext("days %(low)s to %(high)s, half by day %(middle)s", **_in_words(reported))
        lines.append(_patients(reported, when, invented, DAYS_A_WEEK))
    return tuple(lines)


def _peak() -> tuple[TimelineLine, ...]:
    trial, label, article = (fact(f"peak_{name}") for name in ("trial", "label_botox", "article"))
    low, high = article.ends
    weeks = gettext("weeks %(low)s to %(high)s", low=_short(low), high=_short(high))
    return (
        _at(_trial(trial), trial, TimelineSource.TRIAL),
        _at(gettext("The label of Botox"), label, TimelineSource.LABEL),
        TimelineLine(gettext("The article"), weeks, TimelineSource.ARTICLE, (article.key,), low, None, high),
    )


def _wearing_off(reported: Numbers | None, invented: bool) -> tuple[TimelineLine, ...]:
    cycle, article, earliest = fact("cycle_weeks"), fact("duration_article"), fact("least_interval_weeks")
    low, high = (months * WEEKS_A_MONTH for months in article.ends)
    soonest = gettext("not before week %(week)s", week=_short(earliest.figure))
    average = gettext("every %(weeks)s weeks on average", weeks=_short(cycle.figure))
    months = gettext(
        "%(low)s to %(high)s months (weeks %(low_week)s to %(high_week)s)",
        low=_short(article.ends[0]),
        high=_short(article.ends[1]),
        low_week=_short(low),
        high_week=_short(high),
    )
    lines = [
        _at(gettext("Next treatment"), earliest, TimelineSource.EARLIEST, soonest),
        _treated_again("Botox", fact("retreatment_days_botox")),
        _treated_again("Dysport", fact("retreatment_days_dysport")),
        _at(gettext("Patients in long-term treatment"), cycle, TimelineSource.TRIAL, average),
        TimelineLine(gettext("The article"), months, TimelineSource.ARTICLE, (article.key,), low, None, high),
    ]
    if reported:
        when = gettext("weeks %(low)s to %(high)s, half %(middle)s or more", **_in_words(reported))
        lines.append(_patients(reported, when, invented, 1))
    return tuple(lines)


def _trial(found: Fact) -> str:
    return gettext("Trial of %(year)s", year=found.year)


def _within(who: str, found: Fact, kind: TimelineSource) -> TimelineLine:
    """A range of days that begins with the injection."""
    low, high = (days / DAYS_A_WEEK for days in found.ends)
    when = gettext("within %(days)s days", days=_short(found.ends[1]))
    return TimelineLine(who, when, kind, (found.key,), low, None, high)


def _at(who: str, found: Fact, kind: TimelineSource, when: str = "") -> TimelineLine:
    when = when or gettext("week %(week)s", week=_short(found.figure))
    return TimelineLine(who, when, kind, (found.key,), middle=found.figure)


def _treated_again(product: str, found: Fact) -> TimelineLine:
    """The mean of a trial, and one standard deviation to each side."""
    low, high = (days / DAYS_A_WEEK for days in found.ends)
    middle = found.figure / DAYS_A_WEEK
    who = gettext("Trial of %(year)s, %(product)s", year=found.year, product=product)
    when = gettext(
        "weeks %(low)s to %(high)s, %(middle)s on average", low=_short(low), high=_short(high), middle=_short(middle)
    )
    return TimelineLine(who, when, TimelineSource.TRIAL, (found.key,), low, middle, high)


def _patients(reported: Numbers, when: str, invented: bool, parts_a_week: int) -> TimelineLine:
    who = gettext("Patients here (invented)") if invented else gettext("Patients here")
    low, middle, high = (part / parts_a_week for part in (reported.low, reported.median, reported.high))
    return TimelineLine(who, when, TimelineSource.PATIENTS, (), low, middle, high)


def _in_words(reported: Numbers) -> dict[str, str]:
    return {"low": _short(reported.low), "middle": _short(reported.median), "high": _short(reported.high)}


def _short(figure: float) -> str:
    """12 or 11.5: one decimal at most."""
    return f"{round(figure, 1):g}"
