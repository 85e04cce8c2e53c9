"""The OIG's List of Excluded Individuals and Entities: the full list, or a month's supplement."""

import re
from datetime import date, timedelta

from directory.credentials.exclusions.lists import LEIE
from directory.credentials.exclusions.models import ListedExclusion
from directory.imports.exclusions.exclusion_list import (
    ExclusionList,
    ImportedExclusions,
    ListedRow,
    import_exclusions,
    name_key,
    valid_npi,
)
from directory.imports.reading.fields import SPREADSHEET_DAYS, Fields, FileKind, RowRejectedError, Values, drop_too_long
from directory.places.names import state_code

FULL_LIST = "UPDATED"
"""What the OIG's name for the full list is; a copy may have more around it."""
LAST, FIRST, BUSINESS, NPI = "LASTNAME", "FIRSTNAME", "BUSNAME", "NPI"
BORN, EXCLUDED, REINSTATED, WAIVED = "DOB", "EXCLDATE", "REINDATE", "WAIVERDATE"
MIN_AGE = timedelta(days=365 * 15)
"""Of an excluded person: it tells 1946 from 2046 where a day of birth has two digits for the year."""
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
COLUMNS = (*_TEXTS.values(), BORN, EXCLUDED, REINSTATED, WAIVED, NPI, "STATE")
"""All that the file must have; it has UPIN too, which is out of use."""
_DAYS = ("%Y%m%d", *SPREADSHEET_DAYS)


def import_leie(path: str, *, is_full: bool | None = None, accept_shrunk: bool = False) -> ImportedExclusions:
    """Import the file. Raises `ImportFileError`, and then nothing was changed.

    `is_full` says whether what the file does not name is gone; None to tell by the file's name.
    """
    return import_exclusions(
        path, _LIST, _is_named_full if is_full is None else lambda name: is_full, accept_shrunk=accept_shrunk
    )


def _is_named_full(label: str) -> bool:
    """Whether the file, or the zip that it is in, has the OIG's name for the full list."""
    return re.search(rf"(?<![a-z]){FULL_LIST}(?![a-z])", label, re.IGNORECASE) is not None


def parse_row(fields: Fields, as_of: date) -> ListedRow:
    """A row must say who is excluded, and whether that has ended; all else may be unknown."""
    unknown: list[str] = []
    unclear: list[str] = []
    values: Values = {name: " ".join(fields[column].split()) or None for name, column in _TEXTS.items()}
    values["state"] = _state(fields["STATE"])
    values["name_key"] = name_key(values["last_name"], values["first_name"], values["business_name"])
    npi = valid_npi(fields[NPI])
    if fields[NPI].strip("0") and not npi:
        unknown.append(f"the NPI {fields[NPI][:20]!r} is none")
    if not (values["last_name"] or values["business_name"] or npi):
        raise RowRejectedError(f"there is neither a {LAST} nor a {BUSINESS} nor a valid NPI")
    values["reinstated_on"] = _day(fields, REINSTATED)
    for name, column in {"excluded_on": EXCLUDED, "waived_on": WAIVED, "born_on": BORN}.items():
        try:
            values[name] = _day(fields, column)
        except RowRejectedError as error:
            values[name] = None
            unknown.append(str(error))
            unclear.append(name)
    for name, column in {"exclusion_type": "EXCLTYPE", "excluded_on": EXCLUDED}.items():
        if not _given(fields, column):
            unknown.append(f"the {column} is empty")
            unclear.append(name)
    excluded_on = values["excluded_on"]
    if excluded_on and values["reinstated_on"] and values["reinstated_on"] < excluded_on:
        raise RowRejectedError(f"the {REINSTATED} is before the {EXCLUDED}")
    values["born_on"] = _born_on(fields, values["born_on"], excluded_on or as_of)
    if values["born_on"] and values["born_on"] >= (excluded_on or as_of):
        values["born_on"] = None
        unknown.append(f"the {BORN} is not before the {EXCLUDED}")
        unclear.append("born_on")
    # An address counts only where neither a date of birth nor an NPI tells two of one name apart.
    told_apart = values["born_on"] or npi
    places = () if told_apart else ("address", "city", "state", "postal_code")
    names = tuple(values[name] for name in ("last_name", "first_name", "middle_name", "business_name"))
    rest = tuple(values[name] for name in ("exclusion_type", *places, "born_on", "excluded_on"))
    unknown += drop_too_long(ListedExclusion, values, tuple(_TEXTS))
    return ListedRow(values, [npi] if npi else [], unknown, unclear, (names, rest))


def _given(fields: Fields, column: str) -> str:
    text = fields[column]
    return text if text.strip("0/-") and text.upper() != "N/A" else ""  # 00000000 stands for none


def _day(fields: Fields, column: str) -> date | None:
    return fields.day(column, *_DAYS) if _given(fields, column) else None


def _born_on(fields: Fields, born_on: date | None, excluded_on: date) -> date | None:
    """The day of birth, of which `born_on` is a first reading; its year may have been written with two digits."""
    two_digits = re.search(r"[/-]\d\d$", fields[BORN])
    while born_on and two_digits and born_on > excluded_on - MIN_AGE:
        born_on = _century_before(born_on)
    return born_on


def _century_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 100)
    except ValueError:  # February 29
        return day.replace(year=day.year - 100, day=28)


def _state(text: str) -> str | None:
    return state_code(text) or (text.upper() if len(text) == 2 else None)


def _named_by(fields: Fields) -> tuple[str, str]:
    return valid_npi(fields[NPI]) or "", name_key(fields[LAST], fields[FIRST], fields[BUSINESS])


_LIST = ExclusionList(
    LEIE, FileKind(FULL_LIST.lower(), "the OIG's list of exclusions", COLUMNS), (), parse_row, _named_by
)
