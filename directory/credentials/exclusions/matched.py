"""Exclusions, brought to what the OIG's list says of the providers whom its entries match."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from directory.audit.log import PROGRAM, record
from directory.credentials.exclusions.entries import entries_by_key, entries_by_npi
from directory.credentials.exclusions.models import Exclusion, LeieEntry, PossibleExclusion
from directory.credentials.exclusions.possible import CONFIRMED
from directory.extensions import db
from directory.providers.sources import known_source

SOURCE = "leie"
UNNAMED_STATE = "a state that the list does not name"
_COMPARED = ("excluded_on", "reinstated_on", "exclusion_type", "waived_in", "entry_key", "confirmed_by")


def update_exclusions(npis: Collection[str], today: date, gone_on: date) -> set[str]:
    """Bring the exclusions of these providers to what the list says; returns those of whom something changed.

    An entry counts when it gives the provider's NPI, or when two verifiers confirmed it. One that is no longer in the
    list has ended on `gone_on`. An entry that comes back in other words is the same exclusion, not a new one.
    """
    entries = entries_by_npi(npis)
    confirmed = _confirmed(npis)
    by_key = entries_by_key({key for of_npi in confirmed.values() for key in of_npi})
    held: dict[str, list[Exclusion]] = defaultdict(list)
    for exclusion in db.session.scalars(
        select(Exclusion).where(Exclusion.npi.in_(npis), Exclusion.source_key == SOURCE).order_by(Exclusion.id)
    ):
        held[exclusion.npi].append(exclusion)
    changed = set()
    for npi in sorted(entries.keys() | confirmed.keys() | held.keys()):
        wanted: list[tuple[LeieEntry, str | None]] = [(entry, None) for entry in entries.get(npi, ())]
        wanted += [(by_key[key], by) for key, by in confirmed[npi].items() if key in by_key and by_key[key].npi != npi]
        if _update(npi, wanted, held[npi], today, gone_on):
            changed.add(npi)
    db.session.flush()
    return changed


def _confirmed(npis: Collection[str]) -> dict[str, dict[str, str]]:
    """Who confirmed which entries, by NPI and the entry's key."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in db.session.scalars(
        select(PossibleExclusion).where(PossibleExclusion.npi.in_(npis), PossibleExclusion.status == CONFIRMED)
    ):
        found[row.npi][row.entry_key] = f"{row.proposed_by}, {row.decided_by}"
    return found


def _update(
    npi: str,
    wanted: list[tuple[LeieEntry, str | None]],
    held: list[Exclusion],
    today: date,
    gone_on: date,
) -> bool:
    """Whether anything changed of one provider."""
    by_key = {exclusion.entry_key: exclusion for exclusion in held}
    keys = {entry.key for entry, _ in wanted}
    ended = [exclusion for exclusion in held if exclusion.entry_key not in keys]
    changed = False
    for entry, confirmed_by in wanted:
        exclusion = by_key.get(entry.key) or _reworded(entry, ended, today)
        if exclusion is None:
            if _is_active(entry.reinstated_on, today):
                _start(npi, entry, confirmed_by)
                changed = True
            continue
        if exclusion in ended:
            ended.remove(exclusion)
        changed |= _follow(exclusion, entry, confirmed_by, today)
    for exclusion in ended:
        if _is_active(exclusion.reinstated_on, gone_on):
            before = exclusion.reinstated_on
            exclusion.reinstated_on = exclusion.as_of = gone_on
            _log("lift_exclusion", exclusion, {"reinstated_on": _text(before)}, "no longer in the OIG's list")
            changed = True
    return changed


def _reworded(entry: LeieEntry, ended: Iterable[Exclusion], today: date) -> Exclusion | None:
    """An exclusion that is in force and whose own entry is gone, when `entry` gives the same ground."""
    if not _is_active(entry.reinstated_on, today):
        return None
    fitting = (each for each in ended if each.exclusion_type == entry.exclusion_type)
    return next((each for each in fitting if _is_active(each.reinstated_on, today)), None)


def _start(npi: str, entry: LeieEntry, confirmed_by: str | None) -> None:
    known_source(SOURCE)
    exclusion = Exclusion(npi=npi, source_key=SOURCE, as_of=entry.as_of, **_values(entry, confirmed_by))
    db.session.add(exclusion)
    _log("exclude_provider", exclusion, None, _how(confirmed_by))


def _follow(exclusion: Exclusion, entry: LeieEntry, confirmed_by: str | None, today: date) -> bool:
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
        act, reason = "lift_exclusion", "reinstated by the OIG"
    elif not was_active and _is_active(entry.reinstated_on, today):
        act, reason = "exclude_provider", "in the OIG's list again"
    else:
        act, reason = "change_exclusion", _how(confirmed_by)
    _log(act, exclusion, {name: _text(value) for name, value in before.items()}, reason)
    return True


def _values(entry: LeieEntry, confirmed_by: str | None) -> dict[str, Any]:
    return {
        "excluded_on": entry.excluded_on,
        "reinstated_on": entry.reinstated_on,
        "exclusion_type": entry.exclusion_type,
        "waived_in": entry.waiver_state or (UNNAMED_STATE if entry.waived_on else None),
        "entry_key": entry.key,
        "confirmed_by": confirmed_by,
    }


def _log(act: str, exclusion: Exclusion, before: dict[str, Any] | None, reason: str) -> None:
    after = {name: _text(getattr(exclusion, name)) for name in _COMPARED}
    record(PROGRAM, act, f"provider:{exclusion.npi}", before=before, after=after, reason=reason)


def _how(confirmed_by: str | None) -> str:
    return "in the OIG's list, matched by two verifiers" if confirmed_by else "in the OIG's list by its NPI"


def _is_active(reinstated_on: date | None, today: date) -> bool:
    return reinstated_on is None or reinstated_on > today


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
