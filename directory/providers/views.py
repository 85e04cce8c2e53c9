"""The provider's page."""

from datetime import datetime
from itertools import chain
from operator import attrgetter

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from directory.providers.contact import directions_url
from directory.providers.glance import GUIDANCE, at_a_glance, open_days
from directory.providers.models import ORGANIZATION
from directory.providers.offerings import FEES, GENDERS, LANGUAGES, PRODUCTS, SERVICES, brand, profession
from directory.providers.origin import nearest_location, provider_url, results_url, searched_place
from directory.providers.queries import page_state, provider_with_facts, published_statement, specialty_names
from directory.web.days import PACIFIC
from directory.web.phrases import N_

blueprint = Blueprint("providers", __name__)
blueprint.add_app_template_global(provider_url)
blueprint.add_app_template_filter(brand)

PAGES_OF_ONE = ("/providers/<npi>", "/claim/<npi>")
ROUGHLY_PLACED = {
    "street": N_("Located by street, so distances are approximate"),
    "zip": N_("Located by ZIP code, so distances are approximate"),
    "city": N_("Located by city, so distances are approximate"),
    "none": N_("Couldn’t be located, so it doesn’t appear in searches"),
}
OTHER_NAME_KINDS = {"3": N_("Doing business as"), "4": N_("Former name"), "5": N_("Other name")}
LOCATIONS_SHOWN = 1
"""Further ones are folded."""


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
    answer = redirect(f"{path}?{query}" if query else path, code, Response)
    answer.headers["Cache-Control"] = "no-cache"  # else browsers keep it beyond the undoing of a merge
    return answer


@blueprint.get("/providers/<npi>")
def show_provider(npi: str) -> Response:
    provider = provider_with_facts(npi)
    if provider is None:
        abort(404)
    parts = sorted(current_app.extensions["provider_sections"], key=attrgetter("position"))
    sections = [(part, part.load(npi)) for part in parts]
    codes = [specialty.specialty_code for specialty in provider.specialties]
    names = specialty_names(codes)
    place = searched_place()
    location, distance_miles = nearest_location(provider.locations, place)
    plans = {insurance.plan_key: insurance.plan.name for insurance in provider.insurances}
    rows = at_a_glance(provider, plans, datetime.now(PACIFIC))
    rows += chain.from_iterable(part.glance(loaded) for part, loaded in sections)
    response = make_response(
        render_template(
            "providers/page.html",
            provider=provider,
            profession=profession(next(iter(codes), ""), names, provider.entity_type == ORGANIZATION),
            specialty_names=names,
            sections=sections,
            is_barred=provider.deactivated_on is not None or any(part.bars(loaded) for part, loaded in sections),
            shows_demonstration=provider.is_demonstration,
            place=place,
            location=location,
            distance_miles=distance_miles,
            reached_at=next((each for each in (location, *provider.locations) if each and each.phone), None),
            locations=sorted(provider.locations, key=lambda each: each is not location),
            locations_shown=LOCATIONS_SHOWN,
            directions_url=directions_url(location) if location else None,
            results_url=results_url(npi),
            glance=[row for row in rows if row.answer],
            not_listed=[row.label for row in rows if not row.answer],
            open_days=list(open_days(provider.hours)),
            roughly_placed=ROUGHLY_PLACED,
            other_name_kinds=OTHER_NAME_KINDS,
            language_names=LANGUAGES,
            products=PRODUCTS,
            services=SERVICES,
            fees=FEES,
            guidance=GUIDANCE,
            genders=GENDERS,
            statement=published_statement(npi),
            plans=plans,
        )
    )
    if place:
        response.headers["Cache-Control"] = "no-store"  # the page says how far the person's place is
    return response
