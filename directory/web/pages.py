"""Pages of plain text that hang on no other feature."""

from flask import Blueprint, render_template

blueprint = Blueprint("pages", __name__)


@blueprint.get("/privacy")
def privacy() -> str:
    return render_template("web/privacy.html")


@blueprint.get("/accessibility")
def accessibility() -> str:
    return render_template("web/accessibility.html")
