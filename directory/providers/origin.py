"""The search from which a reader came to a provider's pages.

It stays in their addresses, so that they lead back to it and say how far the provider is. Nothing is kept: the access
log has no query, and no other site is told the address (`Referrer-Policy`).
"""

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from directory.places.distance import miles_between
from directory.places.place import Place
from directory.places.resolve import resolve
from directory.providers.models import PracticeLocation
from directory.web.plain_text import without_invisible
from directory.web.urls import with_parameters

OF_REVIEWS = "reviews_"
"""What the parameters of a page of reviews begin with, which are no part of the search."""
MAX_SEARCH_LENGTH = 1_000
"""A longer search is not carried along: it would stand in every link."""


def search_parameters() -> MultiDict[str, str]:
    """The search in the address of this page, which is a page of results or one of a provider."""
    pairs = [pair for pair in request.args.items(multi=True) if not pair[0].startswith(OF_REVIEWS) and pair[1]]
    return MultiDict(pairs if len(urlencode(pairs)) <= MAX_SEARCH_LENGTH else [])


def provider_url(npi: str, endpoint: str = "providers.show_provider", anchor: str = "") -> str:
    """The address of a page of that provider, with the search that the reader came from."""
    return with_parameters(url_for(endpoint, npi=npi), search_parameters(), {}) + (f"#{anchor}" if anchor else "")


def results_url(npi: str) -> str | None:
    """The search that the reader came from, at that provider; None when there was none."""
    asked = search_parameters()
    if not (asked.get("near") or asked.get("name")):
        return None
    return with_parameters(url_for("search.show_results"), asked, {}) + f"#provider-{npi}"


def searched_place() -> Place | None:
    """Where the reader searched, if the address says so and it is known."""
    near = without_invisible(search_parameters().get("near", ""))
    return resolve(near).place if near else None


def nearest_location(
    locations: Sequence[PracticeLocation], place: Place | None
) -> tuple[PracticeLocation | None, float | None]:
    """The location nearest to `place` and its distance in miles; without a place the primary one."""
    placed = [
        (miles_between((place.latitude, place.longitude), (each.latitude, each.longitude)), number, each)
        for number, each in enumerate(locations)
        if place and each.latitude is not None and each.longitude is not None
    ]
    if placed:
        distance_miles, _, nearest = min(placed)
        return nearest, distance_miles
    return min(locations, key=lambda each: not each.is_primary, default=None), None
