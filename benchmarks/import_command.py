"""The real import commands on databases of the moment, and Python's own CSV reader to hold them against.

`imports.py` runs it in a process of its own, with the name of a database and what follows `flask import`, or with
"plain" and the name of a file. It prints counts, seconds and peak megabytes as JSON.
"""

import csv
import json
import os
import resource
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def new_database(database: Path, providers: Iterable[dict[str, Any]] = ()) -> None:
    """A database of the directory with these providers."""
    app = _app_on(database)
    from directory.extensions import db

    with app.app_context():
        db.create_all()
    from leie_file import add_providers

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


def time_plain_rows(path: Path) -> dict[str, Any]:
    started, cpu_started = time.perf_counter(), time.process_time()
    for _row in plain_rows(path):
        pass
    return {"seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - cpu_started}


def _peak_kb() -> int:
    """Linux counts a child's peak anew only here; `ru_maxrss` starts from the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    first, *rest = sys.argv[1:]
    measured = time_plain_rows(Path(rest[0])) if first == "plain" else timed_import(Path(first), *rest)
    print(json.dumps({**measured, "peak_mb": _peak_kb() / 1024}))
