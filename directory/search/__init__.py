"""The main job: what was asked -> candidates -> scores -> explained results."""

from flask import Flask

from directory.search import views
from directory.search.cli import search_command
from directory.search.engine import start_engine


def init_app(app: Flask) -> None:
    """Register this feature."""
    start_engine(app)
    app.cli.add_command(search_command)
    app.register_blueprint(views.blueprint)
