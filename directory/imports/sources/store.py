"""What was fetched: kept in `SOURCES_DIR` as it came, and noted in a table with its address, time and SHA-256."""

import hashlib
import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from werkzeug.utils import secure_filename

from directory.extensions import db
from directory.imports.models import FetchedFile, ImportRun
from directory.imports.sources.catalog import FetchError
from directory.web.days import PACIFIC, local_day


@dataclass(frozen=True, slots=True)
class Fetched:
    """One file that is here now, and whether it is new: `changed` is false when the server has nothing newer."""

    file: FetchedFile
    changed: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something came from: the address, and what the server says of its version."""

    address: str
    etag: str | None = None
    last_modified: str | None = None
    published_on: date | None = None


def sources_folder() -> Path:
    """The folder that `SOURCES_DIR` names."""
    return Path(current_app.config["SOURCES_DIR"])


def newest_kept(source_key: str, part: str, folder: Path) -> FetchedFile | None:
    """The newest file of a part of a source that lies in the folder, whole."""
    return next((file for file in _kept(source_key, part, folder) if _is_whole(file)), None)


def fetched_files(source_keys: Collection[str], part: str | None = None) -> list[FetchedFile]:
    """All that was fetched of the sources, or of every one when none is given: the newest first. `part` narrows it."""
    files = select(FetchedFile).order_by(FetchedFile.id.desc())
    if source_keys:
        files = files.where(FetchedFile.source_key.in_(source_keys))
    if part is not None:
        files = files.where(FetchedFile.part == part)
    return list(db.session.scalars(files))


def note_unchanged(source_key: str, part: str, folder: Path) -> Fetched:
    """Note that the server has nothing newer than the file that is kept. Call it in a transaction."""
    file = newest_kept(source_key, part, folder)
    if file is None:
        raise FetchError(f"A file of {source_key} was removed while it was asked about: fetch it again.")
    file.checked_at = datetime.now(UTC)
    return Fetched(file, changed=False)


def keep_file(incoming: Path, source_key: str, part: str, origin: Origin, folder: Path) -> Fetched:
    """Move a checked file into the folder, note it, and remove old ones of the same part. Call it in a transaction.

    What is the same, byte for byte, as the newest one is not kept twice.
    """
    now = datetime.now(UTC)
    sha256, size = _sha256_of(incoming), incoming.stat().st_size
    before = newest_kept(source_key, part, folder)
    if before and before.sha256 == sha256:
        incoming.unlink()
        before.address, before.etag, before.last_modified = origin.address, *_version(origin)
        before.checked_at = now
        return Fetched(before, changed=False)
    path = _free_path(folder, origin.published_on or local_day(now), incoming.name, sha256)
    os.replace(incoming, path)
    if origin.published_on:  # an import takes it for the file's day where the name has none
        noon = datetime.combine(origin.published_on, time(12), PACIFIC).timestamp()
        os.utime(path, (noon, noon))
    etag, last_modified = _version(origin)
    file = FetchedFile(
        source_key=source_key,
        part=part,
        path=str(path),
        address=origin.address,
        etag=etag,
        last_modified=last_modified,
        bytes=size,
        sha256=sha256,
        fetched_at=now,
        checked_at=now,
        published_on=origin.published_on,
    )
    db.session.add(file)
    db.session.flush()
    _remove_old(source_key, part, folder)
    return Fetched(file, changed=True)


def _version(origin: Origin) -> tuple[str | None, str | None]:
    """ETag and date as far as the table has room; without them the whole file is fetched again."""
    etag, modified = origin.etag, origin.last_modified
    return etag if etag and len(etag) <= 200 else None, modified if modified and len(modified) <= 60 else None


def safe_name(name: str) -> str:
    """A server's name for a file, safe on a disk: its words and days tell imports what it is."""
    return secure_filename(name)[-150:] or "file"


def _free_path(folder: Path, day: date, name: str, sha256: str) -> Path:
    """Where the file of that day goes: a second one of the day and name gets a number."""
    path, number = folder / f"{day:%Y%m%d}-{name}", 1
    while path.exists() and _sha256_of(path) != sha256:  # the same: it was moved there, and then the machine stopped
        number += 1
        path = folder / f"{day:%Y%m%d}-{number}-{name}"
    return path


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remove_old(source_key: str, part: str, folder: Path) -> None:
    """Remove all but the newest `SOURCES_KEPT` files of a part, never the newest one that was imported."""
    kept = _kept(source_key, part, folder)
    imported = next((file for file in kept if _was_imported(file)), None)
    needed = {file.path for file in kept[: current_app.config["SOURCES_KEPT"]]} | {imported and imported.path}
    for file in kept:
        if file.path and file.path not in needed:
            Path(file.path).unlink(missing_ok=True)
            file.path = None


def _kept(source_key: str, part: str, folder: Path) -> list[FetchedFile]:
    """The files of a part that were kept in the folder, the newest first."""
    files = select(FetchedFile).where(
        FetchedFile.source_key == source_key, FetchedFile.part == part, FetchedFile.path.is_not(None)
    )
    found = db.session.scalars(files.order_by(FetchedFile.id.desc()))
    return [file for file in found if file.path and Path(file.path).parent == folder]


def _is_whole(file: FetchedFile) -> bool:
    path = Path(file.path or "")
    return path.is_file() and path.stat().st_size == file.bytes


def _was_imported(file: FetchedFile) -> bool:
    """Whether an import of it was done, by the end of the path that the command was given."""
    end = "/".join(Path(file.path or "").parts[-2:])
    done = select(ImportRun.id).where(ImportRun.status == "done", ImportRun.file_name.endswith(end, autoescape=True))
    return db.session.scalar(done.limit(1)) is not None
