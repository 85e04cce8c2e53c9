"""The search revision: a number that moves with each change to what is ranked, and the providers it touched.

Every worker ranks from a snapshot in memory. `search_revision` is the one row that says how new the database is;
`search_change` names the providers of each step, so that a worker can mend its snapshot instead of reading all again.
The row is updated in the transaction of the change itself, and its lock makes revisions follow the order of commits.
"""

from collections.abc import Iterable
from typing import Any

from flask_sqlalchemy.session import Session
from sqlalchemy import String, delete, event, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm import Session as PlainSession

from directory.extensions import Model, db

KEPT_REVISIONS = 10_000
FORGOTTEN_AT_ONCE = 100
MAX_NAMED = 5_000
EVERYTHING = ""
"""Stands for all providers in `search_change.npi`: read the whole snapshot again."""
RANKED = "ranked_npis"  # keys of what a session notes until it commits
SHARED = "shared_change"


class SearchRevision(Model):
    __tablename__ = "search_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int]


class SearchChange(Model):
    __tablename__ = "search_change"

    revision: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(String(10), primary_key=True)


def note_search_change(npis: Iterable[str] | None) -> None:
    """Say that the current transaction changes what is ranked for `npis`; `None` means for all providers.

    Changes made through the session's objects are noted by themselves; bulk statements call this. The revision moves
    with the commit, as the transaction's last lock, so that writers who also hold other locks never wait in a circle.
    """
    noted = _noted(db.session())
    if EVERYTHING not in noted:
        noted.update([EVERYTHING] if npis is None else npis)
    if len(noted) > MAX_NAMED:
        noted.clear()  # a large import names a great many
        noted.add(EVERYTHING)


def is_ranked(row: Any) -> bool:
    """Whether the search ranks by the table of a model, or of one of its rows."""
    return getattr(row, "ranked", False)


def note_shared_change() -> None:
    """Say that the current transaction changes a value which all providers share, such as the mean rating.

    No provider is named: workers read the shared values whenever the revision moves.
    """
    db.session().info[SHARED] = True


def _noted(session: PlainSession) -> set[str]:
    noted: set[str] = session.info.setdefault(RANKED, set())
    return noted


def _next_revision(session: PlainSession) -> int:
    revision = session.scalar(
        update(SearchRevision).values(revision=SearchRevision.revision + 1).returning(SearchRevision.revision)
    )
    if revision is None:
        revision = 1
        session.execute(insert(SearchRevision).values(id=1, revision=revision))
    return revision


def current_revision(session: PlainSession | None = None) -> int:
    """The database's search revision; 0 before the first change."""
    return (session or db.session()).scalar(select(SearchRevision.revision)) or 0


def changed_since(revision: int, session: PlainSession | None = None) -> set[str] | None:
    """NPIs that changed after `revision`; `None` when all have to be read again."""
    session = session or db.session()
    oldest_kept = current_revision(session) - KEPT_REVISIONS
    if revision < oldest_kept:
        return None
    npis = set(session.scalars(select(SearchChange.npi).where(SearchChange.revision > revision)))
    return None if EVERYTHING in npis else npis


@event.listens_for(Session, "after_flush")
def _collect_changes(session: PlainSession, _context: Any) -> None:
    changed = [row for row in session.dirty if session.is_modified(row)]
    _noted(session).update(row.npi for row in (*session.new, *changed, *session.deleted) if is_ranked(row))


@event.listens_for(Session, "before_commit")
def _move_revision(session: PlainSession) -> None:
    session.flush()
    npis, shared = session.info.pop(RANKED, set()), session.info.pop(SHARED, False)
    if not npis and not shared:
        return
    revision = _next_revision(session)
    if EVERYTHING in npis or len(npis) > MAX_NAMED:
        npis = {EVERYTHING}
    if npis:
        session.execute(insert(SearchChange), [{"revision": revision, "npi": npi} for npi in sorted(npis)])
    if revision % FORGOTTEN_AT_ONCE == 0:
        session.execute(delete(SearchChange).where(SearchChange.revision <= revision - KEPT_REVISIONS))


@event.listens_for(Session, "after_rollback")
def _forget_changes(session: PlainSession) -> None:
    session.info.pop(RANKED, None)
    session.info.pop(SHARED, None)
