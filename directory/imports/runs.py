"""Import runs: the record of each file that was read, and the one transaction that keeps what came of it."""

import csv
import io
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import current_app
from sqlalchemy import ColumnElement, select, update
from tqdm import tqdm
from tqdm.utils import CallbackIOWrapper

from directory.audit.log import command_actor, record
from directory.extensions import db
from directory.imports.lock import import_lock, is_import_running, lock_file
from directory.imports.models import ImportRun
from directory.imports.reading.files import (
    Answers,
    ImportFileError,
    NoneHereError,
    PublishedFile,
    UnusableFileError,
    open_published,
    printable,
)
from directory.imports.reading.scan import CsvScan
from directory.imports.rejects import keep_rejects
from directory.providers.sources import SourceKind, known_source
from directory.web.filters import count_of
from directory.web.transaction import transaction


@dataclass(frozen=True, slots=True)
class RequestedImport:
    """Who asked for an import, where it is not who runs the command; `note` gets what it does, and the share done."""

    actor: str
    upload_id: int | None = None
    note: Callable[[str, float | None], None] = lambda _what, _share: None


REQUESTED: ContextVar[RequestedImport | None] = ContextVar("requested", default=None)


@dataclass(slots=True)
class Counts:
    """What became of the rows of one file: `read` is the sum of the others."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    rejected: int = 0

    def add(self, outcome: str, rows: int = 1) -> None:
        """Count rows of which that became."""
        setattr(self, outcome, getattr(self, outcome) + rows)

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(slots=True)
class FileRun:
    """One file of one import while it is read."""

    source_key: str
    path: str
    run_id: int
    name: str  # in messages and among the rejects
    write_reject: Callable[[tuple[str, int, str, str]], object]  # into the CSV for all files of the import
    as_of: date | None = None  # the day that the file speaks of
    counts: Counts = field(default_factory=Counts)
    windows_rows: int = 0  # with bytes that are no UTF-8, which were read in Windows' encoding
    unknown: int = 0  # values that could not be read, of rows that are used without them
    handled: int = 0  # rows that are skipped or rejected and are about this directory all the same
    strangers: int = 0  # rows that are rejected for being about a provider who is not here
    seconds: float = 0.0  # that reading took
    rejects_file: str | None = None
    unlisted: int = 0  # rejected rows of all files for which the list had no room
    reopen: Callable[[], Any] = field(init=False)  # the file as it was opened, for the text of rejected rows

    def reject(self, line: int, npi: str, reason: str) -> None:
        """Count the row at `line` (the header is line 1) as rejected and write down why. `npi` as given, or empty."""
        self.counts.rejected += 1
        self.write_reject((self.name, line, npi[:40], reason))

    def reject_stranger(self, line: int, npi: str, reason: str) -> None:
        """Reject a sound row about a provider who is not here."""
        self.strangers += 1
        self.reject(line, npi, reason)

    def note_read(self, scan: CsvScan) -> None:
        """Count the rows that `scan` has read."""
        self.counts.read = scan.read
        self.windows_rows = scan.windows_rows

    def leave_unknown(self, line: int, npi: str, reason: str) -> None:
        """Write down why a value of the row at `line` is not known. The row is used without it."""
        self.unknown += 1
        self.write_reject((self.name, line, npi[:40], f"used, but {reason}: unknown"))

    @contextmanager
    def open(
        self,
        prefix: str,
        endings: tuple[str, ...] = (".csv",),
        *,
        columns: Collection[str] = (),
        web_pages: bool = False,
        answers: Answers | None = None,
    ) -> Iterator[PublishedFile]:
        """The file as `open_published` opens it, with a bar on stderr that counts its bytes; notes its name and day."""
        started = time.perf_counter()
        try:
            self.reopen = partial(
                open_published, self.path, prefix, endings, columns=columns, web_pages=web_pages, answers=answers
            )
            with self.reopen() as published:
                self.name, self.as_of = published.label, published.as_of
                with _bar(f"Reading {published.label}", published.size, unit="B", unit_scale=True) as bar:
                    yield replace(published, stream=CallbackIOWrapper(bar.update, published.stream, "read"))
        finally:
            self.seconds += time.perf_counter() - started


class _NotedBar(tqdm):  # type: ignore[type-arg]  # types-tqdm asks for one that tqdm does not take when it runs
    """A bar that tells whoever asked for the import how far it is, about once a second, instead of drawing itself."""

    monitor_interval = 0  # no second thread, which would note at the same moment

    def __init__(self, note: Callable[[str, float | None], None], **options: Any) -> None:
        self._note = note
        super().__init__(**options, file=io.StringIO(), disable=False, mininterval=1)

    def display(self, *_: Any, **__: Any) -> None:
        self._note(self.desc, self.n / self.total if self.total else None)


def _bar(what: str, total: int, **options: Any) -> "tqdm[Any]":
    """A bar on stderr, silent when that is no terminal; for an upload, how far it is on its page."""
    if requested := REQUESTED.get():
        return _NotedBar(requested.note, desc=what, total=total, **options)
    return tqdm(desc=what[:48], total=total, disable=None, **options)


def writing_bar(total: int, unit: str) -> "tqdm[Any]":
    """A bar that counts what is written."""
    return _bar(f"Writing {unit}", total, unit=unit, unit_scale=True)


@contextmanager
def import_run(source_key: str, paths: Sequence[str]) -> Iterator[list[FileRun]]:
    """One import of `paths`, recorded as one run a file.

    The body reads the files and changes the directory in one transaction, which is committed together with the final
    counts when it ends. When it fails, nothing of it stays but the runs, marked as failed or interrupted. It fails with
    `UnusableFileError` when most rows of a file were rejected, or when none of all is about this directory; then the
    list of rejected rows stays too. Imports on one machine wait for each other.
    """
    if is_import_running():
        click.echo("Another import is running; this one starts when it has ended.", err=True)
    with lock_file(import_lock(), wait=True), _run_alone(source_key, paths) as files:
        yield files


@contextmanager
def _run_alone(source_key: str, paths: Sequence[str]) -> Iterator[list[FileRun]]:
    rejects_folder = Path(current_app.config["IMPORT_REJECTS_DIR"])
    requested = REQUESTED.get()
    actor = requested.actor if requested else command_actor()
    with transaction():
        stopped = "The import stopped before its end; nothing was changed."
        _close(ImportRun.status == "running", "interrupted", error=stopped)
        kind = known_source(source_key).kind
        started_at = datetime.now(UTC)
        runs = [
            ImportRun(
                source_key=source_key,
                file_name=(printable(Path(path).name) if requested else printable(path))[-300:],
                started_at=started_at,
                actor=actor,
                upload_id=requested.upload_id if requested else None,
            )
            for path in paths
        ]
        db.session.add_all(runs)
        db.session.flush()
        ids = [run.id for run in runs]
    kept_rejects: Path | None = None
    try:
        with transaction(), tempfile.TemporaryDirectory(prefix="import-") as folder:
            rejects_path = Path(folder) / "rejects.csv"
            listed, most_listed = 0, current_app.config["IMPORT_REJECTS_KEPT"]
            with rejects_path.open("w", newline="", encoding="utf-8") as rejects_file:
                write_row = csv.writer(rejects_file).writerow  # as rejections come: they take no memory

                def write_reject(row: tuple[str, int, str, str]) -> None:
                    nonlocal listed
                    listed += 1
                    if listed <= most_listed:
                        write_row(row)

                files = [
                    FileRun(source_key, path, run_id, printable(Path(path).name), write_reject)
                    for path, run_id in zip(paths, ids, strict=True)
                ]
                yield files
            if any(file.counts.rejected or file.unknown for file in files):
                name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{source_key}-{ids[0]}.csv"
                kept_rejects = rejects_folder / name
                shown = files if kind == SourceKind.PUBLIC_FILE else ()
                keep_rejects(rejects_path, kept_rejects, {file.name: file.reopen for file in shown})
            _refuse_unusable(files, kept_rejects)
            record(
                actor,
                "import_file",
                f"source:{source_key}",
                after={"files": [{"run": file.run_id, "file": file.name, **asdict(file.counts)} for file in files]},
            )
            for file in files:
                file.rejects_file = str(kept_rejects) if file.counts.rejected or file.unknown else None
                file.unlisted = max(0, listed - most_listed)
                _finish(file)
    except BaseException as error:
        if kept_rejects and not isinstance(error, UnusableFileError):
            kept_rejects.unlink(missing_ok=True)
        with transaction():
            _fail(ids, error, kept_rejects if isinstance(error, UnusableFileError) else None)
        raise


def recent_runs(limit: int) -> list[ImportRun]:
    """The newest runs first."""
    return list(db.session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(limit)))


def _refuse_unusable(files: Sequence[FileRun], rejects: Path | None) -> None:
    which = f" Which rows were rejected and why: {rejects}" if rejects else ""
    for file in files:
        wrong, rows = file.counts.rejected - file.strangers, file.counts.read - file.strangers
        if 2 * wrong > rows:
            raise UnusableFileError(
                f"Most of {file.name} could not be used: {wrong:,} of its {count_of(rows, 'row')} "
                f"{'was' if wrong == 1 else 'were'} rejected. Nothing was changed.{which}"
            )
    total = sum((file.counts for file in files), Counts())
    used = total.added + total.changed + total.unchanged + sum(file.handled for file in files)
    if total.read and not used:
        names = ", ".join(file.name for file in files)
        raise NoneHereError(
            f"None of the {count_of(total.read, 'row')} of {names} is about this directory: is it the right file, and "
            f"of the right place? Nothing was changed.{which}"
        )


def _finish(file: FileRun) -> None:
    counts = asdict(file.counts)
    if counts["read"] != sum(counts.values()) - counts["read"]:
        raise AssertionError(f"the counts of {file.name} do not add up: {counts}")
    _close(
        ImportRun.id == file.run_id,
        "done",
        as_of=file.as_of,
        rejects_file=file.rejects_file,
        unlisted=file.unlisted,
        **counts,
    )


def _fail(ids: Sequence[int], error: BaseException, rejects: Path | None) -> None:
    if isinstance(error, (KeyboardInterrupt, SystemExit)):
        _close(ImportRun.id.in_(ids), "interrupted", error="The import was stopped; nothing was changed.")
        return
    reason = str(error) if isinstance(error, ImportFileError) else f"{type(error).__name__}: {error}"
    kept = {"rejects_file": str(rejects)} if rejects else {}
    _close(ImportRun.id.in_(ids), "failed", error=reason[:2000], **kept)


def _close(which: ColumnElement[bool], status: str, **values: Any) -> None:
    db.session.execute(update(ImportRun).where(which).values(status=status, ended_at=datetime.now(UTC), **values))
