"""What all pages share: errors, security headers, template filters, pagination, static files, health checks."""

from flask import Flask

from directory.web import (
    closing,
    compression,
    errors,
    filters,
    health,
    languages,
    old_addresses,
    pages,
    request_log,
    row_numbers,
    security,
    static_files,
)


def init_app(app: Flask) -> None:
    """Register this feature."""
    whole_app = (closing, languages, compression, security, request_log)
    for part in (*whole_app, old_addresses, errors, filters, row_numbers, static_files):
        part.init_app(app)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(pages.blueprint)
    languages.offer_translations(app, "pages")
