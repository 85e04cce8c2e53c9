"""The same pages for search engines: the head of each, schema.org data, the sitemap, pictures for links."""

from flask import Flask

from directory.seo import head, pictures, sitemap


def init_app(app: Flask) -> None:
    """Register this feature."""
    head.init_app(app)
    app.register_blueprint(sitemap.blueprint)
    app.register_blueprint(pictures.blueprint)
