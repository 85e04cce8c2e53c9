"""What comes after an injection, and when, as a calendar file (RFC 5545). Pure: nothing is stored or fetched.

Every figure is read from facts.toml.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from directory.guide.citing import words_with_source
from directory.web.days import PACIFIC
from directory.web.facts import fact
from directory.web.messages import gettext

if TYPE_CHECKING:  # icalendar is slow to import
    from icalendar import Calendar, Event

NAME_SPACE = uuid5(NAMESPACE_URL, "neck-spasm-directory/guide/aftercare")
AT_NINE = timedelta(hours=9)  # of the day on which an all-day reminder begins
BOOK_AHEAD = timedelta(weeks=2)  # a visit is booked before its day; the site's choice, no figure about the treatment
RELIEF_FACTS = ("first_improvement_article", "first_improvement_trial", "first_improvement_label_botox")
PEAK_FACTS = ("peak_article", "peak_trial", "peak_label_botox")


@dataclass(frozen=True, slots=True)
class Reminder:
    """One event. Days for what lasts all day, moments in UTC otherwise; `end` is the first day or moment after it."""

    kind: str  # never changes: calendars know the event by it
    start: date
    end: date
    summary: str
    advice: str
    facts: tuple[str, ...]  # keys of what the reminder rests on
    alert: str = ""  # what the calendar shows at a time of its own
    alert_after: timedelta = AT_NINE  # how long after `start`; before it when negative


def reminders_after(injected_on: date, at: time | None = None) -> list[Reminder]:
    """What to think of after an injection on a day, in order. `at` is the time in Los Angeles, None when not known."""
    return [_rest(injected_on, at), _first_relief(injected_on), _peak(injected_on), _next_treatment(injected_on)]


def _rest(injected_on: date, at: time | None) -> Reminder:
    lasts = timedelta(hours=fact("exercise_hours").figure)
    if at:
        # In UTC an hour is an hour, also in the night in which the clocks change.
        start: date = datetime.combine(injected_on, at, PACIFIC).astimezone(UTC)
        end = start + lasts
    else:
        # Without the time, the whole days that hold these hours whenever they began.
        whole_days = -(-lasts // timedelta(days=1)) + 1
        start, end = injected_on, injected_on + timedelta(days=whole_days)
    return Reminder(
        "rest",
        start,
        end,
        gettext("No hard exercise after the injection"),
        gettext("Take it easy. Light activity is fine."),
        ("exercise_hours", "no_rubbing"),
    )


def _first_relief(injected_on: date) -> Reminder:
    first, last = _reach(RELIEF_FACTS)
    return Reminder(
        "first-relief",
        injected_on + timedelta(days=first),
        injected_on + timedelta(days=last + 1),
        gettext("First relief may begin"),
        gettext("The sources differ, and so do people."),
        RELIEF_FACTS,
    )


def _peak(injected_on: date) -> Reminder:
    first, last = _reach(PEAK_FACTS)
    return Reminder(
        "peak",
        injected_on + timedelta(weeks=first),
        injected_on + timedelta(weeks=last, days=1),
        gettext("The effect may be strongest"),
        gettext("Write down how your neck is now. It helps your doctor plan the next dose."),
        PEAK_FACTS,
        gettext("How is your neck now? Write it down for your doctor."),
    )


def _next_treatment(injected_on: date) -> Reminder:
    soonest = injected_on + timedelta(weeks=fact("least_interval_weeks").figure)
    return Reminder(
        "next-treatment",
        soonest,
        soonest + timedelta(days=1),
        gettext("Next injection possible starting today"),
        gettext("Call the clinic to book a visit on this day or later. Your doctor decides when."),
        ("least_interval_weeks", "cycle_weeks"),
        gettext("The next injection is possible in two weeks. Call the clinic to book a visit."),
        AT_NINE - BOOK_AHEAD,
    )


def _reach(keys: tuple[str, ...]) -> tuple[float, float]:
    """The lowest and the highest figure of facts of one unit; each has a range or a value."""
    ends = [(found.figure,) * 2 if found.value is not None else found.ends for found in map(fact, keys)]
    return min(low for low, _ in ends), max(high for _, high in ends)


def calendar_after(injected_on: date, at: time | None, stamp: datetime, language: str) -> "Calendar":
    """The calendar of an injection on a day. `at`: its time in Los Angeles; `stamp`: now; `language`: of the texts.

    An event has the same UID in each file made for the same day, so that importing again changes it instead of
    adding another. The UID is a hash of the kind of event and the day, and of nothing else.
    """
    from icalendar import Calendar

    calendar = Calendar.new(
        name=gettext("After the injection"),
        prodid=f"-//Neck Spasm Directory//Aftercare//{language.upper()}",
        uid=_uid("calendar", injected_on),
    )
    for reminder in reminders_after(injected_on, at):
        calendar.add_component(_event(reminder, injected_on, stamp))
    return calendar


def _event(reminder: Reminder, injected_on: date, stamp: datetime) -> "Event":
    from icalendar import TRANSP, Alarm, Event

    said = [gettext(fact("emergency").words), gettext("This is not medical advice. Follow what your doctor tells you.")]
    event = Event.new(
        uid=_uid(reminder.kind, injected_on),
        stamp=stamp,
        start=reminder.start,
        end=reminder.end,
        summary=reminder.summary,
        description="\n\n".join([reminder.advice, *map(words_with_source, reminder.facts), *said]),
        transparency=TRANSP.TRANSPARENT,  # the person is not busy
    )
    if reminder.alert:
        event.add_component(Alarm.new_display(description=reminder.alert, trigger=reminder.alert_after))
    return event


def _uid(kind: str, injected_on: date) -> str:
    return str(uuid5(NAME_SPACE, f"{kind}/{injected_on.isoformat()}"))
