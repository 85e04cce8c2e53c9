"""The pages of the guide that are text."""

from flask import Blueprint, abort, render_template

from directory.guide.contents import PAGES, TOOLS
from directory.guide.page import render_guide

blueprint = Blueprint("guide", __name__, url_prefix="/guide")


@blueprint.get("")
def index() -> str:
    return render_template("guide/pages/index.html", guide_pages=PAGES, guide_tools=TOOLS)


@blueprint.get("/<slug>")
def page(slug: str) -> str:
    found = next((page for page in (*PAGES, *TOOLS) if page.slug == slug), None)
    if found is None:
        abort(404)
    return render_guide(f"guide/pages/{slug}.html", slug)
