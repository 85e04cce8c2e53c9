"""Reads of credentials, volumes and exclusions: as the rubric takes them, and as the provider's page shows them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select, union
from sqlalchemy.orm import selectinload

from directory.credentials.bars import license_name
from directory.credentials.facts import BilledVolume, ExclusionEntry, HeldCredential
from directory.credentials.kinds import FIELDS, KINDS, CredentialKind
from directory.credentials.medicare import MedicareFacts, medicare_of
from directory.credentials.models import (
    Credential,
    Exclusion,
    MedicareYear,
    ProcedureVolume,
    QualificationScore,
    Verification,
)
from directory.credentials.rubric import GUIDANCE_CODES, NECK_TREATMENT, RUBRIC, Qualification, score_qualification
from directory.credentials.status import COUNTING, STANDINGS, CredentialStatus
from directory.extensions import db
from directory.providers.sources import Source
from directory.web.days import today_in_california
from directory.web.phrases import N_, Phrase

PROCEDURES = {
    NECK_TREATMENT: N_("neck treatment, one side"),
    **GUIDANCE_CODES,
    "J0585": N_("Botox, units"),
    "J0586": N_("Dysport, lots of 5 units"),
    "J0587": N_("Myobloc, lots of 100 units"),
    "J0588": N_("Xeomin, units"),
    "J0589": N_("Daxxify, units"),
}
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


@dataclass(frozen=True, slots=True)
class ShownCredential:
    """A credential as the page lists it, with the verification that decided how it stands."""

    credential: Credential
    title: Phrase  # "Board certification in neurology"
    standing: str  # one of `STANDINGS`, or that its check is too old
    lapsed: bool
    verification: Verification | None

    @property
    def public_number(self) -> str | None:
        """The number, where readers may see it."""
        return None if KINDS[self.credential.kind].number_is_private else self.credential.number

    @property
    def counts(self) -> bool:
        return self.standing == STANDINGS[CredentialStatus.VERIFIED]


@dataclass(frozen=True, slots=True)
class Qualifications:
    """The qualifications part of a provider's page."""

    qualification: Qualification
    credentials: list[ShownCredential]
    exclusions: list[Exclusion]  # newest first, reinstated ones too
    volumes: list[ProcedureVolume]  # newest year first
    procedures: dict[str, str]  # by HCPCS code
    cautions: list[str]
    medicare: MedicareFacts


def npis_to_score() -> list[str]:
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
                status=_decided(row.status, check.outcome if check else None),
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


def _decided(status: CredentialStatus, outcome: CredentialStatus | None) -> CredentialStatus:
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


def qualifications(npi: str) -> Qualifications:
    """The qualifications part of a page, scored as of today: a license that expired last night no longer counts."""
    today = today_in_california()
    credentials = db.session.scalars(
        select(Credential)
        .where(Credential.npi == npi)
        .options(selectinload(Credential.verifications))
        .order_by(Credential.id)
    )
    volumes = list(
        db.session.scalars(
            select(ProcedureVolume)
            .where(ProcedureVolume.npi == npi)
            .order_by(ProcedureVolume.year.desc(), ProcedureVolume.hcpcs_code)
        )
    )
    return Qualifications(
        qualification=held_by([npi]).get(npi, Held([], [], [], [])).score(today),
        credentials=[shown_credential(credential, today) for credential in credentials],
        exclusions=list(
            db.session.scalars(select(Exclusion).where(Exclusion.npi == npi).order_by(Exclusion.excluded_on.desc()))
        ),
        volumes=volumes,
        procedures=PROCEDURES,
        cautions=[line.caution for line in RUBRIC if line.caution],
        medicare=medicare_of(npi, volumes),
    )


def title_of(credential: Credential) -> str:
    """ "Board certification in neurology", "California license": in English, as letters and staff's pages have it."""
    return _title(credential).english


def _title(credential: Credential) -> Phrase:
    if credential.kind == CredentialKind.LICENSE:
        return license_name(credential.state)
    kind = Phrase(KINDS[credential.kind].label)
    if not credential.field:
        return kind
    field = Phrase(FIELDS.get(credential.field, credential.field))
    return Phrase(N_("%(kind)s in %(field)s"), {"kind": kind, "field": field})


def shown_credential(credential: Credential, today: date) -> ShownCredential:
    """How a credential stands today, as pages say it."""
    check = deciding_check(check for check in reversed(credential.verifications) if check.state == "final")
    decided = _decided(CredentialStatus(credential.status), CredentialStatus(check.outcome) if check else None)
    lapsed = credential.expires_on is not None and credential.expires_on < today
    standing = STANDINGS[CredentialStatus.EXPIRED if lapsed and decided in COUNTING else decided]
    stale = credential.verified_until is not None and credential.verified_until < today
    if stale and not lapsed and decided in COUNTING | {CredentialStatus.EXPIRED}:
        standing = N_("verified too long ago")
    return ShownCredential(credential, _title(credential), standing, lapsed, check)
