"""Brings the staged rows into the directory."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from directory.audit.log import PROGRAM, record
from directory.credentials.exclusions.actions import match_exclusions
from directory.credentials.licenses.from_files import verify_from_files
from directory.credentials.scoring import rescore_qualifications
from directory.imports.merge import Merge, MergeOutcome, StoredRow, differences, merge, stored_rows, write
from directory.imports.nppes.injecting import take_volumes
from directory.imports.nppes.license_submissions import submit_declared_licenses
from directory.imports.reading.fields import Values
from directory.imports.runs import FileRun
from directory.imports.staging import StagedRow, StagedRows, last_of_each
from directory.providers.actions import as_imported, with_corrections
from directory.providers.models import OtherName, PracticeLocation, Provider, ProviderSpecialty, StaffCorrection
from directory.web.days import today_in_california

SOURCE = "nppes"
_POINT = ("latitude", "longitude", "precision", "located_by")


@dataclass(frozen=True, slots=True)
class NppesFiles:
    """The files of one command. The further ones are None when they were not given."""

    providers: FileRun
    locations: FileRun | None
    other_names: FileRun | None


def apply_staged(staged: StagedRows, files: NppesFiles) -> None:
    """Write all staged rows and count what became of them.

    What depends on a provider follows: its license numbers as submissions, its exclusions, what boards' lists verify,
    and its score.
    """
    submitted = withdrawn = 0
    for batch in staged.batches("providers"):
        stored = StoredProviders(batch)
        writes: Writes = {
            model: Merge() for model in (Provider, PracticeLocation, ProviderSpecialty, OtherName, StaffCorrection)
        }
        for npi, rows in batch.items():
            _ProviderUpdate(npi, rows, stored, files).write(writes)
        renamed = [row["npi"] for row, changes in writes[Provider].updates if "name" in changes]
        new = [row["npi"] for row in writes[Provider].inserts]
        for model, merged in writes.items():
            write(model, merged)
        licenses = submit_declared_licenses(batch, SOURCE)
        submitted, withdrawn = submitted + licenses.added, withdrawn + licenses.removed
        rescore_qualifications(sorted(licenses.npis | match_exclusions([*new, *renamed]) | take_volumes(new)))
    verify_from_files(today_in_california())
    if submitted or withdrawn:
        after = {"entered": submitted, "withdrawn": withdrawn}
        record(PROGRAM, "enter_licenses", f"import_run:{files.providers.run_id}", after=after)


class StoredProviders:
    """The rows of the providers with these NPIs, by NPI and then by what they have once."""

    def __init__(self, npis: Collection[str]) -> None:
        self.providers = {row["npi"]: row for row in stored_rows(Provider, Provider.npi.in_(npis))}
        self.locations = _by_npi(PracticeLocation, npis, lambda row: row["address_key"])
        self.specialties = _by_npi(ProviderSpecialty, npis, lambda row: row["specialty_code"])
        self.other_names = _by_npi(OtherName, npis, lambda row: (row["kind"], row["name"]))
        self.corrections: dict[tuple[str, str], list[StoredRow]] = defaultdict(list)
        for row in stored_rows(StaffCorrection, StaffCorrection.npi.in_(npis)):
            self.corrections[row["npi"], row["address_key"]].append(row)


Writes = dict[Any, Merge]
"""Rows to write by their model, collected so that each table is written in few statements."""


def _collect(into: Merge, merged: Merge, npi: str) -> None:
    """Add what one provider needs to what a batch of them needs."""
    into.inserts += [{"npi": npi, **values} for values in merged.inserts]
    into.updates += merged.updates
    into.deletes += merged.deletes


class _ProviderUpdate:
    """What the files say of one provider, and what the directory holds of it."""

    def __init__(self, npi: str, rows: list[StagedRow], stored: StoredProviders, files: NppesFiles) -> None:
        self._npi = npi
        self._stored = stored
        self._provider: StoredRow | None = stored.providers.get(npi)
        self._files = files
        providers, self._locations, self._other_names = (
            last_of_each([row for row in rows if row.file == file.run_id], [file], npi) if file else {}
            for file in (files.providers, files.locations, files.other_names)
        )
        self._main = providers.get("")

    def write(self, writes: Writes) -> None:
        """Add to `writes` what has to change. A provider that staff merged into another one stays as it is."""
        is_known = self._provider is not None
        deactivated = self._main is not None and "deactivated_on" in self._main.values
        is_merged = self._provider is not None and self._provider["merged_into"] is not None
        if is_merged or (not is_known and (self._main is None or deactivated)):
            self._skip_all()
            return
        own = self._write_provider(self._main.values, writes) if self._main else None
        primary, secondary = self._write_locations(writes, deactivated)
        specialties = self._main and not deactivated and self._write_specialties(self._main.values, writes)
        self._write_other_names(writes)
        if own is MergeOutcome.UNCHANGED and (primary.changes_anything or secondary.deletes or specialties):
            own = MergeOutcome.CHANGED
        if own:
            self._files.providers.counts.add(own)

    def _write_provider(self, main: Values, writes: Writes) -> MergeOutcome:
        values = {"deactivated_on": None, **main.get("provider", main)}
        if self._provider is None:
            values = self._with_corrections(values, "", writes)
            writes[Provider].inserts.append({"npi": self._npi, **values, "source_key": SOURCE})
            return MergeOutcome.ADDED
        if self._provider["source_key"] != SOURCE:
            values = {"deactivated_on": values["deactivated_on"]}  # all else is from another source
        elif "name" in values:
            values = self._with_corrections(values, "", writes)
        changes = differences(self._provider, values, self._left_alone)
        if changes:
            writes[Provider].updates.append((self._provider, changes))
        return MergeOutcome.CHANGED if changes else MergeOutcome.UNCHANGED

    @property
    def _left_alone(self) -> tuple[str, ...]:
        """The day of a row that gives none is that of its file, and a newer file that says the same is no change."""
        return () if self._main is None or self._main.values.get("is_dated") else ("as_of",)

    def _write_locations(self, writes: Writes, deactivated: bool) -> tuple[Merge, Merge]:
        """What is written of the primary location, and of the further ones."""
        stored = self._stored.locations[self._npi]
        main = self._main.values if self._main and not deactivated else None
        primary = main["location"] if main else None
        primary_key = primary["address_key"] if primary else None
        if main is None:
            primary_key = next((key for key, row in stored.items() if row["is_primary"] and _is_ours(row)), None)
        secondary = {key: row.values for key, row in self._locations.items() if key != primary_key}
        of_primary = merge(
            stored if main else {},
            {primary_key: self._corrected(primary, stored, writes)} if primary else {},
            SOURCE,
            removable=lambda row: row["is_primary"] and row["address_key"] not in secondary,
            left_alone=self._left_alone,
        )
        untouched = {key: row for key, row in stored.items() if key != primary_key}
        of_secondary = merge(
            untouched,
            {key: self._corrected(values, stored, writes) for key, values in secondary.items()},
            SOURCE,
            removable=lambda row: self._names_locations(deactivated) and not row["is_primary"],
            left_alone=("as_of",),
        )
        for merged in (of_primary, of_secondary):
            _collect(writes[PracticeLocation], merged, self._npi)
        if self._files.locations:
            for key in self._locations:
                self._files.locations.counts.add(of_secondary.outcomes.get(key, MergeOutcome.UNCHANGED))
        return of_primary, of_secondary

    def _names_locations(self, deactivated: bool) -> bool:
        """Whether the locations file speaks of this provider, if only by not naming one of its locations."""
        if self._files.locations is None:
            return False
        return bool(self._locations) or (self._main is not None and not deactivated)

    def _with_corrections(
        self, values: Values, address_key: str, writes: Writes, imported: Values | None = None
    ) -> Values:
        """The values with those that staff corrected in their place; the corrections keep what was `imported`."""
        corrections = self._stored.corrections[self._npi, address_key]
        for row in corrections:
            text = as_imported((imported or values).get(row["field"]))
            if text != row["imported_value"]:
                writes[StaffCorrection].updates.append((row, {"imported_value": text}))
        return with_corrections(values, {row["field"]: row["value"] for row in corrections})

    def _corrected(self, values: Values, stored: dict[Any, StoredRow], writes: Writes) -> Values:
        known, imported = stored.get(values["address_key"]), values
        if known is not None and known["located_by"] not in {None, "gazetteer"}:
            values = {**values, **{name: known[name] for name in _POINT}}  # placed by a better geocoder
        values = self._with_corrections(values, values["address_key"], writes, imported)
        if known is not None and all(known[name] == value for name, value in values.items() if name != "as_of"):
            values["as_of"] = max(values["as_of"], known["as_of"])  # the clinic confirmed it since
        return values

    def _write_specialties(self, main: Values, writes: Writes) -> bool:
        wanted = {values["specialty_code"]: values for values in main["specialties"]}
        merged = merge(self._stored.specialties[self._npi], wanted, SOURCE, left_alone=self._left_alone)
        _collect(writes[ProviderSpecialty], merged, self._npi)
        return merged.changes_anything

    def _write_other_names(self, writes: Writes) -> None:
        if self._files.other_names is None or not (self._other_names or self._main):
            return
        wanted = {(row.values["kind"], row.values["name"]): row.values for row in self._other_names.values()}
        merged = merge(self._stored.other_names[self._npi], wanted, SOURCE, left_alone=("as_of",))
        _collect(writes[OtherName], merged, self._npi)
        for outcome in merged.outcomes.values():
            self._files.other_names.counts.add(outcome)

    def _skip_all(self) -> None:
        for file, rows in (
            (self._files.providers, [self._main] if self._main else []),
            (self._files.locations, self._locations),
            (self._files.other_names, self._other_names),
        ):
            if file is not None:
                file.counts.skipped += len(rows)


def _is_ours(row: StoredRow) -> bool:
    return bool(row["source_key"] == SOURCE)


def _by_npi(model: Any, npis: Collection[str], key: Any) -> dict[str, dict[Any, StoredRow]]:
    found: dict[str, dict[Any, StoredRow]] = defaultdict(dict)
    for row in stored_rows(model, model.npi.in_(npis)):
        found[row["npi"]][key(row)] = row
    return found
