"""Pictures of pages for sites that link here (Open Graph), under addresses that change with them.

Each shows words that the site knows of a page, never a text from an address.
"""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, request, url_for

from directory.guide.contents import BY_SLUG
from directory.providers.models import ORGANIZATION, Provider
from directory.providers.offerings import profession
from directory.providers.queries import provider_of, specialty_names
from directory.seo.picture_drawing import HEIGHT, WIDTH, PictureWords, draw_picture
from directory.seo.queries import read_rating
from directory.web.headers import YEAR_SECONDS
from directory.web.languages import LANGUAGES, current_language, in_language, without_language
from directory.web.messages import gettext, ngettext
from directory.web.messages import lazy_gettext as _l

SHORT_SECONDS = 3600
SITE = "site"
TITLES = {
    SITE: _l("Find a provider who treats neck spasms"),
    "how-we-rank": _l("How we rank"),
    "how-we-verify": _l("How we verify"),
    "outcomes": _l("Outcomes that patients report"),
    "review-policy": _l("Review policy"),
}

blueprint = Blueprint("pictures", __name__)


@dataclass(frozen=True, slots=True)
class LinkPicture:
    """What a site that links here shows of a page. `path` begins with a slash."""

    path: str
    words: str  # what it shows, for those who cannot see it
    width: int = WIDTH
    height: int = HEIGHT


@blueprint.get("/pictures/<code>/<kind>/<name>.png")
def picture(code: str, kind: str, name: str) -> Response:
    """The picture as it is today. Kept for long where the address names that state, as `v`."""
    if code not in LANGUAGES:
        abort(404)
    try:
        with in_language(code):
            words = picture_words(kind, name)
    except LookupError:
        abort(404)
    is_current = request.args.get("v") == words.version
    answer = Response(draw_picture(words), mimetype="image/png")
    answer.headers["Cache-Control"] = (
        f"public, max-age={YEAR_SECONDS}, immutable" if is_current else f"public, max-age={SHORT_SECONDS}"
    )
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # other sites show it beside their link
    answer.headers["X-Robots-Tag"] = "all"
    answer.set_etag(words.version)
    answer.make_conditional(request)
    return answer


def link_picture(kind: str, name: str) -> LinkPicture:
    """The picture's address on this site, in the language of the request, and what stands on it."""
    words = picture_words(kind, name)
    path = url_for("pictures.picture", code=current_language().code, kind=kind, name=name, v=words.version)
    return LinkPicture(without_language(path), ". ".join((words.title, *words.details)))


def picture_words(kind: str, name: str) -> PictureWords:
    """What the picture says, in the language of the request. Raises `LookupError` when there is no such picture."""
    if kind == "pages":
        return _words(str(TITLES[name]), gettext("Ranked by distance, verified qualifications and patient reviews"))
    if kind == "guide":
        page = BY_SLUG[name]
        return _words(str(page.title), str(page.summary))
    provider = provider_of(name) if kind == "providers" else None
    if provider is None or provider.is_demonstration or not provider.is_public:
        raise LookupError(name)
    return _words_of_provider(provider)


def _words_of_provider(provider: Provider) -> PictureWords:
    """Reviews are counted where some were written here of a provider who may be ranked."""
    codes = [specialty.specialty_code for specialty in provider.specialties]
    names = specialty_names(codes)
    specialty = next(
        (profession(code, names, provider.entity_type == ORGANIZATION) for code in codes if code in names), ""
    )
    written, _ = read_rating(provider.npi)
    reviews = ngettext("%(num)s review written here", "%(num)s reviews written here", written) if written else None
    return _words(provider.name, *(detail for detail in (specialty and gettext(specialty), reviews) if detail))


def _words(title: str, *details: str) -> PictureWords:
    return PictureWords(gettext("Neck Spasm Directory"), title, details, gettext("Around Torrance, California"))
