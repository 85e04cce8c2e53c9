"""Other faces of the same pages: what search engines and assistants read, the sitemap, pictures for links."""

from flask import Flask

from directory.api import sitemap
from directory.api.faces import show_faces
from directory.api.pictures import views as pictures


def init_app(app: Flask) -> None:
    """Register this feature. It needs to know the guide: `know_guide` of `api/guide_pages.py`."""
    app.register_blueprint(sitemap.blueprint)
    app.register_blueprint(pictures.blueprint)
    show_faces(app)
