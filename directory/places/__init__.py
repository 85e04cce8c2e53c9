"""Where things are: the offline gazetteer, geocoders behind geopy's interface, and distances."""

from pathlib import Path

from flask import Flask

from directory.places import (
    choice,
    geocoders,
    models,  # noqa: F401 (tables are known once their modules are read)
    views,
)
from directory.places.streets.finding import use_streets
from directory.web.commands import LazyCommand


def init_app(app: Flask) -> None:
    """Register this feature."""
    choice.home = app.config["PLACE_HOME"]
    use_streets(Path(app.config["STREETS_FILE"]))
    geocoders.set_up(app)
    app.register_blueprint(views.blueprint)
    app.cli.add_command(
        LazyCommand("locate", "directory.places.cli:locate", "Add latitude, longitude, precision and label to a CSV.")
    )
