"""E-mail that the site sends: queued in the database with the change it tells of, then delivered."""

from flask import Flask

from directory.mail import models  # noqa: F401 (tables are known once their modules are read)


def init_app(app: Flask) -> None:
    """Register this feature."""
