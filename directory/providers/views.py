"""The provider's page."""

from operator import attrgetter

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from directory.providers.offerings import FEES, LANGUAGES, PRODUCTS, SERVICES, WEEKDAYS
from directory.providers.queries import page_state, provider_with_facts, published_statement, specialty_names
from directory.web.phrases import N_

blueprint = Blueprint("providers", __name__)

PAGES_OF_ONE = ("/providers/<npi>", "/claim/<npi>")
PRECISIONS = {
    "point": N_("Placed exactly"),
    "street": N_("Placed by its street address"),
    "zip": N_("Placed by its ZIP, so distances are rough"),
    "city": N_("Placed by its city, so distances are rough"),
    "none": N_("Could not be placed, so no search finds it"),
}
OTHER_NAME_KINDS = {"3": N_("Doing business as"), "4": N_("Former name"), "5": N_("Other name")}


@blueprint.before_app_request
def lead_to_successor() -> BaseResponse | None:
    """Pages of a merged provider lead to those of the one that it went into; those of a hidden one say so (410)."""
    rule, values = request.url_rule, request.view_args or {}
    if rule is None or "npi" not in values or not rule.rule.startswith(PAGES_OF_ONE):
        return None
    state = page_state(values["npi"])
    if state.is_hidden:
        abort(410)
    if state.merged_into is None:
        return None
    path = url_for(rule.endpoint, **{**values, "npi": state.merged_into})
    query = request.query_string.decode("ascii", "replace")
    code = 301 if request.method in {"GET", "HEAD"} else 308  # a form that was open meanwhile is sent on whole
    return redirect(f"{path}?{query}" if query else path, code, Response)


@blueprint.get("/providers/<npi>")
def show_provider(npi: str) -> str:
    provider = provider_with_facts(npi)
    if provider is None:
        abort(404)
    sections = sorted(current_app.extensions["provider_sections"], key=attrgetter("position"))
    codes = [specialty.specialty_code for specialty in provider.specialties]
    return render_template(
        "providers/page.html",
        provider=provider,
        specialty_names=specialty_names(codes),
        sections=[(section, section.load(npi)) for section in sections],
        shows_demonstration=provider.is_demonstration,
        precisions=PRECISIONS,
        other_name_kinds=OTHER_NAME_KINDS,
        language_names=LANGUAGES,
        products=PRODUCTS,
        services=SERVICES,
        fees=FEES,
        weekdays=WEEKDAYS,
        statement=published_statement(npi),
        plans={insurance.plan_key: insurance.plan.name for insurance in provider.insurances},
    )
