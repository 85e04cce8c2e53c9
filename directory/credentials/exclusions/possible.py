"""Possible exclusions follow the entries whose names fit: what appears waits for a verifier, what goes is closed."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from directory.audit.log import PROGRAM, record
from directory.credentials.exclusions.entries import EntryFit, entries_by_key, entries_by_name
from directory.credentials.exclusions.models import LeieEntry, PossibleExclusion
from directory.credentials.tasks import TaskKind, close_tasks, open_task
from directory.extensions import db
from directory.web.days import day_in_words

WAITING, PROPOSED, CONFIRMED, DISMISSED, GONE = "waiting", "proposed", "confirmed", "dismissed", "gone"
CHECKLIST = (
    "Compare the whole name, with middle name, suffix and former names.",
    "Compare the date of birth. Where it is not known here, ask the practice, or try it in the OIG's search.",
    "Compare addresses, states and the kind of work with where and as what the provider was.",
    "A common name alone is no match. When in doubt, look in the OIG's search and ask a colleague.",
)
"""What a verifier compares."""
UNDECIDED = frozenset({WAITING, PROPOSED})


def update_possible_exclusions(npis: Collection[str], today: date) -> None:
    """Bring the possible exclusions of these providers to what the list says; what was decided stays decided.

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
        if row.status == GONE:
            _let_wait(row, fit)
        elif row.status in UNDECIDED:
            row.entry, row.fits = _entry_as_found(fit.entry), fit.fits
    for key, row in held.items():
        if key not in fits and row.status in UNDECIDED:
            _close(row)
    db.session.flush()


def ask_about(possible: PossibleExclusion) -> None:
    """Put the question to the verifiers."""
    entry = possible.entry
    name = entry["business_name"] or " ".join(filter(None, (entry["first_name"], entry["last_name"])))
    place = ", ".join(filter(None, (entry["city"], entry["state"])))
    since = day_in_words(date.fromisoformat(entry["excluded_on"]))
    open_task(
        TaskKind.POSSIBLE_EXCLUSION,
        possible,
        f"The OIG's list has {name}{f' in {place}' if place else ''}, excluded since {since}. "
        f"They agree in {possible.fits}: find out whether it is the same.",
    )


def _let_wait(row: PossibleExclusion, fit: EntryFit) -> None:
    row.status = WAITING
    row.entry, row.fits = _entry_as_found(fit.entry), fit.fits
    row.proposed_by = row.decided_by = row.decided_at = row.note = None
    db.session.flush()
    record(PROGRAM, "find_possible_exclusion", f"possible_exclusion:{row.id}", after={"npi": row.npi, "fits": row.fits})
    ask_about(row)


def _entry_as_found(entry: LeieEntry) -> dict[str, Any]:
    """The entry's values as JSON can hold them."""
    values = ((column.name, getattr(entry, column.name)) for column in LeieEntry.__table__.columns)
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values}


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
        reason="the entry is no longer in the list, or no longer fits",
    )
    close_tasks(PROGRAM, row)
