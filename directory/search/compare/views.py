"""The page that sets providers side by side."""

from flask import Blueprint, render_template

blueprint = Blueprint("compare", __name__)


@blueprint.get("/compare")
def page() -> str:
    return render_template("search/compare/page.html")
