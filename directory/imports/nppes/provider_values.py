"""One row of an NPPES file as the directory keeps it: names, addresses and codes normalized."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from directory.imports.reading.fields import Fields, FileKind, RowRejectedError, Values, check_lengths
from directory.places.atlas import atlas
from directory.places.gazetteer import zip_point
from directory.places.names import state_code
from directory.providers import contact, names
from directory.providers.models import ORGANIZATION, PERSON, OtherName, PracticeLocation, Provider, ProviderSpecialty
from directory.providers.offerings import GENDERS
from directory.providers.titles import credential_text

NPI = "NPI"
DEACTIVATED = "NPI Deactivation Date"
REACTIVATED = "NPI Reactivation Date"
_TAXONOMIES = range(1, 16)
TAXONOMY_CODES = tuple(f"Healthcare Provider Taxonomy Code_{number}" for number in _TAXONOMIES)
TAXONOMY_GROUPS = tuple(
    (
        f"Healthcare Provider Taxonomy Code_{number}",
        f"Healthcare Provider Primary Taxonomy Switch_{number}",
        f"Provider License Number_{number}",
        f"Provider License Number State Code_{number}",
    )
    for number in _TAXONOMIES
)


class AddressColumns(NamedTuple):
    line_1: str
    line_2: str
    city: str
    state: str
    postal_code: str
    country: str
    phone: str
    extension: str | None


_PRACTICE = "Provider Business Practice Location Address"
PRACTICE = AddressColumns(
    "Provider First Line Business Practice Location Address",
    "Provider Second Line Business Practice Location Address",
    f"{_PRACTICE} City Name",
    f"{_PRACTICE} State Name",
    f"{_PRACTICE} Postal Code",
    f"{_PRACTICE} Country Code (If outside U.S.)",
    f"{_PRACTICE} Telephone Number",
    None,
)
_SECONDARY = "Provider Secondary Practice Location Address"
SECONDARY = AddressColumns(
    f"{_SECONDARY}- Address Line 1",
    f"{_SECONDARY}-  Address Line 2",  # published with two spaces; spaces do not count
    f"{_SECONDARY} - City Name",
    f"{_SECONDARY} - State Name",
    f"{_SECONDARY} - Postal Code",
    f"{_SECONDARY} - Country Code (If outside U.S.)",
    f"{_SECONDARY} - Telephone Number",
    f"{_SECONDARY} - Telephone Extension",
)

_PROVIDER_COLUMNS = (
    NPI,
    "Entity Type Code",
    "Provider Organization Name (Legal Business Name)",
    "Provider Last Name (Legal Name)",
    "Provider First Name",
    "Provider Middle Name",
    "Provider Name Suffix Text",
    "Provider Credential Text",
    *(column for column in PRACTICE if column is not None),
    "Provider Enumeration Date",
    "Last Update Date",
    DEACTIVATED,
    REACTIVATED,
    *(name for group in TAXONOMY_GROUPS for name in group),
)
GENDER_COLUMNS = ("Provider Sex Code", "Provider Gender Code")
"""What the column is called, and was before 2025; a file may lack it."""
OTHER_NAME = "Provider Other Organization Name"
OTHER_NAME_KIND = "Provider Other Organization Name Type Code"

PROVIDERS = FileKind("npidata_pfile", "an NPPES provider file", _PROVIDER_COLUMNS)
LOCATIONS = FileKind(
    "pl_pfile",
    "an NPPES practice location file",
    (NPI, *(column for column in SECONDARY if column is not None)),
    may_be_empty=True,
)
OTHER_NAMES = FileKind(
    "othername_pfile", "an NPPES other name file", (NPI, OTHER_NAME, OTHER_NAME_KIND), may_be_empty=True
)

_CODE = re.compile(r"[0-9A-Z]{10}")
_FORMER, _OTHER, _DOING_BUSINESS_AS = "4", "5", "3"


class Located(NamedTuple):
    """Degrees, and how they were found; no point for an address that the gazetteer does not know."""

    latitude: float | None
    longitude: float | None
    precision: str  # zip, city or none


NOWHERE = Located(None, None, "none")


@lru_cache(maxsize=1_000)  # many stand at one ZIP, and a row is located when it is chosen and when it is read
def locate(postal_code: str | None, city: str, state: str, country: str) -> Located:
    """Where the gazetteer puts a normalized address."""
    if not contact.is_united_states(country):
        return NOWHERE
    point = zip_point(postal_code[:5]) if postal_code else None
    if point is not None:
        return Located(*point, "zip")
    known = atlas().city(city, state) if city else None
    return Located(*known.point, "city") if known else NOWHERE


def deactivation(fields: Fields) -> date | None:
    """Since when the NPI has been out of use; None when it is in use, or again in use."""
    deactivated = _day(fields, DEACTIVATED)
    reactivated = _day(fields, REACTIVATED)
    return None if deactivated and reactivated and reactivated >= deactivated else deactivated


def provider_values(fields: Fields, file_day: date) -> Values:
    """A provider with its practice location and specialties. Raises `RowRejectedError`."""
    updated = _day(fields, "Last Update Date")
    as_of = updated or file_day
    location = location_values(fields, PRACTICE, is_primary=True)
    provider = {
        "entity_type": int(fields["Entity Type Code"]) if fields["Entity Type Code"] in {"1", "2"} else 0,
        **_name_values(fields),
        **_gender_values(fields),
        "enumerated_on": _day(fields, "Provider Enumeration Date"),
        "as_of": as_of,
    }
    check_lengths(Provider, provider)
    specialties = _specialties(fields)
    for facts in (*([location] if location else []), *specialties):
        facts["as_of"] = as_of
    return {"provider": provider, "location": location, "specialties": specialties, "is_dated": updated is not None}


def location_values(fields: Fields, columns: AddressColumns, *, is_primary: bool) -> Values | None:
    """The address in `columns`; None when the row gives none. Raises `RowRejectedError`."""
    raw = {name: fields[column] for name, column in columns._asdict().items() if column}
    if not raw["line_1"] and not raw["city"]:
        return None
    address = _address(raw)
    country, state = address["country"], address["state"]
    zip_code = address["postal_code"] or ""
    values = {
        "address_key": contact.address_key(
            raw["line_1"], raw["line_2"], raw["city"], state, zip_code[:5], country if country != "US" else ""
        ),
        "is_primary": is_primary,
        **address,
        "phone": contact.phone(raw["phone"], raw.get("extension", ""), country),
        **locate(address["postal_code"], address["city"], state, country)._asdict(),
    }
    values["located_by"] = "gazetteer" if values["latitude"] is not None else None
    check_lengths(PracticeLocation, values)
    return values


def practice_point(fields: Fields, columns: AddressColumns) -> Located:
    """Where the address in `columns` lies."""
    address = _address({name: fields[column] for name, column in columns._asdict().items() if column})
    return locate(address["postal_code"], address["city"], address["state"], address["country"])


def other_name_values(fields: Fields) -> Values:
    """Another name of an organization. Raises `RowRejectedError`."""
    if not fields[OTHER_NAME]:
        raise RowRejectedError("the other name is empty")
    kind = fields[OTHER_NAME_KIND]
    if kind not in {_DOING_BUSINESS_AS, _FORMER, _OTHER}:
        raise RowRejectedError(f"the name's type code {kind[:20]!r} is not 3, 4 or 5")
    values = {"kind": kind, "name": names.organization_name(fields[OTHER_NAME])}
    check_lengths(OtherName, values)
    return values


def secondary_location_values(fields: Fields) -> Values:
    """A further practice location. Raises `RowRejectedError`."""
    values = location_values(fields, SECONDARY, is_primary=False)
    if values is None:
        raise RowRejectedError("the address is empty")
    return values


def _address(raw: Mapping[str, str]) -> Values:
    country = raw["country"].upper() or "US"
    in_us = contact.is_united_states(country)
    state = (in_us and state_code(raw["state"])) or " ".join(raw["state"].upper().split())
    return {
        "line_1": contact.address_line(raw["line_1"]) or "",
        "line_2": contact.address_line(raw["line_2"]),
        "city": contact.address_line(raw["city"]) or "",
        "state": state,
        "postal_code": contact.postal_code(raw["postal_code"], state, country),
        "country": country,
    }


def _name_values(fields: Fields) -> Values:
    empty = dict.fromkeys(
        ("first_name", "middle_name", "last_name", "name_suffix", "credential_text", "organization_name")
    )
    kind = fields["Entity Type Code"]
    if kind == str(ORGANIZATION):
        name = names.organization_name(fields["Provider Organization Name (Legal Business Name)"])
        if not name:
            raise RowRejectedError("the organization has no name")
        return {**empty, "organization_name": name, "name": name}
    if kind != str(PERSON):
        raise RowRejectedError(f"the Entity Type Code {kind[:20]!r} is neither 1 nor 2")
    first = names.person_name(fields["Provider First Name"]) or None
    last = names.person_name(fields["Provider Last Name (Legal Name)"], family=True) or None
    if not (first or last):
        raise RowRejectedError("the person has no name")
    middle = names.middle_name(fields["Provider Middle Name"])
    suffix = names.name_suffix(fields["Provider Name Suffix Text"])
    credentials = credential_text(fields["Provider Credential Text"])
    return {
        **empty,
        "first_name": first,
        "middle_name": middle,
        "last_name": last,
        "name_suffix": suffix,
        "credential_text": credentials,
        "name": names.shown_name(first, middle, last, suffix, credentials),
    }


def _gender_values(fields: Fields) -> Values:
    """The gender, None for a letter that is none of `GENDERS`; empty where the file has no column for it."""
    column = next((name for name in GENDER_COLUMNS if fields.has(name)), None)
    return {"gender": fields[column] if fields[column] in GENDERS else None} if column else {}


def _specialties(fields: Fields) -> list[Values]:
    """Each code once, primary when any of its entries is."""
    found: dict[str, Values] = {}
    for code_column, switch, number, state in TAXONOMY_GROUPS:
        code = fields[code_column]
        if not code:
            continue
        if not _CODE.fullmatch(code):
            raise RowRejectedError(f"the taxonomy code {code[:20]!r} is not ten capitals and digits")
        primary = fields[switch].upper() == "Y"
        if code in found:
            found[code]["is_primary"] = found[code]["is_primary"] or primary
            continue
        found[code] = {
            "specialty_code": code,
            "is_primary": primary,
            "license_number": fields[number] or None,
            "license_state": fields[state].upper() or None,
        }
        check_lengths(ProviderSpecialty, found[code])
    return list(found.values())


def _day(fields: Fields, column: str) -> date | None:
    return fields.day(column, "%m/%d/%Y")
