"""ZIPs and cities of the United States, offline."""

from directory.places import coordinates
from directory.places.atlas import atlas
from directory.places.choice import choose, label_of, others_of_note
from directory.places.cities import City, Point, ZipCode
from directory.places.distance import miles_between
from directory.places.names import STATES
from directory.places.place import Place
from directory.places.reading import Reading
from directory.web.messages import gettext

MAX_CHARACTERS = 400
_FAR_MILES = 25.0
_ACROSS_BORDERS_MILES = 60.0
"""A post office may serve people of the neighboring state, but not from so far."""


def zip_point(zip5: str) -> Point | None:
    """Latitude and longitude of a five-digit ZIP in degrees; None when there is no such ZIP or it lies nowhere."""
    known = atlas().zips.get(zip5)
    return known.point if known else None


def place_at(point: Point) -> Place:
    """The point itself, named after the city nearest to it."""
    near = coordinates.nearest_zip(point)[0]
    city = f"{near.city}, {near.state}"
    label = gettext("%(point)s (near %(city)s)", point=coordinates.written(point), city=city)
    return Place(label, *point, "point")


def place_read(reading: Reading) -> Place | None:
    """The middle of the ZIP of an address that was taken apart, else of its city; the note says what was left out.

    The ZIP is trusted before the city, unless city and state agree with each other and the ZIP lies far from both.
    """
    known = atlas().zips.get(reading.zip_code or "")
    city = choose(reading.cities, is_bare=reading.is_bare)
    notes = []
    if known and known.point and not (city and _contradicts(known, city, reading)):
        if city and city.name != known.city and miles_between(known.point, city.point) > _FAR_MILES:
            notes.append(
                gettext("ZIP %(zip)s is in %(city)s, far from %(place)s.", **_zip(known), place=label_of(city))
            )
        elif not city and reading.state and reading.state != known.state:
            notes.append(_elsewhere(known, STATES.get(reading.state, reading.state)))
        if reading.street or notes:
            notes.append(_start(reading.street, gettext("ZIP %(zip)s", zip=known.code)))
        return Place(known.label, *known.point, "zip", " ".join(notes) or None)
    if not city:
        return None
    if known and known.point:
        notes.append(_elsewhere(known, label_of(city)))
    elif reading.zip_code:
        notes.append(gettext("We couldn’t find ZIP code %(zip)s on our map.", zip=reading.zip_code))
    if reading.street or notes:
        notes.append(_start(reading.street, label_of(city)))
    if len(reading.cities) > 1 and (others := others_of_note(city, reading.cities)):
        named = [label_of(other) for other in others[:3]]
        if len(others) > len(named):
            named.append(gettext("%(count)s more", count=len(others) - len(named)))
        notes.append(
            gettext(
                "We searched near %(place)s. There is also %(others)s.", place=label_of(city), others=_listed(named)
            )
        )
    return Place(label_of(city), *city.point, "city", " ".join(notes) or None)


def _contradicts(known: ZipCode, city: City, reading: Reading) -> bool:
    return bool(
        known.point
        and reading.state
        and known.state != reading.state
        and miles_between(known.point, city.point) > _ACROSS_BORDERS_MILES
    )


def _start(street: str, middle: str) -> str:
    if street:
        return gettext(
            "We couldn’t find that street address, so distances start from the middle of %(place)s.", place=middle
        )
    return gettext("Distances start from the middle of %(place)s.", place=middle)


def _elsewhere(known: ZipCode, place: str) -> str:
    return gettext("ZIP %(zip)s is in %(city)s, not in %(place)s.", **_zip(known), place=place)


def _zip(known: ZipCode) -> dict[str, str]:
    return {"zip": known.code, "city": f"{known.city}, {known.state}"}


def _listed(names: list[str]) -> str:
    """Names that hold commas, as a list."""
    if len(names) == 1:
        return names[0]
    return gettext("%(names)s and %(last)s", names="; ".join(names[:-1]), last=names[-1])
