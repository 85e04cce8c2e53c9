"""The list of rejected rows of an import: written at its end, and read for its page."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from flask import current_app

from directory.imports.models import ImportRun
from directory.imports.reading.encodings import decoded
from directory.imports.reading.files import PublishedFile
from directory.imports.reading.plain_blocks import marks_of
from directory.web.plain_text import plain_cell

MAX_ROW_TEXT = 2000  # characters of a rejected row that its list shows
ROWS_AS_TEXT_BYTES = 1024 * 1024
REJECTS_SHOWN = 20
REASONS_SHOWN = 10

Reopen = Callable[[], AbstractContextManager[PublishedFile]]


@dataclass(frozen=True, slots=True)
class Rejects:
    """The first rejected rows of an import, and of all that are listed the most frequent reasons."""

    rows: list[dict[str, str]]
    reasons: list[tuple[str, int]]
    listed: int
    has_texts: bool


def keep_rejects(found: Path, kept: Path, files: Mapping[str, Reopen]) -> None:
    """Write the list of rejected rows again, each with its first line as its file has it.

    The terms of other sites' reviews may not allow to keep their texts: of files that are not in `files` they are left
    out.
    """
    with found.open(newline="", encoding="utf-8") as file:
        rows = [(name, int(line), npi, reason) for name, line, npi, reason in csv.reader(file)]
    lines: dict[str, set[int]] = defaultdict(set)
    for name, line, *_ in rows:
        lines[name].add(line)
    texts = {name: _texts_of(reopen, lines[name]) for name, reopen in files.items() if name in lines}
    with kept.open("w", newline="", encoding="utf-8") as file:
        write_row = csv.writer(file).writerow
        write_row(("file", "line", "npi", "reason", "row"))
        for name, line, npi, reason in rows:
            write_row(map(plain_cell, (name, str(line), npi, reason, texts.get(name, {}).get(line, ""))))


def _texts_of(reopen: Reopen, wanted: set[int]) -> dict[int, str]:
    """The text of the lines with these numbers."""
    texts: dict[int, str] = {}
    missing = sorted(wanted, reverse=True)
    content, first_line, has_more = b"", 1, True
    with reopen() as published:
        while missing and has_more:
            fresh = published.read(ROWS_AS_TEXT_BYTES)
            has_more = bool(fresh)
            content += fresh if has_more else b"\n"
            count = int(np.bitwise_count(marks_of(content, ord("\n"))).sum())  # quicker than `bytes.count`
            lines = content.split(b"\n") if missing[-1] < first_line + count else []
            while missing and missing[-1] < first_line + count:
                number = missing.pop()
                line = lines[number - first_line]
                text = decoded(line)
                text = line.decode(errors="replace") if text is None else text
                texts[number] = text.strip("\r\n")[:MAX_ROW_TEXT]
            content = content[content.rfind(b"\n") + 1 :]
            first_line += count
    return texts


def rejects_path(run: ImportRun) -> Path | None:
    """Where the list of the run's rejected rows lies; None where there is none, or it is there no longer."""
    if not run.rejects_file:
        return None
    path = Path(current_app.config["IMPORT_REJECTS_DIR"], Path(run.rejects_file).name)
    return path if path.is_file() else None


def rejects_of(run: ImportRun) -> Rejects | None:
    path = rejects_path(run)
    if path is None:
        return None
    reasons: Counter[str] = Counter()
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(islice(reader, REJECTS_SHOWN))
        reasons.update(row["reason"] for row in rows)
        reasons.update(row["reason"] for row in reader)
    return Rejects(rows, reasons.most_common(REASONS_SHOWN), reasons.total(), any(row.get("row") for row in rows))
