"""Reads of credentials, volumes and exclusions, as the provider's page shows them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from directory.audit.log import PROGRAM
from directory.credentials.bars import license_name
from directory.credentials.exclusions.models import Exclusion
from directory.credentials.injections import Injections, OfferedProduct, injections_known
from directory.credentials.kinds import FIELDS, KINDS, CredentialKind
from directory.credentials.models import (
    BoardFile,
    Credential,
    MedicareEnrollment,
    MedicareGroup,
    MedicareYear,
    ProcedureVolume,
    Verification,
)
from directory.credentials.rubric import (
    BOARD,
    FELLOWSHIP,
    GUIDANCE,
    GUIDANCE_CODES,
    LICENSE,
    NECK_TREATMENT,
    RUBRIC,
    VOLUME,
    YEARS,
    Award,
    Qualification,
)
from directory.credentials.scoring import decided_status, deciding_check, held_by
from directory.credentials.status import COUNTING, STANDINGS, CredentialStatus
from directory.extensions import db
from directory.providers.models import Provider, ProviderProduct
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

ASSIGNMENT = {
    "Y": N_("Accepts what Medicare pays as full payment"),
    "M": N_("May accept what Medicare pays as full payment: ask before the visit"),
}


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
    def list_file(self) -> BoardFile | None:
        """The board's list that shows it, where the program read it there last and it counts."""
        check = self.verification
        return check.board_file if check and check.recorded_by == PROGRAM and self.counts else None

    @property
    def counts(self) -> bool:
        return self.standing == STANDINGS[CredentialStatus.VERIFIED]


@dataclass(frozen=True, slots=True)
class Tick:
    """A question that patients ask of qualifications, answered by one line of the rubric or more."""

    label: str
    awards: tuple[Award, ...]

    @property
    def points(self) -> float:
        return round(sum(award.points for award in self.awards), 1)

    @property
    def of(self) -> int:
        return sum(award.of for award in self.awards)

    @property
    def reason(self) -> str:
        """Why the last line that gave points did, or why the first gave none."""
        return str(next((award.why for award in reversed(self.awards) if award.points), self.awards[0].why))

    @property
    def is_met(self) -> bool:
        return self.awards[0].points > 0


TICKS = ((LICENSE, YEARS), (BOARD,), (FELLOWSHIP,), (VOLUME,), (GUIDANCE,))
"""Which lines of the rubric answer one question; together they are the whole rubric."""


@dataclass(frozen=True, slots=True)
class Qualifications:
    """The qualifications part of a provider's page."""

    qualification: Qualification
    injections: Injections
    credentials: list[ShownCredential]
    lifted_exclusions: Sequence[Exclusion]  # from which the provider has been reinstated
    exclusions: Sequence[Exclusion]  # all others, newest first; those of merged providers are among both
    volumes: Sequence[ProcedureVolume]  # newest year first
    procedures: dict[str, str]  # by HCPCS code
    cautions: list[str]
    suppressed: list[MedicareYear]  # years whose file has the provider and no count of neck treatments, newest first
    enrollment: MedicareEnrollment | None  # None when CMS's file of clinicians does not list the provider
    assignment: str | None  # in words, of `ASSIGNMENT`
    groups: Sequence[MedicareGroup]

    @property
    def ticks(self) -> list[Tick]:
        awards = {award.key: award for award in self.qualification.awards}
        return [Tick(lines[0].label, tuple(awards[line.key] for line in lines)) for lines in TICKS]


def qualifications(npi: str) -> Qualifications:
    """The qualifications part of a page, scored as of today: a license that expired last night no longer counts."""
    today = today_in_california()
    own = select(Provider.npi).where((Provider.npi == npi) | (Provider.merged_into == npi))
    exclusions = select(Exclusion).where(Exclusion.npi.in_(own)).order_by(Exclusion.excluded_on.desc().nulls_first())
    billed = select(ProcedureVolume).where(ProcedureVolume.npi == npi)
    volumes = db.session.scalars(billed.order_by(ProcedureVolume.year.desc(), ProcedureVolume.hcpcs_code)).all()
    counted = {volume.year for volume in volumes if volume.hcpcs_code == NECK_TREATMENT}
    listed = select(MedicareYear).where(MedicareYear.npi == npi).order_by(MedicareYear.year.desc())
    enrollment = db.session.get(MedicareEnrollment, npi)
    groups = select(MedicareGroup).where(MedicareGroup.npi == npi)
    found = db.session.scalars(exclusions).all()
    lifted = [each for each in found if each.reinstated_on and each.reinstated_on <= today]
    return Qualifications(
        qualification=held_by([npi])[npi].score(today),
        injections=_injections(db.session.get_one(Provider, npi), volumes),
        credentials=[shown_credential(credential, today) for credential in credentials_of([npi])],
        exclusions=[each for each in found if each not in lifted],
        lifted_exclusions=lifted,
        volumes=volumes,
        procedures=PROCEDURES,
        cautions=[line.caution for line in RUBRIC if line.caution],
        suppressed=[year for year in db.session.scalars(listed) if year.year not in counted],
        enrollment=enrollment,
        assignment=ASSIGNMENT.get(enrollment.accepts_assignment or "") if enrollment else None,
        groups=db.session.scalars(groups.order_by(MedicareGroup.name, MedicareGroup.org_pac_id)).all(),
    )


def _injections(provider: Provider, volumes: Sequence[ProcedureVolume]) -> Injections:
    """As `injections_of`, of what is read already; `volumes` has the newest year first."""
    counted = (each for each in volumes if each.hcpcs_code == NECK_TREATMENT and each.services > 0)
    newest = next(counted, None)
    offered = [
        OfferedProduct(each.product, each.source.kind, each.source.name, each.as_of) for each in provider.products
    ]
    return injections_known(
        (newest.services, newest.year) if newest else None,
        offered,
        [specialty.specialty_code for specialty in provider.specialties],
    )


def injections_of(specialties: Mapping[str, Collection[str]]) -> dict[str, Injections]:
    """What is known of injections, by NPI; `specialties` has the codes that each of the providers declared."""
    billed = (
        select(ProcedureVolume.npi, ProcedureVolume.services, ProcedureVolume.year)
        .where(
            ProcedureVolume.npi.in_(specialties),
            ProcedureVolume.hcpcs_code == NECK_TREATMENT,
            ProcedureVolume.services > 0,
        )
        .order_by(ProcedureVolume.year)
    )
    newest = {npi: (services, year) for npi, services, year in db.session.execute(billed)}
    offered = defaultdict(list)
    for npi, product, kind, name, as_of in db.session.execute(
        select(ProviderProduct.npi, ProviderProduct.product, Source.kind, Source.name, ProviderProduct.as_of)
        .join(Source, Source.key == ProviderProduct.source_key)
        .where(ProviderProduct.npi.in_(specialties))
        .order_by(ProviderProduct.npi, ProviderProduct.product)
    ):
        offered[npi].append(OfferedProduct(product, kind, name, as_of))
    return {npi: injections_known(newest.get(npi), offered[npi], codes) for npi, codes in specialties.items()}


def credentials_of(npis: Collection[str]) -> Sequence[Credential]:
    """The credentials of these providers with their checks, in the order of entry."""
    return db.session.scalars(
        select(Credential)
        .where(Credential.npi.in_(npis))
        .options(
            selectinload(Credential.verifications).joinedload(Verification.board_file).joinedload(BoardFile.source)
        )
        .order_by(Credential.id)
    ).all()


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
    decided = decided_status(CredentialStatus(credential.status), CredentialStatus(check.outcome) if check else None)
    lapsed = credential.expires_on is not None and credential.expires_on < today
    standing = STANDINGS[CredentialStatus.EXPIRED if lapsed and decided in COUNTING else decided]
    stale = credential.verified_until is not None and credential.verified_until < today
    if stale and not lapsed and decided in COUNTING | {CredentialStatus.EXPIRED}:
        standing = N_("verified too long ago")
    return ShownCredential(credential, _title(credential), standing, lapsed, check)
