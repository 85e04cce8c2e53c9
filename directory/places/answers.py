"""Answers of the outside geocoder to addresses of practices, kept in the database for `PLACE_CACHE_DAYS`."""

from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy.exc import IntegrityError

from directory.extensions import db
from directory.places.geocoders import OutsideGeocoder
from directory.places.models import GeocodedAddress
from directory.places.place import Place


def ask_once(outside: OutsideGeocoder, address: str) -> Place | None:
    """The kept answer, or a new one, which is kept and committed. Raises `UnansweredError`, which is not kept.

    Only for addresses of practices: what a searcher types is never stored.
    """
    key = (outside.name, " ".join(address.lower().split())[:400])
    kept = db.session.get(GeocodedAddress, key)
    now = datetime.now(UTC)
    if kept and kept.answered_at > now - timedelta(days=current_app.config["PLACE_CACHE_DAYS"]):
        if kept.latitude is None or kept.longitude is None:
            return None
        return Place(kept.label, kept.latitude, kept.longitude, "street")
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
    try:
        db.session.commit()
    except IntegrityError:  # another process asked the same at the same time; its answer is as good
        db.session.rollback()
    return found
