"""The table of what became of each job when it last ran."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from directory.extensions import Model


class JobRun(Model):
    """The last run of one job. `said` is its result, or why it failed."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    ran_at: Mapped[datetime]
    succeeded: Mapped[bool]
    said: Mapped[str] = mapped_column(String(500))
