"""Fetch a source: find what it has now, get what is new, check it, keep it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx

from directory.imports.lock import lock_file
from directory.imports.sources.catalog import FetchError, PublicSource
from directory.imports.sources.checks import UnexpectedFileError
from directory.imports.sources.client import MissingError, SourceClient, refuse_unsafe
from directory.imports.sources.downloads import download
from directory.imports.sources.store import Fetched, Origin, keep_file, newest_kept, note_unchanged, sources_folder
from directory.imports.sources.whole_files import WantedFile
from directory.places.areas import AreaCodes
from directory.web.transaction import transaction

_INCOMING = ".incoming"
"""Where files are until they are whole and checked."""


def fetch_source(
    client: SourceClient,
    source: PublicSource,
    area: AreaCodes | None = None,
    *,
    whole: bool = False,
    folder: Path | None = None,
) -> list[Fetched]:
    """Fetch what the source has of the area, or whole; each file or set of answers is kept below `folder`.

    Raises `FetchError`, whose message says what to do; what was kept before stays as it was, and so do files of the
    source that came before the one that failed. One process on a machine fetches at a time. Opens transactions.
    """
    if not source.is_fetched:
        raise FetchError(
            f"{source.what} has no address here: download it in a browser and read it with `flask import "
            f"{source.import_command}`, or set {source.setting}."
        )
    if source.needs_area and area is None:
        raise FetchError(f"Say around which place with --near: {source.what} is fetched for an area.")
    with lock_file(sources_folder() / ".lock", wait=True):
        fetched: list[Fetched] = []
        if source.asker and area is not None and not whole:
            fetched += _named(source.asker)(client, source, area, folder)
        if source.finder:
            for wanted in _named(source.finder)(client, source, area, whole):
                fetched.append(_fetch_file(client, source, wanted, folder))
        return fetched


def _named(target: str) -> Callable[..., Any]:
    module, _colon, name = target.partition(":")
    function: Callable[..., Any] = getattr(import_module(module), name)
    return function


def _fetch_file(client: SourceClient, source: PublicSource, wanted: WantedFile, folder: Path | None) -> Fetched:
    """Fetch it from the first address that has it: one that has nothing, or something else, leads to the next."""
    into = (folder or sources_folder()) / source.key
    with transaction():
        before = newest_kept(source.key, wanted.part, into)
        known = Origin(before.address, before.etag, before.last_modified) if before else None
    *earlier, last = wanted.addresses
    for address in earlier:
        with suppress(MissingError, UnexpectedFileError):
            return _fetch_address(client, source, wanted, address, known, into)
    return _fetch_address(client, source, wanted, last, known, into)


def _fetch_address(
    client: SourceClient, source: PublicSource, wanted: WantedFile, address: str, known: Origin | None, into: Path
) -> Fetched:
    refuse_unsafe(httpx.URL(source.address), httpx.URL(address))
    done = download(client, address, into / _INCOMING, known)
    if done is None:
        with transaction():
            return note_unchanged(source.key, wanted.part, into)
    try:
        wanted.check(done.path)
    except UnexpectedFileError as error:
        done.discard()
        raise UnexpectedFileError(
            f"{address} is not what it should be: {error}. What was fetched before stays. Try again later, or set "
            f"{source.setting} if it has moved."
        ) from error
    origin = replace(done.origin, published_on=wanted.published_on or done.origin.published_on)
    with transaction():
        return keep_file(done.path, source.key, wanted.part, origin, into)
