"""Public files read into the directory, one module a source."""

from flask import Flask

from directory.imports import models  # noqa: F401 (tables are known once their modules are read)


def init_app(app: Flask) -> None:
    """Register this feature."""
