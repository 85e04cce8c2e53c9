"""Public files read into the directory, one module a source."""

from flask import Flask

from directory.accounts.roles import ADMIN
from directory.accounts.work import WorkLink, register_work
from directory.desk.status import Heading, StatusPart, register_status
from directory.imports import models, source_age, views  # noqa: F401 (tables are known once read)
from directory.imports.sources import views as sources_views
from directory.web.commands import LazyCommand
from directory.web.languages import offer_translations


def init_app(app: Flask) -> None:
    """Register this feature."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(sources_views.blueprint)
    offer_translations(app, "sources.show_sources")
    app.extensions["source_counts"] = {}
    register_status(app, StatusPart(Heading.IMPORTS, (ADMIN,), source_age.import_lines))
    register_work(app, WorkLink("Imports", "importing.list_runs", (ADMIN,)))
    app.cli.add_command(
        LazyCommand("import", "directory.imports.cli:imports_cli", "Read public files into the directory.")
    )
    app.cli.add_command(
        LazyCommand("sources", "directory.imports.sources.cli:sources_cli", "The public sources of facts.")
    )
