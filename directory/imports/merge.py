"""What has to change so that stored rows say what a file says, without touching facts from elsewhere."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from directory.imports.reading.fields import Values

StoredRow = Mapping[str, Any]
"""One row of the database, by column."""


class MergeOutcome(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(slots=True)
class Merge:
    """`outcomes` by the key of each wanted row; the rest is what to write."""

    outcomes: dict[Any, MergeOutcome] = field(default_factory=dict)
    inserts: list[Values] = field(default_factory=list)
    updates: list[tuple[StoredRow, Values]] = field(default_factory=list)
    deletes: list[StoredRow] = field(default_factory=list)

    @property
    def changes_anything(self) -> bool:
        return bool(self.inserts or self.updates or self.deletes)


def differences(stored: StoredRow, wanted: Values, left_alone: Collection[str] = ()) -> Values:
    """The wanted values that the stored row has otherwise; `left_alone` are columns that alone make no change."""
    return wanted if any(stored[name] != wanted[name] for name in wanted if name not in left_alone) else {}


def merge(
    stored: Mapping[Any, StoredRow],
    wanted: Mapping[Any, Values],
    source_key: str,
    *,
    removable: Callable[[StoredRow], bool] = lambda row: True,
    left_alone: Collection[str] = (),
    replaced_source: str | None = None,
) -> Merge:
    """Bring `stored` to `wanted`, both by key, for facts of one source.

    Its own rows that are not wanted go if they are `removable`. Rows of other sources are never changed or removed,
    but those of `replaced_source` become its own.
    """
    merged = Merge()
    for key, values in wanted.items():
        row = stored.get(key)
        if row is None:
            merged.inserts.append({**values, "source_key": source_key})
            merged.outcomes[key] = MergeOutcome.ADDED
            continue
        if row["source_key"] == replaced_source:
            changes = values
        else:
            changes = differences(row, values, left_alone) if row["source_key"] == source_key else {}
        if changes:
            merged.updates.append((row, {**changes, "source_key": source_key}))
        merged.outcomes[key] = MergeOutcome.CHANGED if changes else MergeOutcome.UNCHANGED
    merged.deletes += [
        row for key, row in stored.items() if key not in wanted and row["source_key"] == source_key and removable(row)
    ]
    return merged
