"""How the directory writes: the view (or command) opens the transaction, and what it calls never commits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import inspect, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from directory.extensions import Model, db

Row = TypeVar("Row", bound=Model)
Result = TypeVar("Result")
ATTEMPTS = 5
_AFTER_COMMIT = "after_commit"  # where the session keeps what `after_commit` was given


class EditConflictError(Exception):
    """Another person changed the same row first: nothing was written."""


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the body writes, or nothing of it. Raises `EditConflictError` when another writer was first."""
    try:
        yield
        db.session.commit()
        for act in db.session.info.pop(_AFTER_COMMIT, ()):
            act()
    except StaleDataError as error:
        raise EditConflictError from error
    finally:
        db.session.rollback()  # after a commit there is nothing to take back
        db.session.info.pop(_AFTER_COMMIT, None)


def after_commit(act: Callable[[], object]) -> None:
    """Let `transaction` call `act` once it has committed; one that is rolled back does not."""
    db.session.info.setdefault(_AFTER_COMMIT, []).append(act)


def with_retries(act: Callable[[], Result]) -> Result:
    """`act` in a transaction, begun anew when another one wrote the same rows, or the same key, at the same moment."""
    for _ in range(ATTEMPTS - 1):
        try:
            with transaction():
                return act()
        except (IntegrityError, EditConflictError):
            continue
    with transaction():
        return act()


def lock_row(row: Row) -> Row:
    """Keep other writers from `row` until the transaction ends, and read it anew.

    An update that changes nothing takes the lock, since SQLite has no SELECT FOR UPDATE. Raises SQLAlchemy's
    `InvalidRequestError` when the row is gone.
    """
    mapper = inspect(type(row))
    keys = [column == getattr(row, mapper.get_property_by_column(column).key) for column in mapper.primary_key]
    first = mapper.primary_key[0]
    touch = update(type(row)).where(*keys).values({first: first})
    db.session.execute(touch, execution_options={"synchronize_session": False})
    db.session.refresh(row)
    return row


def take_version(row: Any, version: int | None = None) -> None:
    """Take the version that `row`, which has a status, is of: of two acts from one version the later one fails.

    Raises `EditConflictError` when the row changed since `version`.
    """
    if version is not None and row.version != version:
        raise EditConflictError
    flag_modified(row, "status")
    db.session.flush()
