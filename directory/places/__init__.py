"""Where things are: the offline gazetteer, geocoders behind geopy's interface, and distances."""

from flask import Flask

from directory.places import (
    cli,
    geocoders,
    models,  # noqa: F401 (tables are known once their modules are read)
)


def init_app(app: Flask) -> None:
    """Register this feature."""
    geocoders.set_up(app)
    app.cli.add_command(cli.locate)
