"""A Nominatim on a loopback socket that answers as a test wants: well, slowly, wrongly, or not at all."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.serving import running

STREET = {
    "place_id": 1,
    "lat": "33.8115",
    "lon": "-118.3437",
    "class": "place",
    "type": "house",
    "addresstype": "place",
    "display_name": "3330, Lomita Boulevard, Torrance, Los Angeles County, California, 90505, United States",
}


class Nominatim:
    """`answer` is the JSON of the next answers; `status`, `body` and `hangs` make them worse."""

    def __init__(self) -> None:
        self.answer: Any = [STREET]
        self.status = 200
        self.body: bytes | None = None
        self.hangs = False
        self.released = threading.Event()
        self.asked: list[str] = []
        self.user_agents: list[str] = []
        self.domain = ""


@contextmanager
def serving() -> Iterator[Nominatim]:
    nominatim = Nominatim()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            nominatim.asked.append(parse_qs(urlsplit(self.path).query)["q"][0])
            nominatim.user_agents.append(self.headers["User-Agent"])
            if nominatim.hangs:
                nominatim.released.wait(30)
                return
            body = json.dumps(nominatim.answer).encode() if nominatim.body is None else nominatim.body
            self.send_response(nominatim.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    nominatim.domain = f"127.0.0.1:{server.server_port}"
    with running(server):
        try:
            yield nominatim
        finally:
            nominatim.released.set()
