"""What the directory holds of some providers, read in bulk, and written in bulk."""

from array import array
from collections import defaultdict
from collections.abc import Collection
from typing import Any, cast

import numpy as np
from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, insert, select, update

from directory.extensions import db
from directory.imports.merge import Merge, StoredRow
from directory.imports.reading.digits import NpiSet
from directory.imports.reading.fields import Values
from directory.providers.models import Provider


def collect(into: Merge, merged: Merge, npi: str) -> None:
    """Add what one provider needs to what a batch of them needs."""
    into.inserts += [{"npi": npi, **values} for values in merged.inserts]
    into.updates += merged.updates
    into.deletes += merged.deletes


def write(model: Any, writes: Merge) -> None:
    """Write into the model's table what has to change. The caller tells the search."""
    table = _table(model)
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


def delete_missing(model: Any, npis: Collection[str], *ours: ColumnElement[bool]) -> set[str]:
    """Delete the rows of `ours` about providers who are not among `npis`; returns these."""
    gone = set(db.session.scalars(select(model.npi).where(*ours).distinct())) - set(npis)
    for npi in sorted(gone):
        db.session.execute(delete(model).where(model.npi == npi, *ours))
    return gone


def _key_of(table: Table, row: StoredRow) -> Values:
    return {f"key_{column.name}": row[column.name] for column in table.primary_key.columns}


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


def stored_rows(model: Any, *where: ColumnElement[bool]) -> list[StoredRow]:
    """The rows of the model's table for which all of `where` holds."""
    return [cast(StoredRow, row._mapping) for row in db.session.execute(select(_table(model)).where(*where))]


def known_npis() -> NpiSet:
    """All providers of the directory."""
    npis = array("q")
    for batch in db.session.execute(select(Provider.npi).execution_options(yield_per=10_000)).scalars().partitions():
        npis.extend(map(int, batch))
    return NpiSet(np.array(npis))
