"""The patients' guide and its tools: prepare, costs, aftercare, questions for the insurer."""

from flask import Flask

from directory.guide import views as pages
from directory.guide.aftercare import views as aftercare
from directory.guide.estimator import views as estimator
from directory.guide.prepare import views as prepare
from directory.web.languages import offer_translations


def init_app(app: Flask) -> None:
    """Register this feature."""
    for part in (pages, prepare, estimator, aftercare):
        app.register_blueprint(part.blueprint)
        offer_translations(app, part.blueprint.name)
