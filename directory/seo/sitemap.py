"""`/sitemap.xml` and `/robots.txt`: which addresses there are for search engines, and which they need not ask for."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from flask import Blueprint, Response, abort, current_app, url_for

from directory.guide.contents import BY_SLUG
from directory.reviews.display.outcomes import outcomes_of_all
from directory.seo.listed_pages import ONE_EACH, PROVIDER
from directory.seo.queries import count_listed, listed_providers
from directory.web.languages import ENGLISH, LANGUAGES, without_language
from directory.web.urls import absolute_url

blueprint = Blueprint("sitemap", __name__)

MAX_ADDRESSES = 50_000  # of one file, by the protocol of sitemaps.org
SHOWING_OUTCOMES = {"outcomes.page", "timeline", "benefits"}
"""An endpoint and pages of the guide: what patients report stands on them."""

KEPT_SECONDS = 3600
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NOT_FOR_ROBOTS = ("/admin", "/account")
NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'


@dataclass(frozen=True, slots=True)
class Entry:
    """One address, and when what it shows last changed, where that is known. `languages`: codes it exists in."""

    path: str
    languages: tuple[str, ...] = (ENGLISH.code,)
    changed_on: date | None = None


@blueprint.get("/robots.txt")
def robots() -> Response:
    prefixes = ("", *(f"/{code}" for code in LANGUAGES))
    lines = [f"Disallow: {prefix}{path}" for path in NOT_FOR_ROBOTS for prefix in prefixes]
    return _kept("\n".join(["User-agent: *", *lines, "", f"Sitemap: {absolute_url('/sitemap.xml')}", ""]), "text/plain")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """All addresses; where they are too many for one file, where its parts are."""
    pages, providers = _pages(), count_listed()
    if _addresses(pages) + providers * len(_languages_of(PROVIDER)) <= MAX_ADDRESSES:
        return _kept(_url_set([*pages, *_providers(0, providers)]), "application/xml")
    parts = range(math.ceil(providers / _providers_a_part()) + 1)
    places = (f"<sitemap><loc>{_link(url_for('.part', number=number))}</loc></sitemap>" for number in parts)
    return _kept(f"{_HEAD}<sitemapindex {NAMESPACES}>\n{_lines(places)}</sitemapindex>\n", "application/xml")


@blueprint.get("/sitemaps/<int:number>.xml")
def part(number: int) -> Response:
    """Part 0 holds the pages that are no providers', each further one its share of the providers."""
    if number == 0:
        return _kept(_url_set(_pages()), "application/xml")
    entries = list(_providers((number - 1) * _providers_a_part(), _providers_a_part()))
    if not entries:
        abort(404)
    return _kept(_url_set(entries), "application/xml")


def _pages() -> list[Entry]:
    """Pages of their own and of the guide; without those that show outcomes while there are only invented ones."""
    _, is_invented = outcomes_of_all()
    left_out = SHOWING_OUTCOMES if is_invented else set()
    found = [Entry(url_for(endpoint), _languages_of(endpoint)) for endpoint in ONE_EACH if endpoint not in left_out]
    pages = [page for page in BY_SLUG.values() if page.slug not in left_out]
    return found + [Entry(page.url, _languages_of("guide.page")) for page in pages]


def _languages_of(endpoint: str) -> tuple[str, ...]:
    translated = {endpoint, endpoint.partition(".")[0]} & current_app.extensions["translated"]
    return tuple(LANGUAGES) if translated else (ENGLISH.code,)


def _providers_a_part() -> int:
    return MAX_ADDRESSES // len(_languages_of(PROVIDER))


def _providers(skipped: int, most: int) -> Iterator[Entry]:
    languages = _languages_of(PROVIDER)
    for npi, changed_on in listed_providers(skipped, most):
        yield Entry(url_for(PROVIDER, npi=npi), languages, changed_on)


def _addresses(entries: Iterable[Entry]) -> int:
    return sum(len(entry.languages) for entry in entries)


def _url_set(entries: Iterable[Entry]) -> str:
    urls = (_url(entry, code) for entry in entries for code in entry.languages)
    return f"{_HEAD}<urlset {NAMESPACES}>\n{_lines(urls)}</urlset>\n"


def _url(entry: Entry, code: str) -> str:
    changed = f"<lastmod>{entry.changed_on.isoformat()}</lastmod>" if entry.changed_on else ""
    others = [(each, each) for each in entry.languages] + [("x-default", ENGLISH.code)]
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{name}" href={quoteattr(_address(entry.path, each))}/>'
        for name, each in others
        if len(entry.languages) > 1
    )
    return f"<url><loc>{escape(_address(entry.path, code))}</loc>{changed}{links}</url>"


def _address(path: str, code: str) -> str:
    bare = without_language(path)
    return absolute_url(bare if code == ENGLISH.code else f"/{code}{bare}")


def _link(path: str) -> str:
    return escape(_address(path, ENGLISH.code))


def _lines(parts: Iterable[str]) -> str:
    return "".join(f"{part}\n" for part in parts)


def _kept(text: str, mimetype: str) -> Response:
    answer = Response(text, mimetype=mimetype)
    answer.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return answer
