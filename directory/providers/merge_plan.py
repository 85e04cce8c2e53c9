"""What moves when a provider is merged into another one that is the same, and what stays.

Every table with a foreign key to `provider.npi` is walked, so a new one takes part by itself: its rows move, unless
its model says otherwise (`when_merged`, `moves_with`, `merge_key`). A row stays with the merged provider where the
other one has a row that the same unique key allows once: nothing is lost, and the other one's counts. Rows that hang
together by a foreign key (a review and its submission, a credential and its tasks) move or stay together.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Column, Table, UniqueConstraint, select

from directory.extensions import Model, db
from directory.providers.models import Provider, WhenMerged

PROVIDER: Any = Provider.__table__
Row = Mapping[str, Any]
RowKey = tuple[str, tuple[Any, ...]]
"""A table's name and the row's primary key."""


@dataclass(frozen=True, slots=True)
class OwnedTable:
    """A table whose rows belong to the provider that `owner` names."""

    model: Any
    owner: Column[Any]

    @property
    def table(self) -> Table:
        table: Table = self.model.__table__
        return table

    @property
    def rule(self) -> WhenMerged:
        rule: WhenMerged = getattr(self.model, "when_merged", WhenMerged.MOVE)
        return rule

    def key_of(self, row: Row) -> tuple[Any, ...]:
        return tuple(row[column.name] for column in self.table.primary_key.columns)

    def name_of(self, row: Row) -> RowKey:
        return self.table.name, self.key_of(row)

    def rows(self, npi: str) -> list[Row]:
        ordered = select(self.table).where(self.owner == npi).order_by(*self.table.primary_key.columns)
        return [cast(Row, row._mapping) for row in db.session.execute(ordered)]

    def unique_keys(self) -> Iterator[tuple[Column[Any], ...]]:
        """The columns of each key that lets one provider have the rest of it once."""
        keys = [constraint.columns for constraint in self.table.constraints if isinstance(constraint, UniqueConstraint)]
        for columns in (self.table.primary_key.columns, *keys, *(i.columns for i in self.table.indexes if i.unique)):
            if self.owner.name in columns:
                yield tuple(columns)

    def takes(self, row: Row, npi: str) -> Iterator[tuple[Any, ...]]:
        """What a row takes up by its unique keys, once it belongs to `npi`; a key with an empty value, nothing."""
        values = {**row, self.owner.name: npi}
        for number, columns in enumerate(self.unique_keys()):
            key = tuple(values[column.name] for column in columns)
            if None not in key:
                yield number, *key
        if (own := getattr(self.model, "merge_key", None)) and (key := own(values)) is not None:
            yield "merge_key", *key


@dataclass(slots=True)
class MergePlan:
    """What merging `npi` into `into_npi` does: rows that move, and rows that stay, by table."""

    npi: str
    into_npi: str
    moves: dict[str, list[Row]] = field(default_factory=dict)
    stays: dict[str, int] = field(default_factory=dict)
    has_primary: set[str] = field(default_factory=set)  # tables in which the other one has its primary row

    @property
    def counts(self) -> list[tuple[str, int, int]]:
        """By table, in words: how many rows move, and how many stay."""
        names = sorted({*self.moves, *self.stays})
        return [(name.replace("_", " "), len(self.moves.get(name, ())), self.stays.get(name, 0)) for name in names]

    @property
    def digest(self) -> str:
        """Differs when anything else would move or stay."""
        owned = {each.table.name: each for each in owned_tables()}
        rows = [
            (name, *(str(part) for part in owned[name].key_of(row))) for name in self.moves for row in self.moves[name]
        ]
        text = json.dumps([self.npi, self.into_npi, sorted(rows), sorted(self.stays.items())])
        return hashlib.sha256(text.encode()).hexdigest()


def owned_tables() -> list[OwnedTable]:
    """Every table with a foreign key to `provider.npi`, once for each such key."""
    models = {mapper.local_table: mapper.class_ for mapper in Model.registry.mappers}
    return [
        OwnedTable(models[table], key.parent)
        for table in Model.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column is PROVIDER.c.npi
    ]


def plan_merge(npi: str, into_npi: str) -> MergePlan:
    """What would move and what would stay, as of now."""
    plan = MergePlan(npi, into_npi)
    moving = [each for each in owned_tables() if each.rule is not WhenMerged.STAY]
    own = {each.table.name: each.rows(npi) for each in moving}
    others = {each.table.name: each.rows(into_npi) for each in moving if own[each.table.name]}
    staying = _staying(moving, own, others, into_npi)
    for each in moving:
        name = each.table.name
        moved = [row for row in own[name] if each.name_of(row) not in staying]
        if moved:
            plan.moves[name] = moved
        if len(moved) < len(own[name]):
            plan.stays[name] = len(own[name]) - len(moved)
        if any(row.get("is_primary") for row in others.get(name, ())):
            plan.has_primary.add(name)
    return plan


def _staying(
    moving: list[OwnedTable], own: dict[str, list[Row]], others: dict[str, list[Row]], into_npi: str
) -> set[RowKey]:
    """The rows that cannot move, and those that hang together with them."""
    staying: set[RowKey] = set()
    for each in moving:
        rows, there = own[each.table.name], others.get(each.table.name, ())
        taken = {value for row in there for value in each.takes(row, into_npi)}
        is_whole = each.rule is WhenMerged.MOVE_TOGETHER and bool(there)
        staying.update(each.name_of(row) for row in rows if is_whole or taken & set(each.takes(row, into_npi)))
    links, before = list(_links(moving, own)), -1
    while len(staying) > before:
        before = len(staying)
        for child, parent, goes_along in links:
            if parent is None or parent in staying:
                staying.add(child)
            elif child in staying and goes_along:
                staying.add(parent)
    return staying


def _links(moving: list[OwnedTable], own: dict[str, list[Row]]) -> Iterator[tuple[RowKey, RowKey | None, bool]]:
    """Pairs of rows of which the first goes where the second goes, and whether the second stays with the first.

    The second is None for what stays in any case.
    """
    tables = {each.table.name: each for each in moving}
    owned = {each.table.name for each in owned_tables()}
    for each in moving:
        rows = own[each.table.name]
        for key in each.table.foreign_keys:
            parent = key.column.table.name
            if key.ondelete == "CASCADE" and parent in owned:
                column = key.parent.name
                for row in (row for row in rows if row[column] is not None):
                    yield each.name_of(row), (parent, (row[column],)) if parent in tables else None, True
        beside, column = getattr(each.model, "moves_with", (None, ""))
        if beside is not None:
            by_value = {row[column]: tables[beside].name_of(row) for row in own[beside]}
            for row in rows:
                yield each.name_of(row), by_value.get(row[column]), False
