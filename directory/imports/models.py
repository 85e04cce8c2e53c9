"""The tables of import runs, of files that were uploaded or fetched, and of how each source is kept up to date."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.extensions import Model


class ImportRun(Model):
    """One reading of one file: what was read, kept, changed, rejected and why."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_key: Mapped[str] = mapped_column(ForeignKey("source.key"))
    file_name: Mapped[str] = mapped_column(String(300))
    status: Mapped[str] = mapped_column(String(20), default="running")  # running, done, failed or interrupted
    error: Mapped[str | None] = mapped_column(Text)
    as_of: Mapped[date | None]  # the day that the file speaks of
    started_at: Mapped[datetime]
    read: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    rejects_file: Mapped[str | None] = mapped_column(String(500))
    unlisted: Mapped[int] = mapped_column(default=0)  # rejected rows of the import for which its list had no room
    actor: Mapped[str | None] = mapped_column(String(120))  # who imported it; None before that was kept
    ended_at: Mapped[datetime | None]
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("import_upload.id"))


class UploadStatus(StrEnum):
    HELD = "held"  # its files were imported before: a person says whether to import them again
    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"
    BROKEN_OFF = "broken_off"
    DISCARDED = "discarded"


class ImportUpload(Model):
    """Files that an admin sent from the browser to be imported, until the worker has read them."""

    __tablename__ = "import_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(40))  # the command of `flask import`
    options: Mapped[dict[str, Any]] = mapped_column(JSON)  # as typed, by the name of the field
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # field, name, bytes and sha256 of each
    folder: Mapped[str | None] = mapped_column(String(40))  # below IMPORT_UPLOADS_DIR; None once the files are gone
    actor: Mapped[str] = mapped_column(String(120))
    status: Mapped[UploadStatus] = mapped_column(String(20), default=UploadStatus.WAITING)
    sentences: Mapped[str] = mapped_column(Text, default="")  # what came of it, or why nothing did
    sent_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    runs: Mapped[list[ImportRun]] = relationship(order_by=ImportRun.id)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's way)


class SourceSync(Model):
    """How keeping one public source up to date stands. The worker fetches what has a row here, by its clock."""

    __tablename__ = "source_sync"

    source_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    near: Mapped[str] = mapped_column(String(200))  # the area that was asked for: a place, and miles around it
    radius_miles: Mapped[float]
    checked_at: Mapped[datetime | None]  # when the publisher last answered
    next_at: Mapped[datetime | None]  # when it is asked next; None for what a person fetches
    imported: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of what was imported last, and of its options
    problem: Mapped[str | None] = mapped_column(Text)  # why the last try failed; None when it did not


class FetchedFile(Model):
    """One file, or the answers to one question, as it came from where a source is published."""

    __tablename__ = "fetched_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_key: Mapped[str] = mapped_column(String(40))  # of the catalog; not every one gives facts
    part: Mapped[str] = mapped_column(String(80))  # which of the source's files: newer ones of the same take its place
    path: Mapped[str | None] = mapped_column(String(500))  # None once the file was removed to make room
    address: Mapped[str] = mapped_column(String(1000))
    etag: Mapped[str | None] = mapped_column(String(200))
    last_modified: Mapped[str | None] = mapped_column(String(60))  # as the server wrote it
    bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    fetched_at: Mapped[datetime]
    checked_at: Mapped[datetime]  # when the server last said that there is nothing newer
    published_on: Mapped[date | None]

    __table_args__ = (Index("ix_fetched_file_source_key", "source_key", "part"),)
