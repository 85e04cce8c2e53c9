"""Reads for matching: what providers are known by, and the subjects that wait for a person."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from directory.accounts.models import Account
from directory.accounts.work import Waiting
from directory.desk.queue import Queue
from directory.extensions import db
from directory.providers.models import DEMONSTRATION, OtherName, PracticeLocation, Provider
from directory.providers.sources import Source
from directory.reviews.external.provider_matching import Likeness, Traits, likeness, traits_of, traits_of_subject
from directory.reviews.external.subjects import Subject
from directory.reviews.models import DoubtfulMatch
from directory.web.chunks import chunks
from directory.web.pagination import Pages

PROVIDERS_AT_ONCE = 2_000
SUBJECTS_A_PAGE = 10
WAITING = "waiting"
subject_key = DoubtfulMatch.subject["key"].as_string()


@dataclass(frozen=True, slots=True)
class WaitingSubject:
    """One subject of one source, with all its reviews and averages that wait. `id` is that of the first."""

    id: int
    source: Source
    subject: Subject
    reviews: list[dict[str, Any]]  # as far as the source's terms let them be kept
    averages: list[dict[str, Any]]  # with `average` and `reviews`
    candidates: list[tuple[Provider, Likeness]]  # the likest now first


def known_traits(*, demonstration: bool) -> Iterator[tuple[str, Traits]]:
    """NPI and traits of the invented providers, or of the real ones, without deactivated, hidden and merged ones."""
    is_invented = Provider.npi.startswith(DEMONSTRATION)
    wanted = is_invented if demonstration else ~is_invented
    found = db.session.scalars(
        select(Provider.npi).where(wanted, Provider.deactivated_on.is_(None), Provider.is_public)
    )
    for npis in chunks(found.all(), PROVIDERS_AT_ONCE):
        yield from traits_by_npi(npis).items()


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
            names[npi].append(organization or shown)
        else:
            for parts in ((first, last, suffix), (first, middle, last, suffix)):
                names[npi].append(" ".join(filter(None, parts)))
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
    rows = db.session.execute(
        select(DoubtfulMatch.source_key, subject_key, DoubtfulMatch.npi)
        .where(DoubtfulMatch.source_key.in_(source_keys), DoubtfulMatch.status != WAITING)
        .order_by(DoubtfulMatch.decided_at, DoubtfulMatch.id)
    )
    return {(source_key, key): npi for source_key, key, npi in rows}


def waiting_subjects(_account: Account) -> Waiting:
    """The subjects that wait for a person, and since when the oldest of which that is known."""
    subjects = select(func.min(DoubtfulMatch.opened_at).label("since")).where(DoubtfulMatch.status == WAITING)
    each = subjects.group_by(DoubtfulMatch.source_key, subject_key).subquery()
    return Waiting(*db.session.execute(select(func.count(), func.min(each.c.since)).select_from(each)).one())


def waiting_page(page: int) -> Queue[WaitingSubject]:
    """The `page`-th page of subjects that wait, those that came first first; a page beyond the last is the last."""
    waiting = _waiting()
    pages = Pages.nearest(page, SUBJECTS_A_PAGE, len(waiting))
    subjects = [_subject(source, key) for source, key in waiting[pages.skipped : pages.last_entry]]
    return Queue(subjects, pages, {}, len(waiting))


def _waiting() -> Sequence[Row[str, str]]:
    """Source and key of each subject that waits."""
    return db.session.execute(
        select(DoubtfulMatch.source_key, subject_key)
        .where(DoubtfulMatch.status == WAITING)
        .group_by(DoubtfulMatch.source_key, subject_key)
        .order_by(func.min(DoubtfulMatch.id))
    ).all()


def _subject(source_key: str, key: str) -> WaitingSubject:
    rows = db.session.scalars(
        select(DoubtfulMatch)
        .where(DoubtfulMatch.source_key == source_key, subject_key == key, DoubtfulMatch.status == WAITING)
        .order_by(DoubtfulMatch.id)
    ).all()
    subject = Subject(*(rows[0].subject[part] for part in ("name", "address", "phone")))
    npis = [each["npi"] for each in rows[-1].candidates]
    own, traits = traits_of_subject(subject), traits_by_npi(npis)
    providers = db.session.scalars(select(Provider).where(Provider.npi.in_(npis)))
    candidates = [(provider, likeness(own, traits[provider.npi])) for provider in providers]
    contents = [row.content for row in rows]
    return WaitingSubject(
        id=rows[0].id,
        source=db.session.get_one(Source, source_key),
        subject=subject,
        reviews=[
            {**content, "created_at": datetime.fromisoformat(content["created_at"])}
            for content in contents
            if content["kind"] == "review"
        ],
        averages=[content for content in contents if content["kind"] == "average"],
        candidates=sorted(candidates, key=lambda each: (-each[1].score, each[0].npi)),
    )
