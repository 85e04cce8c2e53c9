"""Each provider's qualification score: the facts that the rubric takes, and the points that are kept."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import delete, insert, select, union

from directory.credentials.exclusions.models import Exclusion
from directory.credentials.facts import BilledVolume, ExclusionEntry, HeldCredential
from directory.credentials.models import (
    BoardFile,
    Credential,
    MedicareYear,
    ProcedureVolume,
    QualificationScore,
    Verification,
)
from directory.credentials.rubric import Qualification, score_qualification
from directory.credentials.status import COUNTING, CredentialStatus
from directory.extensions import db
from directory.providers.models import Provider
from directory.providers.revision import note_search_change
from directory.providers.sources import Source
from directory.web.chunks import chunks
from directory.web.days import today_in_california

PROVIDERS_AT_ONCE = 5_000
AGAINST = (CredentialStatus.REJECTED, CredentialStatus.EXPIRED, CredentialStatus.REVOKED)
AnyCheck = TypeVar("AnyCheck", Verification, Any)
_FACTS = (
    "kind",
    "status",
    "field",
    "issuer",
    "state",
    "issued_on",
    "expires_on",
    "verified_until",
    "public_discipline",
)
_PUT_OFF: ContextVar[set[str] | None] = ContextVar("put_off", default=None)
UNDER_WAY = (CredentialStatus.CLAIMED, CredentialStatus.SUBMITTED, CredentialStatus.IN_REVIEW)


@dataclass(slots=True)
class Held:
    """What the rubric needs to know of one provider."""

    credentials: list[HeldCredential] = field(default_factory=list)
    volumes: list[BilledVolume] = field(default_factory=list)
    exclusions: list[ExclusionEntry] = field(default_factory=list)
    medicare_years: list[int] = field(default_factory=list)

    def score(self, today: date) -> Qualification:
        return score_qualification(self.credentials, self.volumes, self.exclusions, today, self.medicare_years)


@contextmanager
def rescoring_together() -> Iterator[None]:
    """Score the providers whose facts change in here once, at the end: that is quicker for many."""
    npis: set[str] = set()
    token = _PUT_OFF.set(npis)
    try:
        yield
    finally:
        _PUT_OFF.reset(token)
    rescore_qualifications(sorted(npis))


def rescore_qualification(npi: str, today: date | None = None) -> None:
    """Score one provider as of `today` (by default today in California). One of whom nothing is known has no score."""
    put_off = _PUT_OFF.get()
    if put_off is None:
        rescore_qualifications([npi], today)
    else:
        put_off.add(npi)


def rescore_all_qualifications(today: date | None = None) -> tuple[int, int]:
    """Score every provider of whom anything is known. Returns how many there are and how many scores changed.

    Expiries and years since license move with the calendar, so this belongs in a nightly job.
    """
    npis = _npis_to_score()
    return len(npis), rescore_qualifications(npis, today)


def rescore_qualifications(npis: Sequence[str], today: date | None = None) -> int:
    """Score these providers and those that they were merged into, and write the scores that changed; returns how many
    did.
    """
    today = today or today_in_california()
    db.session.flush()
    changed: set[str] = set()
    for chunk in chunks(npis, PROVIDERS_AT_ONCE):
        merged = select(Provider.merged_into).where(Provider.npi.in_(chunk), Provider.merged_into.is_not(None))
        changed |= _rescore([*chunk, *(npi for npi in db.session.scalars(merged) if npi)], today)
    note_search_change(changed)
    return len(changed)


def _rescore(npis: Sequence[str], today: date) -> set[str]:
    scores = {npi: {"npi": npi, **_columns(held.score(today))} for npi, held in held_by(npis).items()}
    table = QualificationScore.__table__
    kept = {row.npi: row._asdict() for row in db.session.execute(select(table).where(table.c.npi.in_(npis)))}
    changed = {npi for npi in npis if scores.get(npi) != kept.get(npi)}
    if changed:
        db.session.execute(delete(QualificationScore).where(QualificationScore.npi.in_(changed)))
    rows = [scores[npi] for npi in sorted(changed & scores.keys())]
    if rows:
        db.session.execute(insert(QualificationScore), rows)
    return changed


def _columns(qualification: Qualification) -> dict[str, Any]:
    """As `QualificationScore` holds it: with the message of each reason, so that every language can say it."""
    return {
        "points": qualification.points,
        "awards": [
            {
                "key": award.key,
                "label": award.label,
                "points": award.points,
                "of": award.of,
                "why": award.why.stored(),
                "source": award.source,
                "as_of": award.as_of and award.as_of.isoformat(),
            }
            for award in qualification.awards
        ],
        "license_verified": qualification.license_verified,
        "barred_for": qualification.barred_for,
    }


def _npis_to_score() -> list[str]:
    """NPIs of all providers of whom a credential, a volume or an exclusion is known, or who have a score."""
    tables: tuple[Any, ...] = (Credential, ProcedureVolume, MedicareYear, Exclusion, QualificationScore)
    return sorted(db.session.scalars(union(*(select(table.npi) for table in tables))))


def held_by(npis: Collection[str]) -> defaultdict[str, Held]:
    """What the rubric needs, by NPI; a provider of whom nothing is known is none of the keys.

    The exclusions of those who were merged into a provider count as the provider's own.
    """
    held: defaultdict[str, Held] = defaultdict(Held)
    checks = _final_verifications(npis)
    names = dict(db.session.execute(select(Source.key, Source.name)).all())
    facts = (getattr(Credential, name) for name in _FACTS)
    for row in db.session.execute(
        select(Credential.npi, Credential.id, Credential.source_key, Credential.as_of, *facts)
        .where(Credential.npi.in_(npis))
        .order_by(Credential.id)
    ):
        check = deciding_check(checks[row.id])
        values = {name: getattr(row, name) for name in _FACTS}
        values["status"] = decided_status(row.status, check.outcome if check else None)
        held[row.npi].credentials.append(
            HeldCredential(
                **values,
                source=check.primary_source if check else names[row.source_key],
                as_of=check.checked_on if check else row.as_of,
                was_verified=any(each.outcome in COUNTING for each in checks[row.id]),
                discipline_known=any(each.names_discipline is not False for each in checks[row.id]) or not check,
            )
        )
    volume, exclusion, listed = ProcedureVolume, Exclusion, MedicareYear
    for npi, year, code, services, source_key, as_of in db.session.execute(
        select(volume.npi, volume.year, volume.hcpcs_code, volume.services, volume.source_key, volume.as_of).where(
            volume.npi.in_(npis)
        )
    ):
        held[npi].volumes.append(BilledVolume(year, code, services, names[source_key], as_of))
    for npi, merged_into, excluded_on, reinstated_on, source_key in db.session.execute(
        select(
            exclusion.npi,
            Provider.merged_into,
            exclusion.excluded_on,
            exclusion.reinstated_on,
            exclusion.source_key,
        )
        .join(Provider, Provider.npi == exclusion.npi)
        .where(exclusion.npi.in_(npis) | Provider.merged_into.in_(npis))
    ):
        for each in {npi, merged_into or npi} & set(npis):
            held[each].exclusions.append(ExclusionEntry(excluded_on, reinstated_on, source_key))
    for npi, year in db.session.execute(select(listed.npi, listed.year).where(listed.npi.in_(npis))):
        held[npi].medicare_years.append(year)
    return held


def deciding_check(oldest_first: Iterable[AnyCheck]) -> AnyCheck | None:
    """The final check that says how a credential stands: the newest, but not being able to verify a submission takes
    nothing back of what an earlier check found against it.
    """
    decides: AnyCheck | None = None
    for check in oldest_first:
        if not (decides and decides.outcome in AGAINST and check.outcome == CredentialStatus.COULD_NOT_VERIFY):
            decides = check
    return decides


def decided_status(status: CredentialStatus, outcome: CredentialStatus | None) -> CredentialStatus:
    """How a credential stands as last decided: a new submission or review changes nothing until it is decided."""
    if outcome and (outcome in AGAINST or status in UNDER_WAY):
        return outcome
    return status


def _final_verifications(npis: Iterable[str]) -> dict[int, list[Any]]:
    """The verifications that count of each credential, oldest first, by the credential's id."""
    checks: dict[int, list[Any]] = defaultdict(list)
    for check in db.session.execute(
        select(
            Verification.credential_id,
            Verification.outcome,
            Verification.primary_source,
            Verification.checked_on,
            BoardFile.names_discipline,  # None: it was checked otherwise
        )
        .join(Credential)
        .outerjoin(BoardFile, BoardFile.id == Verification.board_file_id)
        .where(Credential.npi.in_(npis), Verification.state == "final")
        .order_by(Verification.verified_at, Verification.id)
    ):
        checks[check.credential_id].append(check)
    return checks
