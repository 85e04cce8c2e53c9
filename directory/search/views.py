"""Pages of the search: home, results, and how the ranking works."""

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext, ngettext

from directory.credentials import rubric
from directory.places.place import Place, Resolution
from directory.places.resolve import resolve
from directory.providers.sources import CONFIRMED_FOR_DAYS
from directory.ratings.model import MAX_OF_AN_AVERAGE
from directory.reviews.display.published import CERTAINTY_RULE
from directory.search import ranking
from directory.search.forms import SearchForm
from directory.search.page import (
    FIELD_FOR,
    RESET,
    chips,
    english_specialties,
    facet_groups,
    order_choices,
    order_of,
    radius_choices,
    result_cards,
    show_label,
    specialty_choices,
    weight_sliders,
)
from directory.search.query import DEFAULT_RADIUS_MILES, RESULTS_A_PAGE, SearchResults, Weights
from directory.search.service import search, stored_choices
from directory.web.errors import is_partial_request
from directory.web.languages import page_path
from directory.web.pagination import Pages
from directory.web.urls import url_with

blueprint = Blueprint("search", __name__)


@blueprint.get("/")
def show_home() -> str:
    return render_template(
        "search/home.html",
        specialty_choices=specialty_choices(None, None),
        half_distance_miles=f"{ranking.HALVING_MILES:g}",
    )


@blueprint.get("/search")
def show_results() -> Response:
    """The results, or what to change in the search; only the part that htmx swaps when htmx asks."""
    form = SearchForm(request.args, stored_choices(request.args.getlist("specialty")))
    resolution = Resolution()
    if form.validate():
        resolution = resolve(form.near.data)
    elif not request.args:
        form.near.errors = []
    if resolution.place:
        found = search(form.to_query(resolution.place))
        shown = _what_was_found(found, resolution.place)
        return _answer(form, found, 200, place_choices=resolution.suggestions, **shown)
    status = 400 if form.errors or resolution.message else 200
    return _answer(form, None, status, **_why_nothing(form, resolution))


def _what_was_found(found: SearchResults, place: Place) -> dict[str, object]:
    pages = Pages(found.query.offset // RESULTS_A_PAGE + 1, RESULTS_A_PAGE, found.total)
    return {
        "title": gettext("Providers near %(place)s", place=place.label),
        "status_line": _status_line(found, pages),
        "place": place,
        "pages": pages,
        "cards": result_cards(found),
        "chips": chips(found, page_path(), request.args),
        "order": order_of(found),
        "orders": order_choices(found, page_path(), request.args),
    }


def _why_nothing(form: SearchForm, resolution: Resolution) -> dict[str, object]:
    if resolution.choices:
        title = gettext("Which place do you mean?")
        line = gettext("There are several places called “%(name)s”.", name=form.near.data)
    elif form.errors or resolution.message:
        title, line = gettext("We couldn’t search for that"), gettext("Nothing was searched for.")
    else:
        title, line = gettext("Find a provider"), gettext("Type where you are to start.")
    if resolution.message:
        form.near.errors = [resolution.message]
    suggestions = [(place, url_with(near=place, page=None)) for place in resolution.suggestions]
    return {"title": title, "status_line": line, "place_choices": resolution.choices, "suggestions": suggestions}


def _answer(form: SearchForm, found: SearchResults | None, status: int, **shown: object) -> Response:
    is_partial = is_partial_request()
    specialties = specialty_choices(form, found)
    errors = [(FIELD_FOR.get(name, name), text) for name, sentences in form.errors.items() for text in sentences]
    response = make_response(
        render_template(
            "search/_results.html" if is_partial else "search/results.html",
            form=form,
            found=found,
            is_partial=is_partial,
            errors=errors,
            radius_choices=radius_choices(form),
            specialty_choices=specialties,
            english_specialties=english_specialties(specialties),
            more_specialties=form.specialty.data[1:],
            facets=facet_groups(form, found),
            weights=weight_sliders(form),
            confirmed_for_days=CONFIRMED_FOR_DAYS,
            reset_url=url_with(**RESET),
            show_label=show_label(found),
            **({"chips": [], "suggestions": []} | shown),
        ),
        status,
    )
    response.headers["Cache-Control"] = "no-store"  # the page holds the person's place
    response.vary.add("HX-Request")
    return response


def _status_line(found: SearchResults, pages: Pages) -> str:
    radius, total = f"{found.query.radius_miles:g}", f"{found.total:,}"
    if not found.total:
        return gettext("No provider within %(radius)s miles fits.", radius=radius)
    line = ngettext(
        "%(count)s provider within %(radius)s miles.",
        "%(count)s providers within %(radius)s miles.",
        found.total,
        count=total,
        radius=radius,
    )
    if pages.number == 1:
        return line
    shown = gettext("Showing %(first)s to %(last)s.", first=pages.first_entry, last=pages.last_entry)
    return f"{line} {shown}"


@blueprint.get("/how-we-rank")
def explain_ranking() -> str:
    return render_template(
        "search/how_we_rank.html",
        weights=Weights(),
        ranking=ranking,
        rubric=rubric,
        distances=[(miles, 0.5 ** (miles / ranking.HALVING_MILES)) for miles in (0, 2, 5, 10, 20, 40)],
        default_radius_miles=DEFAULT_RADIUS_MILES,
        most_of_an_average=MAX_OF_AN_AVERAGE,
        certainty_rule=CERTAINTY_RULE,
        confirmed_for_days=CONFIRMED_FOR_DAYS,
    )
