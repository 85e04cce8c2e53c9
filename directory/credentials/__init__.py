"""Credentials and their verifications, procedure volumes, exclusions, and the qualification rubric."""

from flask import Flask

from directory.credentials import models  # noqa: F401 (tables are known once their modules are read)


def init_app(app: Flask) -> None:
    """Register this feature."""
