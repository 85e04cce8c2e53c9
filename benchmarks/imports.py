"""How fast imports read public files, beside Python's own CSV reader doing nothing.

    .venv/bin/python benchmarks/imports.py [--rows 1000000] [--entries 83000] [--only nppes | leie | cms]

The OIG's list (`leie_import.py`): `--entries` of it against 5,000 providers at most, after checking that the same are
excluded and asked about as a plain loop finds.

CMS's file of services (`cms_file.py`): `--rows` rows against 5,000 providers, after checking that the sums are those
of a plain loop.

The full NPPES file: 330 quoted columns in the published layout, invented providers all over the country. First, on a
smaller file, checks that the import keeps exactly the rows that a plain loop with the same filter keeps. Then times the
import of one area and the treating specialties into a new SQLite database.

Each is timed in a process of its own, after a `csv.DictReader` loop over the file that does nothing.
"""

import argparse
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import cms_file  # noqa: E402
import leie_import  # noqa: E402
from import_command import new_database, plain_rows, timed_import  # noqa: E402

from directory.imports.nppes.provider_values import NPI, PRACTICE, PROVIDERS, TAXONOMY_CODES  # noqa: E402
from directory.places.atlas import atlas  # noqa: E402
from directory.places.distance import great_circle_miles  # noqa: E402
from directory.places.resolve import resolve  # noqa: E402
from directory.providers.npi import check_digit  # noqa: E402
from directory.providers.offerings import TREATING_SPECIALTIES  # noqa: E402
from tests.imports.cms_files import SERVICE_HEADER  # noqa: E402

NEAR, RADIUS_MILES = "Torrance, CA", 40.0
OF_THE_AREA = ["--near", NEAR, "--radius", str(RADIUS_MILES), "--taxonomy", "treating"]
COLUMNS = 330
BYTES_A_ROW = 1_300
MAX_MB = 250
OTHER_TAXONOMIES = ("207Q00000X", "363L00000X", "101YM0800X", "122300000X", "183500000X", "163W00000X", "261Q00000X")
FIRST = ("ANA", "JOHN", "MARÍA", "WEI", "OMAR", "SEAN")
LAST = ("GARCIA", "O'NEIL", "MCDONALD", "NGUYEN", "DE LA CRUZ", "SMITH-JONES")


def header() -> list[str]:
    """The needed columns where the published file has them roughly, between columns of our own."""
    names = [*PROVIDERS.columns]
    return names + [f"Further Column {number}" for number in range(1, COLUMNS - len(names) + 1)]


def write_rows(path: Path, rows: int, seed: int = 1, states: frozenset[str] = frozenset()) -> None:
    """Invented providers, in `states` alone if any; one in some thousands has a wrong NPI, ZIP or line break."""
    random_ = random.Random(seed)
    known_zips = [known for known in atlas().zips.values() if not states or known.state in states]
    zips = [(known.code, known.city.upper(), known.state) for known in known_zips]
    names = header()
    place = {name: index for index, name in enumerate(names)}
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(f'"{name}"' for name in names) + "\n")
        for number in range(rows):
            file.write('"' + '","'.join(_row(number, place, zips, random_)) + '"\n')
        file.flush()
        os.fsync(file.fileno())  # or the disk is still busy with it while readers are timed


def _row(number: int, place: dict[str, int], zips: list[tuple[str, str, str]], random_: random.Random) -> list[str]:
    fields = [""] * COLUMNS
    first_nine = f"1{number:08d}"
    zip5, city, state = random_.choice(zips)
    odd = random_.randrange(20_000)
    values = {
        NPI: first_nine + (check_digit(first_nine) if odd else "x"),
        "Entity Type Code": "1",
        "Provider Last Name (Legal Name)": random_.choice(LAST),
        "Provider First Name": random_.choice(FIRST),
        "Provider Credential Text": "M.D.",
        PRACTICE.line_1: f"{random_.randrange(1, 9999)} MAIN ST" + ("\nSUITE 5" if odd == 1 else ""),
        PRACTICE.city: city,
        PRACTICE.state: state,
        PRACTICE.postal_code: zip5.lstrip("0") if odd == 2 else zip5 + f"{random_.randrange(10_000):04d}",
        PRACTICE.country: "US",
        PRACTICE.phone: f"310555{random_.randrange(10_000):04d}",
        "Provider Enumeration Date": "05/23/2005",
        "Last Update Date": "07/08/2020",
    }
    taxonomies = random_.sample(OTHER_TAXONOMIES, random_.choice((1, 1, 1, 2, 3)))
    if random_.random() < 0.04:
        taxonomies[random_.randrange(len(taxonomies))] = random_.choice(tuple(TREATING_SPECIALTIES))
    for index, code in enumerate(taxonomies):
        values[TAXONOMY_CODES[index]] = code
        values[f"Healthcare Provider Primary Taxonomy Switch_{index + 1}"] = "Y" if index == 0 else "N"
    if random_.random() < 0.03:
        values = {NPI: values[NPI], "NPI Deactivation Date": "01/02/2020"}
    for name, value in values.items():
        fields[place[name]] = value
    for index in range(len(PROVIDERS.columns), len(PROVIDERS.columns) + 18):
        fields[index] = "FURTHER TEXT 12"
    return fields


def kept_by_plain_loop(path: Path) -> set[str]:
    """NPIs that stay, found with nothing but the csv module."""
    place = resolve(NEAR).place
    assert place is not None
    known = {code: known.point for code, known in atlas().zips.items() if known.point}
    kept = set()
    for row in plain_rows(path):
        zip5 = row[PRACTICE.postal_code]
        point = known.get(zip5[:5] if len(zip5) in {5, 9} else zip5.zfill(5))
        if row["NPI Deactivation Date"] or point is None or not row[NPI].isdigit():
            continue
        miles = great_circle_miles(place.latitude, place.longitude, *map(_array, point))[0]
        if miles <= RADIUS_MILES and any(row[name] in TREATING_SPECIALTIES for name in TAXONOMY_CODES):
            kept.add(row[NPI])
    return kept


def _array(number: float) -> NDArray[np.float64]:
    return np.array([number])


def in_child(*arguments: str | Path) -> dict[str, float]:
    """Seconds and peak megabytes of one way, in a process of its own (see `import_command.py`)."""
    command = [sys.executable, ROOT / "benchmarks" / "import_command.py", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def check_exactness(folder: Path, rows: int) -> None:
    path = folder / "small.csv"
    write_rows(path, rows, seed=2, states=frozenset(["CA", "NV"]))
    database = folder / "small.sqlite3"
    new_database(database)
    counts = timed_import(database, "nppes", str(path), *OF_THE_AREA)
    with sqlite3.connect(database) as connection:
        kept = {npi for (npi,) in connection.execute("SELECT npi FROM provider")}
    expected = kept_by_plain_loop(path)
    assert kept == expected, f"kept {len(kept)}, expected {len(expected)}"
    outcomes = sum(int(str(counts[name])) for name in ("added", "changed", "unchanged", "skipped", "rejected"))
    assert counts["read"] == rows == outcomes, counts
    print(
        f"Exact on {rows:,} rows: a plain loop keeps the same {len(kept):,} providers; {counts['rejected']} rejected."
    )
    path.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--entries", type=int, default=leie_import.ROWS, help="of the OIG's list")
    parser.add_argument("--only", choices=("nppes", "leie", "cms"), help="one of the files; all when it is left out")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="imports-bench-") as name:
        if arguments.only in {None, "leie"}:
            time_leie(Path(name), arguments.entries)
        if arguments.only in {None, "cms"}:
            time_cms(Path(name), arguments.rows)
        if arguments.only in {None, "nppes"}:
            time_nppes(Path(name), arguments.rows)


def time_leie(folder: Path, entries: int) -> None:
    leie_import.check_exactness(folder, entries)
    path, _ = leie_import.write_for_timing(folder, entries)
    say("csv.DictReader, doing nothing", entries, in_child("plain", path))
    for label in ("flask import leie", "the same list again"):
        measured = in_child(folder / "leie.sqlite3", *leie_import.COMMAND, path)
        say(label, entries, measured)
        assert measured["peak_mb"] < leie_import.MAX_MB, measured


def time_cms(folder: Path, rows: int) -> None:
    cms_file.check_exactness(folder, min(rows, cms_file.EXACT_ROWS))
    path = cms_file.write_for_timing(folder, rows)
    print(f"{rows:,} rows of {len(SERVICE_HEADER)} columns, {path.stat().st_size / 1e9:.2f} GB")
    say("csv.DictReader, doing nothing", rows, in_child("plain", path))
    for label in ("flask import cms-services", "the same file again"):
        measured = in_child(folder / "cms.sqlite3", "cms-services", path)
        say(label, rows, measured)
        assert measured["peak_mb"] < cms_file.MAX_MB, measured


def say(label: str, rows: int, measured: dict[str, float]) -> None:
    print(
        f"{label:30} {measured['seconds']:7.1f} s ({measured['cpu_seconds']:.1f} s of processor) "
        f"{rows / measured['seconds']:10,.0f} rows/s  peak {measured['peak_mb']:5.0f} MB"
    )


def time_nppes(folder: Path, rows: int) -> None:
    needed = 2 * rows * BYTES_A_ROW
    if shutil.disk_usage(folder).free < needed:
        sys.exit(f"This needs {needed / 1e9:.1f} GB free in {folder.parent}; use --rows with less.")
    check_exactness(folder, min(rows, 100_000))
    path = folder / "npidata_pfile.csv"
    write_rows(path, rows)
    print(f"{rows:,} rows of {COLUMNS} columns, {path.stat().st_size / 1e9:.2f} GB")
    new_database(folder / "nppes.sqlite3")
    plain = in_child("plain", path)
    ours = in_child(folder / "nppes.sqlite3", "nppes", path, *OF_THE_AREA)
    say("csv.DictReader, doing nothing", rows, plain)
    say("flask import nppes", rows, ours)
    assert ours["peak_mb"] < MAX_MB, ours
    print(
        f"The import scans {plain['seconds'] / ours['seconds']:.1f} times as fast by the clock, "
        f"{plain['cpu_seconds'] / ours['cpu_seconds']:.1f} times by processor time."
    )


if __name__ == "__main__":
    main()
