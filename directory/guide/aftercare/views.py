"""The page."""

from flask import Blueprint

from directory.guide.page import render_guide

blueprint = Blueprint("aftercare", __name__, url_prefix="/guide/after-care")


@blueprint.get("")
def page() -> str:
    return render_guide("guide/aftercare/page.html", "after-care")
