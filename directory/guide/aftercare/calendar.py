"""The reminders after an injection as a calendar file (RFC 5545). Pure: nothing is stored or fetched."""

from datetime import date, datetime, time
from uuid import NAMESPACE_URL, uuid5

from flask_babel import gettext
from icalendar import TRANSP, Alarm, Calendar, Event

from directory.guide.aftercare.reminders import Reminder, reminders_after
from directory.guide.citing import words_with_source
from directory.web.facts import fact

NAME_SPACE = uuid5(NAMESPACE_URL, "neck-spasm-directory/guide/aftercare")


def calendar_after(injected_on: date, at: time | None, stamp: datetime, language: str) -> Calendar:
    """The calendar of an injection on a day. `at`: its time in Los Angeles; `stamp`: now; `language`: of the texts.

    An event has the same UID in each file made for the same day, so that importing again changes it instead of
    adding another. The UID is a hash of the kind of event and the day, and of nothing else.
    """
    calendar = Calendar.new(
        name=gettext("After the injection"),
        prodid=f"-//Neck Spasm Directory//Aftercare//{language.upper()}",
        uid=_uid("calendar", injected_on),
    )
    for reminder in reminders_after(injected_on, at):
        calendar.add_component(_event(reminder, injected_on, stamp))
    return calendar


def _event(reminder: Reminder, injected_on: date, stamp: datetime) -> Event:
    event = Event.new(
        uid=_uid(reminder.kind, injected_on),
        stamp=stamp,
        start=reminder.start,
        end=reminder.end,
        summary=reminder.summary,
        description=_description(reminder),
        transparency=TRANSP.TRANSPARENT,  # the person is not busy
    )
    if reminder.alert:
        event.add_component(Alarm.new_display(description=reminder.alert.words, trigger=reminder.alert.after))
    return event


def _description(reminder: Reminder) -> str:
    said = [gettext(fact("emergency").words), gettext("This is not medical advice. Your doctor’s word comes first.")]
    return "\n\n".join([reminder.advice, *map(words_with_source, reminder.facts), *said])


def _uid(kind: str, injected_on: date) -> str:
    return str(uuid5(NAME_SPACE, f"{kind}/{injected_on.isoformat()}"))
