"""Each provider's qualification score: the facts that the rubric takes, and the points that are kept."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import delete, insert, select, union

from directory.credentials.exclusions.models import Exclusion
from directory.credentials.facts import BilledVolume, ExclusionEntry, HeldCredential
from directory.credentials.models import Credential, MedicareYear, ProcedureVolume, QualificationScore, Verification
from directory.credentials.rubric import Award, Qualification, score_qualification
from directory.credentials.status import COUNTING, CredentialStatus
from directory.extensions import db
from directory.providers.revision import note_search_change
from directory.providers.sources import Source
from directory.web.chunks import chunks
from directory.web.days import today_in_california
from directory.web.phrases import Phrase, read_phrase

PROVIDERS_AT_ONCE = 5_000
AGAINST = (CredentialStatus.REJECTED, CredentialStatus.EXPIRED, CredentialStatus.REVOKED)
AnyCheck = TypeVar("AnyCheck", Verification, Any)
UNDER_WAY = (CredentialStatus.CLAIMED, CredentialStatus.SUBMITTED, CredentialStatus.IN_REVIEW)


@dataclass(slots=True)
class Held:
    """What the rubric needs to know of one provider."""

    credentials: list[HeldCredential]
    volumes: list[BilledVolume]
    exclusions: list[ExclusionEntry]
    medicare_years: list[int]

    def score(self, today: date) -> Qualification:
        return score_qualification(self.credentials, self.volumes, self.exclusions, today, self.medicare_years)


def rescore_qualification(npi: str, today: date | None = None) -> None:
    """Score one provider as of `today` (by default today in California). One of whom nothing is known has no score."""
    rescore_qualifications([npi], today)


def rescore_all_qualifications(today: date | None = None) -> tuple[int, int]:
    """Score every provider of whom anything is known. Returns how many there are and how many scores changed.

    Expiries and years since license move with the calendar, so this belongs in a nightly job.
    """
    npis = _npis_to_score()
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
    rows = [{"npi": npi, **scores[npi]} for npi in sorted(changed & scores.keys())]
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


def _npis_to_score() -> list[str]:
    """NPIs of all providers of whom a credential, a volume or an exclusion is known, or who have a score."""
    tables: tuple[Any, ...] = (Credential, ProcedureVolume, MedicareYear, Exclusion, QualificationScore)
    return sorted(db.session.scalars(union(*(select(table.npi) for table in tables))))


def held_by(npis: Collection[str]) -> dict[str, Held]:
    """What the rubric needs, by NPI; providers of whom nothing is known are left out."""
    held: dict[str, Held] = defaultdict(lambda: Held([], [], [], []))
    checks = _final_verifications(npis)
    names = dict(db.session.execute(select(Source.key, Source.name)).all())
    credential, volume, exclusion = Credential, ProcedureVolume, Exclusion
    for row in db.session.execute(
        select(
            credential.npi,
            credential.id,
            credential.kind,
            credential.status,
            credential.field,
            credential.issuer,
            credential.state,
            credential.issued_on,
            credential.expires_on,
            credential.public_discipline,
            credential.verified_until,
            credential.source_key,
            credential.as_of,
        )
        .where(credential.npi.in_(npis))
        .order_by(credential.id)
    ):
        check = deciding_check(checks[row.id])
        held[row.npi].credentials.append(
            HeldCredential(
                kind=row.kind,
                status=decided_status(row.status, check.outcome if check else None),
                field=row.field,
                issuer=row.issuer,
                state=row.state,
                issued_on=row.issued_on,
                expires_on=row.expires_on,
                public_discipline=row.public_discipline,
                verified_until=row.verified_until,
                checked_at=check.primary_source if check else names[row.source_key],
                checked_on=check.checked_on if check else row.as_of,
                was_verified=any(each.outcome in COUNTING for each in checks[row.id]),
            )
        )
    for billed in db.session.execute(
        select(volume.npi, volume.year, volume.hcpcs_code, volume.services, volume.source_key, volume.as_of).where(
            volume.npi.in_(npis)
        )
    ):
        held[billed.npi].volumes.append(
            BilledVolume(billed.year, billed.hcpcs_code, billed.services, names[billed.source_key], billed.as_of)
        )
    for entry in db.session.execute(
        select(exclusion.npi, exclusion.excluded_on, exclusion.reinstated_on).where(exclusion.npi.in_(npis))
    ):
        held[entry.npi].exclusions.append(ExclusionEntry(entry.excluded_on, entry.reinstated_on))
    for listed in db.session.execute(select(MedicareYear.npi, MedicareYear.year).where(MedicareYear.npi.in_(npis))):
        held[listed.npi].medicare_years.append(listed.year)
    return dict(held)


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
        )
        .join(Credential)
        .where(Credential.npi.in_(npis), Verification.state == "final")
        .order_by(Verification.verified_at, Verification.id)
    ):
        checks[check.credential_id].append(check)
    return checks
