"""The rows of one file of the OIG's list against the entries that are held, by statements about all of them at once.

The rows lie in a temporary table of the database itself, so neither the file nor the list is ever in memory.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any, cast

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    MetaData,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.schema import CreateIndex, CreateTable, DropTable

from directory.credentials.exclusions.models import LeieEntry
from directory.extensions import db
from directory.imports.reading.fields import Values
from directory.imports.runs import Counts, FileRun

ROWS_AT_ONCE = 2_000
_ENTRY = cast(Table, LeieEntry.__table__)
_NAMES = [column.name for column in _ENTRY.columns]
_COMPARED = [name for name in _NAMES if name not in {"key", "as_of"}]
STAGED = Table(
    "leie_staged",
    MetaData(),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("usable", Boolean, nullable=False),
    *(Column(column.name, column.type) for column in _ENTRY.columns),
    prefixes=["TEMPORARY"],
)
_INDEX = Index("ix_leie_staged_key", STAGED.c.key)
_USABLE = STAGED.c.usable


class StagedEntries:
    """Takes rows and writes them in chunks. Call `write` before asking anything."""

    def __init__(self) -> None:
        self._waiting: list[Values] = []

    def add(self, line: int, values: Values) -> None:
        """A row to be taken."""
        self._add({**values, "line": line, "usable": True})

    def add_unusable(self, line: int, npi: str | None, name_key: str) -> None:
        """A row that cannot be read, so that entries which it may be are not thought gone."""
        self._add({**dict.fromkeys(_NAMES), "npi": npi, "name_key": name_key, "line": line, "usable": False})

    def _add(self, row: Values) -> None:
        self._waiting.append(row)
        if len(self._waiting) == ROWS_AT_ONCE:
            self.write()

    def write(self) -> None:
        if self._waiting:
            db.session.execute(insert(STAGED), self._waiting)
        self._waiting = []


@contextmanager
def open_table() -> Iterator[StagedEntries]:
    """The temporary table, empty. What an import that failed may have left of it goes first."""
    connection = db.session.connection()
    connection.execute(DropTable(STAGED, if_exists=True))
    connection.execute(CreateTable(STAGED))
    connection.execute(CreateIndex(_INDEX))
    yield StagedEntries()
    db.session.connection().execute(DropTable(STAGED))


def take_repeated(file: FileRun) -> None:
    """Of rows about one entry the last is taken; those that said something else are rejected."""
    repeated = select(STAGED.c.key).where(_USABLE).group_by(STAGED.c.key).having(func.count() > 1)
    rows = db.session.execute(
        select(STAGED).where(_USABLE, STAGED.c.key.in_(repeated)).order_by(STAGED.c.key, STAGED.c.line)
    )
    dropped: list[int] = []
    for _, group in groupby(rows, key=lambda row: row.key):
        *earlier, taken = group
        for row in earlier:
            dropped.append(row.line)
            if all(getattr(row, name) == getattr(taken, name) for name in _COMPARED):
                file.counts.unchanged += 1
            else:
                file.reject(row.line, row.npi or "", f"line {taken.line} says something else of the same entry")
    if dropped:
        db.session.execute(
            delete(STAGED).where(STAGED.c.line == bindparam("dropped")), [{"dropped": line} for line in dropped]
        )


def count_rows() -> int:
    """How many entries the file names."""
    return db.session.scalar(select(func.count()).select_from(STAGED).where(_USABLE)) or 0


def count_held() -> int:
    """How many entries are held."""
    return db.session.scalar(select(func.count()).select_from(_ENTRY)) or 0


def keep_reinstatements() -> None:
    """A supplement that is read again, or late, does not take back what a later one said."""
    held = select(_ENTRY.c.reinstated_on).where(_ENTRY.c.key == STAGED.c.key).scalar_subquery()
    db.session.execute(
        update(STAGED)
        .where(_USABLE, STAGED.c.reinstated_on.is_(None), exists().where(_ENTRY.c.key == STAGED.c.key))
        .values(reinstated_on=held)
    )


def recognize_reinstated() -> None:
    """Give a reinstatement that names its entry in other words the key of that entry, when only one can be meant."""
    unknown = db.session.execute(
        select(STAGED).where(_USABLE, STAGED.c.reinstated_on.is_not(None), ~_is_held(STAGED.c.key))
    ).all()
    for row in unknown:
        meant = [held for held in _of_the_same(row) if _may_be_one(row, held)]
        if len(meant) == 1:
            db.session.execute(update(STAGED).where(STAGED.c.line == row.line).values(key=meant[0].key))


def _of_the_same(row: Any) -> Sequence[Any]:
    same_name = and_(_ENTRY.c.name_key == row.name_key, _ENTRY.c.name_key != "")
    return db.session.execute(
        select(_ENTRY).where(
            or_(same_name, _ENTRY.c.npi == row.npi) if row.npi else same_name,
            _ENTRY.c.excluded_on == row.excluded_on,
            ~exists().where(STAGED.c.key == _ENTRY.c.key),
        )
    ).all()


def _may_be_one(row: Any, held: Any) -> bool:
    """Whether something beside the name or the NPI agrees, and nothing that both give differs."""
    pairs = [(row.npi, held.npi), (row.born_on, held.born_on)]
    told = [one == other for one, other in pairs if one and other]
    return all(told) if told else bool(row.state) and row.state == held.state


def merge_entries(counts: Counts) -> None:
    """Add what is new and change what differs, counting both; what says the same is left alone."""
    changed = and_(
        _USABLE,
        _ENTRY.c.key == STAGED.c.key,
        or_(*(_ENTRY.c[name].is_distinct_from(STAGED.c[name]) for name in _COMPARED)),
    )
    total = count_rows()
    counts.changed = db.session.scalar(select(func.count()).select_from(STAGED, _ENTRY).where(changed)) or 0
    added = and_(_USABLE, ~_is_held(STAGED.c.key))
    counts.added = db.session.scalar(select(func.count()).select_from(STAGED).where(added)) or 0
    counts.unchanged += total - counts.added - counts.changed
    db.session.execute(
        update(_ENTRY)
        .where(changed)
        .values({name: STAGED.c[name] for name in _NAMES if name != "key"})
        .execution_options(synchronize_session=False)
    )
    db.session.execute(insert(_ENTRY).from_select(_NAMES, select(*(STAGED.c[name] for name in _NAMES)).where(added)))


def remove_gone() -> int:
    """Remove the entries that a full list no longer has; returns how many.

    One that a row may have meant which could not be read stays.
    """
    unreadable_names = select(STAGED.c.name_key).where(~_USABLE, STAGED.c.name_key != "")
    unreadable_npis = select(STAGED.c.npi).where(~_USABLE, STAGED.c.npi.is_not(None))
    gone = delete(_ENTRY).where(
        ~exists().where(_USABLE, STAGED.c.key == _ENTRY.c.key),
        _ENTRY.c.name_key.not_in(unreadable_names),
        or_(_ENTRY.c.npi.is_(None), _ENTRY.c.npi.not_in(unreadable_npis)),
    )
    return cast(int, cast(Any, db.session.execute(gone.execution_options(synchronize_session=False))).rowcount)


def _is_held(key: ColumnElement[Any]) -> ColumnElement[bool]:
    return exists().where(_ENTRY.c.key == key)
