"""How fast CMS's file of services is read, and that it is summed as by a plain loop. Run by `imports.py`."""

import csv
import random
import sqlite3
from collections import defaultdict
from pathlib import Path

from import_command import new_database, plain_rows, timed_import
from leie_file import provider_rows

from directory.credentials.queries import PROCEDURES
from directory.providers.npi import check_digit
from tests.imports.cms_files import SERVICE_HEADER

PROVIDERS, BILLERS = 5_000, 100_000
EXACT_ROWS = 100_000
YEAR = 2023
MAX_MB = 300
NAME = "MUP_PHY_R25_P05_V20_D23_Prov_Svc.csv"
OTHER_CODES = tuple(f"99{number}" for number in range(202, 242))


def write_services(path: Path, rows: int, seed: int = 1) -> None:
    """Invented rows of 100,000 billers, of whom the providers of `provider_rows` are some."""
    random_ = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(SERVICE_HEADER)
        written = 0
        number = 0
        while written < rows:
            first_nine = f"1{number * 7919 % BILLERS:08d}"  # those who are known lie scattered in the file
            codes = [*random_.sample(OTHER_CODES, 8), *random_.sample(sorted(PROCEDURES), random_.randrange(4))]
            services = [(code, place) for code in codes for place in random_.choice(("F", "O", "FO"))]
            for code, place in services[: rows - written]:
                writer.writerow(_row(first_nine + check_digit(first_nine), code, place, random_))
            written += min(len(services), rows - written)
            number += 1


def _row(npi: str, code: str, place: str, random_: random.Random) -> list[str]:
    patients = random_.randrange(11, 400)
    services = f"{patients * random_.randrange(1, 8) + random_.choice((0, 0.5)):g}"
    amounts = [f"{random_.random() * 900:.9f}" for _ in range(4)]
    who = [npi, "De La Cruz", "Ana", "", "M.D.", "I", "1 Main St", "Suite 5", "Torrance", "CA", "06", "90503", "1"]
    what = ["Metropolitan area core", "US", "Neurology", "Y", code, f"What {code} is, in words", "N", place]
    return [*who, *what, str(patients), services, services, *amounts]


def summed_by_plain_loop(path: Path, npis: set[str]) -> dict[tuple[str, str], tuple[float, int]]:
    """Services and patients by provider and code, with nothing but the csv module."""
    found: dict[tuple[str, str], tuple[float, int]] = defaultdict(lambda: (0.0, 0))
    for row in plain_rows(path):
        key = row["Rndrng_NPI"], row["HCPCS_Cd"]
        if key[0] in npis and key[1] in PROCEDURES:
            services, patients = found[key]
            found[key] = services + float(row["Tot_Srvcs"]), max(patients, int(row["Tot_Benes"]))
    return found


def check_exactness(folder: Path, rows: int) -> None:
    """Stops when the import keeps other sums, or other providers, than the plain loop."""
    path, database = folder / f"small_{NAME}", folder / "small_cms.sqlite3"
    providers = provider_rows(PROVIDERS)
    write_services(path, rows, seed=2)
    new_database(database, providers)
    said = timed_import(database, "cms-services", str(path))
    with sqlite3.connect(database) as connection:
        kept = {
            (npi, code): (services, patients)
            for npi, code, services, patients in connection.execute(
                "SELECT npi, hcpcs_code, services, beneficiaries FROM procedure_volume WHERE year = ?", (YEAR,)
            )
        }
        listed = {npi for (npi,) in connection.execute("SELECT npi FROM medicare_year WHERE year = ?", (YEAR,))}
    npis = {row["npi"] for row in providers}
    assert kept == summed_by_plain_loop(path, npis), len(kept)
    assert listed == {row["Rndrng_NPI"] for row in plain_rows(path)} & npis, len(listed)
    assert said["read"] == rows, said
    print(
        f"Exact on {rows:,} rows and {PROVIDERS:,} providers: a plain loop has the same {len(kept):,} sums of "
        f"{len(listed):,} providers."
    )


def write_for_timing(folder: Path, rows: int) -> Path:
    """The file that is timed; beside it the database."""
    path = folder / NAME
    write_services(path, rows)
    new_database(folder / "cms.sqlite3", provider_rows(PROVIDERS))
    return path
