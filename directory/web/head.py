"""What search engines and assistants read in the head of a page.

`show_to_machines` says which pages they may list, and what these say of themselves. A page that nobody named is kept
out: so is every page of staff and accounts, and each new one until somebody decides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, current_app, request
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from directory.web.canonical import absolute, alternates, canonical_url
from directory.web.data_blocks import data_block
from directory.web.languages import LANGUAGES, current_language


@dataclass(frozen=True, slots=True)
class Picture:
    """What a site that links here shows of a page. `path` begins with a slash."""

    path: str
    words: str  # what it shows, for those who cannot see it
    width: int = 1200  # pixels, as its height: what social sites show without cutting
    height: int = 630


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What machines read of the pages of one endpoint, made from what the view gave to the template."""

    describe: Callable[[Mapping[str, Any]], list[dict[str, Any]]] | None = None  # schema.org, as JSON-LD
    picture: Callable[[Mapping[str, Any]], Picture] | None = None  # the site's own when None


@dataclass(slots=True)
class _Faces:
    by_endpoint: dict[str, PageMetadata] = field(default_factory=dict)
    default_picture: Callable[[], Picture] | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What `web/_head.html` writes besides title and description."""

    is_listed: bool
    canonical: str
    alternates: list[tuple[str, str]]
    locale: str
    other_locales: list[str]
    picture: Picture | None
    picture_url: str
    data: list[Markup]


def init_app(app: Flask) -> None:
    app.extensions["faces"] = _Faces()
    app.add_template_global(page_metadata)
    app.add_template_filter(plain_words)

    @app.after_request
    def keep_files_out(response: Response) -> Response:
        """Calendars, exports and whatever else is no page of text are nothing to list by themselves."""
        if response.mimetype != "text/html" and request.endpoint != "static":
            response.headers.setdefault("X-Robots-Tag", "noindex")
        return response


def show_to_machines(app: Flask, endpoint: str, face: PageMetadata | None = None) -> None:
    """Let search engines list the pages of an endpoint, and say what they read there."""
    app.extensions["faces"].by_endpoint[endpoint] = face or PageMetadata()


def show_picture_by_default(app: Flask, picture: Callable[[], Picture]) -> None:
    """The picture of every page that has none of its own."""
    app.extensions["faces"].default_picture = picture


@pass_context
def page_metadata(context: Context) -> Head:
    """The head of the page that is being rendered."""
    faces: _Faces = current_app.extensions["faces"]
    shown = context.get_all()
    is_error = bool(shown.get("is_error_page"))
    face = None if is_error else faces.by_endpoint.get(request.endpoint or "")
    is_listed = face is not None and not shown.get("shows_demonstration")
    picture = face.picture(shown) if is_listed and face and face.picture else None
    picture = picture or (faces.default_picture() if faces.default_picture else None)
    shown_in = current_language()
    return Head(
        is_listed=is_listed,
        canonical=canonical_url(),
        alternates=alternates() if is_listed else [],
        locale=shown_in.locale,
        other_locales=[each.locale for each in LANGUAGES.values() if each != shown_in] if alternates() else [],
        picture=picture,
        picture_url=absolute(picture.path) if picture else "",
        data=[data_block(block) for block in face.describe(shown)] if is_listed and face and face.describe else [],
    )


def plain_words(markup: Markup | str) -> str:
    """The words of a block of a template, on one line and without tags, for an attribute."""
    return Markup(markup).striptags()  # noqa: S704 (what comes out is plain text, which the template escapes)
