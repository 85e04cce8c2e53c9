"""Invented rows in the layout of the OIG's list."""

from datetime import date
from pathlib import Path

from tests.imports.published import Row, as_csv, written

HEADER = (
    "LASTNAME",
    "FIRSTNAME",
    "MIDNAME",
    "BUSNAME",
    "GENERAL",
    "SPECIALTY",
    "UPIN",
    "NPI",
    "DOB",
    "ADDRESS",
    "CITY",
    "STATE",
    "ZIP",
    "EXCLTYPE",
    "EXCLDATE",
    "REINDATE",
    "WAIVERDATE",
    "WVRSTATE",
)
NO_NPI, NO_DAY = "0000000000", "00000000"
FULL, SUPPLEMENT = "UPDATED.csv", "2601EXCL.csv"


def entry(**values: str) -> Row:
    """A physician from Torrance without an NPI or a date of birth; `values` by the columns' names in small letters."""
    row = {
        "lastname": "EXAMPLE",
        "firstname": "ADA",
        "general": "IND- LIC HC SERV PRO",
        "specialty": "PHYSICIAN (MD, DO)",
        "npi": NO_NPI,
        "address": "1 MAIN ST",
        "city": "TORRANCE",
        "state": "CA",
        "zip": "90503",
        "excltype": "1128a1",
        "excldate": "20200120",
        "reindate": NO_DAY,
        "waiverdate": NO_DAY,
        **values,
    }
    return {name.upper(): value for name, value in row.items()}


def business(**values: str) -> Row:
    return entry(lastname="", firstname="", **{"busname": "SOUTH BAY NERVES, INC", **values})


def leie_csv(*rows: Row) -> str:
    return as_csv(rows, HEADER)


def leie_file(folder: Path, *rows: Row, name: str = FULL) -> str:
    """The path of a new file; `name` says whether it is the full list."""
    return written(folder, name, leie_csv(*rows))


def in_name(day: date) -> str:
    """The name of the full list of that day."""
    return f"UPDATED_{day:%Y%m%d}.csv"
