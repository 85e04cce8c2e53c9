"""The append-only log of who did what."""

from flask import Flask

from directory.audit import models, triggers  # noqa: F401 (tables and their triggers are known once these are read)
from directory.audit.cli import audit_cli


def init_app(app: Flask) -> None:
    """Register this feature."""
    app.cli.add_command(audit_cli)
