"""Compression of answers for browsers that accept it: pages each time, static files once.

A page with the token of a form, or for a signed-in person, is sent as it is. An attacker who makes a browser open such
a page again and again with guesses in its address, and sees how many bytes come back, could otherwise find out the
secret letter by letter (the attack called BREACH). Other pages hold no secret. Streams, such as the export of the log,
go out as they are made; so do parts of files (`Range`), whose places count the bytes of the whole.
"""

from typing import Any

from flask import Flask, Request, Response, g, request
from flask_compress import Compress
from flask_compress.flask_compress import DictCache
from flask_login import current_user

SETTINGS: dict[str, Any] = {
    "COMPRESS_REGISTER": False,  # `compress` below decides what is compressed
    "COMPRESS_STREAMS": False,
    "COMPRESS_ALGORITHM": ["br", "gzip"],
    "COMPRESS_BR_LEVEL": 5,
}


def init_app(app: Flask) -> None:
    app.config.update(SETTINGS)
    pages, files = Compress(app), Compress(app)
    files.cache, files.cache_key = DictCache(), _file_and_version

    @app.after_request
    def compress(response: Response) -> Response:
        if not any(request.accept_encodings.quality(coding) for coding in SETTINGS["COMPRESS_ALGORITHM"]):
            response.vary.add("Accept-Encoding")
            return response
        if request.endpoint == "static":
            if response.status_code == 200 and response.mimetype in files.compress_mimetypes_set:
                response.direct_passthrough = False
                response.get_data()  # read as a whole: what is no stream can be kept
                g.file_version = response.get_etag()[0]
                return files.after_request(response)
            return response
        return response if response.is_streamed or _holds_secret() else pages.after_request(response)


def _file_and_version(asked: Request) -> str:
    """Files change only while a developer works on them, so few versions are ever kept."""
    return f"{(asked.view_args or {})['filename']} {g.file_version}"


def _holds_secret() -> bool:
    return "csrf_token" in g or (bool(request.cookies) and current_user.is_authenticated)
