"""What results show of a provider beside its score, and the names of the filters' choices."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from directory.credentials.models import ProcedureVolume, QualificationScore
from directory.extensions import db
from directory.providers.models import (
    AcceptingNewPatients,
    InsurancePlan,
    PracticeLocation,
    Provider,
    ProviderSpecialty,
    Specialty,
)
from directory.providers.offerings import LANGUAGES, PRODUCTS, SERVICES, TREATING_SPECIALTIES
from directory.reviews.models import RatingEstimate

NECK_TREATMENT = "64616"


@dataclass(frozen=True, slots=True)
class Details:
    """One practice location with its point (degrees), its provider, and what is known of the provider."""

    location: PracticeLocation
    latitude: float
    longitude: float
    provider: Provider
    awards: list[dict[str, Any]]
    rating: RatingEstimate | None
    accepting: bool | None
    specialties: tuple[str, ...]  # display names, the primary one first
    neck_treatments: float | None
    neck_treatments_year: int | None


def details(location_ids: Collection[int]) -> dict[int, Details]:
    """What is known at each of the practice locations; one that is gone by now is left out."""
    found = db.session.execute(
        select(PracticeLocation, Provider, QualificationScore.awards, RatingEstimate, AcceptingNewPatients.accepting)
        .join(Provider, Provider.npi == PracticeLocation.npi)
        .outerjoin(QualificationScore, QualificationScore.npi == Provider.npi)
        .outerjoin(RatingEstimate, RatingEstimate.npi == Provider.npi)
        .outerjoin(AcceptingNewPatients, AcceptingNewPatients.npi == Provider.npi)
        .where(PracticeLocation.id.in_(location_ids))
    ).all()
    npis = {provider.npi for _, provider, *_ in found}
    specialties, treatments = _specialties(npis), _neck_treatments(npis)
    return {
        location.id: Details(
            location,
            location.latitude,
            location.longitude,
            provider,
            awards or [],
            rating,
            accepting,
            specialties.get(provider.npi, ()),
            *treatments.get(provider.npi, (None, None)),
        )
        for location, provider, awards, rating, accepting in found
        if location.latitude is not None and location.longitude is not None
    }


def _specialties(npis: Collection[str]) -> dict[str, tuple[str, ...]]:
    codes = defaultdict(list)
    for npi, code in db.session.execute(
        select(ProviderSpecialty.npi, ProviderSpecialty.specialty_code)
        .where(ProviderSpecialty.npi.in_(npis))
        .order_by(ProviderSpecialty.is_primary.desc(), ProviderSpecialty.specialty_code)
    ):
        codes[npi].append(code)
    names = specialty_names({code for declared in codes.values() for code in declared})
    return {npi: tuple(names.get(code, code) for code in declared) for npi, declared in codes.items()}


def _neck_treatments(npis: Collection[str]) -> dict[str, tuple[float, int]]:
    """By NPI: the neck treatments of the newest year that is known of, and the year."""
    newest = (
        select(ProcedureVolume.npi, func.max(ProcedureVolume.year).label("year"))
        .where(ProcedureVolume.npi.in_(npis), ProcedureVolume.hcpcs_code == NECK_TREATMENT)
        .group_by(ProcedureVolume.npi)
        .subquery()
    )
    rows = db.session.execute(
        select(ProcedureVolume.npi, ProcedureVolume.services, ProcedureVolume.year)
        .join(newest, (newest.c.npi == ProcedureVolume.npi) & (newest.c.year == ProcedureVolume.year))
        .where(ProcedureVolume.hcpcs_code == NECK_TREATMENT)
    )
    return {npi: (services, year) for npi, services, year in rows}


def specialty_names(codes: Collection[str]) -> dict[str, str]:
    """The names of NUCC codes; a code newer than the imported taxonomy, and not a treating one, has none."""
    imported = db.session.execute(select(Specialty.code, Specialty.display_name).where(Specialty.code.in_(codes)))
    return {**TREATING_SPECIALTIES, **dict(imported.tuples().all())}


def insurance_names() -> dict[str, str]:
    """Names of all insurance plans, by key."""
    return dict(db.session.execute(select(InsurancePlan.key, InsurancePlan.name)).tuples().all())


def choice_labels(specialties: Collection[str]) -> Mapping[str, Mapping[str, str]]:
    """The names of the filters' choices, by URL parameter and value; of specialties, those among `specialties`."""
    return {
        "specialty": specialty_names(specialties),
        "product": PRODUCTS,
        "service": SERVICES,
        "insurance": insurance_names(),
        "language": LANGUAGES,
        "accepting": {"1": "Accepting new patients"},
        "verified": {"1": "Licence verified"},
    }
