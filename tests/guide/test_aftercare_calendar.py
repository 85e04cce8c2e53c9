"""The calendar file, as a second parser reads it: each event on its days, in every season, with its source."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import vobject
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from directory.guide.aftercare.reminders import BOOK_AHEAD, calendar_after, reminders_after
from directory.web.days import PACIFIC
from directory.web.facts import fact
from directory.web.languages import in_language

NOW = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
KINDS = ("rest", "first-relief", "peak", "next-treatment")
SUMMARIES = {
    "rest": "No hard exercise after the injection",
    "first-relief": "First relief may begin",
    "peak": "The effect may be strongest",
    "next-treatment": "Next injection possible starting today",
}
days = st.dates(date(2024, 1, 1), date(2030, 12, 31))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def read(injected_on: date, at: time | None = None, stamp: datetime = NOW) -> dict[str, Any]:
    """The events that vobject finds in the file, by kind."""
    text = calendar_after(injected_on, at, stamp, "en").to_ical().decode("utf-8")
    events = vobject.readOne(text).vevent_list
    by_summary = {event.summary.value: event for event in events}
    assert len(events) == len(by_summary) == len(KINDS)
    return {kind: by_summary[SUMMARIES[kind]] for kind in KINDS}


def span(event: Any) -> tuple[date, date]:
    return event.dtstart.value, event.dtend.value


def test_each_event_is_on_the_days_that_its_facts_give() -> None:
    events = read(date(2026, 1, 5))
    assert span(events["rest"]) == (date(2026, 1, 5), date(2026, 1, 7))
    assert span(events["first-relief"]) == (date(2026, 1, 5), date(2026, 1, 20)), (
        "within two weeks, the last day counts"
    )
    assert span(events["peak"]) == (date(2026, 1, 19), date(2026, 2, 17)), "from two weeks to six, the last day counts"
    assert span(events["next-treatment"]) == (date(2026, 3, 30), date(2026, 3, 31)), "12 weeks on, the same weekday"


@given(days)
def test_days_are_counted_as_in_facts_whatever_the_season(injected_on: date) -> None:
    events = read(injected_on)
    relief = [fact(f"first_improvement_{name}").ends for name in ("trial", "label_botox", "article")]
    assert span(events["first-relief"]) == (
        injected_on + timedelta(days=min(low for low, _ in relief)),
        injected_on + timedelta(days=max(high for _, high in relief) + 1),
    )
    low, high = fact("peak_article").ends[0], fact("peak_label_botox").figure
    assert low <= fact("peak_trial").figure <= high
    assert span(events["peak"]) == (
        injected_on + timedelta(weeks=low),
        injected_on + timedelta(weeks=high, days=1),
    )
    least = timedelta(weeks=fact("least_interval_weeks").figure)
    assert span(events["next-treatment"]) == (injected_on + least, injected_on + least + timedelta(days=1))
    for event in events.values():
        assert type(event.dtstart.value) is type(event.dtend.value) is date
        assert event.dtstart.value < event.dtend.value


@given(days, times)
def test_the_rest_lasts_its_hours_by_the_clock_of_the_world(injected_on: date, at: time) -> None:
    """Also in the nights in which California's clocks change."""
    start, end = span(read(injected_on, at)["rest"])
    assert isinstance(start, datetime)
    assert start.utcoffset() == timedelta(0)
    assert end - start == timedelta(hours=fact("exercise_hours").figure)
    local = start.astimezone(PACIFIC)
    skipped = datetime.combine(injected_on, at, PACIFIC).astimezone(UTC).astimezone(PACIFIC).time() != at
    assert local.date() == injected_on
    assert skipped or local.time() == at


@pytest.mark.parametrize(
    ("injected_on", "end_in_california"),
    [
        (date(2026, 3, 7), datetime(2026, 3, 8, 15, 30)),  # noqa: DTZ001 (compared as a clock on the wall)
        (date(2026, 10, 31), datetime(2026, 11, 1, 13, 30)),  # noqa: DTZ001 (a calendar's local time)
        (date(2026, 6, 1), datetime(2026, 6, 2, 14, 30)),  # noqa: DTZ001 (a calendar's local time)
    ],
)
def test_24_hours_over_a_change_of_clocks_end_at_another_hour(injected_on: date, end_in_california: datetime) -> None:
    _, end = span(read(injected_on, time(14, 30))["rest"])
    assert isinstance(end, datetime)
    assert end.astimezone(PACIFIC).replace(tzinfo=None) == end_in_california


@given(days, times)
def test_without_a_time_the_whole_days_hold_the_hours_whenever_they_began(injected_on: date, at: time) -> None:
    start, end = span(read(injected_on)["rest"])
    began = datetime.combine(injected_on, at, PACIFIC).astimezone(UTC)
    over = (began + timedelta(hours=fact("exercise_hours").figure)).astimezone(PACIFIC)
    assert start == injected_on
    assert over.date() < end


def test_the_29th_of_february_counts_as_a_day() -> None:
    assert span(read(date(2028, 2, 29))["next-treatment"])[0] == date(2028, 5, 23)
    assert span(read(date(2028, 2, 28))["rest"]) == (date(2028, 2, 28), date(2028, 3, 1))


@given(days, st.none() | times)
def test_the_same_day_gives_the_same_uids_and_another_day_others(injected_on: date, at: time | None) -> None:
    uids = {event.uid.value for event in read(injected_on).values()}
    assert len(uids) == len(KINDS)
    assert {event.uid.value for event in read(injected_on, at, NOW + timedelta(days=3)).values()} == uids
    assert not uids & {event.uid.value for event in read(injected_on + timedelta(days=1)).values()}
    assert not [uid for uid in uids if injected_on.isoformat() in uid or f"{injected_on:%Y%m%d}" in uid]


@given(days, st.none() | times)
def test_every_event_names_its_source_says_when_to_call_and_bears_the_moment(
    injected_on: date, at: time | None
) -> None:
    events = read(injected_on, at)
    for reminder in reminders_after(injected_on, at):
        event = events[reminder.kind]
        description = event.description.value
        for key in reminder.facts:
            assert fact(key).words in description
            assert fact(key).source in description
            assert fact(key).confirmed or f"not yet confirmed: {fact(key).source}" in description
        assert fact("emergency").words in description
        assert event.dtstamp.value == NOW
        assert event.transp.value == "TRANSPARENT"


def test_alarms_ring_in_the_morning_and_two_weeks_before_the_next_visit() -> None:
    events = read(date(2026, 1, 5))
    assert not hasattr(events["rest"], "valarm")
    assert events["peak"].valarm.trigger.value == timedelta(hours=9)
    alarm = events["next-treatment"].valarm
    assert alarm.action.value == "DISPLAY"
    assert alarm.trigger.value == timedelta(hours=9) - BOOK_AHEAD == timedelta(days=-14, hours=9)
    assert "two weeks" in alarm.description.value


def test_the_file_is_one_calendar_with_its_maker_and_lines_of_75_bytes() -> None:
    made = calendar_after(date(2026, 1, 5), time(9), NOW, "es").to_ical()
    lines = made.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert made.endswith(b"END:VCALENDAR\r\n")
    assert b"PRODID:-//Neck Spasm Directory//Aftercare//ES" in lines
    assert b"VERSION:2.0" in lines
    assert max(map(len, lines)) <= 75
    assert b"\n" not in made.replace(b"\r\n", b"")


def test_in_spanish_the_days_are_the_same_and_the_words_are_spanish(sqlite_app: Flask) -> None:
    with in_language("es"):
        text = calendar_after(date(2026, 1, 5), None, NOW, "es").to_ical().decode("utf-8")
    events = vobject.readOne(text).vevent_list
    assert [span(event) for event in events] == [span(event) for event in read(date(2026, 1, 5)).values()]
    assert [event.uid.value for event in events] == [event.uid.value for event in read(date(2026, 1, 5)).values()]
    assert "Puede empezar el primer alivio" in [event.summary.value for event in events]
    assert not {event.summary.value for event in events} & set(SUMMARIES.values())
