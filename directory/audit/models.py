"""The audit log: append-only, each event chained to the one before by its hash."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.extensions import Model


class AuditEvent(Model):
    """Who did what to what, when and why."""

    __tablename__ = "audit_event"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 1, 2, 3, ... without gaps
    happened_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(120), index=True)  # "account:7", "writer", "command", "program"
    act: Mapped[str] = mapped_column(String(60), index=True)  # "publish_review"
    subject: Mapped[str] = mapped_column(String(120), index=True)  # "review:12"
    before: Mapped[Any | None] = mapped_column(JSON)
    after: Mapped[Any | None] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text, default="")
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(Model):
    """The number and hash of the last event. Its row is locked while an event is added. One row."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
