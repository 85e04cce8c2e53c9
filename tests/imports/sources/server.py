"""A real HTTP server on this machine that answers as the public sources do, and fails as they do when it is told to.

It stands for all their hosts at once: what they serve at a path, it serves at that path.
"""

import contextlib
import hashlib
import json
import sys
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask

from directory.config import SETTINGS

MEDI_CAL = "/dataset/suspended-ineligible-provider-list.csv"
"""Where the list lies here; the setting has no default."""
LAST_MODIFIED = "Tue, 10 Nov 2026 08:00:00 GMT"


@dataclass(frozen=True)
class Page:
    """What is served at one path. Files have a version, by which they are asked for in parts and only when changed."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    takes_ranges: bool = True

    @property
    def etag(self) -> str:
        return self.headers.get("ETag", "")


@dataclass(frozen=True)
class Fault:
    """How one request goes wrong: a `status` instead of the page, a connection `cut_after` so many bytes of the body,
    a body in pieces of `slow_bytes` with `pause_seconds` between them."""

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    slow_bytes: int | None = None
    pause_seconds: float = 0.01


@dataclass(frozen=True)
class Asked:
    """One request that came; `target` is what stood in its first line, a whole address when a proxy is asked."""

    target: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    at: float


Answer = Callable[[dict[str, list[str]]], Any]
Content = Callable[[str, str, str], bytes | None]
"""By path, query and address of the server."""


class SourcesServer:
    """What the server holds, what came, and what shall go wrong. Tests change all of it while it runs."""

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[Asked] = []
        self.pages: dict[str, Page] = {}
        self.answers: dict[str, Answer] = {}
        self.content: Content = lambda path, query, base: None  # of all paths that no page or answer was put at
        self.most_at_once = 0
        self.lock = threading.Lock()
        self.now_served: set[BaseHTTPRequestHandler] = set()
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._always: dict[str, Fault] = {}

    def put(
        self,
        path: str,
        body: bytes | str,
        *,
        last_modified: str | None = LAST_MODIFIED,
        etag: str | None = "",
        **headers: str,
    ) -> None:
        """Serve the body at the path; its ETag is made from it, unless one or None is given."""
        data = body.encode() if isinstance(body, str) else body
        given = {
            "ETag": version_of(data) if etag == "" else etag,
            "Last-Modified": last_modified,
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        self.pages[path] = Page(data, {name: value for name, value in given.items() if value})

    def redirect(self, path: str, to: str) -> None:
        self.pages[path] = Page(b"", {"Location": to}, 302)

    def answer(self, path: str, answer: Answer) -> None:
        """Answer each question at the path, or below one that ends in a slash, in JSON with what `answer` makes of
        its parameters; bytes and pages go out as they are."""
        self.answers[path] = answer

    def fail(self, path: str, *faults: Fault) -> None:
        """Let the next requests for the path go wrong, one after the other."""
        self._faults[path].extend(faults)

    def fail_always(self, path: str, fault: Fault) -> None:
        self._always[path] = fault

    def heal(self) -> None:
        """Let nothing go wrong from now on."""
        self._faults.clear()
        self._always.clear()

    def asked(self, path: str) -> list[Asked]:
        """The requests for the path, oldest first."""
        return [request for request in self.requests if request.path == path]

    def settings(self) -> dict[str, str]:
        """Every address of a source, on this server."""
        addresses = {s.name: s.default for s in SETTINGS if s.name.startswith("SOURCE_") and s.name.endswith("_URL")}
        local = {name: f"{self.url}{urlsplit(url).path}" for name, url in addresses.items() if url}
        return {**local, "SOURCE_MEDI_CAL_SUSPENDED_URL": self.url + MEDI_CAL}

    def answer_for(self, app: Flask) -> None:
        """Let `app` fetch from here from now on."""
        app.config.update(self.settings())

    def fault_of(self, path: str) -> Fault | None:
        with self.lock:
            return self._faults[path].popleft() if self._faults[path] else self._always.get(path)

    def page_of(self, path: str, query_text: str) -> Page:
        query = parse_qs(query_text)
        for start, answer in self.answers.items():
            if path == start or (start.endswith("/") and path.startswith(start)):
                made = answer({**query, "path": [path]})
                if isinstance(made, Page):
                    return made
                body = made if isinstance(made, bytes) else json.dumps(made).encode()
                return Page(body, {"Content-Type": "application/json"}, takes_ranges=False)
        if path in self.pages:
            return self.pages[path]
        body = self.content(path, query_text, self.url)
        if body is not None:
            return Page(body, {"ETag": version_of(body), "Last-Modified": LAST_MODIFIED})
        return Page(b"<html>Not found</html>", {"Content-Type": "text/html"}, 404)


def version_of(body: bytes) -> str:
    """The ETag of a body."""
    return f'"{hashlib.sha256(body).hexdigest()[:16]}"'


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each short answer waits 40 ms for the client to confirm its headers
    sources: SourcesServer

    def do_GET(self) -> None:
        sources, parts = self.sources, urlsplit(self.path)
        with sources.lock:
            sources.requests.append(
                Asked(self.path, parts.path, parse_qs(parts.query), dict(self.headers), time.monotonic())
            )
            sources.now_served.add(self)
            sources.most_at_once = max(sources.most_at_once, len(sources.now_served))
        try:
            self._answer(sources.page_of(parts.path, parts.query), sources.fault_of(parts.path) or Fault())
        except OSError:
            self.close_connection = True  # the client went away
        finally:
            self._end()

    def _end(self) -> None:
        """Count the request as answered: before the last bytes go out, since the next one may come with them."""
        with self.sources.lock:
            self.sources.now_served.discard(self)

    def do_CONNECT(self) -> None:
        """Refuse a tunnel, which a proxy is asked for when an address begins with https."""
        self.sources.requests.append(Asked(self.path, "", {}, dict(self.headers), time.monotonic()))
        self.send_error(403)

    def _answer(self, page: Page, fault: Fault) -> None:
        if fault.status:
            page = Page(b"", fault.headers, fault.status, takes_ranges=False)
        status, body, headers = page.status, page.body, dict(page.headers)
        wanted = self._first_byte(page)
        if status == 200 and self._is_unchanged(page):
            status, body = 304, b""
        elif wanted is not None and wanted >= len(page.body):
            status, body, headers["Content-Range"] = 416, b"", f"bytes */{len(page.body)}"
        elif wanted is not None:
            headers["Content-Range"] = f"bytes {wanted}-{len(page.body) - 1}/{len(page.body)}"
            status, body = 206, page.body[wanted:]
        self.send_response_only(status)
        self.send_header("Date", headers.pop("Date", self.date_time_string()))
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        if not body:
            self._end()
        self.end_headers()
        self._send(body, fault)

    def _first_byte(self, page: Page) -> int | None:
        """The first byte that is asked for, when the page is still the one of which a part is there."""
        asked = self.headers.get("Range", "")
        if not asked or not page.takes_ranges or page.status != 200:
            return None
        version = self.headers.get("If-Range")
        if version and version not in {page.etag, page.headers.get("Last-Modified")}:
            return None
        return int(asked.removeprefix("bytes=").partition("-")[0])

    def _is_unchanged(self, page: Page) -> bool:
        known = self.headers.get("If-None-Match")
        if known:
            return known == page.etag
        since = self.headers.get("If-Modified-Since")
        return bool(since) and since == page.headers.get("Last-Modified")

    def _send(self, body: bytes, fault: Fault) -> None:
        if fault.cut_after is not None:
            self._end()
            self.wfile.write(body[: fault.cut_after])
            self.close_connection = True
            return
        step = fault.slow_bytes or max(1, len(body))
        for start in range(0, len(body), step):
            if start + step >= len(body):
                self._end()
            self.wfile.write(body[start : start + step])
            if fault.slow_bytes:
                time.sleep(fault.pause_seconds)

    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def open_sources_server() -> Iterator[SourcesServer]:
    """A server that runs while the context is open."""
    sources = SourcesServer()
    handler = type("Handler", (_Handler,), {"sources": sources})
    server = _Server(("127.0.0.1", 0), handler)
    sources.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02))
    thread.start()
    try:
        yield sources
    finally:
        with contextlib.suppress(OSError):
            server.shutdown()
        thread.join()
        server.server_close()
