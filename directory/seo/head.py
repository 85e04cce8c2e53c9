"""The head of a page: what search engines, assistants and sites that link here read of it."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, request
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from directory.seo.listed_pages import LISTED, PageMetadata
from directory.seo.pictures import SITE, link_picture
from directory.web.languages import ENGLISH, LANGUAGES, current_language, is_translated
from directory.web.urls import absolute_url, canonical_url

_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def init_app(app: Flask) -> None:
    app.add_template_global(page_head)
    app.add_template_filter(plain_words)

    @app.after_request
    def keep_files_out(response: Response) -> Response:
        """Ask search engines not to list calendars, exports and other files by themselves."""
        if response.mimetype != "text/html" and request.endpoint != "static":
            response.headers.setdefault("X-Robots-Tag", "noindex")
        return response


@pass_context
def page_head(context: Context) -> dict[str, Any]:
    """What `seo/_head.html` writes of the page that is being rendered, besides title and description."""
    shown = context.get_all()
    metadata = None if shown.get("is_error_page") else LISTED.get(request.endpoint or "")
    is_listed = metadata is not None and not shown.get("shows_demonstration") and metadata.may_be_listed(shown)
    metadata = metadata if is_listed and metadata else PageMetadata()
    picture = metadata.picture(shown) if metadata.picture else link_picture("pages", SITE)
    language, others = current_language(), LANGUAGES if is_translated() else {}
    # The bare path, `x-default`, answers in the language that the browser asks for.
    alternates = [(code, canonical_url(code)) for code in others] + [("x-default", canonical_url(ENGLISH.code))]
    return {
        "is_listed": is_listed,
        "canonical": canonical_url(),
        "alternates": alternates if is_listed and others else [],
        "locale": language.locale,
        "other_locales": [each.locale for each in others.values() if each != language],
        "picture": picture,
        "picture_url": absolute_url(picture.path),
        "data": [data_block(block) for block in metadata.describe(shown)] if metadata.describe else [],
    }


def data_block(values: Mapping[str, Any]) -> Markup:
    """`values` as JSON that may stand between `<script type="application/ld+json">` and its end.

    A browser ends the element at `</script` and changes its rules at `<!--`, wherever they stand; escaped as JSON does,
    they mean the same to a reader of JSON.
    """
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_ESCAPES))  # noqa: S704 (nothing that HTML reads is left)


def plain_words(markup: Markup | str) -> str:
    """The words of a block of a template, on one line and without tags, for an attribute."""
    return Markup(markup).striptags()  # noqa: S704 (what comes out is plain text, which the template escapes)
