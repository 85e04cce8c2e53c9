"""What a person typed, taken for a place, for several to choose from, or for nothing, with what to try."""

import re

from directory.places.atlas import atlas
from directory.places.gazetteer import city_named
from directory.places.names import state_code
from directory.places.place import Place, Resolution


def resolve(text: str) -> Resolution:
    text = " ".join(text[:200].split())
    if found := re.fullmatch(r"(\d{5})(-?\d{4})?", text):
        known = atlas().zips.get(found[1])
        if known and known.point:
            return Resolution(place=Place(known.label, *known.point, "zip"))
    name, _comma, state = text.rpartition(",")
    city = city_named(name, state_code(state) or "")
    if city:
        return Resolution(place=Place(city.label, *city.point, "city"))
    return Resolution(message="We do not know that place. Try a ZIP such as 90503, or a city and state.")
