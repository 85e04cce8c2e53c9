"""The search written the plainest way, to check the quick one against; and random directories to check it on.

Plain: every provider is looked at for every query, distances are geopy's, and `sorted` puts all in order.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from geopy.distance import great_circle
from sqlalchemy import insert, select

from directory.credentials.models import ProcedureVolume, QualificationScore
from directory.extensions import db
from directory.places.place import Place
from directory.providers.models import (
    AcceptingNewPatients,
    InsurancePlan,
    OfficeHours,
    PracticeLocation,
    Provider,
    ProviderInsurance,
    ProviderLanguage,
    ProviderProduct,
    ProviderService,
    ProviderSpecialty,
    VisitDetails,
)
from directory.providers.offerings import LANGUAGES, PRODUCTS, SERVICES, TREATING_SPECIALTIES
from directory.providers.revision import note_search_change
from directory.providers.sources import known_source
from directory.ratings.model import Parameters
from directory.ratings.models import RatingEstimate, RatingParameters
from directory.reviews.models import VisitSummary
from directory.search.filters import ChosenFilters
from directory.search.query import SearchQuery, Weights
from directory.web.days import today_in_california
from tests import factories

DAY = date(2026, 1, 2)
NOW = datetime(2026, 1, 2, tzinfo=UTC)
PLANS = ("aetna", "blue_shield", "medicare")
STORED: dict[str, tuple[str, ...]] = {
    "specialty": (*tuple(TREATING_SPECIALTIES)[:3], "225100000X"),
    "product": tuple(PRODUCTS),
    "service": tuple(SERVICES),
    "insurance": PLANS,
    "language": tuple(LANGUAGES)[:4],
}
"""What `add_providers` chooses from for each of `TABLES`."""
TABLES: dict[str, tuple[Any, str]] = {
    "specialty": (ProviderSpecialty, "specialty_code"),
    "product": (ProviderProduct, "product"),
    "service": (ProviderService, "service"),
    "insurance": (ProviderInsurance, "plan_key"),
    "language": (ProviderLanguage, "language"),
}

VALUES: dict[str, tuple[str, ...]] = {
    **STORED,
    "specialty": (*STORED["specialty"], "injects"),
    "accepting": ("1", "0", ""),
    "gender": ("F", "M", "X"),
    "hours": ("evening", "weekend"),
    "wait": ("week", "month", "three_months", "longer"),
}
"""What `random_query` asks for: an empty value is that of a provider without any."""
SWITCHES = ("verified", "telehealth", "step_free")


@dataclass
class PlainProvider:
    npi: str
    points: float = 0.0
    stars: float | None = None
    switches: dict[str, bool] = field(default_factory=dict)
    values: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in VALUES})
    locations: list[tuple[int, float, float]] = field(default_factory=list)

    def passes(self, filters: ChosenFilters) -> bool:
        return all((self.values[name] or {""}) & filters[name] for name in VALUES if name in filters) and all(
            self.switches[name] for name in SWITCHES if name in filters
        )


@dataclass
class PlainResult:
    npi: str
    location_id: int
    distance_miles: float
    parts: tuple[float, float, float]
    score: float
    provider: PlainProvider


class PlainDirectory:
    """All that is ranked `today` (by default today), read from the database by plain objects."""

    def __init__(self, today: date | None = None) -> None:
        db.session.expire_all()
        oldest = (today or today_in_california()) - timedelta(days=90)
        scores = {row.npi: row for row in db.session.scalars(select(QualificationScore))}
        ratings = {row.npi: row.estimate for row in db.session.scalars(select(RatingEstimate))}
        providers: dict[str, PlainProvider] = {}
        for row in db.session.scalars(select(Provider)):
            score = scores.get(row.npi)
            if not row.deactivated_on and not (score and score.barred_for):
                providers[row.npi] = PlainProvider(
                    row.npi,
                    points=score.points if score else 0.0,
                    stars=ratings.get(row.npi),
                    switches=dict.fromkeys(SWITCHES, False) | {"verified": bool(score and score.license_verified)},
                )
                if row.gender:
                    providers[row.npi].values["gender"].add(row.gender)
        for place in db.session.scalars(select(PracticeLocation)):
            if place.npi in providers and place.latitude is not None and place.longitude is not None:
                providers[place.npi].locations.append((place.id, place.latitude, place.longitude))
        for name, (table, column) in TABLES.items():
            for row in db.session.scalars(select(table)):
                if row.npi in providers and (name != "insurance" or row.as_of >= oldest):
                    providers[row.npi].values[name].add(getattr(row, column))
        for said in db.session.scalars(select(AcceptingNewPatients)):
            if said.npi in providers and said.as_of >= oldest:
                providers[said.npi].values["accepting"].add("1" if said.accepting else "0")
        for details in db.session.scalars(select(VisitDetails)):
            if details.npi in providers and details.as_of >= oldest and details.step_free:
                providers[details.npi].switches["step_free"] = True
        for hours in db.session.scalars(select(OfficeHours)):
            if hours.npi in providers and hours.as_of >= oldest:
                if hours.weekday >= 5:
                    providers[hours.npi].values["hours"].add("weekend")
                elif hours.closes_at.hour >= 18:
                    providers[hours.npi].values["hours"].add("evening")
        for service in db.session.scalars(select(ProviderService).filter_by(service="telehealth_consultation")):
            if service.npi in providers:
                providers[service.npi].switches["telehealth"] = True
        for visits in db.session.scalars(select(VisitSummary)):
            if visits.npi in providers and visits.wait:
                providers[visits.npi].values["wait"].add(visits.wait)
        for volume in db.session.scalars(select(ProcedureVolume)):
            if volume.npi in providers and volume.hcpcs_code == "64616" and volume.services > 0:
                providers[volume.npi].values["specialty"].add("injects")
        mean = db.session.scalar(select(RatingParameters.mean))
        self.mean = Parameters().mean if mean is None else mean
        self.providers = list(providers.values())

    def search(self, query: SearchQuery, filters: ChosenFilters | None = None) -> list[PlainResult]:
        """Everyone within the radius whom the filters (the query's own by default) let through, best first."""
        here = (query.place.latitude, query.place.longitude)
        results = []
        for provider in self.providers:
            if not provider.passes(query.filters if filters is None else filters):
                continue
            distances = [
                (great_circle(here, (latitude, longitude)).miles, location)
                for location, latitude, longitude in provider.locations
            ]
            if not distances or min(distances)[0] > query.radius_miles:
                continue
            miles, location = min(distances)
            parts = (
                0.5 ** (miles / 10),
                provider.points / 100,
                ((self.mean if provider.stars is None else provider.stars) - 1) / 4,
            )
            score = (
                query.weights.proximity * parts[0]
                + query.weights.qualification * parts[1]
                + query.weights.rating * parts[2]
            )
            results.append(PlainResult(provider.npi, location, miles, parts, score, provider))
        return sorted(results, key=lambda result: (-result.score, result.distance_miles, result.npi))


def random_directory(chance: random.Random, count: int) -> None:
    """Commit `count` providers in and around Los Angeles, with what they offer and everything that keeps some out."""
    known_source("demo")
    db.session.execute(insert(InsurancePlan), [{"key": key, "name": key.title()} for key in PLANS])
    db.session.add(RatingParameters(mean=3.9, model=Parameters().to_json()))
    buildings = [random_point(chance) for _ in range(count // 4)]  # whose providers are equally far from anywhere
    npis = [factories.npi() for _ in range(count)]
    add_providers(chance, npis, buildings)
    note_search_change(None)
    db.session.commit()


def random_point(chance: random.Random) -> tuple[float, float]:
    return chance.gauss(33.85, 0.25), chance.gauss(-118.3, 0.3)


def add_providers(chance: random.Random, npis: list[str], buildings: list[tuple[float, float]]) -> None:
    """Providers of those `npis`, uncommitted, many of them alike so that their scores tie."""
    sourced = {"source_key": "demo", "as_of": DAY}
    today = today_in_california()

    def confirmed() -> dict[str, Any]:
        return {**sourced, "as_of": today - timedelta(days=chance.choice((0, 1, 30, 89, 90, 91, 92, 2000)))}

    rows: dict[Any, list[dict[str, Any]]] = {}

    def add(table: Any, **values: Any) -> None:
        rows.setdefault(table, []).append(values)

    for npi in npis:
        add(
            Provider,
            npi=npi,
            entity_type=1,
            name=f"Ada Example {npi}, MD",
            gender=chance.choice((None, "F", "M", "M", "X")),
            deactivated_on=DAY if chance.random() < 0.05 else None,
            **sourced,
        )
        for number in range(chance.choice((0, 1, 1, 1, 2, 3, 6))):
            point = chance.choice(buildings) if chance.random() < 0.5 else random_point(chance)
            latitude, longitude = point if chance.random() < 0.95 else (None, None)
            add(
                PracticeLocation,
                npi=npi,
                address_key=f"{number} example street",
                line_1=f"{number} Example Street",
                city="Torrance",
                state="CA",
                latitude=latitude,
                longitude=longitude,
                precision=chance.choice(("point", "zip")),
                **sourced,
            )
        for name, (table, column) in TABLES.items():
            for value in chance.sample(STORED[name], chance.choice((0, 1, 1, 2))):
                add(table, npi=npi, **{column: value}, **confirmed())
        if chance.random() < 0.6:
            add(AcceptingNewPatients, npi=npi, accepting=chance.random() < 0.7, **confirmed())
        if chance.random() < 0.6:
            details = {"step_free": chance.choice((True, True, False, None))}
            add(VisitDetails, npi=npi, **details, **confirmed())
        for weekday in chance.sample(range(7), chance.choice((0, 0, 1, 2))):
            closes_at = chance.choice((time(12), time(17, 59), time(18), time(20, 30)))
            add(OfficeHours, npi=npi, weekday=weekday, opens_at=time(8), closes_at=closes_at, **confirmed())
        if chance.random() < 0.6:
            wait = chance.choice((*VALUES["wait"], None))
            add(VisitSummary, npi=npi, wait=wait, waits=7, explained_count=0, paid_count=0)
        if chance.random() < 0.2:
            code, services = chance.choice((("64616", 30.0), ("64616", 0.0), ("95874", 30.0)))
            add(ProcedureVolume, npi=npi, year=2023, hcpcs_code=code, services=services, **sourced)
        if chance.random() < 0.7:
            add(
                QualificationScore,
                npi=npi,
                points=chance.choice((0.0, 20.0, 40.0, 63.7, 100.0)),
                awards=[],
                license_verified=chance.random() < 0.6,
                barred_for="license_revoked" if chance.random() < 0.1 else None,
            )
        if chance.random() < 0.6:
            stars = chance.choice((2.5, 3.9, 4.4, 4.8))
            add(
                RatingEstimate,
                npi=npi,
                estimate=stars,
                low=stars - 0.4,
                high=min(stars + 0.3, 5.0),
                reviews_counted=chance.choice((1, 4, 31)),
            )
    for table, values in rows.items():
        db.session.execute(insert(table), values)


def random_query(chance: random.Random, directory: PlainDirectory) -> SearchQuery:
    """A query near the random directory: from a random point or from a provider's own door, with filters or without."""
    latitude, longitude = random_point(chance)
    locations = [location for provider in directory.providers for location in provider.locations]
    if locations and chance.random() < 0.3:
        _, latitude, longitude = chance.choice(locations)
    raw = [chance.choice((0.0, 0.0, 1.0, chance.random())) for _ in range(3)]
    weights = Weights(*(weight / sum(raw) for weight in raw)) if sum(raw) else Weights()
    chosen = {
        name: frozenset(chance.sample(VALUES[name], chance.choice((1, 1, 2)) if chance.random() < 0.15 else 0))
        for name in VALUES
    }
    chosen |= {name: frozenset({"1"} if chance.random() < 0.2 else ()) for name in SWITCHES}
    filters = {name: values for name, values in chosen.items() if values}
    return SearchQuery(
        place=Place("somewhere", latitude, longitude, "point"),
        radius_miles=chance.choice((0.5, 3.0, 10.0, 25.0, 100.0, chance.uniform(0.1, 500))),
        filters=filters,
        weights=weights,
        offset=chance.choice((0, 0, 5, 20, 60)),
        limit=chance.choice((1, 5, 20, 20, 1000)),
    )
