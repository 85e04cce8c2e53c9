"""What waits for the end of an answer begins once its last byte was handed over, whatever the server does then.

Werkzeug's development server reads what is left of the request before it closes an answer, and leaves the answer open
when the browser has reset the connection by then.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class ClosesOnceSent:
    """A WSGI app around `app` whose answers close themselves."""

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


def init_app(app: Flask) -> None:
    app.wsgi_app = ClosesOnceSent(app.wsgi_app)  # type: ignore[method-assign]  # as Flask asks for
