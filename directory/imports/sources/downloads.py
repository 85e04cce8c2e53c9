"""One file over the network onto the disk: what came before a break stays, and the rest is asked for."""

import json
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath
from typing import Any

import httpx
from tqdm import tqdm

from directory.imports.sources.catalog import FetchError
from directory.imports.sources.client import BusyError, SourceClient, with_retries
from directory.imports.sources.store import Origin, safe_name
from directory.web.days import local_day
from directory.web.filters import bytes_in_words

LEFT_FREE = 500 * 1024 * 1024
"""Of the disk, for the database."""
MIN_BYTES, STALL_SECONDS = 1000, 60.0
"""A connection that brings less in so many seconds is given up, and a new one goes on."""
OLD_PART_DAYS = 14
_CHECK_DISK_EVERY = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Download:
    """A whole file on the disk, not checked yet, and where it came from."""

    path: Path
    origin: Origin

    def discard(self) -> None:
        """Remove the file, so that the next try begins anew."""
        _Part(self.path, self.origin.address).forget()


def download(client: SourceClient, address: str, folder: Path, before: Origin | None = None) -> Download | None:
    """Fetch the file at `address` into `folder`; None when the server says that it is still the one `before`.

    What a broken download left in the folder is gone on with, if the file has not changed since. Raises `FetchError`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = safe_name(PurePosixPath(httpx.URL(address).path).name)
    part = _Part(folder / name, address)
    conditions = _conditions(before, address)
    return with_retries(address, lambda: _fetch(client, part, conditions), progress=lambda: part.size)


def forget_old_parts(folder: Path) -> None:
    """Remove parts of downloads that nothing went on with for `OLD_PART_DAYS`: their files have other names by now."""
    for path in folder.glob("*"):
        if time.time() - path.stat().st_mtime > OLD_PART_DAYS * 24 * 3600:
            path.unlink(missing_ok=True)


class _Part:
    """A file that may not be whole yet. Beside it stands of which version it is."""

    def __init__(self, path: Path, address: str) -> None:
        self.path, self.address = path, address
        self._about = path.with_name(f"{path.name}.json")

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def version(self) -> Mapping[str, Any]:
        """What the server said when the file was begun; nothing when there is no part to go on with."""
        with suppress(OSError, ValueError):
            about = json.loads(self._about.read_text(encoding="utf-8"))
            if isinstance(about, dict) and about.get("address") == self.address and self.size:
                return about
        return {}

    def begin(self, response: httpx.Response) -> None:
        """Start from the first byte, of the version that is answered now."""
        self.forget()
        encoded = _is_encoded(response)  # parts of what is sent otherwise than it is kept do not fit together
        about = {
            "address": self.address,
            "etag": None if encoded else response.headers.get("ETag"),
            "last_modified": None if encoded else response.headers.get("Last-Modified"),
        }
        self._about.write_text(json.dumps(about), encoding="utf-8")

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
        self._about.unlink(missing_ok=True)


def _conditions(before: Origin | None, address: str) -> dict[str, str]:
    if before is None or before.address != address:
        return {}
    conditions = {"If-None-Match": before.etag, "If-Modified-Since": before.last_modified}
    return {name: value for name, value in conditions.items() if value}


def _fetch(client: SourceClient, part: _Part, conditions: Mapping[str, str]) -> Download | None:
    begun = part.version()
    validator = _validator(begun)
    going_on = {"Range": f"bytes={part.size}-", "If-Range": validator} if validator else conditions
    with client.stream(part.address, {"Accept-Encoding": "identity", **going_on}) as response:
        if response.status_code == 304 and not validator:
            return None
        if response.status_code == 200:
            begun = {}
            part.begin(response)
            total = None if _is_encoded(response) else _number(response.headers.get("Content-Length"))
        elif validator and _fits(response, part, begun):
            total = _range(response)[1]
        else:
            part.forget()
            raise BusyError("it did not go on where the last try had ended")
        if response.status_code != 416:
            _write(response, part, total)
        if total is not None and part.size != total:
            raise BusyError(f"{part.size:,} of {total:,} bytes came")
        etag = response.headers.get("ETag") or begun.get("etag")
        modified = response.headers.get("Last-Modified") or begun.get("last_modified")
        return Download(part.path, Origin(part.address, etag, modified, _day(modified)))


def _write(response: httpx.Response, part: _Part, total: int | None) -> None:
    """Append what comes, as it comes. Raises `BusyError` when hardly anything does."""
    _check_disk(part, total - part.size if total is not None else None)
    pieces = response.iter_bytes() if _is_encoded(response) else response.iter_raw()
    window, came, unchecked = time.monotonic(), 0, 0
    with (
        part.path.open("ab") as file,
        tqdm(
            desc=part.path.name[:48], total=total, initial=part.size, unit="B", unit_scale=True, disable=None
        ) as progress,
    ):
        for piece in pieces:
            file.write(piece)
            file.flush()
            progress.update(len(piece))
            came, unchecked = came + len(piece), unchecked + len(piece)
            if unchecked > _CHECK_DISK_EVERY:
                _check_disk(part, total - part.size if total is not None else None)
                unchecked = 0
            if time.monotonic() - window > STALL_SECONDS:
                if came < MIN_BYTES:
                    raise BusyError("hardly anything comes")
                window, came = time.monotonic(), 0


def _check_disk(part: _Part, needed: int | None) -> None:
    """Raise `FetchError` when the disk has no room for so many bytes; None when the server does not say how many."""
    free = shutil.disk_usage(part.path.parent).free - LEFT_FREE
    if free < (needed or 0):
        part.forget()
        size = "more than that" if needed is None else bytes_in_words(needed)
        raise FetchError(
            f"The disk of {part.path.parent} has {bytes_in_words(max(free, 0))} to spare, and {part.address} is "
            f"{size}: make room, or set SOURCES_DIR to a larger disk."
        )


def _validator(begun: Mapping[str, Any]) -> str:
    """What tells one version of a file from another to the byte; empty when the server gave nothing of the kind."""
    etag = begun.get("etag")
    return str(etag if etag and not etag.startswith("W/") else begun.get("last_modified") or "")


def _fits(response: httpx.Response, part: _Part, begun: Mapping[str, Any]) -> bool:
    """Whether the answer goes on where the part ends, or says that nothing is missing."""
    start, total = _range(response)
    if response.headers.get("ETag", begun.get("etag")) != begun.get("etag"):
        return False
    if response.status_code == 416:
        return total == part.size
    return start == part.size and not _is_encoded(response)


def _range(response: httpx.Response) -> tuple[int | None, int | None]:
    """The first byte and the length of the whole of `Content-Range: bytes 5-9/10`, or of `bytes */10`."""
    span, _slash, total = response.headers.get("Content-Range", "").removeprefix("bytes").strip().partition("/")
    return _number(span.partition("-")[0]), _number(total)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _is_encoded(response: httpx.Response) -> bool:
    return str(response.headers.get("Content-Encoding", "identity")).lower() != "identity"


def _day(modified: str | None) -> date | None:
    with suppress(ValueError, TypeError):
        return local_day(parsedate_to_datetime(modified or ""))
    return None
