"""Practice locations placed at their streets, by the index of streets and an outside geocoder that takes batches."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import Table, bindparam, delete, func, insert, or_, select, update

from directory.extensions import db
from directory.places.actions import keep_answers, kept_answers
from directory.places.distance import miles_between
from directory.places.gazetteer import zip_point
from directory.places.geocoders import OutsideGeocoder, UnansweredError, configured
from directory.places.place import AddressLine, Answer, Place, WhyUnplaced
from directory.places.streets.finding import locate_street, streets_edition, why_unplaced
from directory.providers.contact import TERRITORIES
from directory.providers.models import PracticeLocation, UnplacedAddress
from directory.providers.revision import note_search_change
from directory.web.chunks import chunks
from directory.web.filters import count_of
from directory.web.transaction import transaction, with_retries

ROUGH = ("zip", "city", "none")
"""Precisions of points that are no better than the middle of a ZIP."""
MAX_MILES_FROM_ZIP = 60.0
"""An answer this far from the address's ZIP is to another address."""
_ROWS_AT_ONCE = 500
_HOUSE_NUMBER = re.compile(r"\d+\S*\s+\S")
_IN_UNITED_STATES = PracticeLocation.country.in_(["", "US", *sorted(TERRITORIES)])
IS_ROUGH = PracticeLocation.precision.in_(ROUGH), _IN_UNITED_STATES
"""Conditions on a location that could be placed better. Those abroad are not placed at all."""

Found = Place | WhyUnplaced
_WORTH_ASKING = frozenset(WhyUnplaced) - {WhyUnplaced.PO_BOX}


@dataclass(frozen=True, slots=True)
class Placing:
    """What came of placing practice locations.

    `placed` and `unplaced` count those that were looked up, by the precision that they got and by why they got none;
    `standing` counts all practice locations by precision. `failure` says why the outside geocoder gave no answer.
    """

    placed: Counter[str]
    unplaced: Counter[str]
    standing: dict[str, int]
    failure: str | None = None

    def sentences(self) -> list[str]:
        """What a command says of it."""
        looked_up, placed = self.placed.total() + self.unplaced.total(), self.placed.total()
        said = []
        if looked_up:
            found = f"{placed:,} of {count_of(looked_up, 'practice location')} placed at their street."
            reasons = ", ".join(f"{name} {self.unplaced[why]:,}" for why, name in REASONS.items() if self.unplaced[why])
            said.append(f"{found} The others: {reasons}." if reasons else found)
        if self.failure:
            said.append(f"The outside geocoder did not answer: {self.failure} The next run asks it again.")
        standing = ", ".join(f"{name} {self.standing[name]:,}" for name in _PRECISIONS if self.standing.get(name))
        return [*said, f"Practice locations by precision: {standing or 'none here'}."]


_PRECISIONS = ("point", "address", "street", *ROUGH)
REASONS = {
    WhyUnplaced.NO_STREET: "no such street",
    WhyUnplaced.NO_NUMBER: "no such number",
    WhyUnplaced.TIE: "several possible",
    WhyUnplaced.PO_BOX: "post-office box",
    WhyUnplaced.NO_FILE: "no streets of its county",
    WhyUnplaced.NEW: "not looked up",
}
"""What staff call the reasons, in the order of their lists."""


def place_locations(say: Callable[[str], object] = lambda sentence: None) -> Placing:
    """Give each practice location whose point is no better than the middle of its ZIP the point of its address.

    Points that staff set are better already. An address is not looked up again in the same streets. `say` gets a
    sentence before what takes minutes. Works in transactions of its own, so that no one waits for the outside geocoder;
    all points are written in one, which moves the search revision once.
    """
    outside = _taking_batches()
    with transaction():
        rows = _to_look_up(outside)
    by_line: dict[AddressLine, list[Any]] = defaultdict(list)
    for row in rows:
        by_line[line_of(row)].append(row)
    found: dict[AddressLine, Found] = {line: look_up(line) for line in by_line}
    unanswered: set[AddressLine] = set()
    failure = None
    if outside:
        to_ask = [line for line, place in found.items() if place in _WORTH_ASKING]
        answers, failure = _ask(outside, to_ask, say)
        found |= {line: _taken(line, answer, found[line]) for line, answer in answers.items()}
        unanswered = set(to_ask) - answers.keys()
    if rows:
        looked_up = {line: looked_up_in(None if line in unanswered else outside) for line in by_line}
        with_retries(lambda: _write(by_line, found, looked_up))
    with transaction():
        standing = _standing()
    each = [found[line] for line, of_line in by_line.items() for _ in of_line]
    placed = Counter[str](place.precision for place in each if isinstance(place, Place))
    return Placing(placed, Counter(why for why in each if isinstance(why, WhyUnplaced)), standing, failure)


def line_of(location: Any) -> AddressLine:
    """What is looked up of a `PracticeLocation`, or of a row with its columns.

    The street is the line that begins with a house number: many practices name their building in the first line.
    """
    lines = location.line_1, location.line_2 or ""
    street = next((line for line in lines if _HOUSE_NUMBER.match(line)), location.line_1)
    return AddressLine(street, location.city, location.state, (location.postal_code or "")[:5])


def look_up(line: AddressLine) -> Found:
    """Where the index of streets puts an address, or why it does not."""
    return locate_street(one_line(line)) or why_unplaced(one_line(line))


def one_line(line: AddressLine) -> str:
    return f"{line.street}, {line.city}, {line.state} {line.zip_code}".rstrip()


def looked_up_in(outside: OutsideGeocoder | None) -> str:
    """What an address was looked up in: this edition of the streets, and the outside geocoder where it answered."""
    return f"streets {streets_edition()}, {outside.name if outside else ''}"


def note_unplaced(location: PracticeLocation) -> None:
    """Bring what staff are told of a location without a point of its own to how its address stands now."""
    db.session.flush()
    of_this = delete(UnplacedAddress).where(UnplacedAddress.location_id == location.id)
    db.session.execute(of_this)
    why = look_up(line_of(location)) if location.precision in ROUGH else None
    if isinstance(why, WhyUnplaced):
        db.session.execute(
            insert(UnplacedAddress), [_unplaced(location.id, location.placing_address, why, looked_up_in(None))]
        )


def _taking_batches() -> OutsideGeocoder | None:
    """The outside geocoder, if it takes many addresses at once: one by one would take hours."""
    outside = configured()
    return outside if outside and outside.lines_a_call else None


def _to_look_up(outside: OutsideGeocoder | None) -> Sequence[Any]:
    """The locations without a point of their own whose address was not looked up where it would be now."""
    location, before = PracticeLocation, UnplacedAddress
    is_new = [
        before.location_id.is_(None),
        before.address != location.placing_address,
        before.looked_up_in != looked_up_in(outside),
    ]
    if outside:  # which may know more by now
        kept_for = timedelta(days=current_app.config["PLACE_CACHE_DAYS"])
        is_new.append(before.looked_up_at < datetime.now(UTC) - kept_for)
    columns = (location.id, location.npi, location.line_1, location.line_2, location.city, location.state)
    address = location.postal_code, location.placing_address.label("placing_address")
    return db.session.execute(
        select(*columns, *address)
        .outerjoin(before, before.location_id == location.id)
        .where(*IS_ROUGH, or_(*is_new))
        .order_by(location.id)
    ).all()


def _ask(
    outside: OutsideGeocoder, lines: Sequence[AddressLine], say: Callable[[str], object]
) -> tuple[dict[AddressLine, Answer], str | None]:
    """What the outside geocoder says, or said lately, of the addresses, and why it stopped answering.

    The answers of each call are kept at once.
    """
    with transaction():
        kept = kept_answers(outside.name, [one_line(line) for line in lines])
    answers = {line: kept[one_line(line)] for line in lines if one_line(line) in kept}
    left = [line for line in lines if line not in answers]
    for some in chunks(left, outside.lines_a_call or 1):
        say(f"Asking {outside.name} for {count_of(len(some), 'address', 'addresses')}, which may take minutes ...")
        try:
            said = outside.ask_batch(some)
        except UnansweredError as error:
            return answers, str(error)
        new = {line: answer for line, answer in zip(some, said, strict=True) if answer}
        with transaction():
            keep_answers(outside.name, {one_line(line): answer for line, answer in new.items()})
        answers |= new
    return answers, None


def _taken(line: AddressLine, answer: Answer, before: Found) -> Found:
    """The answer's point, unless it lies too far from the address's ZIP; else why there is none."""
    if answer.place:
        middle = zip_point(line.zip_code)
        if not middle or miles_between(middle, answer.place.point) <= MAX_MILES_FROM_ZIP:
            return answer.place
    if answer.is_tie:
        return WhyUnplaced.TIE
    return WhyUnplaced.NO_STREET if before is WhyUnplaced.NO_FILE else before


def _write(
    by_line: Mapping[AddressLine, Collection[Any]],
    found: Mapping[AddressLine, Found],
    looked_up: Mapping[AddressLine, str],
) -> None:
    """Write the points, and remember what was not found. What changed since it was read is left as it is."""
    points, unplaced, npis = [], [], set()
    for line, rows in by_line.items():
        place = found[line]
        for row in rows:
            if isinstance(place, WhyUnplaced):
                unplaced.append(_unplaced(row.id, row.placing_address, place, looked_up[line]))
                continue
            npis.add(row.npi)
            points.append(
                {
                    "this_id": row.id,
                    "this_address": row.placing_address,
                    "latitude": place.latitude,
                    "longitude": place.longitude,
                    "precision": place.precision,
                    "located_by": place.located_by,
                }
            )
    location, table = PracticeLocation, cast(Table, PracticeLocation.__table__)
    is_rough = or_(*(location.precision == rough for rough in ROUGH))
    is_as_read = location.placing_address == bindparam("this_address"), is_rough
    if points:
        db.session.execute(update(table).where(location.id == bindparam("this_id"), *is_as_read), points)
        note_search_change(npis)
    ids = [row.id for rows in by_line.values() for row in rows]
    for some in chunks(ids, _ROWS_AT_ONCE):
        db.session.execute(delete(UnplacedAddress).where(UnplacedAddress.location_id.in_(some)))
    for some_rows in chunks(unplaced, _ROWS_AT_ONCE):
        these = select(location.id).where(location.id.in_([row["location_id"] for row in some_rows]))
        here = set(db.session.scalars(these))
        if left := [row for row in some_rows if row["location_id"] in here]:
            db.session.execute(insert(UnplacedAddress), left)


def _unplaced(location_id: int, address: str, why: WhyUnplaced, looked_up: str) -> dict[str, Any]:
    return {
        "location_id": location_id,
        "address": address,
        "looked_up_in": looked_up,
        "reason": why.value,
        "looked_up_at": datetime.now(UTC),
    }


def _standing() -> dict[str, int]:
    location = PracticeLocation
    counts = (
        select(location.precision, func.count().label("locations"))
        .where(_IN_UNITED_STATES)
        .group_by(location.precision)
    )
    return {row.precision: row.locations for row in db.session.execute(counts)}
