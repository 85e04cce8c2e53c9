"""An outside geocoder, where the operator configured one: any of geopy's, with a time limit and a pace."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from threading import Lock
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, has_app_context

from directory.config import ConfigError
from directory.places.coordinates import is_covered
from directory.places.distance import miles_between
from directory.places.gazetteer import MAX_CHARACTERS, place_read
from directory.places.place import AddressLine, Answer, Place, Precision, WhyUnplaced
from directory.places.reading import Reading
from directory.places.streets.finding import locate_street, why_unplaced
from directory.web.messages import gettext

if TYPE_CHECKING:
    from geopy.geocoders.base import Geocoder
    from tenacity import RetryCallState

CENSUS = "census"
BATCH_ATTEMPTS = 4
BATCH_SECONDS = 600.0
MAX_PAUSE_SECONDS = 60.0
REST_SECONDS = 30.0
"""After a failure pages do not ask for so long, so that they stay quick while the geocoder is down."""
_REMEMBERED = 256
_FAR_MILES = 60.0
"""An answer this far from the address's own ZIP or city is to another question."""
_COARSE = frozenset([
    "city", "town", "village", "hamlet", "suburb", "quarter", "postcode", "county", "state", "region", "country",
    "administrative",
])  # fmt: skip
_logger = logging.getLogger(__name__)


class UnansweredError(Exception):
    """The geocoder gave no usable answer. The message is a sentence for the person who asked."""


class OutsideGeocoder:
    """A geopy geocoder with a time limit and a pace. Shared by the threads of a process."""

    def __init__(self, name: str, geocoder: "Geocoder", timeout_seconds: float, per_second: float) -> None:
        self.name = name
        self.lines_a_call: int | None = getattr(geocoder, "lines_a_call", None)
        """How many addresses `ask_batch` takes at once; None when the geocoder takes one at a time alone."""
        self._geocoder = geocoder
        self._precision: Precision | None = getattr(geocoder, "precision", None)
        self._timeout_seconds = timeout_seconds
        self._seconds_between = 1 / per_second
        self._lock = Lock()
        self._next_turn = self._rests_until = float("-inf")
        self.ask = lru_cache(maxsize=_REMEMBERED)(self._ask)  # in memory alone: a searcher's words are never stored

    def _ask(self, address: str) -> Place | None:
        """The street's point, within the time limit, waiting included; None when it is not known.

        Raises `UnansweredError` when the geocoder is slow, busy, down, refuses or answers nonsense.
        """
        if monotonic() < self._rests_until:
            raise UnansweredError(gettext("Street address lookup is not available right now."))
        waited = self._wait_for_turn(self._timeout_seconds)
        try:
            return self._answer(address, max(0.1, self._timeout_seconds - waited))
        except UnansweredError:
            self._rests_until = monotonic() + REST_SECONDS
            raise

    def ask_patiently(self, address: str) -> Place | None:
        """The same for lists of addresses: waits for its turn however long, and asks after failures too."""
        self._wait_for_turn(float("inf"))
        return self._answer(address, self._timeout_seconds)

    def ask_batch(self, addresses: Sequence[AddressLine]) -> list[Answer | None]:
        """What is known of each of up to `lines_a_call` addresses; None where no answer came.

        Tries again with growing pauses, since calls of many addresses often fail once, but not after one that took
        minutes. Raises `UnansweredError`.
        """
        from geopy.exc import GeocoderQueryError, GeocoderServiceError, GeopyError
        from tenacity import Retrying, retry_if_exception, stop_after_attempt, stop_after_delay

        def may_pass(error: BaseException) -> bool:
            return isinstance(error, GeocoderServiceError) and not isinstance(error, GeocoderQueryError)

        try:
            for attempt in Retrying(
                stop=stop_after_attempt(BATCH_ATTEMPTS) | stop_after_delay(BATCH_SECONDS),
                wait=_pause,
                sleep=sleep,
                retry=retry_if_exception(may_pass),
                reraise=True,
            ):
                with attempt:
                    answers = self._geocoder.geocode_batch(addresses)
        except GeopyError as error:
            _logger.warning("%s failed on %s addresses: %s", self.name, len(addresses), type(error).__name__)
            raise UnansweredError(str(error)) from error
        return [
            Answer(None) if answer and answer.place and not is_covered(answer.place.point) else answer
            for answer in answers
        ]

    def _wait_for_turn(self, longest_seconds: float) -> float:
        with self._lock:
            now = monotonic()
            wait = max(0.0, self._next_turn - now)
            if wait >= longest_seconds:
                raise UnansweredError(gettext("Street address lookup is busy."))
            self._next_turn = now + wait + self._seconds_between
        sleep(wait)
        return wait

    def _answer(self, address: str, timeout_seconds: float) -> Place | None:
        from geopy.exc import GeocoderTimedOut, GeopyError

        try:
            found = self._geocoder.geocode(address, timeout=timeout_seconds)
            if found is None:
                return None
            point, label, raw = (float(found.latitude), float(found.longitude)), str(found.address), found.raw
        except GeocoderTimedOut as error:
            _logger.warning("%s did not answer within %s s", self.name, timeout_seconds)
            raise UnansweredError(gettext("Street address lookup took too long to answer.")) from error
        except GeopyError as error:
            _logger.warning("%s failed: %s", self.name, type(error).__name__)  # its message may hold the address
            raise UnansweredError(gettext("Street address lookup is not available right now.")) from error
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
            _logger.warning("%s answered nonsense: %s", self.name, type(error).__name__)
            raise UnansweredError(gettext("Street address lookup gave an answer we couldn’t read.")) from error
        if not is_covered(point) or _is_coarse(raw):
            return None
        precision = self._precision or _precision(raw)
        return Place(label[:MAX_CHARACTERS], *point, precision, located_by=self.name)


def locate_address(address: str, reading: Reading, ask: Callable[[str], Place | None] | None) -> Place | None:
    """The street's point by the index of streets, else by `ask`; else what the gazetteer finds, with why in the note.

    Neither is asked about what is no street, nor about one whose city the person has yet to choose.
    """
    place = place_read(reading)
    if not reading.may_be_street or (reading.cities and not place):
        return place
    if street := locate_street(reading):
        return street
    found, failure = None, ""
    if ask is not None:
        try:
            found = ask(address)
            failure = gettext("Street address lookup couldn’t find that address.")
        except UnansweredError as error:
            failure = str(error)
    if found and not (place and miles_between(found.point, place.point) > _FAR_MILES):
        return found
    if why_unplaced(reading) is WhyUnplaced.TIE:
        failure = gettext("There is more than one such street. Add its ZIP code, or N, S, E or W.")
    return place and replace(place, note=" ".join(filter(None, (failure, place.note))) or None)


def configured() -> OutsideGeocoder | None:
    """The current app's outside geocoder; None when it has none, or outside an app."""
    return current_app.extensions.get("place_geocoder") if has_app_context() else None


def set_up(app: Flask) -> None:
    """Build what `PLACE_GEOCODER` names. Raises `ConfigError`, saying what to set."""
    for name in ("geopy", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)  # below that they would log what people ask for
    app.extensions["place_geocoder"] = None
    config = app.config
    name = config["PLACE_GEOCODER"].strip().lower()
    if name == "gazetteer":
        return
    from geopy.exc import GeocoderNotFound, GeopyError

    try:
        options = json.loads(config["PLACE_GEOCODER_OPTIONS"])
        if not isinstance(options, dict):
            raise ValueError("use a JSON object")
        geocoder = _census(config, options) if name == CENSUS else _of_geopy(name, options)
    except GeocoderNotFound as error:
        raise ConfigError(
            f"PLACE_GEOCODER={name!r}: use gazetteer, census or the name of a geopy geocoder, such as nominatim"
        ) from error
    except (ValueError, TypeError, GeopyError) as error:
        raise ConfigError(f"PLACE_GEOCODER_OPTIONS do not suit {name}: {error}") from error
    app.extensions["place_geocoder"] = OutsideGeocoder(
        name, geocoder, config["PLACE_GEOCODER_TIMEOUT_SECONDS"], config["PLACE_GEOCODER_PER_SECOND"]
    )


def _precision(raw: object) -> Precision:
    """`address` where a Nominatim answer is a house; any other may be no more than its street."""
    kind = (raw.get("category") or raw.get("class")) if isinstance(raw, Mapping) else None
    return "address" if kind and kind != "highway" else "street"


def _census(config: Mapping[str, Any], options: Mapping[str, Any]) -> "Geocoder":
    from directory.places.census import Census

    user_agent = f"Neck Spasm Directory ({config['SITE_URL']})"
    return Census(**{"url": config["PLACE_CENSUS_URL"], "user_agent": user_agent, **options})


def _of_geopy(name: str, options: Mapping[str, Any]) -> "Geocoder":
    from geopy.geocoders import get_geocoder_for_service

    return get_geocoder_for_service(name)(**options)


def _pause(state: "RetryCallState") -> float:
    """Seconds before the next attempt: 2, 4, 8, or as long as the service asks, up to `MAX_PAUSE_SECONDS`."""
    failure = state.outcome.exception() if state.outcome else None
    asked = getattr(failure, "retry_after", None) or 0
    return float(min(max(asked, 2**state.attempt_number), MAX_PAUSE_SECONDS))


def _is_coarse(raw: object) -> bool:
    """Whether a Nominatim answer is a town or a ZIP and no street, for which the gazetteer's own is as good."""
    return isinstance(raw, Mapping) and (raw.get("addresstype") or raw.get("type")) in _COARSE
