"""The main job: what was asked -> candidates -> scores -> explained results."""

from flask import Flask

from directory.search import views
from directory.search.compare import views as compare
from directory.search.engine import SearchEngine
from directory.web.commands import LazyCommand
from directory.web.languages import offer_translations


def init_app(app: Flask) -> None:
    """Register this feature."""
    app.extensions["search_engine"] = SearchEngine(app.config["SEARCH_REFRESH_SECONDS"])
    app.cli.add_command(
        LazyCommand(
            "search",
            "directory.search.cli:search_command",
            'Rank the providers around PLACE: a ZIP, a city, an address, or "33.83, -118.34".',
        )
    )
    app.register_blueprint(views.blueprint)
    app.register_blueprint(compare.blueprint)
    offer_translations(app, "search", "compare")
