"""The fields that staff may correct, and what each may hold."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from directory.places.names import ARMED_FORCES, STATES, state_code
from directory.providers import contact
from directory.providers.models import PracticeLocation, Provider
from directory.web.plain_text import has_tags, plain_text

PROVIDER_FIELDS = (
    "name",
    "first_name",
    "middle_name",
    "last_name",
    "name_suffix",
    "credential_text",
    "organization_name",
)
LOCATION_FIELDS = ("line_1", "line_2", "city", "state", "postal_code", "phone", "latitude", "longitude")
MAX_DEGREES = {"latitude": 90.0, "longitude": 180.0}
MAX_MILES_FROM_ZIP = 25.0
_NEVER_EMPTY = frozenset({"name", "line_1", "city", "state", "latitude", "longitude"})
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
    text = " ".join(plain_text(text).text.split())
    if not text:
        if field in _NEVER_EMPTY:
            raise CorrectionError(f"The field {field} cannot be empty.")
        return ""
    read = _READERS.get(field)
    value = read(text, row) if read and isinstance(row, PracticeLocation) else _with_letters(field, text)
    most = row.__table__.c[field].type
    if field not in MAX_DEGREES and len(value) > most.length:  # type: ignore[attr-defined]  # all others are texts
        raise CorrectionError(f"That is too long: {field} takes at most {most.length} characters.")  # type: ignore[attr-defined]
    return value


def why_doubtful(field: str, location: Mapping[str, Any]) -> str | None:
    """What is odd about a practice location after a correction of `field`, as a sentence; None when nothing is."""
    from directory.places.atlas import atlas
    from directory.places.distance import miles_between

    if field not in {"state", "postal_code", *MAX_DEGREES} or not contact.is_united_states(location["country"]):
        return None
    code, state = (location["postal_code"] or "")[:5], location["state"]
    latitude, longitude = location["latitude"], location["longitude"]
    known = atlas().zips.get(code)
    if known is None:
        return f"There is no ZIP {code} on our map." if code and field == "postal_code" else None
    if field in {"state", "postal_code"} and known.state != state:
        return f"ZIP {code} is in {known.city}, {known.state}, and the practice location would be in {state}."
    if known.point is None or latitude is None or longitude is None:
        return None
    miles = miles_between(known.point, (latitude, longitude))
    if miles <= MAX_MILES_FROM_ZIP:
        return None
    return f"The point {latitude}, {longitude} would lie {miles:,.0f} miles from ZIP {code} of the address."


def _with_letters(field: str, text: str) -> str:
    if not any(character.isalpha() for character in text):
        raise CorrectionError(f"“{text}” has no letter: type the {field} in words.")
    return text


def _address_line(text: str, _row: PracticeLocation) -> str:
    if not any(character.isalnum() for character in text):
        raise CorrectionError(f"“{text}” is no line of an address: type it as on a letter, such as 3445 Main Street.")
    return contact.address_line(text) or ""


def _city(text: str, _row: PracticeLocation) -> str:
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
        else f"We know no state “{text}”. Type two letters, such as CA."
    )


def _postal_code(text: str, row: PracticeLocation) -> str:
    if not contact.is_united_states(row.country):
        return text.upper()
    code = contact.postal_code(text, row.state, row.country)
    if code is None:
        raise CorrectionError(f"“{text}” is no ZIP. Type its five digits, such as 90503, or all nine: 90503-1234.")
    return code


def _phone(text: str, row: PracticeLocation) -> str:
    if contact.phone_number(text, row.country) is None:
        raise CorrectionError(
            f"“{text}” is no phone number. Type all its digits, such as (310) 555-0100 ext. 22, or +52 664 634 1234 "
            "for one abroad."
        )
    return contact.phone(text, country=row.country) or ""


def _degrees(field: str) -> Callable[[str, PracticeLocation], str]:
    def read(text: str, row: PracticeLocation) -> str:
        if not _DEGREES.fullmatch(text) or abs(float(text)) > MAX_DEGREES[field]:
            most = f"{MAX_DEGREES[field]:.0f}"
            raise CorrectionError(
                f"“{text}” is no {field}. Type degrees with decimals from -{most} to {most}, such as "
                f"{_EXAMPLES[field]}."
            )
        degrees = float(text)
        if row.country in _WEST and row.state not in _BOTH_SIDES_OF_A_LINE:
            if field == "longitude" and degrees > 0:
                raise CorrectionError(
                    f"Longitude {text} lies in Asia. Here it begins with a minus: -{text.lstrip('+')}."
                )
            if field == "latitude" and degrees < 0:
                raise CorrectionError(f"Latitude {text} is south of the equator. Here it has no minus: {text[1:]}.")
        return text

    return read


_READERS: dict[str, Callable[[str, PracticeLocation], str]] = {
    "line_1": _address_line,
    "line_2": _address_line,
    "city": _city,
    "state": _state,
    "postal_code": _postal_code,
    "phone": _phone,
    "latitude": _degrees("latitude"),
    "longitude": _degrees("longitude"),
}
