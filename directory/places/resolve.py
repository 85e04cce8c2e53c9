"""What a person typed, taken for a place, for several to choose from, or for nothing, with what to try.

Messages are in the language of the page that asks; on the command line they are in English.
"""

from bisect import bisect_left

from flask_babel import gettext

from directory.places.atlas import atlas
from directory.places.choice import MAX_SUGGESTIONS, candidates, choose, largest_cities, near_names
from directory.places.coordinates import read_coordinates
from directory.places.gazetteer import MAX_CHARACTERS, place_at
from directory.places.geocoders import configured, locate_address
from directory.places.names import ARMED_FORCES, STATES, is_this_country
from directory.places.place import Resolution
from directory.places.reading import Reading, read_address, tidy
from directory.web.phrases import N_

WHAT_TO_TRY = N_("Try a ZIP such as 90503, or a city and state such as “Torrance, CA”.")
_COVERAGE = N_("This directory covers the United States.")

_HERE = frozenset(
    {"me", "near me", "nearby", "here", "near here", "my location", "current location", "my current location"}
    | {"cerca", "cerca de mí", "cerca de mi", "aquí", "aqui", "mi ubicación", "mi ubicacion"}
)


def resolve(text: str) -> Resolution:
    """Where the text says that the person is. Never raises, whatever the text; keeps and logs nothing of it."""
    if len(text) > MAX_CHARACTERS:
        return _what_to_try(gettext("That is too long for a place."))
    text = tidy(text)
    if not any(letter.isalnum() for letter in text):
        return _what_to_try(gettext("Say where you are."))
    if is_this_country(text):
        return _what_to_try(gettext("The United States is large: name a city or a ZIP."))
    if text.lower() in _HERE or text.lower().endswith((" near me", " cerca de mí")):
        return _what_to_try(gettext("We do not know where you are unless you say so."))
    point = read_coordinates(text)
    if isinstance(point, Resolution):
        return point
    if point:
        return Resolution(place=place_at(point))
    reading = read_address(text)
    outside = configured()
    place = locate_address(text, reading, outside.ask if outside else None)
    return Resolution(place=place) if place else _without_place(text, reading)


def _without_place(text: str, reading: Reading) -> Resolution:
    if len(reading.cities) > 1 and not choose(reading.cities):
        street = f"{reading.street[:200]}, " if reading.street else ""
        return Resolution(choices=tuple(f"{street}{city.label}" for city in candidates(reading.cities)))
    if reading.zip_code:
        return _without_zip(reading.zip_code)
    if reading.abroad:
        return _what_to_try(gettext("%(place)s lies abroad.", place=_shown(text)), gettext(_COVERAGE))
    if reading.state and not reading.city_text and not reading.street:
        return _without_city(text, reading.state)
    if not reading.city_text:
        nowhere = gettext("We found no city or ZIP in %(text)s. Add one.", text=_shown(text))
        return Resolution(message=f"{nowhere} {gettext(_COVERAGE)}")
    if reading.city_text.lower().endswith(" county"):
        return Resolution(message=_is_large(_shown(reading.city_text)))
    suggestions = near_names(reading.city_text, reading.state) or _near_beginning(text)
    if reading.state:
        state = STATES.get(reading.state, reading.state)
        unknown = gettext("We know no place called %(name)s in %(state)s.", name=_shown(reading.city_text), state=state)
    else:
        unknown = gettext("We know no place called %(name)s.", name=_shown(reading.city_text))
    if suggestions:
        return Resolution(message=_one_of_these(unknown), suggestions=suggestions)
    return _what_to_try(unknown, gettext(_COVERAGE))


def _what_to_try(*sentences: str) -> Resolution:
    """What is wrong with the text, and an example of a better one."""
    return Resolution(message=" ".join((*sentences, gettext(WHAT_TO_TRY))))


def _one_of_these(unknown: str) -> str:
    question = gettext("Was it one of these?")
    return f"{unknown} {question}"


def _is_large(name: str) -> str:
    return gettext("%(name)s is large: name a city or a ZIP in it.", name=name)


def _near_beginning(text: str) -> tuple[str, ...]:
    """Names near the text without its last two letters, which may be a misspelled state: "Torrance, CQ"."""
    beginning, _, end = text.replace(",", " ").rpartition(" ")
    return near_names(beginning) if len(end) == 2 and not any(letter.isdigit() for letter in beginning) else ()


def _without_city(text: str, state: str) -> Resolution:
    """The name of a state alone; "Washington" may be the city too."""
    namesake = choose(atlas().named(text))
    suggestions = ((namesake.label,) if namesake and namesake.weight > 3 else ()) + largest_cities(state)
    return Resolution(
        message=_is_large(STATES.get(state, text)),
        suggestions=tuple(dict.fromkeys(suggestions))[:MAX_SUGGESTIONS],
    )


def _without_zip(code: str) -> Resolution:
    known = atlas().zips.get(code)
    if known and known.state in ARMED_FORCES:
        return _what_to_try(
            gettext("%(code)s is an address of the armed forces overseas, which has no place on our map.", code=code)
        )
    if known:
        city = f"{known.city}, {known.state}"
        return _what_to_try(gettext("We do not know where ZIP %(code)s (%(city)s) lies.", code=code, city=city))
    missing = gettext("There is no ZIP %(code)s.", code=code)
    near = _near_zips(code)
    if near:
        return Resolution(message=_one_of_these(missing), suggestions=near)
    return _what_to_try(missing)


def _near_zips(code: str, most: int = 4) -> tuple[str, ...]:
    """Labels of the ZIPs next to a code that does not exist, with the same first three digits: the same region."""
    codes = sorted(known for known in atlas().zips if known[:3] == code[:3] and atlas().zips[known].point)
    at = bisect_left(codes, code)
    nearest = sorted(codes[max(0, at - most) : at + most], key=lambda known: abs(int(known) - int(code)))
    return tuple(atlas().zips[known].label for known in nearest[:most])


def _shown(text: str) -> str:
    return f"“{text[:60]}{'…' if len(text) > 60 else ''}”"
