"""The main job: what was asked -> candidates -> scores -> explained results."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register this feature."""
