"""How fast the OIG's list is read and matched, and that the matches are those of a plain loop. Run by `imports.py`."""

import sqlite3
from pathlib import Path

from import_command import new_database, timed_import
from leie_file import matched_by_plain_loop, provider_rows, write_list

ROWS, PROVIDERS = 83_000, 5_000
EXACT_PROVIDERS = 1_000
MAX_MB = 300
COMMAND = ("leie", "--full")


def check_exactness(folder: Path, rows: int) -> None:
    """Stops when the import excludes or asks about others than the plain loop."""
    count = min(EXACT_PROVIDERS, rows // 2)
    path, database = folder / "small_leie.csv", folder / "small_leie.sqlite3"
    providers = provider_rows(count, seed=2)
    write_list(path, rows, providers, seed=2)
    new_database(database, providers)
    said = timed_import(database, *COMMAND, str(path))
    with sqlite3.connect(database) as connection:
        excluded = {npi for (npi,) in connection.execute("SELECT npi FROM exclusion")}
        possible = set(connection.execute("SELECT npi, json_extract(entry, '$.address') FROM possible_exclusion"))
    expected = matched_by_plain_loop(path, providers)
    assert (excluded, possible) == expected, (len(excluded), len(possible), *map(len, expected))
    assert said["added"] == said["read"] == rows, said
    print(
        f"Exact on {rows:,} entries and {count:,} providers: a plain loop finds the same {len(excluded)} exclusions "
        f"and {len(possible)} possible matches."
    )


def write_for_timing(folder: Path, rows: int) -> tuple[Path, Path]:
    """The list and the database that are timed."""
    path, database = folder / "UPDATED.csv", folder / "leie.sqlite3"
    providers = provider_rows(min(PROVIDERS, rows))
    write_list(path, rows, providers)
    new_database(database, providers)
    return path, database
