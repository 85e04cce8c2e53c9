"""One row of an NPPES file as the directory keeps it: names, addresses and codes put in order."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache

from directory.imports.nppes.area import Located, locate
from directory.imports.nppes.columns import (
    DEACTIVATED,
    OTHER_NAME,
    OTHER_NAME_KIND,
    PRACTICE,
    REACTIVATED,
    SECONDARY,
    TAXONOMY_GROUPS,
    AddressColumns,
)
from directory.imports.reading.fields import Fields
from directory.imports.rows import RowRejectedError, Values, check_lengths
from directory.places.names import state_code
from directory.providers import contact, names
from directory.providers.models import ORGANIZATION, PERSON, OtherName, PracticeLocation, Provider, ProviderSpecialty

_CODE = re.compile(r"[0-9A-Z]{10}")
_FORMER, _OTHER, _DOING_BUSINESS_AS = "4", "5", "3"


def deactivation(fields: Fields) -> date | None:
    """Since when the NPI has been out of use; None when it is in use, or again in use."""
    deactivated = _day(fields, DEACTIVATED)
    reactivated = _day(fields, REACTIVATED)
    return None if deactivated and reactivated and reactivated >= deactivated else deactivated


def provider_values(fields: Fields, file_day: date) -> Values:
    """A provider with its practice location and specialties. Raises `RowRejectedError`."""
    updated = _day(fields, "Last Update Date")
    as_of = (updated or file_day).isoformat()
    location = location_values(fields, PRACTICE, is_primary=True)
    enumerated = _day(fields, "Provider Enumeration Date")
    provider = {
        "entity_type": int(fields["Entity Type Code"]) if fields["Entity Type Code"] in {"1", "2"} else 0,
        **_name_values(fields),
        "enumerated_on": enumerated.isoformat() if enumerated else None,
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
    suffix = names.name_suffix(fields["Provider Name Suffix Text"])
    credentials = names.credential_text(fields["Provider Credential Text"])
    return {
        **empty,
        "first_name": first,
        "middle_name": names.person_name(fields["Provider Middle Name"]) or None,
        "last_name": last,
        "name_suffix": suffix,
        "credential_text": credentials,
        "name": names.shown_name(first, last, suffix, credentials),
    }


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
    text = fields[column]
    try:
        return _parsed(text) if text else None
    except ValueError as error:
        raise RowRejectedError(f"the {column} {text[:20]!r} is no date like 12/31/2025") from error


@lru_cache(maxsize=20_000)
def _parsed(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").replace(tzinfo=UTC).date()
