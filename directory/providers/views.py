"""The provider's page."""

from operator import attrgetter

from flask import Blueprint, abort, current_app, render_template

from directory.providers.offerings import FEES, LANGUAGES, PRODUCTS, SERVICES, WEEKDAYS
from directory.providers.queries import provider_with_facts, published_statement, specialty_names
from directory.web.phrases import N_

blueprint = Blueprint("providers", __name__)

PRECISIONS = {
    "point": N_("Placed exactly"),
    "street": N_("Placed by its street address"),
    "zip": N_("Placed by its ZIP, so distances are rough"),
    "city": N_("Placed by its city, so distances are rough"),
    "none": N_("Could not be placed, so no search finds it"),
}
OTHER_NAME_KINDS = {"3": N_("Doing business as"), "4": N_("Former name"), "5": N_("Other name")}


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
