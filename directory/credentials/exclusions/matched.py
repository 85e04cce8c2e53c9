"""Exclusions and possible ones, brought to what the lists say of the providers here.

An entry with a provider's NPI excludes that provider. One whose name fits waits for verifiers as a possible exclusion.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from directory.audit.log import PROGRAM, record
from directory.credentials.exclusions.entries import EntryFit, entries, entries_by_key, entries_by_name
from directory.credentials.exclusions.lists import LISTS, list_words
from directory.credentials.exclusions.models import (
    CONFIRMED,
    GONE,
    UNDECIDED,
    WAITING,
    Exclusion,
    ListedExclusion,
    PossibleExclusion,
)
from directory.credentials.tasks import TaskKind, close_tasks, open_task
from directory.extensions import db
from directory.web.days import as_json, day_in_words
from directory.web.filters import capital

UNNAMED_STATE = "a state that the list does not name"
_ByList = tuple[str, str]  # an NPI, and the key of a list
_COMPARED = ("excluded_on", "reinstated_on", "exclusion_type", "waived_in", "entry_key", "confirmed_by")


def update_exclusions(npis: Collection[str], today: date, gone_on: date) -> set[str]:
    """Bring the exclusions of these providers to what the lists say; returns those of whom something changed.

    An entry counts when it gives the provider's NPI, or when two verifiers confirmed it. One that is no longer in its
    list has ended on `gone_on`. An entry that comes back in other words is the same exclusion, not a new one.
    """
    wanted: dict[_ByList, list[tuple[ListedExclusion, str | None]]] = defaultdict(list)  # each with who confirmed it
    for entry in entries(ListedExclusion.npi.in_(npis)):
        wanted[str(entry.npi), entry.source_key].append((entry, None))
    confirmed = db.session.scalars(
        select(PossibleExclusion)
        .where(PossibleExclusion.npi.in_(npis), PossibleExclusion.status == CONFIRMED)
        .order_by(PossibleExclusion.id)
    ).all()
    by_key = entries_by_key({row.entry_key for row in confirmed})
    for row in confirmed:
        entry_now = by_key.get(row.entry_key)
        if entry_now and entry_now.npi != row.npi:
            wanted[row.npi, entry_now.source_key].append((entry_now, f"{row.proposed_by}, {row.decided_by}"))
    held: dict[_ByList, list[Exclusion]] = defaultdict(list)
    for exclusion in db.session.scalars(
        select(Exclusion).where(Exclusion.npi.in_(npis), Exclusion.source_key.in_(LISTS)).order_by(Exclusion.id)
    ):
        held[exclusion.npi, exclusion.source_key].append(exclusion)
    asked = sorted(wanted.keys() | held.keys())
    changed = {each[0] for each in asked if _update(each[0], wanted[each], held[each], today, gone_on)}
    db.session.flush()
    return changed


def _update(
    npi: str, wanted: list[tuple[ListedExclusion, str | None]], held: list[Exclusion], today: date, gone_on: date
) -> bool:
    """Whether anything changed of one provider in one list."""
    by_key = {exclusion.entry_key: exclusion for exclusion in held}
    keys = {entry.key for entry, _ in wanted}
    ended = [exclusion for exclusion in held if exclusion.entry_key not in keys]
    changed = False
    for entry, confirmed_by in wanted:
        exclusion = by_key.get(entry.key) or _reworded(entry, ended, today)
        if exclusion is not None:
            if exclusion in ended:
                ended.remove(exclusion)
            changed |= _follow(exclusion, entry, confirmed_by, today)
        elif _is_active(entry.reinstated_on, today):
            values = _values(entry, confirmed_by)
            exclusion = Exclusion(npi=npi, source_key=entry.source_key, as_of=entry.as_of, **values)
            db.session.add(exclusion)
            _log("exclude_provider", exclusion, None, _how(entry, confirmed_by))
            changed = True
    for exclusion in ended:
        if _is_active(exclusion.reinstated_on, gone_on):
            before = as_json({"reinstated_on": exclusion.reinstated_on})
            exclusion.reinstated_on = exclusion.as_of = gone_on
            _log("lift_exclusion", exclusion, before, f"no longer in {list_words(exclusion.source_key).name}")
            changed = True
    return changed


def _reworded(entry: ListedExclusion, ended: Iterable[Exclusion], today: date) -> Exclusion | None:
    """An exclusion that is in force and whose own entry is gone, when `entry` gives the same ground."""
    if not _is_active(entry.reinstated_on, today):
        return None
    fitting = (each for each in ended if each.exclusion_type == entry.exclusion_type)
    return next((each for each in fitting if _is_active(each.reinstated_on, today)), None)


def _follow(exclusion: Exclusion, entry: ListedExclusion, confirmed_by: str | None, today: date) -> bool:
    """Take over what the entry says; whether that is anything new."""
    values = _values(entry, confirmed_by)
    before = {name: getattr(exclusion, name) for name in _COMPARED}
    if before == values:
        return False
    was_active = _is_active(exclusion.reinstated_on, today)
    for name, value in values.items():
        setattr(exclusion, name, value)
    exclusion.as_of = entry.as_of
    if was_active and entry.reinstated_on:
        act, reason = "lift_exclusion", f"reinstated by {list_words(entry.source_key).name}"
    elif not was_active and _is_active(entry.reinstated_on, today):
        act, reason = "exclude_provider", f"in {list_words(entry.source_key).name} again"
    else:
        act, reason = "change_exclusion", _how(entry, confirmed_by)
    _log(act, exclusion, as_json(before), reason)
    return True


def _values(entry: ListedExclusion, confirmed_by: str | None) -> dict[str, Any]:
    return {
        "excluded_on": entry.excluded_on,
        "reinstated_on": entry.reinstated_on,
        "exclusion_type": entry.exclusion_type,
        "waived_in": entry.waiver_state or (UNNAMED_STATE if entry.waived_on else None),
        "entry_key": entry.key,
        "confirmed_by": confirmed_by,
    }


def _log(act: str, exclusion: Exclusion, before: dict[str, Any] | None, reason: str) -> None:
    after = as_json({name: getattr(exclusion, name) for name in _COMPARED})
    record(PROGRAM, act, f"provider:{exclusion.npi}", before=before, after=after, reason=reason)


def _how(entry: ListedExclusion, confirmed_by: str | None) -> str:
    name = list_words(entry.source_key).name
    return f"in {name}, matched by two verifiers" if confirmed_by else f"in {name} by its NPI"


def _is_active(reinstated_on: date | None, today: date) -> bool:
    return reinstated_on is None or reinstated_on > today


def update_possible_exclusions(npis: Collection[str], today: date) -> None:
    """Bring the possible exclusions of these providers to what the lists say; what was decided stays decided.

    An entry that two verifiers confirmed and that comes back in other words stays confirmed.
    """
    held = {
        (row.npi, row.entry_key): row
        for row in db.session.scalars(select(PossibleExclusion).where(PossibleExclusion.npi.in_(npis)))
    }
    fits = {(fit.npi, fit.entry.key): fit for fit in entries_by_name(npis, today)}
    confirmed = [row for key, row in held.items() if row.status == CONFIRMED and key not in fits]
    still_there = entries_by_key({row.entry_key for row in confirmed})
    lost = [row for row in confirmed if row.entry_key not in still_there]
    for key, fit in fits.items():
        row = held.get(key)
        if row is None and (row := next((each for each in lost if _says_the_same(each, fit)), None)):
            lost.remove(row)
            row.entry_key, row.entry, row.fits = fit.entry.key, _entry_as_found(fit.entry), fit.fits
        elif row is None:
            row = PossibleExclusion(npi=fit.npi, entry_key=fit.entry.key, status=GONE)
            db.session.add(row)
        if row.status in {GONE, *UNDECIDED}:
            row.entry, row.fits = _entry_as_found(fit.entry), fit.fits
        if row.status == GONE:
            _let_wait(row)
    for key, row in held.items():
        if key not in fits and row.status in UNDECIDED:
            _close(row)
    db.session.flush()


def ask_about(possible: PossibleExclusion) -> None:
    """Put the question to the verifiers."""
    entry = possible.entry
    name = entry["business_name"] or " ".join(filter(None, (entry["first_name"], entry["last_name"])))
    place = ", ".join(filter(None, (entry["city"], entry["state"])))
    day = entry["excluded_on"]
    since = f", excluded since {day_in_words(date.fromisoformat(day))}" if day else ""
    open_task(
        TaskKind.POSSIBLE_EXCLUSION,
        possible,
        f"{capital(list_words(entry.get('source_key')).name)} has {name}{f' in {place}' if place else ''}{since}. "
        f"They match in {possible.fits}. Find out if it is the same person.",
    )


def _let_wait(row: PossibleExclusion) -> None:
    row.status = WAITING
    row.proposed_by = row.decided_by = row.decided_at = row.note = None
    db.session.flush()
    record(PROGRAM, "find_possible_exclusion", f"possible_exclusion:{row.id}", after={"npi": row.npi, "fits": row.fits})
    ask_about(row)


def _entry_as_found(entry: ListedExclusion) -> dict[str, Any]:
    return as_json({column.name: getattr(entry, column.name) for column in ListedExclusion.__table__.columns})


def _says_the_same(row: PossibleExclusion, fit: EntryFit) -> bool:
    found = _entry_as_found(fit.entry)
    same = ("name_key", "exclusion_type", "excluded_on")
    return row.npi == fit.npi and all(row.entry[name] == found[name] for name in same)


def _close(row: PossibleExclusion) -> None:
    before = row.status
    row.status, row.decided_by, row.decided_at = GONE, PROGRAM, datetime.now(UTC)
    record(
        PROGRAM,
        "close_possible_exclusion",
        f"possible_exclusion:{row.id}",
        before={"status": before},
        after={"status": GONE},
        reason="the entry is no longer in its list, or no longer fits",
    )
    close_tasks(PROGRAM, row)
