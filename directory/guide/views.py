"""The pages of the guide that are text, and the questions for the insurer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, make_response, request

from directory.guide.codes import BOTH_SIDES_MODIFIER, DIAGNOSIS, GUIDANCE, PROCEDURE, PRODUCT_CODES
from directory.guide.contents import PAGES
from directory.guide.page import render_contents, render_guide
from directory.guide.questions import GROUPS
from directory.providers.offerings import PRODUCTS
from directory.reviews.display.outcomes import MIN_ANSWERS, Choices, Numbers, much_relieved, outcomes_of_all
from directory.web.facts import fact


@dataclass(frozen=True, slots=True)
class Reports:
    """The answers of the patients of all providers; each is None below `least` answers to it."""

    relief: Choices | None
    onset: Numbers | None  # days until the first relief
    lasted: Numbers | None  # weeks
    pain: Numbers | None  # 0 to 10
    invented: bool
    least: int = MIN_ANSWERS

    @property
    def any(self) -> bool:
        return any((self.relief, self.onset, self.lasted, self.pain))

    @property
    def much_relief(self) -> int:
        """How many say that most or all of it went away."""
        return much_relieved(self.relief) if self.relief else 0


def patients_reports() -> Reports:
    summary, invented = outcomes_of_all()
    return Reports(summary.relief, summary.onset_days, summary.weeks_lasted, summary.pain, invented)


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


@blueprint.get("/insurer")
def insurer() -> Response:
    """Without a product, or with one that is not known, all five stand on the sheet."""
    typed = request.args.get("product", "")
    product = typed if typed in PRODUCTS else None
    is_unknown = bool(typed) and product is None
    shown = render_guide(
        "guide/insurer/page.html",
        "insurer",
        product=product,
        is_unknown=is_unknown,
        products=PRODUCTS,
        product_choices=[(key, name, key == product) for key, name in PRODUCTS.items()],
        product_codes=PRODUCT_CODES,
        diagnosis=DIAGNOSIS,
        procedure=PROCEDURE,
        both_sides=BOTH_SIDES_MODIFIER,
        guidance=GUIDANCE,
    )
    return make_response(shown, 400 if is_unknown else 200)
