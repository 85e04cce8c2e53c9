"""A typed address taken apart into street, city, state and ZIP."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf
from operator import itemgetter

from directory.places.around_home import NICKNAMES
from directory.places.atlas import atlas
from directory.places.choice import is_near
from directory.places.cities import City
from directory.places.distance import miles_between
from directory.places.names import fold, is_country, state_code
from directory.places.phrasing import without_country, without_lead, without_qualifiers
from directory.places.typed_zips import FIRST_ZIP, correct_zips, part_from_zips, take_zip


@dataclass(frozen=True, slots=True)
class Reading:
    """`cities` are those that the city's name may stand for: one when the state is given too.

    `zip_code` is as written, whether or not there is such a ZIP; `street` is what stands before the city.
    """

    street: str = ""
    city_text: str = ""
    cities: tuple[City, ...] = ()
    state: str | None = None
    zip_code: str | None = None
    abroad: bool = False

    @property
    def may_be_street(self) -> bool:
        """Whether an outside geocoder could place this better: it has a house number or a crossing, in this country."""
        has_street = _has_digit(self.street) or "&" in self.street or " and " in self.street.lower()
        return has_street and not self.abroad

    @property
    def is_bare(self) -> bool:
        """Whether the city's name stands without a state or ZIP."""
        return self.state is None and self.zip_code is None


_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))
_COUNTY = re.compile(
    r",\s*(?:(?P<name>[^,]*)\b(?:county|parish|borough|census area|municipio)"
    r"|(?:condado|municipio) de (?P<spanish>[^,]*))\s*(?=,|$)",
    re.I,
)
_WRAPPED = re.compile(r"[\"'“‘«(\[*#`]+([^\"'“”‘’«»()\[\]*#`]*)[\"'”’»)\]*`]*|(.*\b\d{5})[\"'”’)\]*`\\:]+")
"""A text in quotes or brackets, as it is pasted, and a ZIP with what closes them behind it."""
_PART_IN_CITY = re.compile(r"([^,]+?)\s(?:in|near|by|en|cerca de)\s([^,]+)", re.I)
_MARRED_ZIP = re.compile(r"(.*[\s,][A-Za-z]{2})[\s,]+(\w*\d\w*)")
_STREET_WORDS = frozenset([
    "st", "street", "ave", "av", "avenue", "blvd", "boulevard", "rd", "road", "dr", "drive", "ln", "lane", "way", "ct",
    "court", "pl", "place", "ter", "terrace", "cir", "circle", "hwy", "highway", "pkwy", "parkway", "plz", "plaza",
    "sq", "square", "trl", "trail", "aly", "alley", "walk", "row", "loop", "fwy", "freeway", "expy", "real", "ne", "nw",
    "se", "sw",
])  # fmt: skip

_ANY_NAME = "Anywhere"
_PART_OF_TOWN_MILES = 30.0
_SIZEABLE = 3
"""So many ZIPs make "Memorial Hospital Torrance" mean Torrance; the village of Lake gives no name to "Silver Lake"."""


def tidy(text: str) -> str:
    """Full-width letters and digits made plain, every dash a hyphen, control characters and runs of space one space."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else " " for letter in text)
    text = " ".join(text.split()).lstrip(" ,;.!?").rstrip(" ,;.!?-")
    wrapped = _WRAPPED.fullmatch(text)
    return (wrapped[1] or wrapped[2] or "").strip(" ,;.!?") if wrapped else text


def read_address(text: str) -> Reading:
    """Take apart one `tidy` line. Never raises; what is not understood stays in `city_text` or `street`."""
    text = part_from_zips(without_country(text))
    part = _PART_IN_CITY.fullmatch(text)
    if part and any(map(is_near, _cities(part[1], None))) and _cities(part[2], None):
        text = f"{part[1]}, {part[2]}"  # "Torrance near LA"
    while (shorter := without_lead(text)) != text and not atlas().named(text.partition(",")[0]):
        text = shorter
    county = _COUNTY.search(text)
    text = correct_zips(_COUNTY.sub("", text))
    rest, zip_code = take_zip(text)
    rest = without_country(rest)
    reading = replace(_read_city(rest), zip_code=zip_code)
    if zip_code is None and (first := FIRST_ZIP.match(text)):
        after = _read_city(text[first.end() :])
        if not after.street and (after.cities or (after.state and not after.city_text)):
            reading = replace(after, zip_code=first[1])  # "90503 Torrance", but not "12345 Main St, Torrance"
    if not reading.cities and not reading.abroad:
        reading = next((again for again in _second_looks(rest, zip_code) if again.cities), reading)
    reading = _without_filler(_narrow(_settle_state(reading)))
    return _in_county(reading, county["name"] or county["spanish"] or "") if county else reading


def _without_filler(reading: Reading) -> Reading:
    """The reading without a street that is none: "neurologist", "city of"."""
    if not reading.street or _has_digit(reading.street) or not reading.cities:
        return reading
    whole = f"{reading.street} {_ANY_NAME}"
    return replace(reading, street="") if _ANY_NAME in {without_lead(whole), *without_qualifiers(whole)} else reading


def _in_county(reading: Reading, county: str) -> Reading:
    """Of several cities of one name those in the county, where there are any."""
    cities = tuple(city for city in reading.cities if city.county and fold(county) in fold(city.county))
    return replace(reading, cities=cities or reading.cities)


def _second_looks(text: str, zip_code: str | None) -> Iterator[Reading]:
    """Readings of a text that names no city as it stands."""
    if zip_code is None and (marred := _MARRED_ZIP.fullmatch(text)):
        yield replace(_read_city(marred[1]), zip_code=marred[2])  # "Torrance, CA 9O503"
    for shorter in without_qualifiers(text):
        yield replace(_read_city(shorter), zip_code=zip_code)


def _read_city(text: str) -> Reading:
    """Street, city and state of a text without its ZIP."""
    if not text:
        return Reading()
    head, _comma, last = text.rpartition(",")
    head, last = head.strip(" ,"), last.strip()
    known, code = _cities(last, None), state_code(last)
    follows_number = _has_digit(head.rpartition(",")[2])  # "123 Main St, NY", but not "123 Main St, Bufalo, NY"
    if code and head:  # "..., Torrance, CA"
        within = _read_city_in(head, code)
        if within.cities or not (known and follows_number):
            return within
    if head and is_country(last) and not (known and follows_number):
        return Reading(city_text=text, abroad=True)
    if known and (code is None or head or _is_nickname(last) or any(city.state == code for city in known)):
        return Reading(head, last, known)
    if code:
        return Reading(state=code)
    words = last.split(" ")
    for count in (3, 2, 1):  # "... Torrance CA", "... Charleston West Virginia"
        code = state_code(" ".join(words[-count:])) if count < len(words) else None
        if code:
            before = ", ".join(part for part in (head, " ".join(words[:-count])) if part)
            within = _read_city_in(before, code)
            if within.cities or len(words[-1]) == 2 or count > 1:
                return within
    if is_country(words[-1]):  # "London UK"
        return Reading(city_text=text, abroad=True)
    for start in range(max(2, len(words) - 4), len(words)):  # "123 Main St Torrance"
        name, before = " ".join(words[start:]), words[start - 1].strip(".").lower()
        known = _cities(name, None)
        if before not in _STREET_WORDS and not _has_digit(before):
            known = tuple(city for city in known if _has_digit(words[0]) and is_near(city))
        if known:
            return Reading(_joined(head, " ".join(words[:start])), name, known)
    return Reading(street=text) if _has_digit(text) else Reading(street=head, city_text=last)


def _read_city_in(text: str, state: str) -> Reading:
    """Street and city of a text whose state is known: its last part, else the longest end that names a city there."""
    head, _comma, last = text.rpartition(",")
    words = last.strip().split(" ")
    for start in (0, *range(max(1, len(words) - 5), len(words))):
        name = " ".join(words[start:])
        known = _cities(name, state)
        if known and (start == 0 or _has_digit(text) or known[0].weight >= _SIZEABLE):
            return Reading(_joined(head, " ".join(words[:start])), name, known, state)
    if _has_digit(last):
        return Reading(street=text, state=state)
    return Reading(head.strip(" ,"), last.strip(), state=state)


def _cities(name: str, state: str | None) -> tuple[City, ...]:
    """The cities of that name or nickname, in the state if one is given."""
    cities = atlas().named(name)
    nickname = NICKNAMES.get(fold(name))
    if nickname:
        city, _comma, its_state = nickname.rpartition(", ")
        known = atlas().city(city, its_state)
        if known and state in (None, its_state):
            return (known,)
    return cities if state is None else tuple(city for city in cities if city.state == state)


def cities_within(text: str) -> tuple[City, ...]:
    """Cities around home that some of the words of a text name: Torrance of "Torrance Memorial"."""
    words = text.replace(",", " ").split()[:12]
    for count in (3, 2, 1):
        runs = [" ".join(words[start : start + count]) for start in range(len(words) - count + 1)]
        found = [city for run in runs if len(fold(run)) > 4 for city in _cities(run, None) if is_near(city)]
        if found:
            return tuple(dict.fromkeys(found))[:3]
    return ()


def _narrow(reading: Reading) -> Reading:
    """ "San Pedro, Los Angeles": the part of town, when it lies near the city."""
    if not reading.street or _has_digit(reading.street) or not reading.cities:
        return reading
    miles, part = min(
        (
            (miles_between(part.point, city.point), part)
            for part in _cities(reading.street, reading.state)
            for city in reading.cities
            if part.state == city.state
        ),
        key=itemgetter(0),
        default=(inf, None),
    )
    if not part or miles > _PART_OF_TOWN_MILES:
        return reading
    return replace(reading, street="", city_text=reading.street, cities=(part,))


def _is_nickname(name: str) -> bool:
    return fold(name) in NICKNAMES


def _has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _settle_state(reading: Reading) -> Reading:
    """ "1200 N Vermont Ave, LA", "South Central LA" and "LA 90029" mean Los Angeles; "New Orlens, LA" does not."""
    if reading.state != "LA" or (reading.cities and not reading.street):
        return reading
    los_angeles = replace(
        reading,
        street=_joined(reading.street, reading.city_text),
        city_text="LA",
        cities=_cities("LA", None),
        state=None,
    )
    if reading.cities:
        part = _narrow(replace(los_angeles, street=f"{reading.street} {reading.city_text}"))
        return reading if part.street else part
    zip_code = atlas().zips.get(reading.zip_code or "")
    if zip_code:
        return los_angeles if zip_code.state == "CA" else reading
    return reading if reading.city_text and _narrow(los_angeles) == los_angeles else los_angeles


def _joined(*parts: str) -> str:
    return ", ".join(part.strip(" ,") for part in parts if part.strip(" ,"))
