"""What a person typed, taken for a place, for several to choose from, or for nothing, with what to try.

Messages are in the language of the page that asks; on the command line they are in English.
"""

import re
from bisect import bisect_left
from dataclasses import replace

from directory.places import choice
from directory.places.around_home import REGIONS
from directory.places.atlas import atlas
from directory.places.choice import (
    MAX_SUGGESTIONS,
    candidates,
    choose,
    is_near,
    label_of,
    largest_cities,
    near_names,
    others_of_note,
)
from directory.places.cities import City
from directory.places.coordinates import nearest_zip, read_coordinates
from directory.places.gazetteer import MAX_CHARACTERS, place_at
from directory.places.geocoders import configured, locate_address
from directory.places.names import ARMED_FORCES, STATES, fold, is_country, is_this_country, near_state, state_code
from directory.places.phrasing import means_here, split_distance
from directory.places.place import Place, Resolution
from directory.places.reading import Reading, cities_within, read_address, tidy
from directory.web.messages import gettext
from directory.web.phrases import N_

WHAT_TO_TRY = N_("Try a ZIP such as 90503, or a city and state such as “Torrance, CA”.")
_COVERAGE = N_("This directory covers the United States.")

_COUNTY_ALONE = re.compile(r"\scounty$|^(?:el )?condado de\s|^(?:the )?county of\s", re.I)
_SPACED_ZIP = re.compile(r"\d(?:[\s.,]?\d){4}", re.ASCII)
_BETWEEN = re.compile(r"\s*(?:[,/&;+]|\s-\s|\b(?:or|and|o|y|u|e)\b)\s*", re.I)
MAX_PARTS, MAX_WORDS = 4, 6


def resolve(text: str) -> Resolution:
    """Where the text says that the person is. Never raises, whatever the text; keeps and logs nothing of it."""
    if len(text) > MAX_CHARACTERS:
        return _what_to_try(gettext("That is too long for a place."))
    text = tidy(text)
    if not any(letter.isalnum() for letter in text):
        return _what_to_try(gettext("Type where you are."))
    if is_this_country(text):
        return _what_to_try(gettext("The United States is large: name a city or a ZIP."))
    if means_here(text):
        return _what_to_try(gettext("We don’t know where you are. Type a place."))
    if fold(text) in REGIONS or _is_county(text):
        return Resolution(message=_is_large(_shown(text)))
    text, distance = split_distance(text)
    if distance:
        return _without_distance(resolve(text), distance)
    point = read_coordinates(text)
    if isinstance(point, Resolution):
        return point if point.suggestions else _spaced_zip(text) or point
    if point:
        return Resolution(place=place_at(point))
    if several := _several_zips(text):
        return Resolution(choices=several)
    reading = read_address(text)
    outside = configured()
    place = locate_address(text, reading, outside.ask if outside else None)
    if not place:
        return _without_place(text, reading)
    chosen = choose(reading.cities, is_bare=reading.is_bare) if place.precision == "city" else None
    return Resolution(
        place, suggestions=_labels(reading, others_of_note(chosen, reading.cities)[:MAX_SUGGESTIONS]) if chosen else ()
    )


def place_named(text: str) -> Place:
    """The one place that the text names. Raises `ValueError` with a sentence that says what to type instead."""
    found = resolve(text)
    if found.place is not None:
        return found.place
    several = " or ".join(f"“{each}”" for each in (found.choices or found.suggestions)[:5])
    asked = f"“{text}” could be several places." if found.choices else found.message or f"“{text}” is unknown."
    raise ValueError(f"{asked} Try {several}." if several else asked)


def _without_place(text: str, reading: Reading) -> Resolution:
    if is_country(text):
        abroad = _what_to_try(
            gettext("%(place)s is outside the United States.", place=_shown(text)), gettext(_COVERAGE)
        )
        return replace(abroad, suggestions=_labels(reading, candidates(reading.cities))[:MAX_SUGGESTIONS])
    if reading.cities:
        return _far_or_several(reading)
    if reading.zip_code:
        return _without_zip(reading.zip_code)
    if reading.abroad:
        return _what_to_try(gettext("%(place)s is outside the United States.", place=_shown(text)), gettext(_COVERAGE))
    if reading.state and not reading.city_text and not reading.street:
        return _without_city(text, reading.state)
    if found := _spaced_zip(text):
        return found
    if several := _several_places(text):
        return Resolution(choices=several)
    if not reading.city_text:
        nowhere = gettext("We found no city or ZIP in %(text)s. Add one.", text=_shown(text))
        if within := cities_within(text):
            return Resolution(message=nowhere, suggestions=tuple(map(label_of, within)))
        return Resolution(message=f"{nowhere} {gettext(_COVERAGE)}")
    if _COUNTY_ALONE.search(reading.city_text):
        return Resolution(message=_is_large(_shown(reading.city_text)))
    suggestions = (
        _with_state(text)
        or near_names(reading.city_text, reading.state)
        or _near_beginning(text)
        or tuple(map(label_of, cities_within(text)))
    )
    if reading.state:
        state = STATES.get(reading.state, reading.state)
        unknown = gettext("We couldn’t find %(name)s in %(state)s.", name=_shown(reading.city_text), state=state)
    else:  # all that was typed, but for a street
        name = _shown(reading.city_text if reading.may_be_street else text)
        unknown = gettext("We couldn’t find %(name)s.", name=name)
    if suggestions:
        return Resolution(message=unknown, suggestions=suggestions)
    return _what_to_try(unknown, gettext(_COVERAGE))


def _without_distance(found: Resolution, distance: str) -> Resolution:
    if not found.place:
        return found
    note = gettext("Choose the distance separately. We left out %(text)s.", text=_shown(distance))
    return replace(found, place=replace(found.place, note=" ".join(filter(None, (note, found.place.note)))))


def _far_or_several(reading: Reading) -> Resolution:
    """Places of the name that was typed, after those around home whose names are as near."""
    exact = _labels(reading, candidates(reading.cities))
    near = near_names(reading.city_text, reading.state) if reading.is_bare and not reading.street else ()
    at_home = near[: min((near.index(label) for label in exact if label in near), default=0)]
    if len(exact) > 1:
        return Resolution(choices=(*at_home, *exact))
    unknown = gettext(
        "We couldn’t find %(name)s around %(home)s, only farther away.",
        name=_shown(reading.city_text),
        home=_home_city(),
    )
    suggestions = tuple(dict.fromkeys((*at_home, *exact, *near)))[:MAX_SUGGESTIONS]
    return Resolution(message=unknown, suggestions=suggestions)


def _home_city() -> str:
    around = nearest_zip(choice.home)[0]
    return f"{around.city}, {around.state}"


def _labels(reading: Reading, cities: tuple[City, ...]) -> tuple[str, ...]:
    """What to type for each of the `cities`, the street of the reading before it."""
    street = f"{reading.street[:200]}, " if reading.street else ""
    return tuple(f"{street}{label_of(city)}" for city in cities)


def _what_to_try(*sentences: str) -> Resolution:
    """What is wrong with the text, and an example of a better one."""
    return Resolution(message=" ".join((*sentences, gettext(WHAT_TO_TRY))))


def _is_county(text: str) -> bool:
    """Whether the text names a county, perhaps with its state: "condado de Los Angeles, California"."""
    county, _comma, rest = text.partition(",")
    return bool(_COUNTY_ALONE.search(county)) and (not rest or state_code(rest) is not None)


def _is_large(name: str) -> str:
    return gettext("%(name)s is large: name a city or a ZIP in it.", name=name)


def _spaced_zip(text: str) -> Resolution | None:
    """An offer of the ZIP whose digits stand apart: "90 503"."""
    known = atlas().zips.get(re.sub(r"\D", "", text)) if _SPACED_ZIP.fullmatch(text) else None
    if not known:
        return None
    missing = gettext("We couldn’t find ZIP code %(code)s.", code=_shown(text))
    return Resolution(message=missing, suggestions=(known.label,))


def _several_zips(text: str) -> tuple[str, ...]:
    """Labels of the ZIPs that are all of the text, when they are more than one: "90503 or 90505"."""
    known = [atlas().zips.get(part) for part in dict.fromkeys(_BETWEEN.split(text))]
    labels = tuple(each.label for each in known if each and each.point)
    return labels if 1 < len(known) == len(labels) <= MAX_PARTS else ()


def _several_places(text: str) -> tuple[str, ...]:
    """Labels of the places that the text names one after the other: "Torrance/Lomita", "Hollywood Los Angeles"."""
    parts, words = _BETWEEN.split(text), text.split(" ")[:MAX_WORDS]
    if 1 < len(parts) <= MAX_PARTS:
        found = [choose(read_address(part).cities, is_bare=True) for part in parts]
        labels = dict.fromkeys(label_of(city) for city in found if city)
        return tuple(labels) if 1 < len(labels) == len(parts) else ()
    for end in range(1, len(words)):
        halves = [choose(atlas().named(" ".join(each)), is_bare=True) for each in (words[:end], words[end:])]
        labels = dict.fromkeys(label_of(city) for city in halves if city and is_near(city))
        if len(labels) > 1:
            return tuple(labels)
    return ()


def _with_state(text: str) -> tuple[str, ...]:
    """The place that is meant by a name and a misspelled state: "Torrance, Californa"."""
    words = text.replace(",", " ").split()
    for count in (2, 1):
        state = near_state(" ".join(words[-count:])) if count < len(words) else None
        if state and (cities := read_address(f"{' '.join(words[:-count])}, {state}").cities):
            return (label_of(cities[0]),)
    return ()


def _near_beginning(text: str) -> tuple[str, ...]:
    """Names near the text without its last two letters, which may be a misspelled state: "Torrance, CQ"."""
    beginning, _, end = text.replace(",", " ").rpartition(" ")
    return near_names(beginning) if len(end) == 2 and not any(letter.isdigit() for letter in beginning) else ()


def _without_city(text: str, state: str) -> Resolution:
    """The name of a state alone; "Washington" may be the city too."""
    namesake = choose(atlas().named(text), is_bare=True)
    suggestions = ((label_of(namesake),) if namesake and namesake.weight > 3 else ()) + largest_cities(state)
    return Resolution(
        message=_is_large(STATES.get(state, text)),
        suggestions=tuple(dict.fromkeys(suggestions))[:MAX_SUGGESTIONS],
    )


def _without_zip(code: str) -> Resolution:
    known = atlas().zips.get(code)
    if known and known.state in ARMED_FORCES:
        return _what_to_try(
            gettext("%(code)s is a military address overseas (APO or FPO), which is not on our map.", code=code)
        )
    if known:
        city = f"{known.city}, {known.state}"
        return _what_to_try(gettext("We don’t know where ZIP code %(code)s (%(city)s) is.", code=code, city=city))
    missing = gettext("We couldn’t find ZIP code %(code)s.", code=code)
    near = _near_zips(code)
    if near:
        return Resolution(message=missing, suggestions=near)
    return _what_to_try(missing)


def _near_zips(code: str, most: int = 4) -> tuple[str, ...]:
    """Labels of the ZIPs next to a code that does not exist, with the same first three digits: the same region."""
    codes = sorted(known for known in atlas().zips if known[:3] == code[:3] and atlas().zips[known].point)
    at = bisect_left(codes, code)
    nearest = sorted(codes[max(0, at - most) : at + most], key=lambda known: abs(int(known) - int(code)))
    return tuple(atlas().zips[known].label for known in nearest[:most])


def _shown(text: str) -> str:
    return f"“{text[:60]}{'…' if len(text) > 60 else ''}”"
