"""The Census Bureau's geocoder behind geopy's interface: one address at a time, or up to 10,000 in one call.

https://geocoding.geo.census.gov/geocoder/Geocoding_Services_API.html
"""

import csv
import io
import json
import unicodedata
from collections.abc import Mapping, Sequence
from functools import partial
from math import isfinite
from typing import Any
from urllib.parse import urlencode

import httpx
from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderParseError, GeocoderTimedOut, GeocoderUnavailable
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from directory.places.gazetteer import MAX_CHARACTERS
from directory.places.place import AddressLine, Answer, Place, Precision

MAX_LINES = 10_000
"""So many addresses the service takes in one call."""
MAX_MINUTES = 10.0
"""How long a call of many addresses may take: the service works on 10,000 for minutes before it answers."""
_MATCH, _TIE, _NO_MATCH = "Match", "Tie", "No_Match"


class HttpxAdapter(BaseSyncAdapter):  # type: ignore[misc]  # geopy has no types
    """geopy's HTTP client, made of httpx, which can post a file too."""

    def __init__(self, *, proxies: Mapping[str, str] | None, ssl_context: Any) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        verify = True if ssl_context is None else ssl_context
        self._client = httpx.Client(
            verify=verify,
            trust_env=proxies is None,  # an empty mapping asks for no proxy at all
            mounts={f"{scheme}://": httpx.HTTPTransport(proxy=url, verify=verify) for scheme, url in proxies.items()}
            if proxies
            else None,
        )

    def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> Any:
        text = self.get_text(url, timeout=timeout, headers=headers)
        try:
            return json.loads(text)
        except ValueError as error:
            raise GeocoderParseError("The answer is not JSON.") from error

    def get_text(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> str:
        return self._text("GET", url, timeout=timeout, headers=headers)

    def post_csv(self, url: str, lines: str, fields: Mapping[str, str], timeout: float, headers: Any) -> str:
        """Send `lines` as the file `addressFile` of a form with these `fields`."""
        files = {"addressFile": ("addresses.csv", lines.encode(), "text/csv")}
        return self._text("POST", url, timeout=timeout, headers=headers, data=fields, files=files)

    def _text(self, method: str, url: str, **request: Any) -> str:
        try:
            response = self._client.request(method, url, **request)
        except httpx.TimeoutException as error:
            raise GeocoderTimedOut("The service did not answer in time.") from error
        except httpx.HTTPError as error:
            raise GeocoderUnavailable(f"The service could not be reached: {type(error).__name__}.") from error
        if not response.is_success:
            raise AdapterHTTPError(
                f"Status {response.status_code}", status_code=response.status_code, headers=response.headers, text=None
            )
        return response.text


class Census(Geocoder):  # type: ignore[misc]  # geopy has no types
    """The Census Bureau's geocoder, which interpolates between the house numbers of TIGER/Line.

    `url` is the address above `/locations/...`, `benchmark` the name of the edition that it searches.
    """

    precision = "address"

    def __init__(
        self,
        *,
        url: str,
        benchmark: str = "Public_AR_Current",
        lines_a_call: int = MAX_LINES,
        batch_timeout: float = MAX_MINUTES * 60,
        user_agent: str | None = None,
        proxies: Any = DEFAULT_SENTINEL,
        timeout: Any = DEFAULT_SENTINEL,
    ) -> None:
        if not 0 < lines_a_call <= MAX_LINES:
            raise ValueError(f"lines_a_call: use a number from 1 to {MAX_LINES}")
        super().__init__(user_agent=user_agent, proxies=proxies, timeout=timeout, adapter_factory=HttpxAdapter)
        self._url = url.rstrip("/")
        self._benchmark = benchmark
        self._batch_timeout = batch_timeout
        self.lines_a_call = lines_a_call

    def geocode(self, query: str, *, exactly_one: bool = True, timeout: Any = DEFAULT_SENTINEL) -> Any:
        """The `Location` of an address in one line, None when it is unknown or several points could be meant.

        With `exactly_one=False` a list of all of them. Raises geopy's errors.
        """
        asked = urlencode({"address": query, "benchmark": self._benchmark, "format": "json"})
        read = partial(_read_matches, exactly_one=exactly_one)
        return self._call_geocoder(f"{self._url}/locations/onelineaddress?{asked}", read, timeout=timeout)

    def geocode_batch(self, addresses: Sequence[AddressLine]) -> list[Answer | None]:
        """What is known of each of the `addresses`, in their order; None where the service left one out.

        At most `lines_a_call` of them. Raises geopy's errors.
        """
        if len(addresses) > self.lines_a_call:
            raise ValueError(f"At most {self.lines_a_call} addresses a call, not {len(addresses)}.")
        lines = io.StringIO(newline="")
        csv.writer(lines).writerows([number, *map(_plain, address)] for number, address in enumerate(addresses))
        try:
            text = self.adapter.post_csv(
                f"{self._url}/locations/addressbatch",
                lines.getvalue(),
                {"benchmark": self._benchmark},
                timeout=self._batch_timeout,
                headers=self.headers,
            )
        except AdapterHTTPError as error:
            self._adapter_error_handler(error)  # raises what the status means
            raise
        answers = _read_batch(text)
        if addresses and not answers:
            raise GeocoderParseError("The answer has no line about any of the addresses.")
        return [answers.get(str(number)) for number in range(len(addresses))]


def _plain(text: str) -> str:
    """`text` in one line of ASCII: the service reads other letters and quotes in fields badly."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(ascii_text.replace('"', " ").split())


def _read_matches(answer: Any, *, exactly_one: bool) -> Any:
    try:
        matches = [(match["coordinates"], match) for match in answer["result"]["addressMatches"]]
        found = [
            Location(match["matchedAddress"], (float(point["y"]), float(point["x"])), match) for point, match in matches
        ]
    except (LookupError, TypeError, ValueError) as error:
        raise GeocoderParseError("The answer has no list of matches.") from error
    if not exactly_one:
        return found or None
    return found[0] if len({(each.latitude, each.longitude) for each in found}) == 1 else None


def _read_batch(text: str) -> dict[str, Answer]:
    """The answers by the number of their line. A line that cannot be read is left out.

    Columns: number, address as sent, Match, Exact, matched address, "longitude,latitude", TIGER line, side; only three
    where nothing matches.
    """
    text = text.removeprefix("\ufeff")
    if text.lstrip().startswith("<"):
        raise GeocoderParseError("The answer is a page and no CSV.")
    answers: dict[str, Answer] = {}
    try:
        for row in csv.reader(io.StringIO(text, newline="")):
            if len(row) > 2 and (answer := _read_line(*row[2:])):
                answers[row[0].strip()] = answer
    except csv.Error as error:
        raise GeocoderParseError("The answer is no CSV.") from error
    return answers


def _read_line(outcome: str, exactness: str = "", label: str = "", point: str = "", *_: str) -> Answer | None:
    if outcome == _NO_MATCH:
        return Answer(None)
    if outcome == _TIE:
        return Answer(None, is_tie=True)
    longitude, _comma, latitude = point.partition(",")
    precision: Precision = "address" if exactness == "Exact" else "street"
    try:
        place = Place(label[:MAX_CHARACTERS], float(latitude), float(longitude), precision, located_by="census")
    except ValueError:
        return None
    return Answer(place) if outcome == _MATCH and all(map(isfinite, place.point)) else None
