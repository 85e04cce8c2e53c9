"""The Census Bureau's geocoder on a loopback socket. It knows the streets it is told of, and can be made to fail."""

import csv
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.serving import running

Point = tuple[float, float]


class CensusServer:
    """`known` are points (latitude, longitude) by street; a street with several is a tie. Others are unknown.

    `failures` are what the next calls answer in place of their own answer, then all is well again; after so many as
    `calls_answered` no call is answered. `hangs` lets calls wait until the end of the test.
    """

    def __init__(self) -> None:
        self.known: dict[str, list[Point]] = {}
        self.inexact: set[str] = set()
        self.failures: list[Response] = []
        self.calls_answered: int | None = None
        self.left_out: set[str] = set()
        self.hangs = False
        self.released = threading.Event()
        self.calls: list[list[list[str]]] = []
        self.one_by_one: list[str] = []
        self.url = ""

    @property
    def asked(self) -> list[str]:
        """The streets of all calls, in their order."""
        return [row[1] for call in self.calls for row in call]

    def answer(self, request: Request) -> Response:
        assert request.values["benchmark"] == "Public_AR_Current"
        if self.hangs:
            self.released.wait(30)
        if request.method == "POST":
            assert request.path == "/geocoder/locations/addressbatch"
            self.calls.append(list(csv.reader(io.StringIO(request.files["addressFile"].read().decode("ascii")))))
        else:
            assert request.path == "/geocoder/locations/onelineaddress"
            assert request.values["format"] == "json"
            self.one_by_one.append(request.values["address"])
        if self.calls_answered is not None and len(self.calls) > self.calls_answered:
            return Response(status=503)
        if self.failures:
            return self.failures.pop(0)
        return self._batch(self.calls[-1]) if request.method == "POST" else self._one(self.one_by_one[-1])

    def _batch(self, rows: list[list[str]]) -> Response:
        lines = io.StringIO()
        answers = csv.writer(lines, quoting=csv.QUOTE_ALL)
        for number, street, *rest in reversed(rows):
            points = self.known.get(street, [])
            asked = ", ".join([street, *rest])
            if street in self.left_out:
                continue
            if len(points) != 1:
                answers.writerow([number, asked, "Tie" if points else "No_Match"])
                continue
            (latitude, longitude), exactness = points[0], "Non_Exact" if street in self.inexact else "Exact"
            matched = f"{street.upper()}, TORRANCE, CA, 90503"
            answers.writerow([number, asked, "Match", exactness, matched, f"{longitude},{latitude}", "141618115", "L"])
        return Response(lines.getvalue(), content_type="text/csv; charset=utf-8")

    def _one(self, address: str) -> Response:
        street = address.partition(",")[0]
        matches = ", ".join(
            f'{{"matchedAddress": "{street.upper()}, TORRANCE, CA, 90503", "coordinates": {{"x": {x}, "y": {y}}}}}'
            for y, x in self.known.get(street, [])
        )
        return Response(f'{{"result": {{"input": {{}}, "addressMatches": [{matches}]}}}}', mimetype="application/json")


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        pass


@contextmanager
def census_serving() -> Iterator[CensusServer]:
    census = CensusServer()
    server = make_server("127.0.0.1", 0, Request.application(census.answer), threaded=True, request_handler=_Quiet)
    census.url = f"http://127.0.0.1:{server.server_port}/geocoder"
    with running(server):
        try:
            yield census
        finally:
            census.released.set()
