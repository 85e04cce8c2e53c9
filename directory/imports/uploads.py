"""Files that admins upload to be imported: kept in a folder that the app and the worker share, read one after another.

The state of an upload is in the database, how far its reading is in a file beside it: while an import writes, SQLite
lets no one else write.
"""

import contextlib
import hashlib
import json
import logging
import os
import secrets
import shutil
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from functools import partial
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename

from directory.audit.log import record
from directory.extensions import db
from directory.imports.lock import is_locked, lock_file
from directory.imports.models import ImportUpload, UploadStatus
from directory.web.days import PACIFIC
from directory.web.filters import count_of
from directory.web.refusals import InvalidTransitionError
from directory.web.transaction import lock_row, take_version, transaction
from directory.web.uploads import INCOMING

logger = logging.getLogger(__name__)

MEGABYTE = 1_000_000
LEFT_FREE = 500 * MEGABYTE  # of the disk, for the database
KEPT_FOR = timedelta(days=7)  # files that were not imported
UNFINISHED = (UploadStatus.HELD, UploadStatus.FAILED, UploadStatus.BROKEN_OFF)
WORKER_LOOKS_EVERY = timedelta(minutes=1)


def uploads_folder() -> Path:
    folder = Path(current_app.config["IMPORT_UPLOADS_DIR"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def largest_upload() -> int:
    """How many bytes may be uploaded now: what the setting allows, and the disk has room for."""
    allowed = int(current_app.config["IMPORT_UPLOAD_MAX_MB"] * MEGABYTE)
    return max(0, min(allowed, shutil.disk_usage(uploads_folder()).free - LEFT_FREE))


def upload_files(
    actor: str, source: str, options: dict[str, Any], sent: Sequence[FileStorage], day: date | None
) -> ImportUpload:
    """Keep the files to be imported, by the names of their fields; `day` is when they were published, if it was asked.

    An upload waits for the worker, or for a person's word when the same files were imported before.
    """
    folder = secrets.token_hex(16)
    files = [_keep(file, uploads_folder() / folder / str(number), day) for number, file in enumerate(sent)]
    upload = ImportUpload(
        source=source,
        options=options,
        files=files,
        folder=folder,
        actor=actor,
        sent_at=datetime.now(UTC),
        status=UploadStatus.WAITING,
    )
    if same_upload(upload) is not None:
        upload.status = UploadStatus.HELD
    db.session.add(upload)
    db.session.flush()
    after = {"source": source, "files": [{name: file[name] for name in ("name", "bytes")} for file in files]}
    record(actor, "upload_import", _subject(upload), after=after)
    return upload


def same_upload(upload: ImportUpload) -> ImportUpload | None:
    """The newest other upload of the same files to the same source that was imported, or is to be."""
    counted = (UploadStatus.WAITING, UploadStatus.READING, UploadStatus.DONE)
    others = select(ImportUpload).where(ImportUpload.source == upload.source, ImportUpload.status.in_(counted))
    if upload.id is not None:
        others = others.where(ImportUpload.id < upload.id)
    hashes = _hashes(upload)
    with db.session.no_autoflush:
        newest_first = db.session.scalars(others.order_by(ImportUpload.id.desc()))
        return next((other for other in newest_first if _hashes(other) == hashes), None)


def run_again(actor: str, upload: ImportUpload, options: dict[str, Any], version: int) -> None:
    """Let an upload that is held, failed or was broken off be read, with these options."""
    lock_row(upload)
    if state_of(upload) not in UNFINISHED:
        raise InvalidTransitionError("It is already waiting, or was imported in the meantime.")
    if upload.folder is None:
        raise InvalidTransitionError(f"Its files were deleted after {KEPT_FOR.days} days. Upload them again.")
    take_version(upload, version)
    upload.status, upload.options, upload.sentences = UploadStatus.WAITING, options, ""
    upload.started_at = upload.ended_at = None
    record(actor, "run_import_again", _subject(upload))


def discard(actor: str, upload: ImportUpload, version: int) -> None:
    """Delete the files of an upload that is not being read, and what was to be done with them."""
    lock_row(upload)
    if state_of(upload) not in {*UNFINISHED, UploadStatus.WAITING}:
        raise InvalidTransitionError("It is being imported, or was already imported.")
    take_version(upload, version)
    upload.status, upload.ended_at = UploadStatus.DISCARDED, datetime.now(UTC)
    _delete_files(upload)
    record(actor, "discard_upload", _subject(upload))


def state_of(upload: ImportUpload) -> UploadStatus:
    """How the upload stands: one that is being read by no living worker was broken off."""
    if upload.status == UploadStatus.READING and not is_locked(_lock()):
        return UploadStatus.BROKEN_OFF
    return UploadStatus(upload.status)


def open_uploads() -> list[ImportUpload]:
    """Uploads that are not imported yet, in the order in which they will be."""
    not_over = select(ImportUpload).where(ImportUpload.status.not_in([UploadStatus.DONE, UploadStatus.DISCARDED]))
    return list(db.session.scalars(not_over.order_by(ImportUpload.id)))


def read_waiting_uploads() -> str:
    """Import what waits, one upload after another; what the worker's job says of it."""
    _worker_file().touch()
    read = 0
    with lock_file(_lock(), wait=False) as is_mine:
        if not is_mine:
            return "An upload is being imported."
        with transaction():
            for upload in db.session.scalars(select(ImportUpload).where(ImportUpload.status == UploadStatus.READING)):
                upload.status, upload.ended_at = UploadStatus.BROKEN_OFF, datetime.now(UTC)
        while upload_id := _next_waiting():
            _read(upload_id)
            read += 1
    return f"{count_of(read, 'upload')} read."


def worker_is_running() -> bool:
    """Whether a worker that shares the folder has looked for uploads lately."""
    try:
        seen_at = _worker_file().stat().st_mtime
    except FileNotFoundError:
        return False
    return time.time() - seen_at < 3 * WORKER_LOOKS_EVERY.total_seconds()


def progress_of(upload: ImportUpload) -> dict[str, Any] | None:
    """What the worker does with it (`sentence`), and of that the `share` of 1 that is done; None before it says so."""
    with contextlib.suppress(FileNotFoundError):
        noted: dict[str, Any] = json.loads(_progress_file(upload.id).read_text(encoding="utf-8"))
        return noted
    return None


def sweep_uploads() -> int:
    """Delete files that were not imported within `KEPT_FOR`, and those whose sending broke off; returns how many."""
    before = datetime.now(UTC) - KEPT_FOR
    old = select(ImportUpload).where(
        ImportUpload.folder.is_not(None), ImportUpload.status.in_(UNFINISHED), ImportUpload.sent_at < before
    )
    deleted = 0
    for upload in db.session.scalars(old).all():
        deleted += len(upload.files)
        _delete_files(upload)
    for path in uploads_folder().glob(f"{INCOMING}*"):
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            deleted += 1
    return deleted


def paths_of(upload: ImportUpload) -> dict[str, list[str]]:
    """Where the files lie, by the field that they were sent in."""
    paths: dict[str, list[str]] = {}
    for number, file in enumerate(upload.files):
        path = uploads_folder() / (upload.folder or "") / str(number) / file["name"]
        paths.setdefault(file["field"], []).append(str(path))
    return paths


def kept_name(sent: FileStorage) -> str:
    """The file's own name, safe on a disk: its words and days tell imports what it is."""
    return secure_filename(sent.filename or "")[-200:] or "upload"


def _keep(sent: FileStorage, folder: Path, day: date | None) -> dict[str, Any]:
    """Keep one file below `folder` under its own name; what the database holds of it."""
    folder.mkdir(mode=0o700, parents=True)
    path = folder / kept_name(sent)
    incoming = getattr(sent.stream, "name", None)
    if isinstance(incoming, str) and Path(incoming).parent == uploads_folder():
        sent.stream.flush()
        os.link(incoming, path)  # it is there already: only its name changes
    else:
        sent.save(path)
    path.chmod(0o600)
    with path.open("rb") as file:
        os.fsync(file.fileno())
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if day is not None:
        noon = datetime.combine(day, clock(12), PACIFIC).timestamp()
        os.utime(path, (noon, noon))
    return {"field": sent.name, "name": path.name, "bytes": path.stat().st_size, "sha256": sha256}


def _next_waiting() -> int | None:
    waiting = select(ImportUpload.id).where(ImportUpload.status == UploadStatus.WAITING)
    upload_id = db.session.scalar(waiting.order_by(ImportUpload.id).limit(1))
    db.session.rollback()
    return upload_id


def _read(upload_id: int) -> None:
    """Import one upload. Whatever ends the import, what the directory held before stands."""
    from directory.imports.cli import IMPORTS  # heavy, and only the worker reads files
    from directory.imports.reading.files import ImportFileError
    from directory.imports.report import sentences_of
    from directory.imports.runs import REQUESTED, RequestedImport
    from directory.imports.upload_forms import SOURCES, in_words_of_the_page

    upload = db.session.get_one(ImportUpload, upload_id)
    with transaction():
        upload.status, upload.started_at = UploadStatus.READING, datetime.now(UTC)
    source, actor = upload.source, upload.actor
    arguments = SOURCES[source].arguments(upload.options, paths_of(upload))
    db.session.rollback()
    asked = REQUESTED.set(RequestedImport(actor, upload_id, partial(_note_progress, upload_id)))
    try:
        sentences = sentences_of(IMPORTS[source](**arguments))
        status = UploadStatus.DONE
    except ImportFileError as error:
        status, sentences = UploadStatus.FAILED, [str(error)]
    except Exception as error:
        logger.exception("upload %d", upload_id)
        said = (
            f"The import stopped because of an error on our side and changed nothing. {type(error).__name__}: {error}"
        )
        status, sentences = UploadStatus.FAILED, [said[:2000]]
    finally:
        REQUESTED.reset(asked)
        db.session.rollback()
    with transaction():
        upload = db.session.get_one(ImportUpload, upload_id, populate_existing=True)
        upload.status, upload.ended_at = status, datetime.now(UTC)
        upload.sentences = "\n".join(map(in_words_of_the_page, sentences))
        if status is UploadStatus.DONE:
            _delete_files(upload)
    _progress_file(upload_id).unlink(missing_ok=True)


def _note_progress(upload_id: int, sentence: str, share: float | None) -> None:
    path = _progress_file(upload_id)
    unfinished = path.with_suffix(".new")
    unfinished.write_text(json.dumps({"sentence": sentence, "share": share}), encoding="utf-8")
    unfinished.replace(path)


def _delete_files(upload: ImportUpload) -> None:
    if upload.folder:
        shutil.rmtree(uploads_folder() / upload.folder, ignore_errors=True)
    upload.folder = None


def _hashes(upload: ImportUpload) -> list[str]:
    return sorted(file["sha256"] for file in upload.files)


def _subject(upload: ImportUpload) -> str:
    return f"upload:{upload.id}"


def _worker_file() -> Path:
    return uploads_folder() / ".worker"


def _lock() -> Path:
    return uploads_folder() / ".lock"


def _progress_file(upload_id: int) -> Path:
    return uploads_folder() / f".progress-{upload_id}.json"
