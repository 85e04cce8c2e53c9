"""Public files read into the directory, one module a source."""

from flask import Flask

from directory.imports import models  # noqa: F401 (tables are known once read)
from directory.imports.cli import imports_cli
from directory.imports.sources_cli import sources_cli


def init_app(app: Flask) -> None:
    """Register this feature."""
    app.cli.add_command(imports_cli)
    app.cli.add_command(sources_cli)
