"""Pictures under addresses that change with them, so that they may be kept for a year."""

from flask import Blueprint, Response, abort, request, url_for

from directory.api.pictures.drawing import Words, drawn
from directory.api.pictures.subjects import SITE, words_of, words_of_page
from directory.web.head import Picture
from directory.web.languages import LANGUAGES, current_language, in_language, without_language
from directory.web.static_files import YEAR_SECONDS

blueprint = Blueprint("pictures", __name__)
SHORT_SECONDS = 3600


@blueprint.get("/pictures/<code>/<kind>/<name>.png")
def picture(code: str, kind: str, name: str) -> Response:
    """The picture as it is today. Kept for long where the address names that state, as `v`."""
    if code not in LANGUAGES:
        abort(404)
    with in_language(code):
        words = words_of(kind, name)
        if words is None:
            abort(404)
    is_current = request.args.get("v") == words.version
    answer = Response(drawn(words), mimetype="image/png")
    answer.headers["Cache-Control"] = (
        f"public, max-age={YEAR_SECONDS}, immutable" if is_current else f"public, max-age={SHORT_SECONDS}"
    )
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # other sites show it beside their link
    answer.headers["X-Robots-Tag"] = "all"
    answer.set_etag(words.version)
    answer.make_conditional(request)
    return answer


def picture_of(kind: str, name: str, words: Words) -> Picture:
    """The picture's address on this site, in the language of the request, and what stands on it."""
    path = url_for("pictures.picture", code=current_language().code, kind=kind, name=name, v=words.version)
    return Picture(without_language(path), ". ".join((words.title, *words.details)))


def site_picture() -> Picture:
    return picture_of("pages", SITE, words_of_page(SITE))
