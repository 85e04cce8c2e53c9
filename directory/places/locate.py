"""Practice addresses to points, from the gazetteer alone: quick enough for millions."""

from directory.places.atlas import atlas
from directory.places.gazetteer import city_named
from directory.places.place import Place


def locate_address(line_1: str, city: str, state: str, postal_code: str, country: str = "US") -> Place | None:
    """The middle of the address's ZIP, else of its city; None when neither is known or it lies abroad."""
    if country.upper() not in {"", "US", "USA"}:
        return None
    known = atlas().zips.get(postal_code.strip()[:5])
    if known and known.point:
        return Place(known.label, *known.point, "zip")
    town = city_named(city, state.strip().upper())
    return Place(town.label, *town.point, "city") if town else None
