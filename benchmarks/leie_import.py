"""How fast the OIG's list is read and matched, and that the matches are those of a plain loop. Run by `imports.py`."""

import json
import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from leie_file import add_providers, matched_by_plain_loop, provider_rows, write_list

ROWS, PROVIDERS = 83_000, 5_000
EXACT_PROVIDERS = 1_000
MOST_MB = 300


def new_database(database: Path, providers: list[dict[str, Any]]) -> None:
    """A database of the directory with these providers."""
    app = app_on(database)
    from directory.extensions import db

    with app.app_context():
        db.create_all()
    add_providers(database, providers)


def import_list(path: Path, database: Path) -> dict[str, Any]:
    """The real command, in this process."""
    app = app_on(database)
    started, cpu_started = time.perf_counter(), time.process_time()
    result = app.test_cli_runner().invoke(args=["import", "leie", str(path), "--full", "--json"])
    assert result.exit_code == 0, result.output
    counts: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return {**counts, "seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - cpu_started}


def check_exactness(folder: Path, rows: int = ROWS, count: int = EXACT_PROVIDERS) -> None:
    """Stops when the import excludes or asks about others than the plain loop."""
    path, database = folder / "small_leie.csv", folder / "small_leie.sqlite3"
    providers = provider_rows(count, seed=2)
    write_list(path, rows, providers, seed=2)
    new_database(database, providers)
    said = import_list(path, database)
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


def write_for_timing(folder: Path) -> tuple[Path, Path]:
    """The list and the database that are timed."""
    path, database = folder / "UPDATED.csv", folder / "leie.sqlite3"
    providers = provider_rows(PROVIDERS)
    write_list(path, ROWS, providers)
    new_database(database, providers)
    return path, database


def app_on(database: Path) -> Any:
    """The app over that database."""
    os.environ["DATABASE_URL"] = f"sqlite:///{database}"
    os.environ["IMPORT_REJECTS_DIR"] = str(database.parent / "rejects")
    from directory import create_app

    return create_app()
