"""Keeping each provider's qualification score."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import delete, insert, select

from directory.credentials.models import QualificationScore
from directory.credentials.queries import held_by, npis_to_score
from directory.credentials.rubric import Award, Qualification
from directory.extensions import db
from directory.providers.revision import note_search_change
from directory.web.chunks import chunks
from directory.web.days import today_in_california
from directory.web.phrases import Phrase, read_phrase

PROVIDERS_AT_ONCE = 5_000


def rescore_qualification(npi: str, today: date | None = None) -> None:
    """Score one provider as of `today` (by default today in California). One of whom nothing is known has no score."""
    rescore_qualifications([npi], today)


def rescore_all_qualifications(today: date | None = None) -> tuple[int, int]:
    """Score every provider of whom anything is known. Returns how many there are and how many scores changed.

    Expiries and years since license move with the calendar, so this belongs in a nightly job.
    """
    npis = npis_to_score()
    return len(npis), rescore_qualifications(npis, today)


def rescore_qualifications(npis: Sequence[str], today: date | None = None) -> int:
    """Score these providers and write the scores that changed; returns how many did."""
    today = today or today_in_california()
    db.session.flush()
    changed: set[str] = set()
    for chunk in chunks(npis, PROVIDERS_AT_ONCE):
        changed |= _rescore(chunk, today)
    note_search_change(changed)
    return len(changed)


def _rescore(npis: Sequence[str], today: date) -> set[str]:
    scores = {npi: _columns(held.score(today)) for npi, held in held_by(npis).items()}
    table = QualificationScore
    kept = {
        row.npi: {"points": row.points, "awards": row.awards, "license_verified": row.license_verified}
        | {"barred_for": row.barred_for}
        for row in db.session.execute(
            select(table.npi, table.points, table.awards, table.license_verified, table.barred_for).where(
                table.npi.in_(npis)
            )
        )
    }
    changed = {npi for npi in npis if scores.get(npi) != kept.get(npi)}
    if changed:
        db.session.execute(delete(table).where(table.npi.in_(changed)))
    rows = [{"npi": npi, **scores[npi], "computed_at": datetime.now(UTC)} for npi in sorted(changed & scores.keys())]
    if rows:
        db.session.execute(insert(table), rows)
    return changed


def _columns(qualification: Qualification) -> dict[str, Any]:
    return {
        "points": qualification.points,
        "awards": [_stored(award) for award in qualification.awards],
        "license_verified": qualification.license_verified,
        "barred_for": qualification.barred_for,
    }


def _stored(award: Award) -> dict[str, Any]:
    """As `QualificationScore.awards` holds it: with the message of its reason, so that every language can say it."""
    return {
        "key": award.key,
        "label": award.label,
        "points": award.points,
        "of": award.of,
        "why": award.why.stored(),
        "source": award.source,
        "as_of": award.as_of and award.as_of.isoformat(),
    }


def why_of(award: Mapping[str, Any]) -> Phrase:
    """The reason of a stored award."""
    return read_phrase(award["why"])
