"""California's Medi-Cal Suspended and Ineligible Provider List. A file is always the whole list.

One row may give several NPIs beside Medi-Cal's own provider numbers, and license numbers without their board.
"""

import re
from datetime import date

from directory.credentials.exclusions.lists import MEDI_CAL
from directory.credentials.exclusions.models import ListedExclusion
from directory.imports.exclusions.exclusion_list import (
    ExclusionList,
    ImportedExclusions,
    ListedRow,
    import_exclusions,
    name_key,
    valid_npi,
)
from directory.imports.reading.fields import (
    SPREADSHEET_DAYS,
    Fields,
    FileKind,
    RowRejectedError,
    Values,
    drop_too_long,
    parse_day,
)

LAST, FIRST, MIDDLE = "Last Name", "First Name", "Middle Name"
LICENSE, NUMBERS, SUSPENDED = "License Number", "Provider Number", "Date of Suspension"
ALSO_KNOWN_AS = "A/K/A-Also Known As D/B/A-Doing Business as"
ADDRESS, TYPE, PERIOD = "Address(es)", "Provider Type", "Active Period"
_NONE = frozenset({"", "N/A", "NA", "NONE"})
_NPI = re.compile(r"(?:(?<=NPI)|(?<![0-9A-Za-z]))[0-9]{10}(?![0-9A-Za-z])")
_DAY_IN_PERIOD = re.compile(
    r"(?P<end>(?:\b(?:reinstated|lifted|ended|ends?|expires?|until|through|thru|to)\b(?: on)?|[-–—])\s*)?"
    r"(?P<day>\d{1,2}/\d{1,2}/(?:\d{4}|\d\d))(?!\d)",
    re.IGNORECASE,
)


def import_medi_cal(path: str, *, accept_shrunk: bool = False) -> ImportedExclusions:
    """Import the list. Raises `ImportFileError`, and then nothing was changed."""
    return import_exclusions(path, _LIST, accept_shrunk=accept_shrunk)


def parse_row(fields: Fields, _as_of: date) -> ListedRow:
    """A row must say who is suspended; all else may be unknown."""
    unknown: list[str] = []
    last, first, middle = (_text(fields, column) for column in (LAST, FIRST, MIDDLE))
    values: Values = {
        "last_name": last if first else None,
        "first_name": first,
        "middle_name": middle,
        "business_name": None if first else last,
        "other_names": _text(fields, ALSO_KNOWN_AS),
        "general": _text(fields, TYPE),
        "address": _text(fields, ADDRESS),
        "state": None,
        "license_numbers": _text(fields, LICENSE),
        "excluded_on": _suspended_on(fields, unknown),
    }
    values["name_key"] = name_key(values["last_name"], first, values["business_name"])
    values["reinstated_on"] = _ended_on(fields, values["excluded_on"], unknown)
    npis = _npis(fields)
    if not (last or npis):
        raise RowRejectedError(f"there is neither a {LAST} nor a valid NPI")
    numbers = _text(fields, NUMBERS)
    place = None if values["license_numbers"] or numbers else values["address"]
    identity = (last, first, middle, values["license_numbers"], numbers, values["excluded_on"], place)
    unknown += drop_too_long(ListedExclusion, values, tuple(values.keys() - {"name_key"}))
    unclear = [] if values["excluded_on"] else ["excluded_on"]
    return ListedRow(values, npis, unknown, unclear, (identity, ()))


def _text(fields: Fields, column: str) -> str | None:
    text = " ".join(fields.get(column).split())
    return None if text.upper() in _NONE else text


def _npis(fields: Fields) -> list[str]:
    found = dict.fromkeys(_NPI.findall(fields[NUMBERS]))
    return [npi for npi in found if valid_npi(npi)]


def _suspended_on(fields: Fields, unknown: list[str]) -> date | None:
    if not _text(fields, SUSPENDED):
        unknown.append(f"the {SUSPENDED} is empty")
        return None
    try:
        return fields.day(SUSPENDED, *SPREADSHEET_DAYS)
    except RowRejectedError as error:
        unknown.append(str(error))
        return None


def _ended_on(fields: Fields, suspended_on: date | None, unknown: list[str]) -> date | None:
    """The last day that the period names, when it says that it ends then, and that is after the suspension.

    "Indefinitely effective as of 7/8/2016" has no end.
    """
    period = _text(fields, PERIOD) or ""
    end = None
    for found in _DAY_IN_PERIOD.finditer(period):
        try:
            day = parse_day(found["day"], *SPREADSHEET_DAYS)
            end = day if found["end"] else None
        except ValueError:
            unknown.append(f"the {PERIOD} {period[:40]!r} has no day like 12/31/2025")
    if end and suspended_on and end <= suspended_on:
        end = None
    if not end and period and not period.casefold().startswith("indefinite") and not unknown:
        unknown.append(f"the {PERIOD} {period[:40]!r} does not say when it ends")
    return end


def _named_by(fields: Fields) -> tuple[str, ...]:
    last, first = _text(fields, LAST), _text(fields, FIRST)
    return (*_npis(fields), name_key(last if first else None, first, None if first else last))


_LIST = ExclusionList(
    MEDI_CAL,
    FileKind("", "Medi-Cal's list of suspended and ineligible providers", (LAST, FIRST, LICENSE, NUMBERS, SUSPENDED)),
    (MIDDLE, ALSO_KNOWN_AS, ADDRESS, TYPE, PERIOD),
    parse_row,
    _named_by,
)
