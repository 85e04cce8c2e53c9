"""The Census Bureau's streets: the index by which addresses are placed, and the map, made of TIGER/Line's zips."""

import sqlite3
from collections.abc import Collection, Sequence
from pathlib import Path

from flask import current_app

from directory.imports.reading.files import ImportFileError, printable, refuse_no_file
from directory.imports.report import ImportReport
from directory.imports.runs import FileRun, import_run, writing_bar
from directory.places.areas import county_name
from directory.places.streets.index import counties_in
from directory.places.streets.making import CountyFile, CountyRead, look_into, make_index
from directory.places.streets.zips import StreetFileError
from directory.web.filters import count_of

SOURCE = "tiger"
ADDRESS_RANGES = "addrfeat"


def import_streets(paths: Sequence[str]) -> ImportReport:
    """Import the zips. Raises `ImportFileError`, and then the index stays as it was.

    A county that the index has from the same file is not read again.
    """
    target = Path(current_app.config["STREETS_FILE"])
    with import_run(SOURCE, paths) as runs:
        for path in paths:
            refuse_no_file(path)
        of_counties = [run for run in runs if ADDRESS_RANGES in run.name.lower()] or runs
        files = _look_into(of_counties)
        known = {(county.fips, county.sha256) for county in counties_in(target)}
        fresh = [file for file in files if (file.fips, file.sha256) not in known]
        read = dict(zip((file.fips for file in fresh), _make_index(fresh, target), strict=True))
        for run, file in zip(of_counties, files, strict=True):
            run.as_of, run.counts.read = file.written_on, file.rows
            if file.fips in read:
                run.counts.added = read[file.fips].used
                run.counts.skipped = file.rows - read[file.fips].used
            else:
                run.counts.unchanged = file.rows
        said = [*_left_out(read.values()), _holdings(target), *_make_map(runs, files, target)]
    counties = {county.fips: county.edition for county in counties_in(target)}
    return ImportReport(of_counties, {"counties": counties, "index_bytes": target.stat().st_size}, said)


def _look_into(runs: Sequence[FileRun]) -> list[CountyFile]:
    try:
        files = [look_into(Path(run.path)) for run in runs]
    except StreetFileError as error:
        raise ImportFileError(f"{error} Nothing was changed.") from error
    for number, file in enumerate(files):
        if twin := next((other for other in files[:number] if other.fips == file.fips), None):
            raise ImportFileError(
                f"{twin.path.name} and {file.path.name} are both of {county_name(file.fips)}: name one of them. "
                "Nothing was changed."
            )
    return files


def _make_index(files: Sequence[CountyFile], target: Path) -> list[CountyRead]:
    if not files:
        return []
    try:
        with writing_bar(sum(file.rows for file in files), "rows of streets") as bar:
            return make_index(files, target, bar.update)
    except StreetFileError as error:
        raise ImportFileError(f"{error} Nothing was changed.") from error
    except (OSError, sqlite3.Error) as error:
        raise ImportFileError(
            f"The index of streets could not be written to {printable(str(target))} ({error}): make room there, or set "
            "STREETS_FILE. Nothing was changed."
        ) from error


def _left_out(counties: Collection[CountyRead]) -> list[str]:
    unreadable = sum(county.unreadable for county in counties)
    if not unreadable:
        return []
    example = next(county.example for county in counties if county.example)
    left_out = count_of(unreadable, "range of house numbers was", "ranges of house numbers were")
    return [f"{left_out} left out, since the numbers could not be read, such as {example}."]


def _holdings(index: Path) -> str:
    counties = counties_in(index)
    named = ", ".join(f"{county_name(county.fips)} ({county.edition})" for county in counties)
    ranges = sum(county.ranges for county in counties)
    return f"The index of streets holds {count_of(ranges, 'range')} of {named}: {index.stat().st_size / 1e6:,.1f} MB."


def _make_map(runs: Sequence[FileRun], files: Sequence[CountyFile], index: Path) -> list[str]:
    """Make the map of all the zips, unless it is newer than they and the index; says what it holds.

    It is made whole each time, so a county alone would take the others from it.
    """
    from directory.places.streets.map_making import make_street_map  # here, since it draws with shapely

    target, paths = Path(current_app.config["MAP_FILE"]), [Path(run.path) for run in runs]
    if missing := {county.fips for county in counties_in(index)} - {file.fips for file in files}:
        others = " and ".join(county_name(fips) for fips in sorted(missing))
        return [f"The map was not drawn again: that takes the zips of {others} in the same call."]
    if target.exists() and target.stat().st_mtime >= max(path.stat().st_mtime for path in (index, *paths)):
        return []
    try:
        made = make_street_map(paths, target)
    except (StreetFileError, OSError) as error:
        raise ImportFileError(f"{error} The map stays as it was; addresses are placed by the new streets.") from error
    lines, tiles = count_of(made.roads, "line of roads", "lines of roads"), count_of(made.tiles, "tile")
    return [f"The map holds {lines} in {tiles}: {made.bytes / 1e6:,.1f} MB."]
