"""What the directory holds of some providers, read in bulk, and written in bulk."""

from array import array
from collections import defaultdict
from collections.abc import Collection
from typing import Any, cast

import numpy as np
from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, insert, select, update

from directory.extensions import db
from directory.imports.merge import Merge, Stored
from directory.imports.reading.digits import NpiSet
from directory.imports.rows import Values
from directory.providers.models import OtherName, PracticeLocation, Provider, ProviderSpecialty, StaffCorrection

ByKey = dict[Any, Stored]


class StoredProviders:
    """The rows of the providers with these NPIs, by NPI and then by what they have once."""

    def __init__(self, npis: Collection[str]) -> None:
        self.providers: ByKey = {row["npi"]: row for row in stored_rows(Provider, npis)}
        self.locations = _by_npi(PracticeLocation, npis, lambda row: row["address_key"])
        self.specialties = _by_npi(ProviderSpecialty, npis, lambda row: row["specialty_code"])
        self.other_names = _by_npi(OtherName, npis, lambda row: (row["kind"], row["name"]))
        self.corrections: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for row in stored_rows(StaffCorrection, npis):
            self.corrections[row["npi"], row["address_key"]][row["field"]] = row["value"]


class Writes:
    """Rows to write, collected so that each table is written in few statements."""

    def __init__(self) -> None:
        self.providers = Merge()
        self.locations = Merge()
        self.specialties = Merge()
        self.other_names = Merge()

    def flush(self) -> None:
        for model, writes in (
            (Provider, self.providers),
            (PracticeLocation, self.locations),
            (ProviderSpecialty, self.specialties),
            (OtherName, self.other_names),
        ):
            write(model, writes)


def collect(into: Merge, merged: Merge, npi: str) -> None:
    """Add what one provider needs to what a batch of them needs."""
    into.inserts += [{"npi": npi, **values} for values in merged.inserts]
    into.updates += merged.updates
    into.deletes += merged.deletes


def write(model: Any, writes: Merge) -> None:
    """Write into the model's table what has to change. The caller commits, and tells the search."""
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
    """Delete the rows of `ours` about providers who are not among `npis`; returns these. The caller commits."""
    gone = set(db.session.scalars(select(model.npi).where(*ours).distinct())) - set(npis)
    for npi in sorted(gone):
        db.session.execute(delete(model).where(model.npi == npi, *ours))
    return gone


def _key_of(table: Table, row: Stored) -> Values:
    return {f"key_{column.name}": row[column.name] for column in table.primary_key.columns}


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


def stored_rows(model: Any, npis: Collection[str]) -> list[Stored]:
    """The rows of these providers in the model's table."""
    table = _table(model)
    return [cast(Stored, row._mapping) for row in db.session.execute(select(table).where(table.c.npi.in_(npis)))]


def _by_npi(model: Any, npis: Collection[str], key: Any) -> dict[str, ByKey]:
    found: dict[str, ByKey] = defaultdict(dict)
    for row in stored_rows(model, npis):
        found[row["npi"]][key(row)] = row
    return found


def known_npis() -> NpiSet:
    """All providers of the directory. Ends the transaction, so that nothing is held while files are read."""
    npis = array("q")
    for batch in db.session.execute(select(Provider.npi).execution_options(yield_per=10_000)).scalars().partitions():
        npis.extend(map(int, batch))
    db.session.rollback()
    return NpiSet(np.array(npis))
