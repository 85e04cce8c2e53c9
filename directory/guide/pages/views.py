"""The pages of the guide that are text."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, abort

from directory.guide.contents import PAGES
from directory.guide.page import render_contents, render_guide
from directory.guide.pages.reports import patients_reports
from directory.guide.questions import GROUPS
from directory.providers.offerings import PRODUCTS
from directory.web.facts import fact

blueprint = Blueprint("guide", __name__, url_prefix="/guide")


@blueprint.get("")
def index() -> str:
    return render_contents("guide/pages/index.html")


@blueprint.get("/<slug>")
def page(slug: str) -> str:
    if slug not in (page.slug for page in PAGES):
        abort(404)
    return render_guide(f"guide/pages/{slug}.html", slug, **SHOWN.get(slug, dict)())


def _benefits() -> Mapping[str, Any]:
    reports = patients_reports()
    return {"reports": reports, "shows_demonstration": reports.invented and reports.any}


SHOWN: Mapping[str, Callable[[], Mapping[str, Any]]] = {
    "the-medicine": lambda: {"products": PRODUCTS},
    "benefits": _benefits,
    "risks": lambda: {"fact": fact},
    "questions": lambda: {"groups": GROUPS},
}
"""What a page shows besides its text."""
