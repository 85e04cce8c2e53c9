"""Small invented files in the layouts that CMS and NUCC publish."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from directory.imports.nppes.provider_values import (
    GENDER_COLUMNS,
    LOCATIONS,
    NPI,
    OTHER_NAMES,
    PRACTICE,
    PROVIDERS,
    SECONDARY,
)
from tests.factories import check_digit

Row = dict[str, str]
COLUMNS = 330
LOCATION_HEADER = (
    "NPI",
    "Provider Secondary Practice Location Address- Address Line 1",
    "Provider Secondary Practice Location Address-  Address Line 2",  # two spaces, as published
    *LOCATIONS.columns[3:],
    "Provider Practice Location Address - Fax Number",
)
NUCC_HEADER = (
    "Code",
    "Grouping",
    "Classification",
    "Specialization",
    "Definition",
    "Notes",
    "Display Name",
    "Section",
)


def real_npi(number: int) -> str:
    """An NPI such as real providers have, from the end of the range that is not yet given out."""
    first_nine = f"1999{number:05d}"
    return first_nine + check_digit(first_nine)


def provider_header() -> list[str]:
    """330 columns, the needed ones among columns that the directory does not know."""
    further = [f"Further Column {number}" for number in range(COLUMNS - len(PROVIDERS.columns) - 1)]
    return [*further[:5], *PROVIDERS.columns, *further[5:], GENDER_COLUMNS[0]]


def person(number: int = 1, **values: str) -> Row:
    """A neurologist in Torrance; `values` by the short names of `SHORT`, or none for a column to stay empty."""
    row = {
        "npi": real_npi(number),
        "entity": "1",
        "first": "ANA",
        "last": "DE LA CRUZ",
        "credential": "M.D.",
        "line_1": f"{number} MAIN ST",
        "city": "TORRANCE",
        "state": "CA",
        "zip": "905031234",
        "country": "US",
        "phone": "3105550100",
        "enumerated": "05/23/2006",
        "updated": "01/02/2025",
        "taxonomy_1": "2084N0400X",
        "primary_1": "Y",
        "license_1": "A12345",
        "license_state_1": "CA",
        **values,
    }
    return {SHORT[name]: value for name, value in row.items()}


def organization(number: int = 1, **values: str) -> Row:
    return person(
        number, **{"entity": "2", "organization": "SOUTH BAY NEUROLOGY, LLC", "first": "", "last": "", **values}
    )


def deactivated(number: int = 1, **values: str) -> Row:
    return {
        SHORT[name]: value for name, value in {"npi": real_npi(number), "deactivated": "03/04/2025", **values}.items()
    }


def location(number: int = 1, **values: str) -> Row:
    """A second practice location, in Long Beach."""
    row = {
        "npi": real_npi(number),
        "line_1": "9 OCEAN BLVD",
        "city": "LONG BEACH",
        "state": "CA",
        "zip": "90802",
        **values,
    }
    return {LOCATION_SHORT[name]: value for name, value in row.items()}


def other_name(number: int = 1, name: str = "SOUTH BAY NERVES", kind: str = "3") -> Row:
    return dict(zip(OTHER_NAMES.columns, (real_npi(number), name, kind), strict=True))


def specialty(code: str = "2084N0400X", **values: str) -> Row:
    row = dict(
        zip(
            NUCC_HEADER, (code, "Physicians", "Neurology", "", "", "", "Neurology Physician", "Individual"), strict=True
        )
    )
    return {**row, **values}


def as_csv(rows: Iterable[Row], header: Sequence[str]) -> str:
    """Every field quoted, as published."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([row.get(name, "") for name in header] for row in rows)
    return text.getvalue()


def providers_csv(*rows: Row) -> str:
    return as_csv(rows, provider_header())


def locations_csv(*rows: Row) -> str:
    # the header as published has a name that the code knows with other spaces
    known = {" ".join(name.split()): name for name in LOCATION_HEADER}
    return as_csv(
        [{known[" ".join(name.split())]: value for name, value in row.items()} for row in rows], LOCATION_HEADER
    )


def other_names_csv(*rows: Row) -> str:
    return as_csv(rows, OTHER_NAMES.columns)


def nucc_csv(*rows: Row) -> str:
    return as_csv(rows, NUCC_HEADER)


def written(folder: Path, name: str, text: str | bytes) -> str:
    """The path of a new file."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def zipped(folder: Path, name: str, members: dict[str, str]) -> str:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, text in members.items():
            archive.writestr(member, text)
    return str(path)


SHORT = {
    "npi": NPI,
    "entity": "Entity Type Code",
    "organization": "Provider Organization Name (Legal Business Name)",
    "last": "Provider Last Name (Legal Name)",
    "first": "Provider First Name",
    "middle": "Provider Middle Name",
    "suffix": "Provider Name Suffix Text",
    "gender": GENDER_COLUMNS[0],
    "credential": "Provider Credential Text",
    "line_1": PRACTICE.line_1,
    "line_2": PRACTICE.line_2,
    "city": PRACTICE.city,
    "state": PRACTICE.state,
    "zip": PRACTICE.postal_code,
    "country": PRACTICE.country,
    "phone": PRACTICE.phone,
    "enumerated": "Provider Enumeration Date",
    "updated": "Last Update Date",
    "deactivated": "NPI Deactivation Date",
    "reactivated": "NPI Reactivation Date",
    **{
        f"{short}_{number}": f"{column}_{number}"
        for number in range(1, 16)
        for short, column in (
            ("taxonomy", "Healthcare Provider Taxonomy Code"),
            ("primary", "Healthcare Provider Primary Taxonomy Switch"),
            ("license", "Provider License Number"),
            ("license_state", "Provider License Number State Code"),
        )
    },
}
LOCATION_SHORT = {
    "npi": NPI,
    "line_1": SECONDARY.line_1,
    "line_2": SECONDARY.line_2,
    "city": SECONDARY.city,
    "state": SECONDARY.state,
    "zip": SECONDARY.postal_code,
    "country": SECONDARY.country,
    "phone": SECONDARY.phone,
}
