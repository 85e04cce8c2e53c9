"""Practice locations without a point of their own: their address is on no street that is known here."""

from dataclasses import dataclass
from typing import TypeVarTuple

from flask import url_for
from sqlalchemy import Select, and_, func, select

from directory.desk.queue import ITEMS_A_PAGE, Queue, QueueChoice
from directory.desk.status import StatusLine
from directory.extensions import db
from directory.places.place import WhyUnplaced
from directory.providers.models import PracticeLocation, Provider, UnplacedAddress
from directory.providers.placing import IS_ROUGH
from directory.web.filters import count_of
from directory.web.pagination import Pages

WHAT_TO_DO = {
    WhyUnplaced.NO_STREET: "No street of that name is in its ZIP or city. It may be misspelled, or too new.",
    WhyUnplaced.NO_NUMBER: "It has no house number, or one that its street doesn’t have.",
    WhyUnplaced.TIE: "Several streets may be meant. Complete the street’s name or the ZIP, such as “N Main St”.",
    WhyUnplaced.PO_BOX: "It is a post-office box, where no one is seen. Ask the practice for its street address.",
    WhyUnplaced.NO_FILE: "We have no streets of its county. An admin can import them: flask import streets.",
    WhyUnplaced.NEW: "It hasn’t been looked up yet. The next import does it, or an admin: flask providers locate.",
}


@dataclass(frozen=True)
class UnplacedChoice(QueueChoice):
    """Which of them are asked for."""

    kind: WhyUnplaced | None = None


Columns = TypeVarTuple("Columns")
_as_looked_up = and_(
    UnplacedAddress.location_id == PracticeLocation.id, UnplacedAddress.address == PracticeLocation.placing_address
)
_reason = func.coalesce(UnplacedAddress.reason, WhyUnplaced.NEW.value)
_is_here = Provider.is_public, Provider.deactivated_on.is_(None)


@dataclass(frozen=True, slots=True)
class UnplacedLine:
    """One practice location, its provider, and why it has no point of its own."""

    location: PracticeLocation
    provider: Provider
    why: WhyUnplaced


def unplaced_locations(choice: UnplacedChoice) -> Queue[UnplacedLine]:
    """One page of the locations whose point is no better than the middle of their ZIP, by the provider's name."""
    counted = _of_unplaced(select(_reason, func.count())).group_by(_reason)
    counts = dict.fromkeys(WhyUnplaced, 0) | {WhyUnplaced(why): count for why, count in db.session.execute(counted)}
    total = sum(counts.values())
    pages = Pages.nearest(choice.page, ITEMS_A_PAGE, counts[choice.kind] if choice.kind else total)
    found = _of_unplaced(select(PracticeLocation, Provider, _reason))
    if choice.kind:
        found = found.where(_reason == choice.kind)
    found = found.order_by(Provider.name, PracticeLocation.id).offset(pages.skipped).limit(pages.size)
    lines = [
        UnplacedLine(location, provider, WhyUnplaced(why)) for location, provider, why in db.session.execute(found)
    ]
    return Queue(lines, pages, counts, total)


def why_unplaced(npi: str) -> dict[int, WhyUnplaced]:
    """Of the provider's locations that have no point of their own: why, by id."""
    rows = db.session.execute(_of_unplaced(select(PracticeLocation.id, _reason)).where(Provider.npi == npi))
    return {location_id: WhyUnplaced(why) for location_id, why in rows}


def unplaced_lines() -> list[StatusLine]:
    """How many practice locations stand in the middle of their ZIP or city, or nowhere."""
    count = db.session.scalar(_of_unplaced(select(func.count())))
    if not count:
        return []
    stand = count_of(count, "practice location stands", "practice locations stand")
    sentence = f"{stand} in the middle of a ZIP or city, or nowhere, since the address was not found."
    return [StatusLine("Addresses not found", sentence, url_for("provider_desk.list_unplaced"))]


def _of_unplaced(chosen: Select[*Columns]) -> Select[*Columns]:
    joined = chosen.select_from(PracticeLocation).join(Provider, Provider.npi == PracticeLocation.npi)
    return joined.outerjoin(UnplacedAddress, _as_looked_up).where(*IS_ROUGH, *_is_here)
