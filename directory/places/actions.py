"""Where practices are: what an outside geocoder answers is kept for `PLACE_CACHE_DAYS`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar, cast

from flask import current_app
from sqlalchemy import Delete, Select, delete, insert, select

from directory.extensions import db
from directory.places.coordinates import read_coordinates
from directory.places.gazetteer import MAX_CHARACTERS, place_at
from directory.places.geocoders import OutsideGeocoder, configured, locate_address
from directory.places.models import GeocodedAddress
from directory.places.place import Answer, Place, Precision, Resolution
from directory.places.reading import read_address, tidy
from directory.web.chunks import chunks

_KEYS_AT_ONCE = 500
_TIE = "tie"  # in place of a precision
Statement = TypeVar("Statement", Select[Any], Delete)


def locate_text(address: str) -> Place | None:
    """The place of a practice's address in one line, of a ZIP, a city or coordinates; None when it is not known.

    Asks the outside geocoder, where one is configured, for the street, and keeps its answer in the database.
    """
    if len(address) > MAX_CHARACTERS:
        return None
    text = tidy(address)
    point = read_coordinates(text)
    if isinstance(point, Resolution):
        return None
    if point:
        return place_at(point)
    outside = configured()
    return locate_address(text, read_address(text), partial(_ask_once, outside) if outside else None)


def _ask_once(outside: OutsideGeocoder, address: str) -> Place | None:
    """The kept answer, or a new one, which is kept. Raises `UnansweredError`, which is not kept.

    Only for addresses of practices: what a searcher types is never stored.
    """
    kept = kept_answers(outside.name, [address])
    if address in kept:
        return kept[address].place
    found = outside.ask_patiently(address)
    keep_answers(outside.name, {address: Answer(found)})
    return found


def kept_answers(geocoder: str, addresses: Collection[str]) -> dict[str, Answer]:
    """What the geocoder said of these addresses within the last `PLACE_CACHE_DAYS`, by the address as given."""
    since = datetime.now(UTC) - timedelta(days=current_app.config["PLACE_CACHE_DAYS"])
    rows = [
        row
        for keys in chunks(list({_folded(address) for address in addresses}), _KEYS_AT_ONCE)
        for row in db.session.scalars(_of(geocoder, keys, select(GeocodedAddress)))
    ]
    kept = {row.address: _answer(row) for row in rows if row.answered_at > since}
    return {address: kept[key] for address in addresses if (key := _folded(address)) in kept}


def keep_answers(geocoder: str, answers: Mapping[str, Answer]) -> None:
    """Keep what the geocoder said of each address, in place of what it said before."""
    now = datetime.now(UTC)
    rows = {
        key: {
            "geocoder": geocoder,
            "address": key,
            "latitude": answer.place and answer.place.latitude,
            "longitude": answer.place and answer.place.longitude,
            "precision": answer.place.precision if answer.place else _TIE if answer.is_tie else "none",
            "label": answer.place.label if answer.place else "",
            "answered_at": now,
        }
        for address, answer in answers.items()
        for key in [_folded(address)]
    }
    for keys in chunks(list(rows), _KEYS_AT_ONCE):
        db.session.execute(_of(geocoder, keys, delete(GeocodedAddress)))
        db.session.execute(insert(GeocodedAddress), [rows[key] for key in keys])


def _of(geocoder: str, keys: Sequence[str], statement: Statement) -> Statement:
    return statement.where(GeocodedAddress.geocoder == geocoder, GeocodedAddress.address.in_(keys))


def _answer(row: GeocodedAddress) -> Answer:
    if row.latitude is None or row.longitude is None:
        return Answer(None, row.precision == _TIE)
    precision = cast(Precision, row.precision)
    return Answer(Place(row.label, row.latitude, row.longitude, precision, located_by=row.geocoder))


def _folded(address: str) -> str:
    return " ".join(address.lower().split())[:MAX_CHARACTERS]
