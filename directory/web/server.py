"""What the server around the app needs: answers that close once sent, logs without queries, trust in one proxy."""

import logging
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_QUERY = re.compile(r"\?.*(?= HTTP/)|\?.*", re.DOTALL)


class ClosesOnceSent:
    """A WSGI app around `app` whose answers close once their last byte was handed over.

    Werkzeug's development server reads what is left of the request before it closes an answer, and leaves the answer
    open when the browser has reset the connection by then. What waits for the close (mail) would wait in vain.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        answer = self._app(environ, start_response)
        file_wrapper = environ.get("wsgi.file_wrapper")
        if isinstance(file_wrapper, type) and isinstance(answer, file_wrapper):
            return answer  # the server sends the file its own, faster way
        return _Answer(answer)


class _Answer:
    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = parts
        self._is_open = True

    def __iter__(self) -> Iterator[bytes]:
        yield from self._parts
        self.close()

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            close = getattr(self._parts, "close", None)
            if close:
                close()


class WithoutQuery(logging.Filter):
    """Cuts the query off each address in a log line: a search's holds where a person is and what they look for."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _QUERY.sub("", record.getMessage())
        record.args = ()
        return True


_without_query = WithoutQuery()


def init_app(app: Flask) -> None:
    app.wsgi_app = ClosesOnceSent(app.wsgi_app)  # type: ignore[method-assign]  # as Flask asks for
    if app.config["TRUST_PROXY"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]  # as Flask asks for
    # The server of `flask run`; docs/operating.md gives the format for gunicorn. The same filter twice counts once.
    logging.getLogger("werkzeug").addFilter(_without_query)
