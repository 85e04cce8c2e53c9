"""The table of import runs."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

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
