"""The page."""

from flask import Blueprint

from directory.guide.page import render_guide

blueprint = Blueprint("insurer", __name__, url_prefix="/guide/insurer")


@blueprint.get("")
def page() -> str:
    return render_guide("guide/insurer/page.html", "insurer")
