"""The client that asks public servers: patient with busy ones, one request at a time, and careful where it is led."""

import ipaddress
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.utils import parseaddr, parsedate_to_datetime
from time import monotonic, sleep
from types import TracebackType
from typing import Any, TypeVar
from urllib.request import getproxies, proxy_bypass

import click
import httpx
import tenacity
from flask import current_app

from directory.imports.sources.catalog import FetchError

MAX_TRIES = 6
"""How often in a row without a new byte."""
MAX_LOOKUPS = 2
"""How often where no one can tell which machine has that name: without a network that stays so."""
MAX_BREAKS = 200
"""How often in all."""
PAUSE_SECONDS = 1.0
"""Before the second try; it doubles from try to try."""
MAX_PAUSE_SECONDS = 300.0
"""A server that asks for a longer pause is asked another day."""
TIMEOUT = httpx.Timeout(60.0, connect=20.0)
MAX_REDIRECTS = 5
MAX_ADDRESS_LENGTH = 1000
MAX_PAGE_BYTES = 64 * 1024 * 1024
"""Of an index page or an answer, once unpacked."""
MAX_PAGE_SECONDS = 300.0
Answer = TypeVar("Answer")
SET_ADDRESS = "Set its address in the settings (docs/operating.md)."
_UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"
_BUSY = frozenset({408, 425, 429, *range(500, 600)})


class MissingError(FetchError):
    """There is nothing at an address."""


class BusyError(Exception):
    """The server could not answer now. `pause_seconds` is how long it asks to wait, if it says so."""

    def __init__(self, reason: str, pause_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.pause_seconds = pause_seconds


class SourceClient:
    """Asks one address after the other. Use it as a context."""

    def __init__(self) -> None:
        self._opened: httpx.Client | None = None

    @property
    def _client(self) -> httpx.Client:
        """Opened when first asked for. Raises `FetchError` for a proxy that cannot be used."""
        if self._opened is None:
            config = current_app.config
            contact = parseaddr(config["MAIL_REPLY_TO"] or config["MAIL_DEFAULT_SENDER"])[1]
            agent = f"Neck Spasm Directory ({config['SITE_URL']}; {contact})".encode("ascii", "replace")
            try:
                self._opened = httpx.Client(headers={b"User-Agent": agent}, timeout=TIMEOUT)
            except (ImportError, ValueError) as error:
                raise FetchError(
                    f"The proxy of HTTP_PROXY, HTTPS_PROXY or ALL_PROXY cannot be used ({error}): give it as "
                    "http://host:port."
                ) from error
        return self._opened

    def __enter__(self) -> "SourceClient":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._opened is not None:
            self._opened.close()

    def get_text(self, address: str, params: Mapping[str, str] | None = None) -> str:
        """A page. Raises `FetchError`."""
        return self._get(address, params).text

    def get_json(self, address: str, params: Mapping[str, str] | None = None) -> Any:
        """An answer in JSON, as Python has it. Raises `FetchError` for what is none too."""
        response = self._get(address, params)
        try:
            return response.json()
        except ValueError as error:
            raise FetchError(
                f"{response.url} did not answer in JSON but with “{response.text[:60].strip()}”: try again later."
            ) from error

    def _get(self, address: str, params: Mapping[str, str] | None) -> httpx.Response:
        url = web_address(address)
        if params:
            url = url.copy_merge_params(params)

        def ask() -> httpx.Response:
            began = monotonic()
            with self.stream(url) as response:
                if response.status_code != 200:
                    raise BusyError(f"it answered {response.status_code} to a plain question")
                whole = bytearray()
                for piece in response.iter_bytes():
                    whole += piece
                    if len(whole) > MAX_PAGE_BYTES:
                        raise FetchError(
                            f"{url} answers with more than {MAX_PAGE_BYTES // 1024**2} MB, which is no page of this "
                            f"source. {SET_ADDRESS}"
                        )
                    if monotonic() - began > MAX_PAGE_SECONDS:
                        raise BusyError(f"its answer took more than {MAX_PAGE_SECONDS:g} seconds")
                headers = {k: v for k, v in response.headers.items() if k.lower() != "content-encoding"}
                return httpx.Response(
                    response.status_code, headers=headers, content=bytes(whole), request=response.request
                )

        return with_retries(str(url), ask)

    @contextmanager
    def stream(self, url: httpx.URL | str, headers: Mapping[str, str] | None = None) -> Iterator[httpx.Response]:
        """The open answer to one request, after redirects; its status is 200, 206, 304 or 416.

        Raises `BusyError` and httpx's `RequestError` for what another try may mend, and `FetchError`.
        """
        first = web_address(str(url))
        request = self._client.build_request("GET", first, headers=headers)
        was_secure = False
        for _hop in range(MAX_REDIRECTS + 1):
            was_secure = was_secure or request.url.scheme == "https"
            refuse_unsafe(first, request.url, was_secure=was_secure)
            response = self._client.send(request, stream=True)
            try:
                if response.next_request is None:
                    _refuse(response)
                    yield response
                    return
                request = response.next_request
            finally:
                response.close()
        raise FetchError(f"{first} leads from one address to the next without end.")


def web_address(text: str) -> httpx.URL:
    """The address that a setting or a server gives. Raises `FetchError` for what is none."""
    try:
        url = httpx.URL(text.strip())
    except httpx.InvalidURL as error:
        raise FetchError(f"“{text[:100]}” is no web address ({error}).") from error
    if len(text) > MAX_ADDRESS_LENGTH:
        raise FetchError(f"“{text[:100]}…” is too long for a web address.")
    if url.scheme not in {"http", "https"} or not url.host:
        raise FetchError(f"“{text[:100]}” is no web address: it must begin with https://.")
    return url


def with_retries(address: str, ask: Callable[[], Answer], progress: Callable[[], int] = lambda: 0) -> Answer:
    """What `ask` returns, asked again after growing pauses. Raises `FetchError` in a sentence when it gives up.

    While `progress` grows from try to try, the pauses start anew: a large file may break off often.
    """
    reached, in_a_row = progress(), 0

    def count(_state: tenacity.RetryCallState) -> None:
        nonlocal reached, in_a_row
        now = progress()
        in_a_row = 1 if now > reached else in_a_row + 1
        reached = max(reached, now)

    def pause(state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.pause_seconds if isinstance(error, BusyError) else None
        return max(PAUSE_SECONDS * 2.0 ** (in_a_row - 1), asked or 0.0)

    def tries(state: tenacity.RetryCallState) -> int:
        unknown = _lookup_error(state.outcome.exception() if state.outcome else None)
        return MAX_TRIES if unknown is None else MAX_LOOKUPS

    def say(state: tenacity.RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        if sys.stderr.isatty() and state.next_action:
            seconds = state.next_action.sleep
            click.echo(f"{httpx.URL(address).host}: {in_words(error)}; again in {seconds:.0f} s", err=True)

    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(_may_pass),
        after=count,
        before_sleep=say,
        stop=lambda state: in_a_row >= tries(state) or state.attempt_number >= MAX_BREAKS,
        wait=pause,
        sleep=lambda seconds: sleep(seconds),
        reraise=True,
    )
    try:
        return retrying(ask)
    except (BusyError, httpx.RequestError) as error:
        advice = "try again later"
        if _UNTRUSTED in str(error):
            advice = "this machine does not trust its certificate; SSL_CERT_FILE names other authorities"
        elif _lookup_error(error) is not None:
            advice = "is there a network connection, and is the address right?"
            raise FetchError(f"{address} could not be fetched ({in_words(error)}): {advice}") from error
        raise FetchError(f"{address} could not be fetched ({in_words(error)}): {advice}.") from error


def _may_pass(error: BaseException) -> bool:
    """Whether another try may go well."""
    is_passing = isinstance(error, (BusyError, httpx.RequestError)) and _UNTRUSTED not in str(error)
    return is_passing and _lookup_error(error) != socket.EAI_NONAME


def _lookup_error(error: BaseException | None) -> int | None:
    """Why the name of a host was not found; `EAI_NONAME` when there is none such, as far as this machine can tell."""
    while error is not None:
        if isinstance(error, socket.gaierror):
            return error.errno
        error = error.__cause__ or error.__context__
    return None


def in_words(error: BaseException | None) -> str:
    """What went wrong, for a person."""
    return str(error).strip().rstrip(".") or type(error).__name__


def _refuse(response: httpx.Response) -> None:
    """Raise what the status calls for, unless the answer can be used."""
    status = response.status_code
    if status in {200, 206, 304, 416}:
        return
    if status in _BUSY:
        asked = _asked_pause(response.headers.get("Retry-After"), response.headers.get("Date"))
        if asked is not None and asked > MAX_PAUSE_SECONDS:
            raise FetchError(
                f"{response.url} is busy ({status}) and asks to come back in {round(asked / 60)} minutes: do so then."
            )
        raise BusyError(f"it answered {status} {response.reason_phrase}", asked)
    said = f"{response.url} answered {status} {response.reason_phrase}".rstrip()
    if status in {404, 410}:
        raise MissingError(f"{said}: has it moved? {SET_ADDRESS}")
    raise FetchError(f"{said}: does it refuse this program? Open the address in a browser.")


def _asked_pause(retry_after: str | None, now: str | None) -> float | None:
    """Seconds that `Retry-After` asks for: a number, or the time at which to come back by the server's own clock."""
    if not retry_after:
        return None
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - parsedate_to_datetime(now or "")).total_seconds())
    except (ValueError, TypeError):
        return None


def refuse_unsafe(first: httpx.URL, url: httpx.URL, *, was_secure: bool = False) -> None:
    """Raise `FetchError` when an address that the operator set leads where it must not.

    `first` is the operator's address, `url` where a redirect or a link leads: another protocol, from https to plain
    http, or to a host in a private network, unless it is the operator's own.
    """
    if url.scheme not in {"http", "https"}:
        raise FetchError(f"{first} leads to {url}, which is no web address.")
    if (was_secure or first.scheme == "https") and url.scheme == "http":
        raise FetchError(
            f"{first} leads to {url}, where anyone on the way could change what is read: not followed. {SET_ADDRESS}"
        )
    if url.host != first.host and _is_private(url):
        raise FetchError(f"{first} leads to {url}, which is in a private network: not followed. {SET_ADDRESS}")


def _is_private(url: httpx.URL) -> bool:
    try:
        return not ipaddress.ip_address(url.host).is_global
    except ValueError:
        pass
    proxies = getproxies()
    if (proxies.get(url.scheme) or proxies.get("all")) and not proxy_bypass(url.host):
        return url.host.rstrip(".").endswith("localhost")  # the proxy looks names up
    try:
        found = socket.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    except OSError:
        return False  # then it cannot be reached either
    return any(not ipaddress.ip_address(str(each[4][0]).partition("%")[0]).is_global for each in found)
