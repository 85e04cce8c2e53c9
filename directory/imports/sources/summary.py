"""What the directory holds once its sources were brought up to date, and what is missing, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from directory.credentials.licenses.professions import professions_of
from directory.credentials.models import QualificationScore
from directory.extensions import db
from directory.imports.source_age import sources_status
from directory.imports.source_counts import OF_NO_PROVIDER, source_counts
from directory.imports.sources.by_hand import hand_sources, shown_path
from directory.places.resolve import place_named
from directory.providers.models import PracticeLocation, Provider, ProviderSpecialty
from directory.providers.placing import ROUGH
from directory.search.forms import SearchForm
from directory.search.query import MAX_RADIUS_MILES
from directory.search.service import search, stored_choices
from directory.web.days import day_in_words, local_day, today_in_california
from directory.web.filters import count_of


@dataclass(frozen=True, slots=True)
class Holdings:
    """How many of what is here; `ranked` are those whom the search around the area lists."""

    providers: int
    ranked: int
    verified: int
    locations: int
    placed: int


def count_holdings(near: str, radius_miles: float) -> Holdings:
    """Raises `ValueError` for a place that is unknown or could be several."""
    form = SearchForm(
        MultiDict({"near": near, "radius": f"{min(radius_miles, MAX_RADIUS_MILES):g}"}), stored_choices(())
    )
    form.validate()
    ranked = search(form.to_query(place_named(near))).total
    is_placed = PracticeLocation.precision.not_in(ROUGH)
    locations = select(func.count(), func.count().filter(is_placed)).select_from(PracticeLocation)
    all_locations, placed = db.session.execute(locations).one()
    return Holdings(
        providers=db.session.scalar(select(func.count()).select_from(Provider).where(Provider.is_public)) or 0,
        ranked=ranked,
        verified=db.session.scalar(select(func.count()).where(QualificationScore.license_verified)) or 0,
        locations=all_locations,
        placed=placed,
    )


def holdings_in_words(near: str, radius_miles: float) -> Iterator[str]:
    """What is here, source by source, and what is missing with what to do about it. Raises `ValueError` as above."""
    here = count_holdings(near, radius_miles)
    yield "Here now:"
    yield f"  {count_of(here.providers, 'provider')}, {here.ranked:,} ranked within {radius_miles:g} miles of {near}"
    yield f"  {count_of(here.verified, 'provider')} with a verified license"
    yield f"  {here.placed:,} of {count_of(here.locations, 'practice location')} placed at the street"
    counts = source_counts()
    statuses = sources_status(today_in_california())
    for status in statuses:
        if status.as_of is not None:
            told = f", {count_of(counts.providers.get(status.key, 0), 'provider')}"
            if status.key in counts.licenses:
                told = f", {count_of(counts.licenses[status.key], 'license')}"
            elif status.key in OF_NO_PROVIDER:
                told = ""
            next_on = f"; next on {day_in_words(local_day(status.next_at))}" if status.next_at else ""
            yield f"  {status.key}: of {day_in_words(status.as_of)}{told}{next_on}"
    never = {status.key for status in statuses if status.as_of is None}
    here_are = professions_of(db.session.scalars(select(ProviderSpecialty.specialty_code).distinct()))
    missing = [
        source
        for source in hand_sources()
        if source.key in never and (not source.professions or source.professions & here_are)
    ]
    if missing:
        yield "Missing, because a person has to download it:"
    for source in missing:
        yield f"  {source.name}, from {source.url}"
        yield f"    Put it into {shown_path(source.folder)} and run the same again, or: {source.command}"
