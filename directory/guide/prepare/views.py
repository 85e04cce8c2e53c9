"""The page."""

from flask import Blueprint

from directory.guide.page import render_guide

blueprint = Blueprint("prepare", __name__, url_prefix="/guide/prepare")


@blueprint.get("")
def page() -> str:
    return render_guide("guide/prepare/page.html", "prepare")
