"""People who sign in: staff and clinics' representatives, with their roles."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register this feature."""
