"""The CSV of rows that an import could not use: which line of which file, whose, and why."""

import csv
from pathlib import Path
from types import TracebackType


class Rejects:
    """Writes to `path` as rejections come, so that any number of them takes no memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("w", newline="", encoding="utf-8")
        self._rows = csv.writer(self._file)
        self._rows.writerow(("file", "line", "npi", "reason"))

    def add(self, file: str, line: int, npi: str, reason: str) -> None:
        """Note that the row at `line` of `file` (the header is line 1) was not used. `npi` as given, or empty."""
        self._rows.writerow((file, line, npi[:40], reason))

    def __enter__(self) -> "Rejects":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
