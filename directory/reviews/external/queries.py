"""Reads for matching: what providers are known by, and the subjects that wait for a person."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from directory.desk.queue import Queue
from directory.extensions import db
from directory.providers.models import DEMONSTRATION, OtherName, PracticeLocation, Provider
from directory.providers.sources import Source
from directory.reviews.external.provider_matching import Likeness, Traits, likeness, traits_of, traits_of_subject
from directory.reviews.external.subjects import Subject
from directory.reviews.models import DoubtfulMatch
from directory.web.pagination import Pages

PROVIDERS_AT_ONCE = 2_000
SUBJECTS_A_PAGE = 10
WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class CandidateCard:
    """A provider who may be meant, and what agrees."""

    provider: Provider
    score: float  # now, which may differ from when it was found
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class HeldReview:
    """A review that is held, as far as its source's terms let it be kept."""

    rating: float
    written: datetime
    text: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class WaitingSubject:
    """One subject of one source, with all its reviews and averages that wait. `id` is that of the first."""

    id: int
    source: Source
    subject: Subject
    reviews: list[HeldReview]
    averages: list[dict[str, Any]]  # with `average` and `reviews`
    candidates: list[CandidateCard]


def known_traits(*, demonstration: bool) -> Iterator[tuple[str, Traits]]:
    """NPI and traits of the invented providers, or of the real ones; deactivated ones have no patients."""
    last = ""
    is_invented = Provider.npi.startswith(DEMONSTRATION)
    while npis := list(
        db.session.scalars(
            select(Provider.npi)
            .where(is_invented if demonstration else ~is_invented, Provider.npi > last)
            .where(Provider.deactivated_on.is_(None))
            .order_by(Provider.npi)
            .limit(PROVIDERS_AT_ONCE)
        )
    ):
        yield from traits_by_npi(npis).items()
        last = npis[-1]


def traits_by_npi(npis: Collection[str]) -> dict[str, Traits]:
    """What each of `npis` is known by: all its names, practice addresses and phones."""
    names: dict[str, list[str]] = defaultdict(list)
    addresses: dict[str, list[str]] = defaultdict(list)
    phones: dict[str, list[str]] = defaultdict(list)
    columns = (
        Provider.npi,
        Provider.organization_name,
        Provider.name,
        Provider.first_name,
        Provider.middle_name,
        Provider.last_name,
        Provider.name_suffix,
    )
    for npi, organization, shown, first, middle, last, suffix in db.session.execute(
        select(*columns).where(Provider.npi.in_(npis))
    ):
        if organization or not last:
            names[npi] += [organization or shown]
        else:
            names[npi] += [_joined(first, last, suffix), _joined(first, middle, last, suffix)]
    for npi, name in db.session.execute(select(OtherName.npi, OtherName.name).where(OtherName.npi.in_(npis))):
        names[npi].append(name)
    place = PracticeLocation
    for npi, line_1, city, state, postal_code, phone in db.session.execute(
        select(place.npi, place.line_1, place.city, place.state, place.postal_code, place.phone).where(
            place.npi.in_(npis)
        )
    ):
        addresses[npi].append(f"{line_1}, {city}, {state} {postal_code or ''}")
        phones[npi].append(phone or "")
    return {npi: traits_of(names[npi], addresses[npi], phones[npi]) for npi in npis}


def decided_subjects(source_keys: Collection[str]) -> dict[tuple[str, str], str | None]:
    """By source and the subject's key: the NPI that a person chose, or None for nobody here."""
    table = DoubtfulMatch
    rows = db.session.execute(
        select(table.source_key, table.subject["key"].as_string(), table.npi)
        .where(table.source_key.in_(source_keys), table.status != WAITING)
        .order_by(table.decided_at, table.id)
    )
    return {(source_key, key): npi for source_key, key, npi in rows}


def count_waiting() -> int:
    """How many subjects wait for a person."""
    return len(_waiting())


def waiting_page(page: int) -> Queue[WaitingSubject]:
    """The `page`-th page of subjects that wait, those that came first first; a page beyond the last is the last."""
    waiting = _waiting()
    pages = Pages.nearest(page, SUBJECTS_A_PAGE, len(waiting))
    subjects = [_subject(*each) for each in waiting[pages.skipped : pages.last_entry]]
    return Queue(subjects, pages, {}, len(waiting))


def _waiting() -> list[tuple[str, str]]:
    table = DoubtfulMatch
    key = table.subject["key"].as_string()
    return [
        (source_key, subject_key)
        for source_key, subject_key, _ in db.session.execute(
            select(table.source_key, key, func.min(table.id))
            .where(table.status == WAITING)
            .group_by(table.source_key, key)
            .order_by(func.min(table.id))
        )
    ]


def _subject(source_key: str, subject_key: str) -> WaitingSubject:
    table = DoubtfulMatch
    rows = list(
        db.session.scalars(
            select(table)
            .where(table.source_key == source_key, table.subject["key"].as_string() == subject_key)
            .where(table.status == WAITING)
            .order_by(table.id)
        )
    )
    first = rows[0].subject
    subject = Subject(first["name"], first["address"], first["phone"])
    npis = [each["npi"] for each in rows[-1].candidates]
    traits = traits_by_npi(npis)
    providers = {each.npi: each for each in db.session.scalars(select(Provider).where(Provider.npi.in_(npis)))}
    cards = []
    for npi in npis:
        if npi in providers:
            found = likeness(traits_of_subject(subject), traits[npi])
            cards.append(CandidateCard(providers[npi], found.score, found))
    return WaitingSubject(
        id=rows[0].id,
        source=db.session.get_one(Source, source_key),
        subject=subject,
        reviews=[
            HeldReview(
                content["rating"], datetime.fromisoformat(content["created_at"]), content["text"], content["url"]
            )
            for content in (row.content for row in rows)
            if content["kind"] == "review"
        ],
        averages=[row.content for row in rows if row.content["kind"] == "average"],
        candidates=sorted(cards, key=lambda card: -card.score),
    )


def _joined(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)
