"""The kept rows into the directory, inside the session's transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from directory.audit.log import PROGRAM, record
from directory.credentials.exclusions.matching import match_exclusions
from directory.credentials.scoring import rescore_qualifications
from directory.imports.merge import Merge, Outcome, Stored, differences, merge
from directory.imports.nppes.license_submissions import claim_licenses
from directory.imports.progress import Progress
from directory.imports.rows import Values
from directory.imports.runs import FileRun, Workplace
from directory.imports.staging import Kept, Spool
from directory.imports.stored import StoredProviders, Writes, collect
from directory.providers.actions import with_corrections
from directory.providers.revision import MAX_NAMED, note_search_change

SOURCE = "nppes"
NPIS_A_BATCH = 500
_DATES = ("as_of", "deactivated_on", "enumerated_on")
_POINT = ("latitude", "longitude", "precision", "located_by")


@dataclass(frozen=True, slots=True)
class NppesFiles:
    """The files of one command. The further ones are None when they were not given."""

    providers: FileRun
    locations: FileRun | None
    other_names: FileRun | None


def apply_spool(spool: Spool, work: Workplace, files: NppesFiles, progress: Progress) -> None:
    """Write all kept rows and count what became of them; the caller commits.

    What hangs on a provider follows in the same transaction: its license numbers as claims, whether the OIG's list has
    it, and its score.
    """
    changed: set[str] = set()
    claims = removed = 0
    with progress.of_providers(spool.count_npis()) as bar:
        for batch in spool.batches(NPIS_A_BATCH):
            stored = StoredProviders(batch)
            writes = Writes()
            for npi, rows in batch.items():
                if _Arrival(npi, rows, stored, files, work).write(writes) and len(changed) <= MAX_NAMED:
                    changed.add(npi)
            renamed = [row["npi"] for row, changes in writes.providers.updates if "name" in changes]
            to_match = [row["npi"] for row in writes.providers.inserts] + renamed
            writes.flush()
            claimed = claim_licenses(batch, SOURCE)
            claims, removed = claims + claimed.added, removed + claimed.removed
            rescore_qualifications(sorted(claimed.npis | match_exclusions(to_match)))
            bar.update(len(batch))
    if claims or removed:
        after = {"claims": claims, "withdrawn": removed}
        record(PROGRAM, "claim_licenses", f"import_run:{files.providers.run_id}", after=after)
    note_search_change(changed)


class _Arrival:
    """What the files say of one provider, and what the directory holds of it."""

    def __init__(self, npi: str, rows: list[Kept], stored: StoredProviders, files: NppesFiles, work: Workplace) -> None:
        self._npi = npi
        self._stored = stored
        self._provider: Stored | None = stored.providers.get(npi)
        self._files = files
        self._work = work
        self._main = self._last_of_each(rows, files.providers).get("")
        self._locations = self._last_of_each(rows, files.locations)
        self._other_names = self._last_of_each(rows, files.other_names)

    def write(self, writes: Writes) -> bool:
        """Add to `writes` what has to change; whether anything that is ranked does."""
        is_known = self._provider is not None
        deactivated = self._main is not None and "deactivated_on" in self._main.values
        if not is_known and (self._main is None or deactivated):
            self._skip_all()
            return False
        own = self._write_provider(writes) if self._main else None
        primary, secondary = self._write_locations(writes, deactivated)
        specialties = self._write_specialties(writes) if self._main and not deactivated else False
        self._write_other_names(writes)
        if own is Outcome.UNCHANGED and (primary.changes_anything or secondary.deletes or specialties):
            own = Outcome.CHANGED
        if own:
            self._files.providers.counts.add(own)
        return own in {Outcome.ADDED, Outcome.CHANGED} or secondary.changes_anything

    def _write_provider(self, writes: Writes) -> Outcome:
        assert self._main is not None  # noqa: S101 (for the type checker)
        values = _with_dates(self._main.values.get("provider", self._main.values))
        values.setdefault("deactivated_on", None)
        if self._provider is None:
            values = with_corrections(values, self._stored.corrections[self._npi, ""])
            writes.providers.inserts.append({"npi": self._npi, **values, "source_key": SOURCE})
            return Outcome.ADDED
        if self._provider["source_key"] != SOURCE:
            values = {"deactivated_on": values["deactivated_on"]}  # all else is somebody else's word
        elif "name" in values:
            values = with_corrections(values, self._stored.corrections[self._npi, ""])
        changes = differences(self._provider, values, self._left_alone)
        if changes:
            writes.providers.updates.append((self._provider, changes))
        return Outcome.CHANGED if changes else Outcome.UNCHANGED

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
            {primary_key: self._corrected(primary, stored)} if primary else {},
            SOURCE,
            removable=lambda row: row["is_primary"] and row["address_key"] not in secondary,
            left_alone=self._left_alone,
        )
        untouched = {key: row for key, row in stored.items() if key != primary_key}
        of_secondary = merge(
            untouched,
            {key: self._corrected(values, stored) for key, values in secondary.items()},
            SOURCE,
            removable=lambda row: self._names_locations(deactivated) and not row["is_primary"],
            left_alone=("as_of",),
        )
        for merged in (of_primary, of_secondary):
            collect(writes.locations, merged, self._npi)
        if self._files.locations:
            for key in self._locations:
                self._files.locations.counts.add(of_secondary.outcomes.get(key, Outcome.UNCHANGED))
        return of_primary, of_secondary

    def _names_locations(self, deactivated: bool) -> bool:
        """Whether the locations file speaks of this provider, if only by not naming one of its locations."""
        if self._files.locations is None:
            return False
        return bool(self._locations) or (self._main is not None and not deactivated)

    def _corrected(self, values: Values, stored: dict[Any, Stored]) -> Values:
        values = _with_dates(values)
        known = stored.get(values["address_key"])
        if known is not None and known["located_by"] not in {None, "gazetteer"}:
            values = {**values, **{name: known[name] for name in _POINT}}  # somebody placed it better
        return with_corrections(values, self._stored.corrections[self._npi, values["address_key"]])

    def _write_specialties(self, writes: Writes) -> bool:
        assert self._main is not None  # noqa: S101 (for the type checker)
        wanted = {values["specialty_code"]: _with_dates(values) for values in self._main.values["specialties"]}
        merged = merge(self._stored.specialties[self._npi], wanted, SOURCE, left_alone=self._left_alone)
        collect(writes.specialties, merged, self._npi)
        return merged.changes_anything

    def _write_other_names(self, writes: Writes) -> None:
        if self._files.other_names is None or not (self._other_names or self._main):
            return
        wanted = {
            (row.values["kind"], row.values["name"]): _with_dates(row.values) for row in self._other_names.values()
        }
        merged = merge(self._stored.other_names[self._npi], wanted, SOURCE, left_alone=("as_of",))
        collect(writes.other_names, merged, self._npi)
        for outcome in merged.outcomes.values():
            self._files.other_names.counts.add(outcome)

    def _last_of_each(self, rows: Iterable[Kept], file: FileRun | None) -> dict[str, Kept]:
        """The last row of each key in one file: a file that says one thing twice is believed where it ends.

        Earlier rows that said something else are rejected; those that said the same change nothing.
        """
        if file is None:
            return {}
        of_file = [row for row in rows if row.file == file.run_id]
        last = {row.key: row for row in of_file}
        for row in of_file:
            taken = last[row.key]
            if row is taken:
                continue
            if row.values == taken.values:
                file.counts.unchanged += 1
            else:
                reason = f"line {taken.line} says something else of the same, and comes later"
                self._work.reject(file, row.line, row.npi, reason)
        return last

    def _skip_all(self) -> None:
        for file, rows in (
            (self._files.providers, [self._main] if self._main else []),
            (self._files.locations, self._locations),
            (self._files.other_names, self._other_names),
        ):
            if file is not None:
                file.counts.skipped += len(rows)


def _is_ours(row: Stored) -> bool:
    return bool(row["source_key"] == SOURCE)


def _with_dates(values: Values) -> Values:
    """JSON has no dates."""
    return {name: date.fromisoformat(value) if name in _DATES and value else value for name, value in values.items()}
