"""Public files read into the directory, one module a source."""

from flask import Flask

from directory.accounts.roles import ADMIN
from directory.accounts.work import WorkLink, register_work
from directory.imports import models, views  # noqa: F401 (tables are known once read)
from directory.web.commands import LazyCommand


def init_app(app: Flask) -> None:
    """Register this feature."""
    app.register_blueprint(views.blueprint)
    register_work(app, WorkLink("Imports", "importing.list_runs", (ADMIN,)))
    app.cli.add_command(
        LazyCommand("import", "directory.imports.cli:imports_cli", "Read public files into the directory.")
    )
    app.cli.add_command(
        LazyCommand("sources", "directory.imports.source_age:sources_cli", "The public sources of facts.")
    )
