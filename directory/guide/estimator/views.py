"""The page. Its address holds all that was chosen and typed, so that it can be shared."""

from flask import Blueprint, request

from directory.guide.estimator.page import estimator_page
from directory.guide.page import render_guide

blueprint = Blueprint("estimator", __name__, url_prefix="/guide/costs")


@blueprint.get("")
def page() -> tuple[str, int]:
    shown = estimator_page(request.args)
    status = 400 if shown.mistakes else 200
    return render_guide("guide/estimator/page.html", "costs", shown=shown, form=shown.form), status
