"""One row of the OIG's list as the directory keeps it: who, since when, and until when."""

import hashlib
from datetime import date

from directory.credentials.models import LeieEntry
from directory.credentials.names_alike import business_key, person_key
from directory.imports.reading.fields import Fields
from directory.imports.rows import RowRejectedError, Values, check_lengths
from directory.places.names import state_code
from directory.providers.npi import check_digit, has_form_of_npi

LAST, FIRST, BUSINESS, NPI = "LASTNAME", "FIRSTNAME", "BUSNAME", "NPI"
EXCLUDED, REINSTATED = "EXCLDATE", "REINDATE"
_TEXTS = {
    "last_name": LAST,
    "first_name": FIRST,
    "middle_name": "MIDNAME",
    "business_name": BUSINESS,
    "general": "GENERAL",
    "specialty": "SPECIALTY",
    "address": "ADDRESS",
    "city": "CITY",
    "postal_code": "ZIP",
    "exclusion_type": "EXCLTYPE",
    "waiver_state": "WVRSTATE",
}
_DAYS = {"born_on": "DOB", "excluded_on": EXCLUDED, "reinstated_on": REINSTATED, "waived_on": "WAIVERDATE"}
COLUMNS = (*_TEXTS.values(), *_DAYS.values(), NPI, "STATE")
"""All that the file must have; it has UPIN too, which nobody uses any more."""


def entry_values(fields: Fields, as_of: date) -> Values:
    """The columns of `LeieEntry`. Raises `RowRejectedError`."""
    values: Values = {name: " ".join(fields[column].split()) or None for name, column in _TEXTS.items()}
    values |= {name: _day(fields, column) for name, column in _DAYS.items()}
    values |= {"npi": npi_of(fields[NPI]), "state": _state(fields["STATE"]), "as_of": as_of}
    values["name_key"] = name_key(values["last_name"], values["first_name"], values["business_name"])
    if not (values["last_name"] or values["business_name"] or values["npi"]):
        raise RowRejectedError(f"there is neither a {LAST} nor a {BUSINESS} nor a valid NPI")
    if values["exclusion_type"] is None:
        raise RowRejectedError("the EXCLTYPE is empty")
    if values["excluded_on"] is None:
        raise RowRejectedError(f"the {EXCLUDED} is empty")
    if values["reinstated_on"] and values["reinstated_on"] < values["excluded_on"]:
        raise RowRejectedError(f"the {REINSTATED} is before the {EXCLUDED}")
    if values["born_on"] and values["born_on"] >= values["excluded_on"]:
        raise RowRejectedError(f"the DOB is not before the {EXCLUDED}")
    check_lengths(LeieEntry, values)
    values["key"] = entry_key(values)
    return values


def entry_key(values: Values) -> str:
    """SHA-256 of what makes it this entry and no other; the rest may change from file to file.

    An address counts only where neither a date of birth nor an NPI tells two of one name apart.
    """
    names = ("last_name", "first_name", "middle_name", "business_name", "npi", "exclusion_type")
    told_apart = values["born_on"] or values["npi"]
    places = () if told_apart else ("address", "city", "state", "postal_code")
    days = (values["born_on"], values["excluded_on"])
    texts = [(values[name] or "").upper() for name in (*names, *places)]
    return hashlib.sha256("\x1f".join([*texts, *(str(day or "") for day in days)]).encode()).hexdigest()


def name_key(last: str | None, first: str | None, business: str | None) -> str:
    """By what an entry is found by name; empty when it has no whole name."""
    return person_key(last, first) if last else business_key(business)


def npi_of(text: str) -> str | None:
    """The NPI that an entry gives. Zeros stand for none, and one with a wrong check digit says nothing."""
    valid = has_form_of_npi(text) and check_digit(text[:9]) == text[9]
    return text if valid and text.strip("0") else None


def _state(text: str) -> str | None:
    return state_code(text) or (text.upper() if len(text) == 2 else None)


def _day(fields: Fields, column: str) -> date | None:
    text = fields[column]
    if not text.strip("0"):
        return None  # 00000000
    try:
        if len(text) != 8 or not (text.isascii() and text.isdigit()):
            raise ValueError(text)
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError as error:
        raise RowRejectedError(f"the {column} {text[:20]!r} is no date like 20251231") from error
