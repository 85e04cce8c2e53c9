"""Merging a provider into another one as `merge_plan` says, and the way back.

A fact of a public file that moves is of the source `MERGED` from then on: the next file says nothing of it under the
other number, and would take it away. Undoing gives it its source again.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, and_, delete, select, update

from directory.audit.log import record
from directory.extensions import db
from directory.providers.merge_plan import PROVIDER, MergePlan, OwnedTable, Row, owned_tables, plan_merge
from directory.providers.models import Provider, ProviderMerge
from directory.providers.recomputing import recompute
from directory.providers.revision import note_search_change
from directory.providers.sources import Source, SourceKind, known_source
from directory.web.refusals import InvalidTransitionError
from directory.web.transaction import EditConflictError, lock_row

UNDO_DAYS = 30
MERGED = "merged"


def merge_providers(actor: str, npi: str, into_npi: str, digest: str, reason: str) -> ProviderMerge:
    """Merge as the plan with that `digest` says, and lead from the one's pages to the other's. The caller says who may.

    Raises `EditConflictError` when anything else would move by now, and `InvalidTransitionError`.
    """
    merged, into = (_locked(each) for each in (npi, into_npi))
    refusal = why_not_merged(merged, into)
    if refusal:
        raise InvalidTransitionError(refusal)
    plan = plan_merge(npi, into_npi)
    if plan.digest != digest:
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
    _renew(npi, into_npi)
    counts = {"moved": {name: len(rows) for name, rows in plan.moves.items()}, "stayed": plan.stays}
    _record_both(actor, "merge_provider", "take_over_provider", merge, counts, reason)
    return merge


def follow_merges(npis: Collection[str], models: Collection[Any]) -> set[str]:
    """Move rows of `models` that a file brought since under merged numbers to the providers these went into.

    As in a merge, a row that the other one has already stays, and undoing the merge takes back what moves here.
    Returns the numbers from which something moved.
    """
    held = select(ProviderMerge, Provider.merged_into).join(Provider, Provider.npi == ProviderMerge.npi)
    held = held.where(ProviderMerge.undone_at.is_(None), Provider.merged_into.is_not(None))
    owned = [each for each in owned_tables() if each.model in models]
    files = _public_files()
    followed = set()
    for merge, into_npi in db.session.execute(held.order_by(ProviderMerge.id)).all():
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
