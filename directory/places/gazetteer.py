"""The default geocoder: ZIPs and cities of the United States, offline."""

from directory.places.atlas import City, Point, atlas
from directory.places.names import fold


def zip_point(zip5: str) -> Point | None:
    """Latitude and longitude of a five-digit ZIP in degrees; None when there is no such ZIP or it lies nowhere."""
    known = atlas().zips.get(zip5)
    return known.point if known else None


def city_named(name: str, state: str) -> City | None:
    """The city of that name in the state (two capital letters), whatever its case, accents and abbreviations."""
    return atlas().cities.get(fold(name), {}).get(state)
