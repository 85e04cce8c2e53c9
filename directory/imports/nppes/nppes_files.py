"""NPPES, the national registry of NPIs: its files of providers, further practice locations and other names.

First the files are scanned and the rows that stay are staged; then all of them are applied in one transaction.
Until that commits, the directory is as it was.
"""

from array import array
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import numpy as np

from directory.imports.merge import known_npis
from directory.imports.nppes.injecting import injecting_npis
from directory.imports.nppes.provider_values import (
    GENDER_COLUMNS,
    LOCATIONS,
    NPI,
    OTHER_NAMES,
    PROVIDERS,
    deactivation,
    other_name_values,
    provider_values,
    secondary_location_values,
)
from directory.imports.nppes.provider_writes import SOURCE, NppesFiles, apply_staged
from directory.imports.nppes.registry_answers import (
    LOCATION_ANSWERS,
    OTHER_NAME_ANSWERS,
    PROVIDER_ANSWERS,
    numbers_asked,
)
from directory.imports.nppes.row_filters import Area, LocationFilter, ProviderFilter
from directory.imports.reading.answers import AnswerTable
from directory.imports.reading.fields import Fields, FileKind, Values
from directory.imports.reading.files import holds_answers
from directory.imports.reading.npis import NpiFilter, NpiSet
from directory.imports.reading.plain_blocks import RowFilter
from directory.imports.reading.scan import CsvScan
from directory.imports.runs import FileRun, import_run
from directory.imports.staging import StagedRows, stage_rows_of_npis
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

    Answers of the registry hold all three. Whom they were asked about by number is added whatever the taxonomy.
    Raises `ImportFileError`, and then nothing was changed. Returns the runs of the files, the providers' first.
    """
    asked_for = NpiSet(np.array([], np.int64))
    if holds_answers(providers):
        locations = other_names = providers
        asked_for = NpiSet(np.array(sorted(map(int, numbers_asked(providers))), np.int64))
    with transaction():
        known, injecting = known_npis(), injecting_npis()
    paths = [path for path in (providers, locations, other_names) if path]
    with import_run(SOURCE, paths) as given, StagedRows() as staged:
        runs = iter(given)
        files = NppesFiles(
            providers=next(runs),
            locations=next(runs) if locations else None,
            other_names=next(runs) if other_names else None,
        )
        near_elsewhere = _near_elsewhere(files.locations, area) if files.locations and area else NpiSet(np.array([]))
        row_filter = ProviderFilter(area, taxonomies, known, near_elsewhere, injecting | asked_for)
        kept = _stage(
            files.providers, PROVIDERS, PROVIDER_ANSWERS, row_filter, _provider, staged, optional=GENDER_COLUMNS
        )
        wanted = NpiFilter(known | kept, NPI)
        if files.locations:
            _stage(files.locations, LOCATIONS, LOCATION_ANSWERS, wanted, _location, staged)
        if files.other_names:
            _stage(files.other_names, OTHER_NAMES, OTHER_NAME_ANSWERS, wanted, _other_name, staged)
        apply_staged(staged, files)
    return given


def _near_elsewhere(file: FileRun, area: Area) -> NpiSet:
    """Providers with a further practice location in the area."""
    npis = array("q")
    with file.open(LOCATIONS.prefix, columns=LOCATIONS.columns, answers=LOCATION_ANSWERS) as published:
        scan = CsvScan(published, LOCATIONS)
        row_filter = LocationFilter(area)
        for _, fields in scan.rows(lambda line, fields, reason: None, row_filter):
            if row_filter.takes(fields):
                npis.append(int(fields.raw(NPI)))
    return NpiSet(np.array(npis))


def _stage(
    file: FileRun,
    kind: FileKind,
    answers: AnswerTable,
    row_filter: RowFilter,
    parse_row: Callable[[date, Fields], tuple[str, Values]],
    staged: StagedRows,
    *,
    optional: Sequence[str] = (),
) -> NpiSet:
    """Stage the rows that the filter takes; `parse_row` gets the file's day. Returns the NPIs of these."""
    with file.open(kind.prefix, columns=kind.columns, answers=answers) as published:
        return stage_rows_of_npis(
            published,
            kind,
            row_filter,
            partial(parse_row, published.as_of),
            file,
            staged,
            optional=optional,
        ).kept


def _provider(day: date, fields: Fields) -> tuple[str, Values]:
    since = deactivation(fields)
    return "", {"deactivated_on": since} if since else provider_values(fields, day)


def _location(day: date, fields: Fields) -> tuple[str, Values]:
    values = secondary_location_values(fields)
    return values["address_key"], {**values, "as_of": day}


def _other_name(day: date, fields: Fields) -> tuple[str, Values]:
    values = other_name_values(fields)
    return f"{values['kind']} {values['name']}", {**values, "as_of": day}
