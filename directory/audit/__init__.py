"""The append-only log of who did what."""

from flask import Flask

from directory.audit import models  # noqa: F401 (tables and their triggers are known once it is read)
from directory.web.commands import LazyCommand


def init_app(app: Flask) -> None:
    """Register this feature."""
    app.cli.add_command(LazyCommand("audit", "directory.audit.cli:audit_cli", "The log of who did what."))
