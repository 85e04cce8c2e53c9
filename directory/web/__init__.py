"""What all pages share: errors, security headers, template filters, pagination, the base of forms."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register this feature."""
