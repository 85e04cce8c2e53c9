"""Pages of the search: home, results, and how the ranking works."""

from flask import Blueprint, Response, make_response, render_template, request

from directory.credentials import rubric
from directory.places.place import Place, Resolution
from directory.places.resolve import resolve
from directory.providers.by_name.scoring import why_not_a_name
from directory.providers.sources import CONFIRMED_FOR_DAYS
from directory.ratings.model import MAX_OF_AN_AVERAGE
from directory.reviews.display.published import CERTAINTY_RULE
from directory.search import ranking
from directory.search.forms import SearchForm
from directory.search.named import search_by_name, search_by_name_near
from directory.search.page import (
    FIELD_FOR,
    RESET,
    chips,
    english_specialties,
    facet_groups,
    named_cards,
    order_choices,
    order_of,
    radius_choices,
    result_cards,
    show_label,
    specialty_choices,
    weight_sliders,
)
from directory.search.query import DEFAULT_RADIUS_MILES, RESULTS_A_PAGE, NamedProviders, SearchResults, Weights
from directory.search.service import search, stored_choices
from directory.web.errors import is_partial_request
from directory.web.languages import page_path
from directory.web.messages import gettext, ngettext
from directory.web.pagination import Pages, asked_page
from directory.web.plain_text import without_invisible
from directory.web.urls import url_with

blueprint = Blueprint("search", __name__)


@blueprint.get("/")
def show_home() -> str:
    return render_template("search/home.html", half_distance_miles=f"{ranking.HALVING_MILES:g}")


@blueprint.get("/reviews/new")
def find_reviewed() -> tuple[str, int]:
    """Finds whom a patient saw, to write a review."""
    return _found_by_name("search/review_your_doctor.html")


@blueprint.get("/for-practices")
def show_for_practices() -> tuple[str, int]:
    """What a practice can do here; finds its page, to claim it."""
    return _found_by_name("search/for_practices.html")


def _found_by_name(template: str) -> tuple[str, int]:
    name, named, line = without_invisible(request.args.get("name", "")), None, ""
    errors: list[tuple[str, str]] = []
    pages = Pages(asked_page(request.args), RESULTS_A_PAGE, 0)
    if "name" in request.args:
        if why := why_not_a_name(name):
            errors = [("name", str(why))]
        else:
            named = search_by_name(name, (pages.number - 1) * RESULTS_A_PAGE)
            pages, line = _named_pages(named), _named_line(named)
    page = render_template(template, name=name, errors=errors, named=named, pages=pages, status_line=line)
    return page, 400 if errors else 200


@blueprint.get("/search")
def show_results() -> Response:
    """The results, or what to change in the search; only the part that htmx swaps when htmx asks."""
    form = SearchForm(request.args, stored_choices(request.args.getlist("specialty")))
    resolution = Resolution()
    if form.validate() and form.near.data:
        resolution = resolve(form.near.data)
    elif not request.args:
        form.near.errors = []
    if resolution.place:
        query, named = form.to_query(resolution.place), None
        if form.name.data:
            found, named = search_by_name_near(form.name.data, query)
        else:
            found = search(query)
        shown = _what_was_found(found, resolution.place)
        if named:
            shown |= {"title": _named_title(form), "named": named, "named_cards": named_cards(named)}
            if not found.total:
                shown["status_line"] = _named_line(named, query.radius_miles)
        return _answer(form, found, 200, place_choices=resolution.suggestions, **shown)
    if form.name.data and not form.near.data and not form.errors:
        return _answer(form, None, 200, **_who_was_found(form, search_by_name(form.name.data, form.offset)))
    status = 400 if form.errors or resolution.message else 200
    return _answer(form, None, status, **_why_nothing(form, resolution))


def _who_was_found(form: SearchForm, named: NamedProviders) -> dict[str, object]:
    return {
        "title": _named_title(form),
        "status_line": _named_line(named),
        "named": named,
        "named_cards": named_cards(named),
        "pages": _named_pages(named),
    }


def _named_pages(named: NamedProviders) -> Pages:
    return Pages(named.offset // RESULTS_A_PAGE + 1, RESULTS_A_PAGE, named.listed)


def _named_title(form: SearchForm) -> str:
    if form.near.data:
        return gettext("“%(name)s” near %(place)s", name=form.name.data, place=form.near.data)
    return gettext("“%(name)s”", name=form.name.data)


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
        title, line = gettext("Find a provider"), gettext("Type where you are, or a name, to start.")
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
            **(
                {"chips": [], "cards": [], "named": None, "named_cards": [], "place_choices": (), "suggestions": []}
                | shown
            ),
        ),
        status,
    )
    response.headers["Cache-Control"] = "no-store"  # the page holds the person's place
    response.vary.add("HX-Request")
    return response


def _status_line(found: SearchResults, pages: Pages) -> str:
    radius, total = f"{found.query.radius_miles:g}", f"{found.total:,}"
    if not found.total:
        return gettext("No providers found within %(radius)s miles.", radius=radius)
    line = ngettext(
        "%(count)s provider within %(radius)s miles.",
        "%(count)s providers within %(radius)s miles.",
        found.total,
        count=total,
        radius=radius,
    )
    return _with_page(line, pages)


def _with_page(line: str, pages: Pages) -> str:
    if pages.number == 1:
        return line
    shown = gettext("Showing %(first)s to %(last)s.", first=pages.first_entry, last=pages.last_entry)
    return f"{line} {shown}"


def _named_line(named: NamedProviders, radius_miles: float | None = None) -> str:
    """How many have the name that was typed; around a place, that none of them may be ranked there."""
    total, listed = f"{named.total:,}", f"{named.listed:,}"
    if not named.total:
        return gettext("We couldn’t find that name.")
    if named.is_partial:
        return gettext("No name has all of these words. Closest matches:")
    if radius_miles is not None:
        radius = f"{radius_miles:g}"
        return gettext("No ranked provider with that name within %(radius)s miles.", radius=radius)
    if named.total > named.listed:
        return gettext(
            "%(total)s providers match. The first %(listed)s are listed: add a first name, or a city or ZIP code.",
            total=total,
            listed=listed,
        )
    line = ngettext("%(count)s provider matches.", "%(count)s providers match.", named.total, count=total)
    return _with_page(line, _named_pages(named))


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
