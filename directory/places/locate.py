"""Addresses of practices to points."""

import re
from functools import partial

from directory.places.answers import ask_once
from directory.places.atlas import atlas
from directory.places.gazetteer import place_named, place_read
from directory.places.geocoders import configured, improve
from directory.places.names import state_code
from directory.places.place import Place
from directory.places.reading import Reading

_NOT_DIGIT = re.compile(r"\D")


def locate_address(line_1: str, city: str, state: str, postal_code: str, country: str = "US") -> Place | None:
    """The middle of a practice address's ZIP, else of its city; None when neither is known or it lies abroad.

    From the gazetteer alone, and so quick enough for millions.
    The postal code may have five or nine digits, with or without a dash, and may have lost its leading zeros.
    """
    if country.strip().upper() not in {"", "US", "USA", "UNITED STATES"}:
        return None
    code = state_code(state)
    known = atlas().city(city, code) if code else None
    return place_read(Reading(line_1, city, (known,) if known else (), code, _five_digits(postal_code)))


def locate_text(address: str) -> Place | None:
    """The place of a practice's address in one line, of a ZIP, a city or coordinates; None when it is not known.

    Asks the outside geocoder, where one is configured, for the street, and keeps its answer in the database.
    """
    outside = configured()
    return place_named(address, partial(improve, ask=partial(ask_once, outside)) if outside else None)


def _five_digits(postal_code: str) -> str | None:
    digits = _NOT_DIGIT.sub("", postal_code)
    if not 3 <= len(digits) <= 9:
        return None
    return digits.zfill(5 if len(digits) <= 5 else 9)[:5]
