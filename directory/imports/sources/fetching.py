"""Fetch a source: find what it has now, get what is new, check it, keep it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from directory.imports.lock import is_locked, lock_file
from directory.imports.sources.catalog import FetchError, PublicSource
from directory.imports.sources.checks import UnexpectedFileError
from directory.imports.sources.client import MissingError, SourceClient, refuse_unsafe, web_address
from directory.imports.sources.downloads import download, forget_old_parts
from directory.imports.sources.store import Fetched, Origin, keep_file, newest_kept, note_unchanged, sources_folder
from directory.imports.sources.whole_files import WantedFile
from directory.places.areas import AreaCodes
from directory.web.filters import count_of
from directory.web.transaction import transaction

_INCOMING = ".incoming"
"""Where files are until they are whole and checked."""
MAX_PROBLEMS = 2
"""Of so many files of a source it is said why they could not be fetched; the others are counted."""


class NoPlaceError(FetchError):
    """A source is asked about an area, and none was named."""


class PartlyFetchedError(FetchError):
    """Some files of a source came, and others did not: the message says why. `fetched` are those that came."""

    def __init__(self, message: str, fetched: list[Fetched]) -> None:
        super().__init__(message)
        self.fetched = fetched


def fetch_source(
    client: SourceClient,
    source: PublicSource,
    area: AreaCodes | None = None,
    *,
    whole: bool = False,
    folder: Path | None = None,
) -> list[Fetched]:
    """Fetch what the source has of the area, or whole; each file or set of answers is kept below `folder`.

    Raises `FetchError`, whose message says what to do; what was kept before stays as it was. A file that fails does
    not keep others of the source from being fetched. One process on a machine fetches at a time. Opens transactions.
    """
    if not source.is_fetched:
        raise FetchError(
            f"No address is known of {source.what}: download it in a browser and read it with `flask import "
            f"{source.import_command}`, or set {source.setting}."
        )
    if source.needs_area and area is None:
        raise NoPlaceError(f"Say around which place, with --near: {source.what} is fetched for an area.")
    fetched: list[Fetched] = []
    problems: list[str] = []
    wanted: list[WantedFile] = []
    with _fetching_alone():
        forget_old_parts((folder or sources_folder()) / source.key / _INCOMING)
        if source.asker and area is not None and not whole:
            with _collected(problems):
                fetched += _named(source.asker)(client, source, area, folder)
        if source.finder:
            with _collected(problems):
                wanted = _named(source.finder)(client, source, area, whole)
        for each in wanted:
            with _collected(problems):
                fetched.append(_fetch_file(client, source, each, folder))
    if problems and fetched:
        raise PartlyFetchedError(problems_in_words(problems), fetched)
    if problems:
        raise FetchError(problems_in_words(problems))
    if not fetched:
        raise NoPlaceError(f"Say around which place, with --near, or add --whole: {source.what} is fetched so.")
    return fetched


@contextmanager
def _fetching_alone() -> Iterator[None]:
    """Wait until no other process of this machine fetches."""
    path = sources_folder() / ".lock"
    with folder_errors_explained():
        if is_locked(path):
            click.echo("Another process is fetching; this one goes on when it has ended.", err=True)
        with lock_file(path, wait=True):
            yield


@contextmanager
def folder_errors_explained() -> Iterator[None]:
    """Raise `FetchError` when nothing can be written."""
    try:
        yield
    except OSError as error:
        raise FetchError(
            f"Nothing can be kept at {error.filename or sources_folder()}: {error.strerror or error}. Make room, let "
            "this program write there, or set SOURCES_DIR."
        ) from error


@contextmanager
def _collected(problems: list[str]) -> Iterator[None]:
    """Put why something could not be fetched among the `problems`."""
    try:
        yield
    except FetchError as error:
        problems.append(str(error))


def problems_in_words(problems: list[str]) -> str:
    """The first ones, and how many there are besides."""
    more = len(problems) - MAX_PROBLEMS
    others = [f"So it was with {count_of(more, 'other file')}."] if more > 0 else []
    return " ".join([*problems[:MAX_PROBLEMS], *others])


def _named(target: str) -> Callable[..., Any]:
    module, _colon, name = target.partition(":")
    function: Callable[..., Any] = getattr(import_module(module), name)
    return function


def _fetch_file(client: SourceClient, source: PublicSource, wanted: WantedFile, folder: Path | None) -> Fetched:
    """Fetch it from the first address that has it: one that has nothing, or something else, leads to the next.

    None is older than the one from which it was fetched before: a version that is kept is not taken back.
    """
    into = (folder or sources_folder()) / source.key
    with transaction():
        before = newest_kept(source.key, wanted.part, into)
        known = Origin(before.address, before.etag, before.last_modified) if before else None
    addresses = wanted.addresses
    if known and known.address in addresses:
        addresses = addresses[: addresses.index(known.address) + 1]
    *earlier, last = addresses
    for address in earlier:
        with suppress(MissingError, UnexpectedFileError):
            return _fetch_address(client, source, wanted, address, known, into)
    return _fetch_address(client, source, wanted, last, known, into)


def _fetch_address(
    client: SourceClient, source: PublicSource, wanted: WantedFile, address: str, known: Origin | None, into: Path
) -> Fetched:
    refuse_unsafe(web_address(source.address), web_address(address))
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
        kept = keep_file(done.path, source.key, wanted.part, origin, into)
    done.discard()  # what stood beside it
    return kept
