"""What a patient asks first about a practice, in rows of a few words. Facts in, words of the page's language out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from directory.providers.models import OfficeHours, Provider, VisitDetails
from directory.providers.offerings import LANGUAGES, WEEKDAYS, brand
from directory.providers.sources import Confirmed
from directory.web.filters import clock, money_range, month
from directory.web.messages import gettext
from directory.web.phrases import Words, listed

GUIDANCE = ("emg_guidance", "ultrasound_guidance")
"""Of `offerings.SERVICES`."""
MAX_NAMES = 3
"""Of one row; the disclosure below it has them all."""


@dataclass(frozen=True, slots=True)
class GlanceRow:
    """One question and its answer; None where nobody has said it."""

    label: Words
    answer: Words | None


@dataclass(frozen=True, slots=True)
class OpenDays:
    """Days in a row with the same hours: "Monday to Thursday"."""

    days: str
    opens_at: Any
    closes_at: Any


def at_a_glance(provider: Provider, plans: Mapping[str, str], now: datetime) -> list[GlanceRow]:
    """The rows that the practice itself answers; `now` is the time in California."""
    consultation = [fee for fee in provider.fees if fee.fee == "consultation"]
    guidance = [each for each in provider.services if each.service in GUIDANCE]
    short = {"emg_guidance": "EMG", "ultrasound_guidance": gettext("ultrasound")}
    return [
        GlanceRow(gettext("Products"), _names(provider.products, lambda each: brand(each.product))),
        GlanceRow(gettext("Guidance"), _names(guidance, lambda each: short[each.service])),
        GlanceRow(gettext("Insurance"), _names(provider.insurances, lambda each: plans[each.plan_key])),
        GlanceRow(
            gettext("Languages"),
            _names(provider.languages, lambda each: gettext(LANGUAGES.get(each.language, each.language))),
        ),
        GlanceRow(
            gettext("Consultation"),
            _names(consultation, lambda fee: money_range(fee.low_usd, fee.high_usd)),
        ),
        GlanceRow(gettext("Hours today"), hours_today(provider, now)),
        *_visit_rows(provider.visit_details),
    ]


def _visit_rows(said: VisitDetails | None) -> list[GlanceRow]:
    access = booking = referral = None
    if said:
        steps = {True: gettext("Step-free"), False: gettext("Not step-free"), None: None}[said.step_free]
        access = ". ".join(filter(None, (steps, said.parking)))
        booking = said.booking
        referral = {True: gettext("Needed"), False: gettext("Not needed"), None: None}[said.referral_needed]
    return [
        GlanceRow(gettext("Access, parking"), _dated(access, said)),
        GlanceRow(gettext("How to book"), _dated(booking, said)),
        GlanceRow(gettext("Referral"), _dated(referral, said)),
    ]


def _dated(answer: str | None, fact: Confirmed | None) -> str | None:
    """The answer, told as the past where it is no longer current."""
    if not answer or not fact or fact.is_current:
        return answer or None
    return gettext("%(facts)s in %(month)s: ask if this is still true", facts=answer, month=month(fact.as_of))


def _names(facts: Sequence[Any], name: Callable[[Any], str]) -> str | None:
    """The names of facts of one kind; those that are no longer current follow with the month in which they were so."""
    if not facts:
        return None
    current = sorted(name(fact) for fact in facts if getattr(fact, "is_current", True))
    old = [fact for fact in facts if not getattr(fact, "is_current", True)]
    parts = [_some_of(current)] if current else []
    if old:
        oldest = min(fact.as_of for fact in old)
        names = _some_of(sorted(map(name, old)))
        parts.append(gettext("%(facts)s in %(month)s: ask if this is still true", facts=names, month=month(oldest)))
    return "; ".join(parts)


def _some_of(names: Sequence[str]) -> str:
    """All names, or the first few and how many more there are."""
    if len(names) <= MAX_NAMES + 1:
        return ", ".join(names)
    return gettext("%(names)s and %(count)s more", names=", ".join(names[:MAX_NAMES]), count=len(names) - MAX_NAMES)


def hours_today(provider: Provider, now: datetime) -> str | None:
    """Today's hours, and whether the practice is open where its own clock is California's."""
    if not provider.hours:
        return None
    today = next((day for day in provider.hours if day.weekday == now.weekday()), None)
    if not today:
        return gettext("Closed today")
    hours = gettext("%(opens)s to %(closes)s", opens=clock(today.opens_at), closes=clock(today.closes_at))
    if not today.is_current:
        return _dated(hours, today)
    if {location.state for location in provider.locations} != {"CA"}:
        return hours
    if now.time() < today.opens_at:
        return gettext("%(hours)s, not open yet", hours=hours)
    is_open = now.time() < today.closes_at
    return gettext("%(hours)s, open now", hours=hours) if is_open else gettext("%(hours)s, closed now", hours=hours)


def open_days(hours: Sequence[OfficeHours]) -> Iterator[OpenDays]:
    """The week in as few lines as it takes: neighboring days with the same hours share one."""
    in_order = sorted(hours, key=lambda day: day.weekday)
    numbered = enumerate(in_order)
    for (_, opens_at, closes_at), run in groupby(
        numbered, key=lambda pair: (pair[1].weekday - pair[0], pair[1].opens_at, pair[1].closes_at)
    ):
        days = [gettext(WEEKDAYS[day.weekday]) for _, day in run]
        first_to_last = gettext("%(first)s to %(last)s", first=days[0], last=days[-1])
        words = first_to_last if len(days) > 2 else listed(days)
        yield OpenDays(words, opens_at, closes_at)
