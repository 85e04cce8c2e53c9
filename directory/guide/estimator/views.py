"""The page."""

from flask import Blueprint

from directory.guide.page import render_guide

blueprint = Blueprint("estimator", __name__, url_prefix="/guide/costs")


@blueprint.get("")
def page() -> str:
    return render_guide("guide/estimator/page.html", "costs")
