"""NPPES, the national registry of NPIs: its files of providers, further practice locations and other names.

First the files are scanned and the rows that stay are kept in a spool; then all of it is applied in one transaction.
Until that commits, the directory is as it was.
"""

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from directory.imports.npi_rows import NpiChooser, spool_npi_rows
from directory.imports.nppes.area import Area
from directory.imports.nppes.columns import LOCATIONS, NPI, OTHER_NAMES, PROVIDERS, SECONDARY
from directory.imports.nppes.provider_values import (
    deactivation,
    other_name_values,
    practice_point,
    provider_values,
    secondary_location_values,
)
from directory.imports.nppes.provider_writes import SOURCE, NppesFiles, apply_spool
from directory.imports.nppes.row_filters import LocationChooser, ProviderChooser, ProviderFilter
from directory.imports.progress import Progress
from directory.imports.reading.block_filter import Chooser
from directory.imports.reading.digits import NpiSet
from directory.imports.reading.fields import Fields, Layout
from directory.imports.reading.files import open_published
from directory.imports.reading.scan import BLOCK_BYTES, CsvScan
from directory.imports.rows import Values
from directory.imports.runs import FileRun, Workplace, import_run, timed
from directory.imports.staging import Spool
from directory.imports.stored import known_npis
from directory.providers.npi import why_not_an_npi

LookOnDay = Callable[[date, Fields], tuple[str, Values] | None]
"""A `Look` that has yet to be told the file's day."""


@dataclass(frozen=True, slots=True)
class NppesImport:
    """What to import, and of it which providers. None for a file or filter that was not given."""

    providers: str
    locations: str | None = None
    other_names: str | None = None
    area: Area | None = None
    taxonomies: frozenset[str] | None = None
    block_bytes: int = BLOCK_BYTES


def import_nppes(asked: NppesImport, options: dict[str, Any], progress: Progress) -> list[FileRun]:
    """Import the files and commit. Raises `ImportFileError`, and then nothing was changed.

    `options` are what the person asked for, for the record. Returns the runs of the files, the providers' first.
    """
    paths = [path for path in (asked.providers, asked.locations, asked.other_names) if path]
    with import_run(SOURCE, paths, options) as work:
        runs = iter(work.files)
        files = NppesFiles(
            providers=next(runs),
            locations=next(runs) if asked.locations else None,
            other_names=next(runs) if asked.other_names else None,
        )
        with Spool(work.folder / "kept.sqlite3") as spool:
            _Scanner(asked, files, work, spool, progress).scan_all()
            apply_spool(spool, work, files, progress)
    return work.files


class _Scanner:
    """Reads the files of one command into the spool."""

    def __init__(
        self, asked: NppesImport, files: NppesFiles, work: Workplace, spool: Spool, progress: Progress
    ) -> None:
        self._asked = asked
        self._files = files
        self._work = work
        self._spool = spool
        self._progress = progress
        self._known = known_npis()

    def scan_all(self) -> None:
        chosen = ProviderFilter(self._asked.area, self._asked.taxonomies, self._known, self._near_elsewhere())
        kept = self._scan(self._files.providers, PROVIDERS, ProviderChooser(chosen), partial(_provider, chosen))
        wanted = self._known | kept
        if self._files.locations:
            self._scan(self._files.locations, LOCATIONS, NpiChooser(wanted, NPI), partial(_location, wanted))
        if self._files.other_names:
            self._scan(self._files.other_names, OTHER_NAMES, NpiChooser(wanted, NPI), partial(_other_name, wanted))

    def _near_elsewhere(self) -> NpiSet:
        """Providers with a further practice location in the area."""
        npis = array("q")
        file, area = self._files.locations, self._asked.area
        if file and area:
            with timed(file), open_published(file.path, LOCATIONS.prefix) as published:
                scan = CsvScan(published, LOCATIONS.columns, LOCATIONS.kind, block_bytes=self._asked.block_bytes)
                for row in scan.rows(LocationChooser(area), lambda line, fields, reason: None):
                    fields = Fields(scan.position, row.fields)
                    if not why_not_an_npi(fields.raw(NPI)) and area.holds(practice_point(fields, SECONDARY)):
                        npis.append(int(fields.raw(NPI)))
        return NpiSet(np.array(npis))

    def _scan(self, file: FileRun, layout: Layout, choose: Chooser, look: LookOnDay) -> NpiSet:
        """Spool the rows that `look` keeps. Returns the NPIs of these."""
        with (
            timed(file),
            open_published(file.path, layout.prefix) as opened,
            self._progress.reading(opened) as published,
        ):
            file.name, file.as_of = published.label, published.as_of
            look_on_day = partial(look, published.as_of)
            block_bytes = self._asked.block_bytes
            return spool_npi_rows(
                published, layout, choose, look_on_day, self._work, file, self._spool, block_bytes=block_bytes
            ).kept


def _provider(chosen: ProviderFilter, day: date, fields: Fields) -> tuple[str, Values] | None:
    since = deactivation(fields)
    if since:
        return ("", {"deactivated_on": since.isoformat()}) if fields.raw(NPI) in chosen.known else None
    return ("", provider_values(fields, day)) if chosen.wants(fields) else None


def _location(wanted: NpiSet, day: date, fields: Fields) -> tuple[str, Values] | None:
    if fields.raw(NPI) not in wanted:
        return None
    values = secondary_location_values(fields)
    return values["address_key"], {**values, "as_of": day.isoformat()}


def _other_name(wanted: NpiSet, day: date, fields: Fields) -> tuple[str, Values] | None:
    if fields.raw(NPI) not in wanted:
        return None
    values = other_name_values(fields)
    return f"{values['kind']} {values['name']}", {**values, "as_of": day.isoformat()}
