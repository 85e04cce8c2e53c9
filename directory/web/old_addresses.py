"""Addresses that had another name once: they lead to the present one, in the language that they name."""

from urllib.parse import urlencode

from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from directory.web.languages import page_path

PATHS = {"/guide/after-care": "/guide/aftercare", "/account/ties": "/account/conflicts"}
VALUES = {"/search": {("service", "topical_anaesthetic"): ("service", "topical_anesthetic")}}
"""By path: parameters that are read in another spelling now."""


def init_app(app: Flask) -> None:
    @app.before_request
    def send_on() -> BaseResponse | None:
        if request.method not in ("GET", "HEAD"):
            return None
        query = request.query_string.decode("ascii", "replace")
        if request.path in PATHS:
            path = page_path().removesuffix(request.path) + PATHS[request.path]
        elif request.path in VALUES and any(pair in VALUES[request.path] for pair in request.args.items(multi=True)):
            renamed = VALUES[request.path]
            path = page_path()
            query = urlencode([renamed.get(pair, pair) for pair in request.args.items(multi=True)])
        else:
            return None
        return redirect(f"{path}?{query}" if query else path, 301, Response)
