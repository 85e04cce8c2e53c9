"""The page."""

from flask import Blueprint

from directory.guide.page import render_guide

blueprint = Blueprint("timeline", __name__, url_prefix="/guide/timeline")


@blueprint.get("")
def page() -> str:
    return render_guide("guide/timeline/page.html", "timeline")
