"""The append-only log of who did what."""

from flask import Flask

from directory.audit import models  # noqa: F401 (tables are known once their modules are read)


def init_app(app: Flask) -> None:
    """Register this feature."""
