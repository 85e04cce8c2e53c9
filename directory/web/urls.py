"""Addresses of pages: numbers of rows in them, changed query parameters, the one that is theirs, former spellings."""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from flask import Flask, Response, current_app, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.routing import IntegerConverter
from werkzeug.wrappers import Response as BaseResponse

from directory.web.languages import current_language, page_path, path_in

MAX_ROW_NUMBER = 2**31 - 1
OLD_PATHS = {"/guide/after-care": "/guide/aftercare", "/account/ties": "/account/conflicts"}
OLD_VALUES = {"/search": {("service", "topical_anaesthetic"): ("service", "topical_anesthetic")}}
"""By path: parameters that are read in another spelling now."""


class RowNumber(IntegerConverter):
    """`<int:...>` of all routes: a number larger than those that columns hold is found nowhere (404)."""

    def to_python(self, value: str) -> int:
        number: int = super().to_python(value)
        if number > MAX_ROW_NUMBER:
            raise NotFound
        return number


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
    app.add_template_global(url_with)
    redirect_old_addresses(app)


def with_parameters(path: str, parameters: MultiDict[str, str], changes: Mapping[str, str | int | None]) -> str:
    """`path` with `parameters`, each name of `changes` set to its value; None or an empty text removes it."""
    pairs = [pair for pair in parameters.items(multi=True) if pair[0] not in changes and pair[1] != ""]
    pairs += [(name, str(value)) for name, value in changes.items() if value not in (None, "")]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def url_with(**changes: str | int | None) -> str:
    """The address of this page with some query parameters changed; None or an empty text removes one."""
    return with_parameters(page_path(), MultiDict(request.args), changes)


def absolute_url(path: str) -> str:
    """The address that the world knows a path of this site by."""
    return f"{current_app.config['SITE_URL']}{path}"


def canonical_url(code: str | None = None) -> str:
    """The one address of this page in a language, by default the one that it is shown in, without parameters."""
    return absolute_url(path_in(code or current_language().code).partition("?")[0])


def redirect_old_addresses(app: Flask) -> None:
    """Answer addresses that were spelled otherwise once, and those of pages that end in a slash, with the present one,
    in the language that they name.
    """

    @app.before_request
    def send_on() -> BaseResponse | None:
        renamed, pairs = OLD_VALUES.get(request.path, {}), list(request.args.items(multi=True))
        bare = _without_last_slash()
        if request.path in OLD_PATHS or bare is not None:
            path = page_path().removesuffix(request.path) + (bare or OLD_PATHS[request.path])
            query = request.query_string.decode("ascii", "replace")
        elif renamed.keys() & pairs:
            path, query = page_path(), urlencode([renamed.get(pair, pair) for pair in pairs])
        else:
            return None
        code = 301 if request.method in {"GET", "HEAD"} else 308  # a form that was open meanwhile is sent on whole
        return redirect(f"{path}?{query}" if query else path, code, Response)


def _without_last_slash() -> str | None:
    """The path of the page that is asked for with a slash behind it; None when the path is no page's, or has none.

    It begins with one slash, so that no browser takes it for another site's address.
    """
    if request.method not in {"GET", "HEAD"} or not isinstance(request.routing_exception, NotFound):
        return None
    path = re.sub(r"/+", "/", request.path).removesuffix("/")
    path = OLD_PATHS.get(path, path)
    is_page = current_app.url_map.bind("").test(path, request.method)
    return quote(path, safe="/:@!$&'()*+,;=") if is_page else None
