"""The search itself: from a query to results with all that is shown of them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, FromClause, false, func, join, select

from directory.credentials.models import QualificationScore
from directory.credentials.queries import injections_of
from directory.extensions import db
from directory.providers.models import (
    DEMONSTRATION,
    ORGANIZATION,
    AcceptingNewPatients,
    InsurancePlan,
    PracticeLocation,
    Provider,
    ProviderSpecialty,
)
from directory.providers.offerings import profession
from directory.providers.queries import specialty_names
from directory.providers.revision import current_revision
from directory.providers.sources import oldest_current
from directory.ratings.models import RatingEstimate
from directory.search.engine import current_snapshot
from directory.search.facets import count_choices, count_not_accepting, find_loosenings
from directory.search.filters import FILTERS, INJECTS, YES, SwitchFilter, ValuesFilter
from directory.search.query import Parts, Result, SearchQuery, SearchResults
from directory.search.ranking import RankedPage, rank_page
from directory.search.snapshot import Snapshot
from directory.web.chunks import chunks
from directory.web.days import today_in_california
from directory.web.languages import current_language
from directory.web.messages import gettext
from directory.web.phrases import N_, read_phrase

CODE_LENGTH = 10  # of every NUCC code
Names = TypeVar("Names")
MAX_SHOWN, MAX_NAMES = 5_000, 100  # kept in a worker: of each about 3 kB
IDS_AT_ONCE = 5_000  # databases take only so many values in one statement


def search(query: SearchQuery) -> SearchResults:
    """Rank every provider that `query` asks for, and read what is shown of those on its page.

    An offset beyond the last result becomes that of the last page; the query that comes back says so.
    """
    snapshot = current_snapshot()
    page = rank_page(snapshot, query)
    found = snapshot.sets["specialty"].counts(snapshot.profiles["specialty"], page.counts)
    specialties = found.keys() | query.filters.get("specialty", frozenset())
    return SearchResults(
        query=page.query,
        total=page.total,
        results=_results(snapshot, page),
        not_accepting=count_not_accepting(snapshot, page.counts, query.filters),
        facets=count_choices(snapshot, page.counts, query.filters, _labels(snapshot, frozenset(specialties))),
        loosenings=() if page.total else find_loosenings(snapshot, query),
    )


def _results(snapshot: Snapshot, page: RankedPage) -> tuple[Result, ...]:
    """The page's results, but for those that have gone since the snapshot was read."""
    known = _shown(snapshot, page.results["location"].tolist())
    verified = snapshot.profiles["verified"][page.results["profile"]].tolist()
    shown = page.results[["location", "miles", "proximity", "qualification", "rating", "score"]].tolist()
    return tuple(
        Result(
            **{**known[location], "license_verified": is_verified},
            rank=rank,
            distance_miles=miles,
            parts=Parts(*parts),
            score=score,
        )
        for rank, ((location, miles, *parts, score), is_verified) in enumerate(
            zip(shown, verified, strict=True), start=page.query.offset + 1
        )
        if location in known
    )


def _shown(snapshot: Snapshot, location_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """By practice location, what is shown of it: from what the snapshot keeps, and else read and kept there.

    What this session reads may be older than the snapshot; then it is not kept.
    """
    language = current_language().code
    known = {place: facts for place in location_ids if (facts := snapshot.shown.get((language, place)))}
    missing = [place for place in location_ids if place not in known]
    may_be_kept = 0 < len(missing) <= MAX_SHOWN // 10 and current_revision() >= snapshot.revision
    for chunk in chunks(missing, IDS_AT_ONCE):
        read = _read_locations(chunk)
        known.update(read)
        if may_be_kept:
            if len(snapshot.shown) > MAX_SHOWN:
                snapshot.shown.clear()
            snapshot.shown.update({(language, place): facts for place, facts in read.items()})
    return known


def _labels(snapshot: Snapshot, specialties: frozenset[str]) -> Mapping[str, Mapping[str, str]]:
    """The names of all choices in the language of the page, by filter and value; of specialties, of these."""

    def labels() -> Mapping[str, Mapping[str, str]]:
        return {
            each.parameter: {value: gettext(name) for value, name in _choice_names(each, specialties).items()}
            for each in FILTERS
        }

    return _kept_names(snapshot, (current_language().code, *sorted(specialties)), labels)


def _kept_names(snapshot: Snapshot, key: tuple[str, ...], read: Callable[[], Names]) -> Names:
    """What `read` gives, kept with the snapshot."""
    names: Names | None = snapshot.names.get(key)
    if names is None:
        if len(snapshot.names) > MAX_NAMES:
            snapshot.names.clear()
        names = snapshot.names[key] = read()
    return names


def _read_locations(location_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """By practice location, what the database holds of a `Result`; one that lost its point is left out."""
    has_point = PracticeLocation.latitude.is_not(None), PracticeLocation.longitude.is_not(None)
    at_locations = join(PracticeLocation, Provider, Provider.npi == PracticeLocation.npi)
    found = read_providers(at_locations, PracticeLocation.id.in_(location_ids), *has_point)
    return {values["location_id"]: values for values in found}


def read_providers(at_locations: FromClause, *where: ColumnElement[bool]) -> list[dict[str, Any]]:
    """What the database holds of `FoundProvider`s for each row of a join of providers and practice locations."""
    rows = db.session.execute(
        select(
            PracticeLocation.id,
            PracticeLocation.line_1,
            PracticeLocation.line_2,
            PracticeLocation.city,
            PracticeLocation.state,
            PracticeLocation.postal_code,
            PracticeLocation.country,
            PracticeLocation.phone,
            PracticeLocation.latitude,
            PracticeLocation.longitude,
            PracticeLocation.precision,
            Provider.npi,
            Provider.name,
            Provider.entity_type,
            PracticeLocation.as_of.label("phone_as_of"),
            AcceptingNewPatients.accepting,
            AcceptingNewPatients.as_of.label("accepting_as_of"),
            QualificationScore.awards,
            func.coalesce(QualificationScore.license_verified, false()).label("license_verified"),
            RatingEstimate.estimate,
            RatingEstimate.low,
            RatingEstimate.high,
            func.coalesce(RatingEstimate.reviews_counted, 0).label("reviews_counted"),
        )
        .select_from(at_locations)
        .outerjoin(AcceptingNewPatients, AcceptingNewPatients.npi == Provider.npi)
        .outerjoin(QualificationScore, QualificationScore.npi == Provider.npi)
        .outerjoin(RatingEstimate, RatingEstimate.npi == Provider.npi)
        .where(*where)
    ).all()
    codes = _specialties({row.npi for row in rows})
    names = specialty_names({code for declared in codes.values() for code in declared})
    injections, oldest = injections_of(codes), oldest_current(today_in_california())
    return [
        {
            "npi": row.npi,
            "name": row.name,
            "location_id": row.id,
            "address": row.line_1 and _address(row.line_1, row.line_2, row.city, row.state, row.postal_code),
            "city": row.city,
            "country": row.country,
            "phone": row.phone,
            "latitude": row.latitude,
            "longitude": row.longitude,
            "precision": row.precision,
            "profession": profession(next(iter(codes[row.npi]), ""), names, row.entity_type == ORGANIZATION),
            "is_organization": row.entity_type == ORGANIZATION,
            "injections": injections[row.npi],
            "phone_as_of": row.phone_as_of,
            "accepting": row.accepting,
            "accepting_as_of": row.accepting_as_of,
            "accepting_is_current": row.accepting is not None and row.accepting_as_of >= oldest,
            "license_verified": row.license_verified,
            "awards": [(award["key"], award["points"], read_phrase(award["why"])) for award in row.awards or ()],
            "rating": row.estimate if row.reviews_counted else None,
            "rating_low": row.low if row.reviews_counted else None,
            "rating_high": row.high if row.reviews_counted else None,
            "reviews_counted": row.reviews_counted,
            "is_demonstration": row.npi.startswith(DEMONSTRATION),
        }
        for row in rows
    ]


def _specialties(npis: Collection[str]) -> dict[str, list[str]]:
    """The codes of the specialties that each provider has declared, the primary one first."""
    codes: dict[str, list[str]] = {npi: [] for npi in npis}
    for npi, code in db.session.execute(
        select(ProviderSpecialty.npi, ProviderSpecialty.specialty_code)
        .where(ProviderSpecialty.npi.in_(npis))
        .order_by(ProviderSpecialty.is_primary.desc(), ProviderSpecialty.specialty_code)
    ):
        codes[npi].append(code)
    return codes


def _address(line_1: str, line_2: str | None, city: str, state: str, postal_code: str | None) -> str:
    street = ", ".join(line for line in (line_1, line_2) if line)
    return f"{street}, {city}, {state} {postal_code or ''}".rstrip()


def _choice_names(each: ValuesFilter | SwitchFilter, specialties: Collection[str]) -> Mapping[str, str]:
    """The names of a filter's choices, by value; of specialties, of those among `specialties`."""
    if isinstance(each, SwitchFilter):
        return {YES: each.label}
    groups = {key: group.label for key, group in each.groups.items()}
    if each.names is not None:
        return {**each.names, **groups}
    stored = _specialty_names(specialties) if each.parameter == "specialty" else _insurance_names()
    return {**stored, **groups}


def _specialty_names(codes: Collection[str]) -> dict[str, str]:
    return {**specialty_names(codes), INJECTS: N_("Neck injections billed to Medicare, any specialty")}


def _insurance_names() -> dict[str, str]:
    """Names of all insurance plans, by key."""
    return dict(db.session.execute(select(InsurancePlan.key, InsurancePlan.name)).all())


def stored_choices(specialties: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """The choices of a search form that the database holds, by field: pairs of value and label.

    They are all listed specialties, those of `specialties` (as typed) that the taxonomy or any provider knows, and all
    insurance plans.
    """
    codes = [
        code for code in map(str.strip, specialties) if len(code) == CODE_LENGTH and code.isascii() and code.isalnum()
    ]
    snapshot = current_snapshot()

    def choices() -> dict[str, list[tuple[str, str]]]:
        declared = {code: code for code in codes if code in snapshot.sets["specialty"].values}
        names = {**declared, **_specialty_names(codes)}
        return {
            "specialty": sorted(names.items(), key=itemgetter(1)),
            "insurance": sorted(_insurance_names().items(), key=itemgetter(1)),
        }

    return _kept_names(snapshot, ("of a form", *codes), choices)
