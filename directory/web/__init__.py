"""What all pages share: errors, security headers, template filters, pagination, static files, health checks."""

from flask import Flask

from directory.web import (
    closing,
    errors,
    filters,
    health,
    languages,
    pages,
    request_log,
    row_numbers,
    security,
    static_files,
)


def init_app(app: Flask) -> None:
    """Register this feature."""
    for part in (closing, languages, security, request_log, errors, filters, row_numbers, static_files):
        part.init_app(app)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(pages.blueprint)
