"""The pages of the guide that are text, and the questions for the insurer."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, make_response, request

from directory.guide.contents import PAGES, render_contents, render_guide
from directory.guide.costs import BOTH_SIDES_MODIFIER, DIAGNOSIS, GUIDANCE, PROCEDURE
from directory.guide.questions import GROUPS
from directory.guide.timeline_chart import ABOVE, BESIDE, timeline_chart
from directory.guide.timeline_stages import treatment_stages
from directory.providers.offerings import HCPCS_OF_PRODUCT, PRODUCTS
from directory.reviews.display.outcomes import MIN_ANSWERS, much_relieved, outcomes_of_all
from directory.web.facts import fact

blueprint = Blueprint("guide", __name__, url_prefix="/guide")


@blueprint.get("")
def show_contents() -> str:
    return render_contents("guide/pages/index.html")


@blueprint.get("/<slug>")
def show_page(slug: str) -> str:
    if slug not in (page.slug for page in PAGES):
        abort(404)
    return render_guide(f"guide/pages/{slug}.html", slug, **SHOWN.get(slug, dict)())


def _benefits() -> dict[str, Any]:
    reported, is_invented = outcomes_of_all()
    has_answers = any((reported.relief, reported.onset_days, reported.weeks_lasted, reported.pain))
    return {
        "reported": reported,
        "much_relief": much_relieved(reported.relief) if reported.relief else 0,
        "has_answers": has_answers,
        "least_answers": MIN_ANSWERS,
        "is_invented": is_invented,
        "shows_demonstration": is_invented and has_answers,
    }


def _timeline() -> dict[str, Any]:
    reported, is_invented = outcomes_of_all()
    stages = treatment_stages(reported.onset_days, reported.weeks_lasted, is_invented)
    return {
        "charts": {"above": timeline_chart(stages, ABOVE), "beside": timeline_chart(stages, BESIDE)},
        "stages": stages,
        "reported": reported,
        "least_answers": MIN_ANSWERS,
        "is_invented": is_invented,
        "shows_demonstration": is_invented and bool(reported.onset_days or reported.weeks_lasted),
    }


SHOWN: dict[str, Callable[[], dict[str, Any]]] = {
    "the-medicine": lambda: {"products": PRODUCTS},
    "benefits": _benefits,
    "risks": lambda: {"fact": fact},
    "timeline": _timeline,
    "questions": lambda: {"groups": GROUPS},
}
"""What a page shows besides its text."""


@blueprint.get("/insurer")
def show_insurer_questions() -> Response:
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
        product_codes=HCPCS_OF_PRODUCT,
        diagnosis=DIAGNOSIS,
        procedure=PROCEDURE,
        both_sides=BOTH_SIDES_MODIFIER,
        guidance=GUIDANCE,
    )
    return make_response(shown, 400 if is_unknown else 200)
