"""An invented list of the OIG, the providers that it is matched with, and the same matching as a plain loop.

Of the entries about nine in ten have no NPI, as in the published list. The names are drawn so that some hundred fit.
"""

import csv
import random
import sqlite3
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from directory.providers.npi import check_digit
from tests.imports.leie_files import HEADER, NO_DAY, NO_NPI

STATES = ("CA", "FL", "NY", "TX", "OH", "PA", "NJ", "AZ", "NV", "WA")
FIRST = ("ANA", "JOHN", "MARIA", "WEI", "OMAR", "SEAN", "LINH", "IVAN", "ROSA", "JOSE", "MARY ANN", "NIA", "PAUL")
MIDDLE = ("", "", "A", "LEE", "M", "JOSEPH", "R")
START = ("MC", "O'", "VAN ", "DE ", "", "", "", "", "")
SYLLABLES = ("BA", "CAR", "DON", "EL", "FER", "GAR", "HOL", "IN", "JAN", "KEL", "LO", "MAR", "NEL", "OR", "PER", "SON")
BUSINESSES = ("NERVES", "PAIN CENTER", "MEDICAL SUPPLY", "HOME HEALTH", "PHARMACY", "AMBULANCE")
FORMS = ("INC", "LLC", "CORP", "P.C.", "")
TYPES = ("1128a1", "1128a2", "1128a3", "1128b4", "1128b8")


def provider_rows(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Invented providers: nineteen in twenty are persons."""
    random_ = random.Random(seed)
    rows = []
    for number in range(count):
        first_nine = f"1{number:08d}"
        person = random_.randrange(20) > 0
        rows.append(
            {
                "npi": first_nine + check_digit(first_nine),
                "entity_type": 1 if person else 2,
                "last": _last_name(random_).title() if person else None,
                "first": random_.choice(FIRST).title() if person else None,
                "middle": (random_.choice(MIDDLE).title() or None) if person else None,
                "organization": None if person else _business(random_).title(),
                "state": random_.choice(STATES),
                "born_on": _day(random_, 1940, 1980) if random_.random() < 0.1 else None,
            }
        )
    return rows


def write_list(path: Path, rows: int, providers: list[dict[str, Any]], seed: int = 1) -> None:
    """A full list in the published layout. Some entries are about providers, by NPI or with only their name."""
    random_ = random.Random(seed)
    with path.open("w", encoding="ascii", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(rows):
            writer.writerow(_entry(number, providers, random_))


def add_providers(database: Path, providers: Iterable[dict[str, Any]]) -> None:
    """Write them into a new database of the directory."""
    with sqlite3.connect(database) as connection:
        connection.execute("INSERT INTO source (key, name, kind) VALUES ('nppes', 'invented', 'public_file')")
        for row in providers:
            name = row["organization"] or f"{row['first']} {row['last']}"
            connection.execute(
                "INSERT INTO provider (npi, entity_type, name, first_name, middle_name, last_name, organization_name, "
                "source_key, as_of) VALUES (?, ?, ?, ?, ?, ?, ?, 'nppes', '2026-01-01')",
                (row["npi"], row["entity_type"], name, row["first"], row["middle"], row["last"], row["organization"]),
            )
            connection.execute(
                "INSERT INTO practice_location (npi, address_key, is_primary, line_1, city, state, country, precision, "
                "source_key, as_of) VALUES (?, 'x', 1, '1 Main St', 'Town', ?, 'US', 'none', 'nppes', '2026-01-01')",
                (row["npi"], row["state"]),
            )
            if row["born_on"]:
                connection.execute(
                    "INSERT INTO birth_date (npi, born_on, entered_by, entered_at) "
                    "VALUES (?, ?, 'program', '2026-01-01 00:00:00')",
                    (row["npi"], row["born_on"].isoformat()),
                )


def matched_by_plain_loop(path: Path, providers: list[dict[str, Any]]) -> tuple[set[str], set[tuple[str, str]]]:
    """Whom the list excludes by NPI; and pairs of an NPI and an entry's address that a person is to decide about.

    Every provider is held against every entry. Each invented entry has an address of its own.
    """
    here = {row["npi"] for row in providers}
    possible: set[tuple[str, str]] = set()
    with path.open(encoding="ascii", newline="") as file:
        entries = list(csv.DictReader(file))
    folded = [(_plain(row["LASTNAME"]), _plain(row["FIRSTNAME"]), _plain_business(row["BUSNAME"])) for row in entries]
    excluded = {row["NPI"] for row in entries} & here
    for provider in providers:
        last, first = _plain(provider["last"] or ""), _plain(provider["first"] or "")
        business = _plain_business(provider["organization"] or "")
        for row, (their_last, their_first, their_business) in zip(entries, folded, strict=True):
            if provider["organization"]:
                alike = not their_last and their_business == business
            else:
                alike = their_last == last and _given_names_agree(provider, first, row, their_first)
            if alike and row["NPI"] not in here and _rest_agrees(provider, row):
                possible.add((provider["npi"], row["ADDRESS"]))
    return excluded, possible


def _given_names_agree(provider: dict[str, Any], first: str, row: dict[str, str], their_first: str) -> bool:
    ours, theirs = (provider["middle"] or "").upper(), row["MIDNAME"]
    if first == their_first:
        return not ours or not theirs or ours == theirs or (1 in {len(ours), len(theirs)} and ours[0] == theirs[0])
    return first + _plain(ours) == their_first + _plain(theirs)


def _rest_agrees(provider: dict[str, Any], row: dict[str, str]) -> bool:
    if provider["born_on"] and row["DOB"] != "":
        return bool(row["DOB"] == f"{provider['born_on']:%Y%m%d}")
    return bool(provider["state"] == row["STATE"])


def _plain(name: str) -> str:
    words = name.lower().replace("'", "").replace("-", " ").split()
    if len(words) > 1 and words[-1] in {"jr", "sr"}:
        words.pop()
    return "".join(words)


def _plain_business(name: str) -> str:
    words = name.lower().replace(".", "").replace(",", " ").split()
    if len(words) > 1 and words[-1] in {"inc", "llc", "corp", "pc"}:
        words.pop()
    return "".join(words)


def _entry(number: int, providers: list[dict[str, Any]], random_: random.Random) -> list[str]:
    person = random_.random() < 0.96
    chance = random_.random()
    about = random_.choice(providers) if chance < 0.003 else None
    npi = about["npi"] if about and chance < 0.001 else NO_NPI
    if npi == NO_NPI and chance > 0.9:
        first_nine = f"19{number:07d}"
        npi = first_nine + check_digit(first_nine)
    last, first, middle = _last_name(random_), random_.choice(FIRST), random_.choice(MIDDLE)
    business, state, born_on = "", random_.choice(STATES), _day(random_, 1930, 1985)
    if about:
        person = about["entity_type"] == 1
        last, first = (about["last"] or "").upper(), (about["first"] or "").upper()
        business, state = (about["organization"] or "").upper(), about["state"]
        born_on = about["born_on"] or born_on
        if person and random_.random() < 0.3:
            last = last.replace(" ", "-").replace("'", "") + random_.choice(("", " JR", " SR"))
    elif not person:
        business = _business(random_)
    return [
        *((last, first, middle, "") if person else ("", "", "", business)),
        "IND- LIC HC SERV PRO" if person else "OTHER BUSINESS",
        "PHYSICIAN (MD, DO)" if person else "DME - GENERAL",
        *("", npi, f"{born_on:%Y%m%d}" if person and random_.random() < 0.95 else ""),
        *(f"{number} MAIN ST", "SPRINGFIELD", state, f"{random_.randrange(100_000):05d}"),
        *(random_.choice(TYPES), f"{_day(random_, 1990, 2025):%Y%m%d}", NO_DAY),
        *((f"{_day(random_, 2020, 2025):%Y%m%d}", "CA") if random_.random() < 0.001 else (NO_DAY, "")),
    ]


def _last_name(random_: random.Random) -> str:
    return random_.choice(START) + "".join(random_.choices(SYLLABLES, k=random_.choice((2, 3, 3, 4))))


def _business(random_: random.Random) -> str:
    name = f"{''.join(random_.choices(SYLLABLES, k=2))} {random_.choice(BUSINESSES)}"
    return f"{name} {random_.choice(FORMS)}".strip()


def _day(random_: random.Random, first_year: int, last_year: int) -> date:
    start = date(first_year, 1, 1)
    return start + timedelta(days=random_.randrange((date(last_year, 1, 1) - start).days))
