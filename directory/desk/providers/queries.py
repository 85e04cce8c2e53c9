"""Reads of providers for staff, who find the hidden and merged ones too."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from directory.desk.queue import ITEMS_A_PAGE, Queue, QueueChoice
from directory.extensions import db
from directory.providers.by_name.queries import best_by_name
from directory.providers.models import OtherName, PracticeLocation, Provider, ProviderMerge
from directory.providers.npi import has_form_of_npi
from directory.web.pagination import Pages

MAX_BY_NAME = 200


class ProviderKind(StrEnum):
    HIDDEN = "hidden"
    MERGED = "merged"
    ADDED = "added"
    CORRECTED = "corrected"


KINDS = {
    ProviderKind.HIDDEN: "hidden",
    ProviderKind.MERGED: "merged",
    ProviderKind.ADDED: "added by staff",
    ProviderKind.CORRECTED: "corrected by staff",
}
_CONDITIONS: dict[ProviderKind, ColumnElement[bool]] = {
    ProviderKind.HIDDEN: Provider.hidden_at.is_not(None),
    ProviderKind.MERGED: Provider.merged_into.is_not(None),
    ProviderKind.ADDED: Provider.source_key == "staff",
    ProviderKind.CORRECTED: Provider.corrections.any(),
}


@dataclass(frozen=True)
class ProviderChoice(QueueChoice):
    """Which providers are looked for."""

    kind: ProviderKind | None = None
    name: str = ""  # or an NPI
    city: str = ""


def found_providers(choice: ProviderChoice) -> Queue[Provider]:
    """One page of the providers that are looked for: those whose names fit best first, all others by name."""
    wanted: list[ColumnElement[bool]] = []
    if choice.city:
        wanted.append(Provider.locations.any(PracticeLocation.city.istartswith(choice.city, autoescape=True)))
    ranks: dict[str, int] = {}
    if choice.name:
        npis = _npis_by_name(choice.name)
        ranks = {npi: rank for rank, npi in enumerate(npis)}
        wanted.append(Provider.npi.in_(npis))
    counts = {kind: _count(*wanted, condition) for kind, condition in _CONDITIONS.items()}
    total = _count(*wanted)
    shown = [*wanted, _CONDITIONS[choice.kind]] if choice.kind else wanted
    pages = Pages.nearest(choice.page, ITEMS_A_PAGE, counts[choice.kind] if choice.kind else total)
    found = select(Provider).where(*shown)
    if ranks:
        matching = sorted(db.session.scalars(select(Provider.npi).where(*shown)), key=lambda npi: ranks[npi])
        page = matching[pages.skipped : pages.last_entry]
        found = select(Provider).where(Provider.npi.in_(page))
    else:
        found = found.order_by(Provider.name, Provider.npi).offset(pages.skipped).limit(pages.size)
    items = list(db.session.scalars(found.options(selectinload(Provider.locations))))
    return Queue(sorted(items, key=lambda each: ranks.get(each.npi, 0)), pages, counts, total)


def merges_into(npi: str) -> Sequence[ProviderMerge]:
    """The merges into this provider that hold, the newest first."""
    held = select(ProviderMerge).where(ProviderMerge.into_npi == npi, ProviderMerge.undone_at.is_(None))
    return db.session.scalars(held.order_by(ProviderMerge.id.desc())).all()


def _npis_by_name(text: str) -> list[str]:
    """Of an NPI its provider; of words those whose names fit, the best first, then the hidden and merged ones."""
    if has_form_of_npi(text):
        return [text]
    without_page = select(Provider.npi).where(~Provider.is_public)
    for word in text.split():
        in_other_name = OtherName.name.icontains(word, autoescape=True)
        in_name = Provider.name.icontains(word, autoescape=True)
        without_page = without_page.where(in_name | Provider.other_names.any(in_other_name))
    others = db.session.scalars(without_page.order_by(Provider.name, Provider.npi).limit(MAX_BY_NAME))
    return list(dict.fromkeys([*best_by_name(text, MAX_BY_NAME), *others]))


def _count(*wanted: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(Provider).where(*wanted)) or 0
