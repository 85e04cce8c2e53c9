"""What results show of a provider beside its score, and the names of the filters' choices."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from directory.credentials.models import QualificationScore
from directory.extensions import db
from directory.providers.models import (
    AcceptingNewPatients,
    InsurancePlan,
    PracticeLocation,
    Provider,
    ProviderSpecialty,
)
from directory.providers.queries import specialty_names
from directory.ratings.models import RatingEstimate
from directory.search.filters import FILTERS, YES, SwitchFilter, ValuesFilter
from directory.web.chunks import chunks

IDS_AT_ONCE = 5_000  # databases take only so many values in one statement


@dataclass(frozen=True, slots=True)
class Details:
    """One practice location, its provider, and what is known of the provider; None where nothing is."""

    location_id: int
    line_1: str
    line_2: str | None
    city: str
    state: str
    postal_code: str | None
    phone: str | None
    latitude: float
    longitude: float
    precision: str
    npi: str
    name: str
    accepting: bool | None
    awards: list[dict[str, Any]] | None  # one a line of the rubric, as `rubric.Award`
    rating: float | None  # stars, with the ends of the 90 % interval
    rating_low: float | None
    rating_high: float | None
    reviews_counted: int | None
    specialties: tuple[str, ...]  # display names, the primary one first


COLUMNS = (
    PracticeLocation.id.label("location_id"),
    PracticeLocation.line_1,
    PracticeLocation.line_2,
    PracticeLocation.city,
    PracticeLocation.state,
    PracticeLocation.postal_code,
    PracticeLocation.phone,
    PracticeLocation.latitude,
    PracticeLocation.longitude,
    PracticeLocation.precision,
    Provider.npi,
    Provider.name,
    AcceptingNewPatients.accepting,
    QualificationScore.awards,
    RatingEstimate.estimate.label("rating"),
    RatingEstimate.low.label("rating_low"),
    RatingEstimate.high.label("rating_high"),
    RatingEstimate.reviews_counted,
)


def read_details(location_ids: Sequence[int]) -> dict[int, Details]:
    """What is known at each of the practice locations; one that has gone, or lost its point, is left out."""
    known: dict[int, Details] = {}
    for chunk in chunks(location_ids, IDS_AT_ONCE):
        known.update(_details(chunk))
    return known


def _details(location_ids: Sequence[int]) -> dict[int, Details]:
    rows = db.session.execute(
        select(*COLUMNS)
        .join(Provider, Provider.npi == PracticeLocation.npi)
        .outerjoin(AcceptingNewPatients, AcceptingNewPatients.npi == Provider.npi)
        .outerjoin(QualificationScore, QualificationScore.npi == Provider.npi)
        .outerjoin(RatingEstimate, RatingEstimate.npi == Provider.npi)
        .where(
            PracticeLocation.id.in_(location_ids),
            PracticeLocation.latitude.is_not(None),
            PracticeLocation.longitude.is_not(None),
        )
    ).all()
    specialties = _specialties({row.npi for row in rows})
    return {row.location_id: Details(**row._asdict(), specialties=specialties.get(row.npi, ())) for row in rows}


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


def insurance_names() -> dict[str, str]:
    """Names of all insurance plans, by key."""
    return dict(db.session.execute(select(InsurancePlan.key, InsurancePlan.name)).all())


def choice_labels(specialties: Collection[str]) -> Mapping[str, Mapping[str, str]]:
    """The names of the filters' choices in the language of the page, by URL parameter and value.

    Of specialties it names those among `specialties`.
    """
    return {
        each.parameter: {value: gettext(name) for value, name in _names(each, specialties).items()} for each in FILTERS
    }


def _names(each: ValuesFilter | SwitchFilter, specialties: Collection[str]) -> Mapping[str, str]:
    if isinstance(each, SwitchFilter):
        return {YES: each.label}
    if each.names is not None:
        return each.names
    return specialty_names(specialties) if each.parameter == "specialty" else insurance_names()
