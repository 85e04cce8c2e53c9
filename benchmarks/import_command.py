"""The real import commands on databases of the moment, and Python's own CSV reader to hold them against."""

import csv
import json
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from leie_file import add_providers


def new_database(database: Path, providers: Iterable[dict[str, Any]] = ()) -> None:
    """A database of the directory with these providers."""
    app = _app_on(database)
    from directory.extensions import db

    with app.app_context():
        db.create_all()
    add_providers(database, providers)


def timed_import(database: Path, *arguments: str) -> dict[str, Any]:
    """What `flask import` says with these arguments, in this process, and the seconds that it took."""
    app = _app_on(database)
    started, cpu_started = time.perf_counter(), time.process_time()
    result = app.test_cli_runner().invoke(args=["import", *arguments, "--json"])
    assert result.exit_code == 0, result.output
    counts: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return {**counts, "seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - cpu_started}


def plain_rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _app_on(database: Path) -> Any:
    os.environ["DATABASE_URL"] = f"sqlite:///{database}"
    os.environ["IMPORT_REJECTS_DIR"] = str(database.parent / "rejects")
    from directory import create_app

    return create_app()
