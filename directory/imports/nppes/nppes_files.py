"""NPPES, the national registry of NPIs: its files of providers, further practice locations and other names.

First the files are scanned and the rows that stay are staged; then all of them are applied in one transaction.
Until that commits, the directory is as it was.
"""

from array import array
from collections.abc import Callable
from dataclasses import dataclass
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

DatedRowParser = Callable[[date, Fields], tuple[str, Values] | None]
"""A `RowParser` that has yet to be told the file's day."""


@dataclass(frozen=True, slots=True)
class NppesImport:
    """What to import, and of it which providers. None for a file or filter that was not given."""

    providers: str
    locations: str | None = None
    other_names: str | None = None
    area: Area | None = None
    taxonomies: frozenset[str] | None = None


def import_nppes(asked: NppesImport) -> list[FileRun]:
    """Import the files. Raises `ImportFileError`, and then nothing was changed.

    Returns the runs of the files, the providers' first.
    """
    with transaction():
        known = known_npis()
    paths = [path for path in (asked.providers, asked.locations, asked.other_names) if path]
    with import_run(SOURCE, paths) as given:
        runs = iter(given)
        files = NppesFiles(
            providers=next(runs),
            locations=next(runs) if asked.locations else None,
            other_names=next(runs) if asked.other_names else None,
        )
        with StagedRows() as staged:
            _Scanner(asked, known, files, staged).scan_all()
            apply_staged(staged, files)
    return given


@dataclass(frozen=True, slots=True)
class _Scanner:
    """Stages the wanted rows of the files of one command."""

    asked: NppesImport
    known: NpiSet
    files: NppesFiles
    staged: StagedRows

    def scan_all(self) -> None:
        criteria = ProviderCriteria(self.asked.area, self.asked.taxonomies, self.known, self._near_elsewhere())
        kept = self._scan(self.files.providers, PROVIDERS, ProviderFilter(criteria), partial(_provider, criteria))
        wanted = self.known | kept
        if self.files.locations:
            self._scan(self.files.locations, LOCATIONS, NpiFilter(wanted, NPI), partial(_location, wanted))
        if self.files.other_names:
            self._scan(self.files.other_names, OTHER_NAMES, NpiFilter(wanted, NPI), partial(_other_name, wanted))

    def _near_elsewhere(self) -> NpiSet:
        """Providers with a further practice location in the area."""
        npis = array("q")
        file, area = self.files.locations, self.asked.area
        if file and area:
            with file.open(LOCATIONS.prefix) as published:
                scan = CsvScan(published, LOCATIONS.columns, LOCATIONS.title)
                for row in scan.rows(lambda line, fields, reason: None, LocationFilter(area)):
                    fields = Fields(scan.position, row.fields)
                    if not why_not_an_npi(fields.raw(NPI)) and area.holds(practice_point(fields, SECONDARY)):
                        npis.append(int(fields.raw(NPI)))
        return NpiSet(np.array(npis))

    def _scan(self, file: FileRun, kind: FileKind, row_filter: RowFilter, parse_row: DatedRowParser) -> NpiSet:
        """Stage the rows that `parse_row` keeps. Returns the NPIs of these."""
        with file.open(kind.prefix) as published:
            parse = partial(parse_row, published.as_of)
            return stage_rows(published, kind, row_filter, parse, file, self.staged).kept


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
