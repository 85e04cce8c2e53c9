"""Error pages. Each says in plain words what went wrong and what to do next."""

from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template, request
from flask_babel.speaklater import LazyString
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from directory.extensions import db
from directory.web.messages import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class ErrorText:
    title: LazyString
    sentence: LazyString


TEXTS = {
    400: ErrorText(
        _l("We couldn’t read that request"), _l("Part of the web address or the form is not what this page expects.")
    ),
    403: ErrorText(
        _l("You don’t have access to this page"),
        _l("It needs a different role. Ask the site’s administrator for access."),
    ),
    404: ErrorText(_l("Page not found"), _l("The address may be mistyped, or the page may have been removed.")),
    405: ErrorText(_l("This page can’t accept that request"), _l("Open the page from a link or a form on this site.")),
    410: ErrorText(
        _l("This page was removed"),
        _l("Our staff removed this provider’s page. You can search for another provider."),
    ),
    413: ErrorText(
        _l("That is too large to send"),
        _l("Nothing was sent. Go back: what you typed is still there. Shorten the text or choose a smaller file."),
    ),
    414: ErrorText(_l("That web address is too long"), _l("Try a shorter search.")),
    429: ErrorText(
        _l("Too many requests"),
        _l(
            "We got too many requests from your network, so nothing was sent. Wait a few minutes, then try again. If "
            "you "
            "came from a form, go back: what you typed is still there."
        ),
    ),
    500: ErrorText(_l("Something went wrong on our side"), _l("It’s not your fault. Try again in a few minutes.")),
    503: ErrorText(_l("The site is busy or under maintenance"), _l("Try again in a few minutes.")),
}
OTHER = ErrorText(_l("That didn’t work"), _l("Go back and try again."))
EXPIRED_FORM = ErrorText(
    _l("This form was open for too long"),
    _l("Go back, reload the page and send the form again. Copy what you wrote first."),
)


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, show_error)


def show_error(error: HTTPException) -> Response:
    if error.response is not None:  # abort() with a finished answer
        return make_response(error.response)
    status = error.code or InternalServerError.code
    if status == InternalServerError.code:
        db.session.rollback()  # the page reads the account of a signed-in person, which a failed transaction refuses
    text = EXPIRED_FORM if isinstance(error, CSRFError) else TEXTS.get(status, OTHER)
    if is_partial_request():
        # htmx shows this in the page's message line instead of the part it asked for; what was there stays.
        response = make_response(render_template("web/_message.html", text=text), status)
        response.headers["HX-Retarget"] = "#page-message"
        response.headers["HX-Reswap"] = "innerHTML"
        response.headers["HX-Push-Url"] = "false"
    else:
        page = render_template("web/error.html", text=text, status=status, is_error_page=True)
        response = make_response(page, status)
    for name, value in error.get_headers(request.environ):
        if name not in {"Content-Type", "Content-Length"}:  # Allow with 405, Retry-After with 429
            response.headers[name] = value
    return response


def is_partial_request() -> bool:
    """Whether htmx asks for a part of the page. The answer has to name `HX-Request` in `Vary`."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
