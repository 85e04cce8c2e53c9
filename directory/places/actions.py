"""Where practices are: what an outside geocoder answers is kept for `PLACE_CACHE_DAYS`."""

from datetime import UTC, datetime, timedelta
from functools import partial

from flask import current_app

from directory.extensions import db
from directory.places.coordinates import read_coordinates
from directory.places.gazetteer import MAX_CHARACTERS, place_at
from directory.places.geocoders import OutsideGeocoder, configured, locate_address
from directory.places.models import GeocodedAddress
from directory.places.place import Place, Precision, Resolution
from directory.places.reading import read_address, tidy


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
    key = (outside.name, " ".join(address.lower().split())[:400])
    kept = db.session.get(GeocodedAddress, key)
    now = datetime.now(UTC)
    if kept and kept.answered_at > now - timedelta(days=current_app.config["PLACE_CACHE_DAYS"]):
        if kept.latitude is None or kept.longitude is None:
            return None
        precision: Precision = "address" if kept.precision == "address" else "street"
        return Place(kept.label, kept.latitude, kept.longitude, precision)
    found = outside.ask_patiently(address)
    db.session.merge(
        GeocodedAddress(
            geocoder=key[0],
            address=key[1],
            latitude=found and found.latitude,
            longitude=found and found.longitude,
            precision=found.precision if found else "none",
            label=found.label if found else "",
            answered_at=now,
        )
    )
    return found
