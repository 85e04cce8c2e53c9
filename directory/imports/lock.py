"""One at a time on one machine, by the lock of a file: the system frees it when its process ends, however it ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app

from directory.imports.models import ImportRun


@contextmanager
def lock_file(path: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the lock while the context is open; gives False when another holds it and `wait` is not asked for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def is_locked(path: Path) -> bool:
    """Whether a living process holds the lock."""
    with lock_file(path, wait=False) as is_mine:
        return not is_mine


def import_lock() -> Path:
    """Which lock the import that runs on this machine holds."""
    return Path(current_app.config["IMPORT_REJECTS_DIR"], ".lock")


def is_import_running() -> bool:
    """Whether a process on this machine imports now."""
    return is_locked(import_lock())


def state_of_run(run: ImportRun) -> str:
    """The run's status; one that says it is running and has no living process was interrupted."""
    return "interrupted" if run.status == "running" and not is_import_running() else run.status
