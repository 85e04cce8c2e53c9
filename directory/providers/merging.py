"""Merging a provider into another one that is the same: what moves, what stays, and the way back.

Every table with a foreign key to `provider.npi` is walked, so a new one takes part by itself: its rows move, unless
its model says otherwise (`when_merged`, `moves_with`, `merge_key`). A row stays with the merged provider where the
other one has a row that the same unique key allows once: nothing is lost, and the other one's counts. Rows that hang
together by a foreign key (a review and its submission, a credential and its tasks) move or stay together.

A fact of a public file that moves is of the source `MERGED` from then on: the next file says nothing of it under the
other number, and would take it away. Undoing gives it its source again.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Column, Table, UniqueConstraint, and_, delete, select, update

from directory.audit.log import record
from directory.extensions import Model, db
from directory.providers.models import Provider, ProviderMerge, WhenMerged
from directory.providers.recomputing import recompute
from directory.providers.revision import note_search_change
from directory.providers.sources import Source, SourceKind, known_source
from directory.web.refusals import InvalidTransitionError
from directory.web.transaction import EditConflictError, lock_row

UNDO_DAYS = 30
MERGED = "merged"
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

    def taken(self, rows: Collection[Row], npi: str) -> set[tuple[Any, ...]]:
        """What the rows take up, once they belong to `npi`."""
        return {value for row in rows for value in self.takes(row, npi)}

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
        taken = each.taken(there, into_npi)
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


def merge_providers(actor: str, plan: MergePlan, reason: str) -> ProviderMerge:
    """Move what `plan` says, and lead from the one provider's pages to the other's. The caller says who may.

    Raises `EditConflictError` when anything else would move by now, and `InvalidTransitionError`.
    """
    merged, into = (_locked(npi) for npi in (plan.npi, plan.into_npi))
    _refuse_unfit(merged, into)
    if plan_merge(plan.npi, plan.into_npi).digest != plan.digest:
        raise EditConflictError
    files = _public_files()
    moved = [entry for each in owned_tables() for entry in _move(each, plan, files)]
    moved += _lead_on(plan)
    merged.merged_into = into.npi
    merge = ProviderMerge(
        npi=merged.npi,
        into_npi=into.npi,
        reason=reason,
        merged_by=actor,
        merged_at=datetime.now(UTC),
        moved=moved,
    )
    db.session.add(merge)
    _renew(plan.npi, plan.into_npi)
    counts = {"moved": {name: len(rows) for name, rows in plan.moves.items()}, "stayed": plan.stays}
    _record_both(actor, "merge_provider", "take_over_provider", merge, counts, reason)
    return merge


def follow_merges(npis: Collection[str], models: Collection[Any]) -> set[str]:
    """Move rows of `models` that a file brought since under merged numbers to the providers these went into.

    As in a merge, a row that the other one has already stays, and undoing the merge takes back what moves here.
    Returns the numbers from which something moved.
    """
    held = select(ProviderMerge).join(Provider, Provider.npi == ProviderMerge.npi)
    held = held.where(ProviderMerge.undone_at.is_(None), Provider.merged_into.is_not(None))
    owned = [each for each in owned_tables() if each.model in models]
    files = _public_files()
    followed = set()
    for merge in db.session.scalars(held.order_by(ProviderMerge.id)):
        into_npi = db.session.get_one(Provider, merge.npi).merged_into
        if merge.npi in npis and into_npi:
            plan = plan_merge(merge.npi, into_npi)
            moved = [entry for each in owned for entry in _move(each, plan, files)]
            if moved:
                merge.moved = [*merge.moved, *moved]
                followed.add(merge.npi)
    return followed


def undo_merge(actor: str, merge: ProviderMerge, reason: str) -> int:
    """Move everything back; returns how many rows could not go back, since they are gone or moved on.

    Raises `InvalidTransitionError`.
    """
    lock_row(merge)
    merged, into = (_locked(npi) for npi in (merge.npi, merge.into_npi))
    refusal = why_not_undone(merge)
    if refusal:
        raise InvalidTransitionError(refusal)
    tables = {each.table.name: each for each in owned_tables()}
    lost = sum(not _move_back(tables, merge, entry) for entry in merge.moved)
    merged.merged_into = None
    merge.undone_by, merge.undone_at = actor, datetime.now(UTC)
    _renew(merged.npi, into.npi)
    counts = {"moved": dict(Counter(entry["table"] for entry in merge.moved)), "lost": lost}
    _record_both(actor, "undo_merge", "give_back_provider", merge, counts, reason)
    return lost


def why_not_undone(merge: ProviderMerge) -> str | None:
    """Why a merge cannot be undone now, as a sentence; None when it can."""
    if merge.undone_at is not None:
        return "This merge was undone already."
    if datetime.now(UTC) - merge.merged_at > timedelta(days=UNDO_DAYS):
        return f"A merge can be undone for {UNDO_DAYS} days, and these are over."
    if db.session.get_one(Provider, merge.npi).merged_into != merge.into_npi:
        return f"NPI {merge.into_npi} was merged into another provider since. Undo that merge first."
    return None


def merge_of(npi: str) -> ProviderMerge | None:
    """The merge that holds of a provider who was merged; None where there is none."""
    held = select(ProviderMerge).where(ProviderMerge.npi == npi, ProviderMerge.undone_at.is_(None))
    return db.session.scalar(held.order_by(ProviderMerge.id.desc()).limit(1))


def why_not_merged(provider: Provider, into: Provider) -> str | None:
    """Why one cannot be merged into the other, as a sentence; None when it can."""
    if provider.npi == into.npi:
        return "These are the same provider. Type the NPI of the other one."
    for each in (provider, into):
        if each.merged_into:
            return f"{each.name} (NPI {each.npi}) is merged into NPI {each.merged_into} already."
    if into.hidden_at:
        return f"{into.name} is hidden. Show it again first, or merge it into this one."
    if provider.entity_type != into.entity_type:
        return "One is a person and the other an organization, so they are not the same provider."
    if provider.is_demonstration != into.is_demonstration:
        return "One is invented and the other real, so they are not the same provider."
    return None


def _refuse_unfit(provider: Provider, into: Provider) -> None:
    refusal = why_not_merged(provider, into)
    if refusal:
        raise InvalidTransitionError(refusal)


def _locked(npi: str) -> Provider:
    return lock_row(db.session.get_one(Provider, npi))


def _public_files() -> set[str]:
    """The sources whose facts become those of `MERGED`."""
    known_source(MERGED)
    return set(db.session.scalars(select(Source.key).where(Source.kind == SourceKind.PUBLIC_FILE)))


def _move(owned: OwnedTable, plan: MergePlan, files: Collection[str]) -> Iterator[dict[str, Any]]:
    """Move the rows of one table; yields what says how they were."""
    table, name = owned.table, owned.table.name
    keeps_source = any("source_key" in {column.name for column in columns} for columns in owned.unique_keys())
    for row in plan.moves.get(name, ()):
        after: dict[str, Any] = {owned.owner.name: plan.into_npi}
        if not keeps_source and row.get("source_key") in files:
            after["source_key"] = MERGED
        if row.get("is_primary") and name in plan.has_primary:
            after["is_primary"] = False
        db.session.execute(update(table).where(_is_row(table, owned.key_of(row))).values(after))
        yield {
            "table": name,
            "key": list(owned.key_of({**row, **after})),
            "before": {column: row[column] for column in after},
            "after": after,
        }


def _lead_on(plan: MergePlan) -> list[dict[str, Any]]:
    """Let those that were merged into the provider before lead to the new one at once."""
    column = PROVIDER.c.merged_into
    npis = db.session.scalars(select(PROVIDER.c.npi).where(column == plan.npi).order_by(PROVIDER.c.npi)).all()
    db.session.execute(update(PROVIDER).where(column == plan.npi).values(merged_into=plan.into_npi))
    before, after = {"merged_into": plan.npi}, {"merged_into": plan.into_npi}
    return [{"table": PROVIDER.name, "key": [npi], "before": before, "after": after} for npi in npis]


def _move_back(tables: Mapping[str, OwnedTable], merge: ProviderMerge, entry: Mapping[str, Any]) -> bool:
    """Move one row back; False when it is gone or moved on since.

    A row that an import made meanwhile in its place makes room for it: the next file brings it up to date.
    """
    name, before, after = entry["table"], entry["before"], entry["after"]
    owned = tables.get(name)
    table: Table = owned.table if owned else PROVIDER
    stored = db.session.execute(select(table).where(_is_row(table, entry["key"]))).one_or_none()
    owner = owned.owner.name if owned else "merged_into"
    if stored is None or stored._mapping[owner] != after[owner]:
        return False
    row = cast(Row, stored._mapping)
    if owned:
        _make_room(owned, row, merge.npi)
    values = {column: value for column, value in before.items() if row[column] == after[column]}
    db.session.execute(update(table).where(_is_row(table, entry["key"])).values(values))
    return True


def _make_room(owned: OwnedTable, row: Row, npi: str) -> None:
    values = {**row, owned.owner.name: npi}
    for columns in owned.unique_keys():
        if all(values[column.name] is not None for column in columns):
            same = (column == values[column.name] for column in columns)
            db.session.execute(delete(owned.table).where(*same))


def _is_row(table: Table, key: Collection[Any]) -> Any:
    return and_(*(column == value for column, value in zip(table.primary_key.columns, key, strict=True)))


def _renew(*npis: str) -> None:
    """Let the session, the search and all that is computed see what was moved."""
    db.session.flush()
    db.session.expire_all()
    recompute(npis)
    note_search_change(npis)


def _record_both(
    actor: str, act: str, act_of_other: str, merge: ProviderMerge, counts: dict[str, Any], reason: str
) -> None:
    """Two events, so that the log of either provider has it."""
    record(actor, act, f"provider:{merge.npi}", after={"into": merge.into_npi, **counts}, reason=reason)
    record(actor, act_of_other, f"provider:{merge.into_npi}", after={"from": merge.npi, **counts}, reason=reason)
