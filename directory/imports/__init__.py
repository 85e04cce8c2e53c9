"""Public files read into the directory, one module a source."""

from flask import Flask

from directory.imports import models  # noqa: F401 (tables are known once read)
from directory.web.commands import LazyCommand


def init_app(app: Flask) -> None:
    """Register this feature."""
    app.cli.add_command(
        LazyCommand("import", "directory.imports.cli:imports_cli", "Read public files into the directory.")
    )
    app.cli.add_command(
        LazyCommand("sources", "directory.imports.source_age:sources_cli", "The public sources of facts.")
    )
