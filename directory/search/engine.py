"""The snapshot that this worker ranks from, kept no older than `SEARCH_REFRESH_SECONDS`."""

import threading
import time
from collections.abc import Callable

from flask import Flask, current_app
from sqlalchemy.orm import Session

from directory.extensions import db
from directory.providers.revision import changed_since, current_revision
from directory.search.reading import read_patch, read_snapshot
from directory.search.snapshot import Snapshot

MAX_PATCHED = 10_000
"""Providers up to which a snapshot is patched; for more it is quicker to read all, and statements have their limits."""


class SearchEngine:
    """One snapshot of one database, shared by all threads of the worker.

    The first request after `refresh_seconds` checks the database's revision, and patches or rebuilds the snapshot;
    meanwhile other threads go on with the old one. Snapshots never change, so a search keeps the one it began with.

    It reads through a session of its own: the caller's may hold changes that are not committed, and may never be.
    """

    def __init__(self, refresh_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._refresh_seconds = refresh_seconds
        self._clock = clock
        self._refreshing = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._looked_at = 0.0

    def snapshot(self) -> Snapshot:
        """The snapshot to rank from. Needs an app context."""
        snapshot = self._snapshot
        if snapshot is None:
            with self._refreshing:  # the first must be waited for
                return self._refresh() if self._snapshot is None else self._snapshot
        if self._clock() - self._looked_at >= self._refresh_seconds and self._refreshing.acquire(blocking=False):
            try:
                return self._refresh()
            finally:
                self._refreshing.release()
        return snapshot

    def _refresh(self) -> Snapshot:
        looked_at = self._clock()
        with Session(db.engine) as session:
            self._snapshot = refresh_snapshot(session, self._snapshot)
        self._looked_at = looked_at
        return self._snapshot


def refresh_snapshot(session: Session, snapshot: Snapshot | None) -> Snapshot:
    """`snapshot` brought up to the database's revision; the same one when nothing changed. Without one all is read."""
    revision = current_revision(session)
    if snapshot is None or revision < snapshot.revision:  # it only falls when the database was replaced
        return read_snapshot(session)
    if revision == snapshot.revision:
        return snapshot
    npis = changed_since(snapshot.revision, session)
    if npis is None or len(npis) > MAX_PATCHED:
        return read_snapshot(session)
    return read_patch(session, snapshot, revision, npis)


def start_engine(app: Flask) -> None:
    """Give `app` its engine, which reads nothing before the first search."""
    app.extensions["search_engine"] = SearchEngine(app.config["SEARCH_REFRESH_SECONDS"])


def current_snapshot() -> Snapshot:
    """The snapshot of the current app's database."""
    engine: SearchEngine = current_app.extensions["search_engine"]
    return engine.snapshot()
