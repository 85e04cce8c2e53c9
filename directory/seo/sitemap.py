"""`/sitemap.xml` and `/robots.txt`: which addresses there are for search engines, and which they need not ask for."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from flask import Blueprint, Response, abort, current_app, url_for

from directory.guide.contents import BY_SLUG
from directory.reviews.display.outcomes import outcomes_of_all
from directory.seo.listed_pages import ONE_EACH, OUTCOMES, PROVIDER, REVIEWS
from directory.seo.queries import count_listed, listed_providers
from directory.web.languages import ENGLISH, LANGUAGES, without_language
from directory.web.urls import absolute_url

blueprint = Blueprint("sitemap", __name__)

MAX_ADDRESSES = 50_000  # of one file, by the protocol of sitemaps.org
SHOWING_OUTCOMES = {"outcomes.show_outcomes", "timeline", "benefits"}
"""An endpoint and pages of the guide: what patients report stands on them."""

KEPT_SECONDS = 3600
NOT_FOR_ROBOTS = ("/admin", "/account")
NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'


@dataclass(frozen=True, slots=True)
class Entry:
    """One page by the codes of its languages: its `urls`, and when what it shows last changed, where that is known."""

    urls: dict[str, str]
    changed_on: date | None = None


@blueprint.get("/robots.txt")
def show_robots() -> Response:
    prefixes = ("", *(f"/{code}" for code in LANGUAGES))
    lines = [f"Disallow: {prefix}{path}" for path in NOT_FOR_ROBOTS for prefix in prefixes]
    return _kept("\n".join(["User-agent: *", *lines, "", f"Sitemap: {absolute_url('/sitemap.xml')}", ""]), "text/plain")


@blueprint.get("/sitemap.xml")
def list_parts() -> Response:
    """All addresses; where they are too many for one file, where its parts are."""
    pages, providers = _pages(), count_listed()
    if sum(len(page.urls) for page in pages) + providers * _addresses_a_provider() <= MAX_ADDRESSES:
        return _url_set([*pages, *_providers(0, providers)])
    numbers = range(math.ceil(providers / _providers_a_part()) + 1)
    parts = (absolute_url(without_language(url_for(".list_pages", number=number))) for number in numbers)
    return _xml("sitemapindex", "".join(f"<sitemap><loc>{escape(part)}</loc></sitemap>\n" for part in parts))


@blueprint.get("/sitemaps/<int:number>.xml")
def list_pages(number: int) -> Response:
    """Part 0 holds the pages that are no providers', each further one its share of the providers."""
    if number == 0:
        return _url_set(_pages())
    entries = list(_providers((number - 1) * _providers_a_part(), _providers_a_part()))
    if not entries:
        abort(404)
    return _url_set(entries)


def _pages() -> list[Entry]:
    """Pages of their own and of the guide; without those that show outcomes while there are only invented ones."""
    _, is_invented = outcomes_of_all()
    left_out = SHOWING_OUTCOMES if is_invented else set()
    found = [_entry(endpoint, url_for(endpoint)) for endpoint in ONE_EACH if endpoint not in left_out]
    return found + [_entry("guide.show_page", page.url) for page in BY_SLUG.values() if page.slug not in left_out]


def _providers(skipped: int, most: int) -> Iterator[Entry]:
    for listed in listed_providers(skipped, most):
        yield _entry(PROVIDER, url_for(PROVIDER, npi=listed.npi), listed.changed_on)
        if listed.has_reviews:
            yield _entry(REVIEWS, url_for(REVIEWS, npi=listed.npi), listed.changed_on)
        if listed.has_outcomes:
            yield _entry(OUTCOMES, url_for(OUTCOMES, npi=listed.npi), listed.changed_on)


def _entry(endpoint: str, path: str, changed_on: date | None = None) -> Entry:
    bare = without_language(path)
    paths = {code: bare if code == ENGLISH.code else f"/{code}{bare}" for code in _languages_of(endpoint)}
    return Entry({code: absolute_url(path) for code, path in paths.items()}, changed_on)


def _languages_of(endpoint: str) -> tuple[str, ...]:
    translated = {endpoint, endpoint.partition(".")[0]} & current_app.extensions["translated"]
    return tuple(LANGUAGES) if translated else (ENGLISH.code,)


def _addresses_a_provider() -> int:
    """At most: its page, that of its reviews, and that of its outcomes."""
    return sum(len(_languages_of(endpoint)) for endpoint in (PROVIDER, REVIEWS, OUTCOMES))


def _providers_a_part() -> int:
    return MAX_ADDRESSES // _addresses_a_provider()


def _url_set(entries: Iterable[Entry]) -> Response:
    return _xml("urlset", "".join(map(_urls, entries)))


def _urls(entry: Entry) -> str:
    """The page in each of its languages; each names all of them."""
    changed = f"<lastmod>{entry.changed_on.isoformat()}</lastmod>" if entry.changed_on else ""
    named = [*entry.urls.items(), ("x-default", entry.urls[ENGLISH.code])] if len(entry.urls) > 1 else []
    links = "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(url)}/>' for code, url in named)
    return "".join(f"<url><loc>{escape(url)}</loc>{changed}{links}</url>\n" for url in entry.urls.values())


def _xml(root: str, elements: str) -> Response:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {NAMESPACES}>\n{elements}</{root}>\n'
    return _kept(text, "application/xml")


def _kept(text: str, mimetype: str) -> Response:
    answer = Response(text, mimetype=mimetype)
    answer.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return answer
