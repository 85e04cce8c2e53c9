"""NPPES, the national registry of NPIs: its files of providers, further practice locations and other names.

First the files are scanned and the rows that stay are staged; then all of them are applied in one transaction.
Until that commits, the directory is as it was.
"""

from array import array
from collections.abc import Callable
from datetime import date
from functools import partial

import numpy as np

from directory.imports.merge import known_npis
from directory.imports.nppes.provider_values import (
    LOCATIONS,
    NPI,
    OTHER_NAMES,
    PROVIDERS,
    SECONDARY,
    deactivation,
    other_name_values,
    practice_point,
    provider_values,
    secondary_location_values,
)
from directory.imports.nppes.provider_writes import SOURCE, NppesFiles, apply_staged
from directory.imports.nppes.row_filters import Area, LocationFilter, ProviderCriteria, ProviderFilter
from directory.imports.reading.block_filter import RowFilter
from directory.imports.reading.fields import Fields, FileKind, Values
from directory.imports.reading.npis import NpiFilter, NpiSet
from directory.imports.reading.scan import CsvScan
from directory.imports.runs import FileRun, import_run
from directory.imports.staging import StagedRows, stage_rows
from directory.providers.npi import why_not_an_npi
from directory.web.transaction import transaction


def import_nppes(
    providers: str,
    locations: str | None = None,
    other_names: str | None = None,
    *,
    area: Area | None = None,
    taxonomies: frozenset[str] | None = None,
) -> list[FileRun]:
    """Import the files, of which the latter two may be left out; `area` and `taxonomies` say which providers to add.

    Raises `ImportFileError`, and then nothing was changed. Returns the runs of the files, the providers' first.
    """
    with transaction():
        known = known_npis()
    paths = [path for path in (providers, locations, other_names) if path]
    with import_run(SOURCE, paths) as given, StagedRows() as staged:
        runs = iter(given)
        files = NppesFiles(
            providers=next(runs),
            locations=next(runs) if locations else None,
            other_names=next(runs) if other_names else None,
        )
        near_elsewhere = _near_elsewhere(files.locations, area) if files.locations and area else NpiSet(np.array([]))
        criteria = ProviderCriteria(area, taxonomies, known, near_elsewhere)
        row_filter = ProviderFilter(criteria)
        wanted = known | _stage(files.providers, PROVIDERS, row_filter, partial(_provider, criteria), staged)
        if files.locations:
            _stage(files.locations, LOCATIONS, NpiFilter(wanted, NPI), partial(_location, wanted), staged)
        if files.other_names:
            _stage(files.other_names, OTHER_NAMES, NpiFilter(wanted, NPI), partial(_other_name, wanted), staged)
        apply_staged(staged, files)
    return given


def _near_elsewhere(file: FileRun, area: Area) -> NpiSet:
    """Providers with a further practice location in the area."""
    npis = array("q")
    with file.open(LOCATIONS.prefix) as published:
        scan = CsvScan(published, LOCATIONS.columns, LOCATIONS.title)
        for row in scan.rows(lambda line, fields, reason: None, LocationFilter(area)):
            fields = Fields(scan.position, row.fields)
            if not why_not_an_npi(fields.raw(NPI)) and area.holds(practice_point(fields, SECONDARY)):
                npis.append(int(fields.raw(NPI)))
    return NpiSet(np.array(npis))


def _stage(
    file: FileRun,
    kind: FileKind,
    row_filter: RowFilter,
    parse_row: Callable[[date, Fields], tuple[str, Values] | None],
    staged: StagedRows,
) -> NpiSet:
    """Stage the rows that `parse_row` keeps, given the file's day. Returns the NPIs of these."""
    with file.open(kind.prefix) as published:
        return stage_rows(published, kind, row_filter, partial(parse_row, published.as_of), file, staged).kept


def _provider(criteria: ProviderCriteria, day: date, fields: Fields) -> tuple[str, Values] | None:
    since = deactivation(fields)
    if since:
        return ("", {"deactivated_on": since}) if fields.raw(NPI) in criteria.known else None
    return ("", provider_values(fields, day)) if criteria.are_met_by(fields) else None


def _location(wanted: NpiSet, day: date, fields: Fields) -> tuple[str, Values] | None:
    if fields.raw(NPI) not in wanted:
        return None
    values = secondary_location_values(fields)
    return values["address_key"], {**values, "as_of": day}


def _other_name(wanted: NpiSet, day: date, fields: Fields) -> tuple[str, Values] | None:
    if fields.raw(NPI) not in wanted:
        return None
    values = other_name_values(fields)
    return f"{values['kind']} {values['name']}", {**values, "as_of": day}
