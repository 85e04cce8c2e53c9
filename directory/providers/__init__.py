"""Providers, where they practice, what they are trained in and what they offer."""

from flask import Flask

from directory.providers import models, revision, views  # noqa: F401 (tables are known once their modules are read)
from directory.providers.by_name.actions import index_names
from directory.providers.recomputing import register_recomputation
from directory.web.commands import LazyCommand
from directory.web.languages import offer_translations


def init_app(app: Flask) -> None:
    """Register this feature."""
    app.register_blueprint(views.blueprint)
    offer_translations(app, "providers")
    register_recomputation(app, index_names)
    app.cli.add_command(
        LazyCommand(
            "providers", "directory.providers.cli:providers_cli", "Look after what the directory says of providers."
        )
    )
