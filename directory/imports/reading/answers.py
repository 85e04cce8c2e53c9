"""Answers of public interfaces, kept as they came: one gzip of JSON lines, each with the address, the time, the answer.

Imports read them as the file whose rows they are: an `AnswerTable` writes those rows as that file would have them.
"""

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

from directory.imports.reading.files import ImportFileError

_NO_VALUE = frozenset({"", "--"})
_NOT_IN_WORDS = re.compile(r"[^a-z0-9]")
PLACE = "Answer"
"""The first column of a table of answers: the line in the kept file and, where it has several rows, which of them."""


class KeptAnswer(NamedTuple):
    """One answer: where it stands in its file, what was asked and when, and what came."""

    line: int
    url: str
    at: datetime
    body: Any


class AnswerRow(NamedTuple):
    """One row of an answer. Of rows of one `subject` in several answers, those of the first one count."""

    subject: str | None
    number: int
    cells: Mapping[str, str]


class OpenTable(NamedTuple):
    """The rows as a CSV, its length, and when the first answer came."""

    stream: IO[bytes]
    size: int
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """How answers become the rows of a published file. `rows` raises `ImportFileError` for another interface's."""

    columns: tuple[str, ...]
    rows: Callable[[KeptAnswer], Iterable[AnswerRow]]

    @contextmanager
    def open(self, path: str) -> Iterator[OpenTable]:
        """The answers as that file would have them, in a file that goes at the end.

        Raises `ImportFileError` when they are answers of another interface, or damaged.
        """
        with TemporaryFile() as file:
            text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
            asked_at = _write_table(read_answers(path), self, csv.writer(text, lineterminator="\n"))
            text.detach()
            size = file.tell()
            file.seek(0)
            yield OpenTable(file, size, asked_at)


def read_answers(path: str | Path) -> Iterator[KeptAnswer]:
    """The kept answers one after the other. Raises `ImportFileError` for a file that is damaged or something else."""
    name = Path(path).name
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                kept = json.loads(line)
                yield KeptAnswer(number, str(kept["url"]), datetime.fromisoformat(kept["at"]), kept["answer"])
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise ImportFileError(
            f"{name} does not hold whole answers (line {number + 1}: {type(error).__name__}): fetch it again. "
            "Nothing was changed."
        ) from error
    if not number:
        raise ImportFileError(f"{name} holds no answers: fetch it again. Nothing was changed.")


def _write_table(answers: Iterator[KeptAnswer], table: AnswerTable, writer: Any) -> datetime:
    """Write all rows, each subject's once. Returns when the first answer came."""
    writer.writerow((PLACE, *table.columns))
    first = next(answers)
    seen: set[str | None] = set()
    for answer in chain((first,), answers):
        subjects: set[str | None] = set()
        for row in table.rows(answer):
            if row.subject is None or row.subject not in seen:
                subjects.add(row.subject)
                writer.writerow((f"{answer.line}:{row.number}", *(row.cells.get(name, "") for name in table.columns)))
        seen |= subjects
    return first.at


def other_interface(answer: KeptAnswer, title: str) -> ImportFileError:
    """What is said of an answer that is not about `title`."""
    return ImportFileError(f"Answer {answer.line} ({answer.url[:100]}) is none about {title}. Nothing was changed.")


@cache
def letters_of(name: str) -> str:
    """A column's name in small letters and without signs, which interfaces and files write each in its own way."""
    return _NOT_IN_WORDS.sub("", name.lower())


def mapping(value: Any) -> Mapping[str, Any]:
    """`value` when it is an object of JSON, else one without anything."""
    return value if isinstance(value, dict) else {}


def text_of(values: Mapping[str, Any], name: str) -> str:
    """The value of that name as a file would write it; empty where there is none."""
    value = values.get(name)
    text = "" if value is None else str(value).replace("\0", "").strip()  # PostgreSQL takes no NUL
    return "" if text in _NO_VALUE else text
