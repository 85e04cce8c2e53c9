"""Many questions to one public interface: asked one after the other, and all answers kept as they came in one file."""

import gzip
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple, Self
from urllib.parse import urlencode

from tqdm import tqdm

from directory.imports.reading.answers import read_answers
from directory.imports.reading.files import ANSWERS_ENDING
from directory.imports.sources.catalog import FetchError
from directory.imports.sources.client import SourceClient
from directory.imports.sources.store import Fetched, Origin, keep_file, newest_kept, note_unchanged
from directory.web.days import local_day
from directory.web.transaction import transaction

FRESH_FOR = timedelta(hours=12)
"""Answers of a fetch that broke off are used by the next one for so long."""


class _Place(NamedTuple):
    """Where an answer stands in the file of those that came."""

    start: int
    at: datetime


class Asking:
    """Asks about one thing, such as an area. Use it as a context, and call `keep` when everything was answered.

    When it breaks off, the answers stay, and the next one begins with them.
    """

    def __init__(self, client: SourceClient, what: str, folder: Path, name: str) -> None:
        self._client, self._folder = client, folder
        self._path = folder / ".incoming" / f"{name}.jsonl"
        self._came: dict[str, _Place] = {}
        self._used: dict[str, None] = {}
        self._bar: tqdm[Any] = tqdm(desc=what[:48], total=0, unit=" questions", disable=None)
        self._file: BinaryIO

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("a+b")
        self._go_on()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()
        self._file.close()

    def expect(self, questions: int) -> None:
        """Say that so many more questions will be asked, for the time that is left."""
        self._bar.total = (self._bar.total or 0) + questions
        self._bar.refresh()

    def ask(self, address: str, params: Mapping[str, str], check: Callable[[Any], None]) -> Any:
        """The answer to one question, which is kept once `check` has not raised `FetchError` for it."""
        url = f"{address}{'&' if '?' in address else '?'}{urlencode(params)}"
        if url in self._came:
            answer = self._read(url)["answer"]
        else:
            answer = self._client.get_json(url)
            check(answer)
            self._add(url, answer)
        self._used[url] = None
        self._bar.update()
        return answer

    def keep(self, source_key: str, part: str, origin: Origin) -> Fetched:
        """Keep the answers that were used, in the order of their questions, and forget the others.

        When all are the same as those kept before, these stay: they were true for longer.
        """
        with transaction():
            before = newest_kept(source_key, part, self._folder)
            if before and self._says_the_same_as(str(before.path)):
                self._path.unlink()
                return note_unchanged(source_key, part, self._folder)
        incoming = self._path.with_name(f"{self._path.stem}{ANSWERS_ENDING}")
        with incoming.open("wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
            for url in self._used:
                self._file.seek(self._came[url].start)
                packed.write(self._file.readline())
        day = local_day(min(self._came[url].at for url in self._used))
        with transaction():
            fetched = keep_file(
                incoming, source_key, part, Origin(origin.address, origin.etag, published_on=day), self._folder
            )
        self._path.unlink()
        return fetched

    def _says_the_same_as(self, path: str) -> bool:
        before = ((answer.url, answer.body) for answer in read_answers(path))
        return all(
            then == now for then, now in zip_longest(before, ((url, self._read(url)["answer"]) for url in self._used))
        )

    def _add(self, url: str, answer: Any) -> None:
        start, now = self._file.seek(0, 2), datetime.now(UTC)
        line = json.dumps({"url": url, "at": now.isoformat(), "answer": answer}, separators=(",", ":"))
        self._file.write(f"{line}\n".encode())
        self._file.flush()
        self._came[url] = _Place(start, now)

    def _read(self, url: str) -> dict[str, Any]:
        self._file.seek(self._came[url].start)
        kept: dict[str, Any] = json.loads(self._file.readline())
        return kept

    def _go_on(self) -> None:
        """Take up what a fetch that broke off left: whole lines that are fresh."""
        self._file.seek(0)
        start, since = 0, datetime.now(UTC) - FRESH_FOR
        while (line := self._file.readline()).endswith(b"\n"):
            with suppress(ValueError, KeyError, TypeError):
                kept = json.loads(line)
                at = datetime.fromisoformat(kept["at"])
                if at > since:
                    self._came[kept["url"]] = _Place(start, at)
            start += len(line)
        self._file.truncate(start if self._came else 0)


def refuse_answer(url: str, why: str) -> FetchError:
    """What is said of an answer that cannot be believed."""
    return FetchError(f"{url} {why}. What was fetched before stays. Try again later.")
