"""What all pages share: errors, headers, languages, template filters, pagination, fields of forms, health checks."""

from flask import Flask

from directory.web import compression, errors, filters, headers, languages, server, urls, views


def init_app(app: Flask) -> None:
    """Register this feature."""
    for part in (server, languages, compression, headers, errors, filters, urls):
        part.init_app(app)
    app.register_blueprint(views.health)
    app.register_blueprint(views.pages)
    languages.offer_translations(app, "pages")
