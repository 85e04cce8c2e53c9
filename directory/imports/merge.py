"""What has to change so that stored rows say what a file says, without touching facts from elsewhere; in bulk."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import itemgetter
from typing import Any, cast

import numpy as np
from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, insert, select, update

from directory.extensions import db
from directory.imports.reading.fields import Values
from directory.imports.reading.files import ImportFileError
from directory.imports.reading.npis import NpiSet
from directory.providers.by_name.actions import index_names
from directory.providers.models import OtherName, Provider
from directory.providers.revision import is_ranked, note_search_change

StoredRow = Mapping[str, Any]
"""One row of the database, by column."""


MAX_LOST_SHARE = 0.05
"""A list that lacks more than this share of what was known from it is taken for one that is not whole."""


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

    @property
    def npis(self) -> set[str]:
        """Whose rows change."""
        return {row["npi"] for row in (*self.inserts, *(row for row, _ in self.updates), *self.deletes)}


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


def merge_stored(
    model: Any,
    where: Sequence[ColumnElement[bool]],
    key: Sequence[str],
    wanted: Mapping[Any, Values],
    source_key: str,
    **how: Any,
) -> Merge:
    """Bring the rows of the model's table for which all of `where` holds to `wanted`, by `merge`, and write that.

    `key` names the columns of the keys of `wanted`. A newer day alone is no change.
    """
    stored = {itemgetter(*key)(row): row for row in stored_rows(model, *where)}
    merged = merge(stored, wanted, source_key, left_alone=("as_of",), **how)
    write(model, merged)
    return merged


def stored_rows(model: Any, *where: ColumnElement[bool]) -> list[StoredRow]:
    """The rows of the model's table for which all of `where` holds."""
    return [cast(StoredRow, row._mapping) for row in db.session.execute(select(model.__table__).where(*where))]


def write(model: Any, writes: Merge) -> None:
    """Write into the model's table what has to change, and tell the search of it where it ranks by that table."""
    table: Table = model.__table__
    keys = list(table.primary_key.columns)
    this_row = and_(*(column == bindparam(f"key_{column.name}") for column in keys))
    if writes.deletes:
        db.session.execute(delete(table).where(this_row), [_key_of(table, row) for row in writes.deletes])
    if writes.inserts:
        db.session.execute(insert(table), writes.inserts)
    by_columns: dict[frozenset[str], list[Values]] = defaultdict(list)
    for row, changes in writes.updates:
        by_columns[frozenset(changes)].append({**changes, **_key_of(table, row)})
    for rows in by_columns.values():
        db.session.execute(update(table).where(this_row), rows)
    if is_ranked(model):
        note_search_change(writes.npis)
    if model in (Provider, OtherName):
        index_names(writes.npis)


def delete_missing(model: Any, npis: Collection[str], *ours: ColumnElement[bool]) -> set[str]:
    """Delete the rows of `ours` about providers who are not among `npis`, and tell the search as `write` does.

    Returns whose rows went.
    """
    gone = set(db.session.scalars(select(model.npi).where(*ours).distinct())) - set(npis)
    for npi in sorted(gone):
        db.session.execute(delete(model).where(model.npi == npi, *ours))
    if is_ranked(model):
        note_search_change(gone)
    return gone


def known_npis() -> NpiSet:
    """All providers of the directory."""
    npis = db.session.scalars(select(Provider.npi).execution_options(yield_per=10_000))
    return NpiSet(np.fromiter(map(int, npis), np.int64))


def refuse_shrunk(name: str, what: str, lost: int, held: int) -> None:
    """Raises `ImportFileError` when a list lacks too much of what the directory holds from it, which is `what`."""
    if lost > MAX_LOST_SHARE * held:
        raise ImportFileError(
            f"{name} lacks {lost:,} of the {held:,} {what} that are known from this list, so it is probably not the "
            "whole list: download it again, and give all parts of it together. If the list has really shrunk so far, "
            "add --accept-shrunk. Nothing was changed."
        )


def _key_of(table: Table, row: StoredRow) -> Values:
    return {f"key_{column.name}": row[column.name] for column in table.primary_key.columns}
