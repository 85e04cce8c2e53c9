"""Reviews, the sources they came from, patients' outcomes, and the rating estimates made of them."""

from flask import Flask

from directory.reviews import models  # noqa: F401 (tables are known once their modules are read)


def init_app(app: Flask) -> None:
    """Register this feature."""
