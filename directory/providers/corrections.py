"""The fields that staff may correct, and what each may hold."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from directory.places.names import ARMED_FORCES, STATES, state_code
from directory.places.reading import tidy
from directory.providers import contact, names
from directory.providers.models import ORGANIZATION, PracticeLocation, Provider
from directory.providers.offerings import GENDERS
from directory.providers.titles import credential_text
from directory.web.plain_text import has_tags, without_invisible

PROVIDER_FIELDS = (
    "name",
    "first_name",
    "middle_name",
    "last_name",
    "name_suffix",
    "credential_text",
    "organization_name",
    "gender",
)
LOCATION_FIELDS = ("line_1", "line_2", "city", "state", "postal_code", "phone", "latitude", "longitude")
MAX_DEGREES = {"latitude": 90.0, "longitude": 180.0}
MAX_MILES_FROM_ZIP = 25.0
_NEVER_EMPTY = frozenset({"name", "last_name", "organization_name", "line_1", "city", "state", "latitude", "longitude"})
_SAYS_NOTHING = frozenset({"none", "n/a", "null", "unknown", "tbd", "same", "call us"})
_PERSONS_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[\s.'’`()\"-])*")
_SUFFIX = re.compile(r"[JS]r\.|[IVX]+|\d+(?:st|nd|rd|th)")
_WESTERN_DEGREES = 60.0
"""Around so many degrees west of Greenwich the Americas begin; a latitude of theirs is less."""
_DEGREES = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,15})?", re.ASCII)
_EXAMPLES = {"latitude": "33.8358", "longitude": "-118.3406"}
_WEST = frozenset({"US", "PR", "VI", "AS", "MX", "CA"})
_BOTH_SIDES_OF_A_LINE = frozenset({"AK", "AS", "FM", "GU", "MH", "MP", "PW"})
"""States and territories where a longitude may have no minus, or a latitude one."""


class CorrectionError(ValueError):
    """A correction that makes no sense; the message says what to do instead."""


class DoubtfulCorrectionError(CorrectionError):
    """A correction that may be right, and is taken from a person who confirms it; the message says what is odd."""


def checked_value(field: str, text: str, row: Provider | PracticeLocation) -> str:
    """`text` as `field` of `row` keeps it. An empty one clears a field that may be empty. Raises `CorrectionError`."""
    if has_tags(text):
        raise CorrectionError(f"Write plain words in {field}: take the tags out.")
    text = without_invisible(text)
    if not text:
        if field in _NEVER_EMPTY:
            raise CorrectionError(f"The field {field} cannot be empty.")
        return ""
    if field == "gender":
        return _gender(text)
    if isinstance(row, PracticeLocation):
        value = _READERS[field](text, row)
    else:
        value = _part_of_a_name(field, text) if field in names.PARTS_OF_A_PERSONS_NAME else _with_letters(field, text)
    most = row.__table__.c[field].type
    if field not in MAX_DEGREES and len(value) > most.length:  # type: ignore[attr-defined]  # all others are texts
        raise CorrectionError(f"That is too long: {field} takes at most {most.length} characters.")  # type: ignore[attr-defined]  # texts have a length
    return value


def check_kind(field: str, provider: Provider) -> None:
    """Raises `CorrectionError` for a part of a person's name of an organization, and the other way round."""
    if field == "organization_name" and provider.entity_type != ORGANIZATION:
        raise CorrectionError(
            f"NPI {provider.npi} is a person, who has no organization_name. Correct last_name or name."
        )
    if field in {*names.PARTS_OF_A_PERSONS_NAME, "gender"} and provider.entity_type == ORGANIZATION:
        raise CorrectionError(
            f"NPI {provider.npi} is an organization, which has no {field}. Correct organization_name."
        )


def why_doubtful(field: str, after: Mapping[str, Any]) -> str | None:
    """What is odd about the values of a provider or location `after` a correction of `field`; None when nothing is."""
    if str(after[field]).casefold() in _SAYS_NOTHING and after[field] is not None:
        return f"“{after[field]}” would be shown as the {field}."
    if field in {"city", "state", "postal_code", *MAX_DEGREES} and contact.is_united_states(after["country"]):
        return _why_odd_place(field, after)
    return None


def _why_odd_place(field: str, location: Mapping[str, Any]) -> str | None:
    from directory.places.atlas import atlas
    from directory.places.distance import miles_between

    code, state = (location["postal_code"] or "")[:5], location["state"]
    latitude, longitude = location["latitude"], location["longitude"]
    known = atlas().zips.get(code)
    if field == "city":
        cities = [city for city in atlas().named(location["city"]) if city.state == state]
        if not cities:
            return f"We couldn’t find {location['city']} in {state}."
        miles = min(miles_between(city.point, known.point) for city in cities) if known and known.point else 0.0
        return f"{cities[0].label} is {miles:,.0f} miles from ZIP {code}." if miles > MAX_MILES_FROM_ZIP else None
    if known is None:
        return f"We couldn’t find ZIP code {code} on our map." if code and field == "postal_code" else None
    if field in {"state", "postal_code"} and known.state != state:
        return f"ZIP {code} is in {known.city}, {known.state}, and the practice location would be in {state}."
    if known.point is None or latitude is None or longitude is None:
        return None
    miles = miles_between(known.point, (latitude, longitude))
    if miles <= MAX_MILES_FROM_ZIP:
        return None
    return f"The point {latitude}, {longitude} would lie {miles:,.0f} miles from ZIP {code} of the address."


def _gender(text: str) -> str:
    if text.upper() not in GENDERS:
        raise CorrectionError(f"“{text}” is not a gender. Type F, M or X, as in the NPI registry, or leave it blank.")
    return text.upper()


def _with_letters(field: str, text: str) -> str:
    if not any(character.isalpha() for character in text):
        raise CorrectionError(f"“{text}” has no letter: type the {field} in words.")
    return text


def _part_of_a_name(field: str, text: str) -> str:
    """A part of a person's name, in proper case where it is all in capitals or all in small letters."""
    _with_letters(field, text)
    if field == "credential_text":
        shown = text if names.is_mixed(text) else credential_text(text)
    elif field == "name_suffix":
        shown = names.name_suffix(text)
        if not _SUFFIX.fullmatch(shown or ""):
            raise CorrectionError(f"“{text}” is not a suffix of a name. Type Jr., Sr., II or III.")
    elif not _PERSONS_NAME.fullmatch(text):
        raise CorrectionError(f"“{text}” is no {field}. Type it in letters; titles such as MD are credential_text.")
    else:
        shown = (
            names.middle_name(text) if field == "middle_name" else names.person_name(text, family=field == "last_name")
        )
    if not shown:
        raise CorrectionError(f"“{text}” stands for no {field}. To clear it, give an empty value.")
    return shown


def _address_line(text: str, _row: PracticeLocation) -> str:
    if not any(character.isalnum() for character in text):
        raise CorrectionError(
            f"“{text}” is not a line of an address: type it as on a letter, such as 3445 Main Street."
        )
    return contact.address_line(text) or ""


def _city(text: str, row: PracticeLocation) -> str:
    if contact.is_united_states(row.country) and re.search(r"[a-z].*[\d,]", text, re.IGNORECASE):
        raise CorrectionError(f"“{text}” is more than a city: state and postal_code are fields of their own.")
    return contact.address_line(_with_letters("city", text)) or ""


def _state(text: str, row: PracticeLocation) -> str:
    if not contact.is_united_states(row.country):
        return _with_letters("state", text)
    if text.upper() in STATES or text.upper() in ARMED_FORCES:
        return text.upper()
    meant = state_code(text)
    raise CorrectionError(
        f"“{text}” is not how a state is kept. Type its two letters: {meant}."
        if meant
        else f"We couldn’t find the state “{text}”. Type two letters, such as CA."
    )


def _postal_code(text: str, row: PracticeLocation) -> str:
    if not contact.is_united_states(row.country):
        return text.upper()
    code = contact.postal_code(tidy(text), row.state, row.country)
    if code is None:
        raise CorrectionError(
            f"“{text}” is not a ZIP code. Type its five digits, such as 90503, or all nine: 90503-1234."
        )
    return code


def _phone(text: str, row: PracticeLocation) -> str:
    if contact.phone_number(text, row.country) is None:
        raise CorrectionError(
            f"“{text}” is not a phone number. Type all its digits, such as (310) 555-0100 ext. 22, or +52 664 634 1234 "
            "for one abroad."
        )
    return contact.phone(text, country=row.country) or ""


def _degrees(field: str, typed: str, row: PracticeLocation) -> str:
    text = tidy(typed).removesuffix("°")
    if not _DEGREES.fullmatch(text) or abs(float(text)) > MAX_DEGREES[field]:
        most = f"{MAX_DEGREES[field]:.0f}"
        raise CorrectionError(
            f"“{typed}” is no {field}. Type degrees with decimals from -{most} to {most}, such as {_EXAMPLES[field]}."
        )
    degrees = float(text)
    if row.country in _WEST and row.state not in _BOTH_SIDES_OF_A_LINE:
        if field == "longitude" and 0 < degrees < _WESTERN_DEGREES:
            raise CorrectionError(
                f"Longitude {text} is in Europe or Africa. Here it begins with a minus sign, such as "
                f"{_EXAMPLES[field]}; a latitude does not."
            )
        if field == "longitude" and degrees > 0:
            raise CorrectionError(
                f"Longitude {text} is in Asia. Here it begins with a minus sign: -{text.lstrip('+')}."
            )
        if field == "latitude" and degrees < 0:
            raise CorrectionError(f"Latitude {text} is south of the equator. Here it has no minus: {text[1:]}.")
    return text


_READERS: dict[str, Callable[[str, PracticeLocation], str]] = {
    "line_1": _address_line,
    "line_2": _address_line,
    "city": _city,
    "state": _state,
    "postal_code": _postal_code,
    "phone": _phone,
    "latitude": partial(_degrees, "latitude"),
    "longitude": partial(_degrees, "longitude"),
}
