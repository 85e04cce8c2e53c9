"""`make real` from nothing, against a local server that answers as the public sources do about invented providers.

    python benchmarks/real.py [--providers 3000] [--radius 40] [--checkout FOLDER]

Runs migrations, plans and `flask sources sync` twice, as `make real` does, and prints what they say, the time by the
clock and of processor, and the peak memory of the largest process. It ends with an error when a run fails, when the
second run adds or changes a row, or when the search lists no provider whose qualifications are verified. The licensee
lists lie in their folders before the first run, as an operator puts them there.

`--checkout` is a fresh clone, in which `make real` itself runs, so that what it needs is installed first; without it
the commands run in this checkout, with a database and folders of the moment.
"""

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from sqlalchemy import MetaData, create_engine, inspect, select

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from directory.config import ROOT
from tests.imports.sources.server import open_sources_server
from tests.imports.sources.world import World
from tests.imports.sources.world_files import content_at, license_lists

LISTS = {
    "Physician": "licenses_ca_medical",
    "Osteopathic": "licenses_ca_osteopathic",
    "PhysicalTherapy": "licenses_ca_pt",
}
"""By how the name of a board's list begins: the folder that it is put into."""
MOVES_BY_ITSELF = {"source_sync", "fetched_file"}
"""Tables that say when something was asked last."""
NEAR = "Torrance, CA"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--providers", type=int, default=3000)
    parser.add_argument("--radius", type=float, default=40)
    parser.add_argument("--checkout", type=Path, help="a fresh clone, in which `make real` runs")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, open_sources_server() as server:
        world = World(count=asked.providers)
        server.content = partial(content_at, world)
        instance = asked.checkout / "instance" if asked.checkout else Path(folder)
        settings = {} if asked.checkout else settings_in(instance)
        environment = {**os.environ, **settings, **server.settings()}
        put_lists(world, instance / "sources")
        database = instance / "directory.sqlite3"
        for run in ("first", "second"):
            before = rows_of(database) if run == "second" else {}
            print(f"== the {run} run, {asked.providers:,} invented providers", flush=True)
            steps = commands(asked.checkout, asked.radius)
            report(run, *timed(steps if run == "first" else steps[-1:], asked.checkout or ROOT, environment))
            changed = {name for name, rows in rows_of(database).items() if before and rows != before[name]}
            if changed - MOVES_BY_ITSELF:
                sys.exit(f"The second run changed {', '.join(sorted(changed - MOVES_BY_ITSELF))}.")
        print("The second run added and changed nothing: all tables are the same, but for when the sources were asked.")
        show_search(asked.checkout or ROOT, asked.radius, environment)


def settings_in(folder: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": f"sqlite:///{folder}/directory.sqlite3",
        "SOURCES_DIR": f"{folder}/sources",
        "IMPORT_REJECTS_DIR": f"{folder}/rejects",
        "STREETS_FILE": f"{folder}/streets.sqlite3",
        "MAP_FILE": f"{folder}/streets.pmtiles",
    }


def put_lists(world: World, sources: Path) -> None:
    for name, content in license_lists(world).items():
        folder = sources / LISTS[name.partition("_")[0]]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def commands(checkout: Path | None, radius: float) -> list[list[str]]:
    """What `make real` does; in a fresh clone `make real` itself."""
    if checkout:
        return [["make", "--no-print-directory", "real", f"NEAR={NEAR}", f"RADIUS={radius:g}"]]
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    sync = [*flask, "sources", "sync", "--near", NEAR, "--radius", f"{radius:g}"]
    return [[*flask, "db", "upgrade"], [*flask, "seed", "--plans"], sync]


def timed(commands: list[list[str]], folder: Path, environment: dict[str, str]) -> tuple[float, float]:
    """Run them one after the other; gives seconds by the clock and of processor. Ends where one fails."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    for command in commands:
        done = subprocess.run(command, cwd=folder, env=environment, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(command)} ended with {done.returncode}.")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - started, processor


def report(run: str, seconds: float, processor: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"The {run} run took {seconds:.1f} s ({processor:.1f} s of processor); peak {peak:.0f} MB.", flush=True)


def rows_of(database: Path) -> dict[str, str]:
    """By table a hash of all its rows."""
    engine = create_engine(f"sqlite:///{database}")
    tables = MetaData()
    tables.reflect(engine)
    hashes = {}
    with engine.connect() as connection:
        for table in tables.sorted_tables:
            rows = connection.execute(select(table).order_by(*inspect(table).primary_key or table.c)).all()
            hashes[table.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    engine.dispose()
    return hashes


def show_search(folder: Path, radius: float, environment: dict[str, str]) -> None:
    """The first results of the search, of whom the first must be verified and placed at the street."""
    python = folder / ".venv" / "bin" / "python"
    flask = [str(python) if python.exists() else sys.executable, "-m", "flask", "--app", "wsgi"]
    command = [*flask, "search", NEAR, "--radius", f"{radius:g}", "--limit", "5", "--json"]
    found = json.loads(subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True).stdout)
    print(f"The search lists {found['total']:,} providers within {radius:g} miles. The first:")
    for result in found["results"]:
        print(f"{result['rank']}. {result['name']}, {result['distance_miles']:.2f} miles, {result['score']:.3f}")
        print(f"   {'; '.join(result['reasons'][:4])}")
    if not found["total"] or found["results"][0]["parts"]["qualification"] <= 0:
        sys.exit("No ranked provider is verified.")


if __name__ == "__main__":
    main()
