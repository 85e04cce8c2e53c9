"""What the scan kept, on disk until the directory takes it: rows of any number in constant memory."""

import json
import sqlite3
from collections.abc import Iterator
from itertools import groupby, islice
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self


class Kept(NamedTuple):
    """One row that stays. `file` says which of the command's files it is from; `key` what in it one NPI has once."""

    npi: str
    file: int
    key: str
    line: int
    values: dict[str, Any]


class TemporaryTables:
    """A database of the moment at `path`, which the caller removes, with the tables of the statements in `tables`."""

    def __init__(self, path: Path, tables: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=OFF")
        self._connection.execute("PRAGMA synchronous=OFF")
        self._connection.executescript(tables)
        self._connection.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()


class Spool(TemporaryTables):
    """A temporary table of kept rows."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "CREATE TABLE kept (npi TEXT, file INTEGER, key TEXT, line INTEGER, row TEXT)")

    def add(self, kept: Kept) -> None:
        self._connection.execute(
            "INSERT INTO kept VALUES (?, ?, ?, ?, ?)",
            (kept.npi, kept.file, kept.key, kept.line, json.dumps(kept.values, ensure_ascii=False)),
        )

    def count_npis(self) -> int:
        return int(self._connection.execute("SELECT count(DISTINCT npi) FROM kept").fetchone()[0])

    def npis(self) -> set[str]:
        return {npi for (npi,) in self._connection.execute("SELECT DISTINCT npi FROM kept")}

    def batches(self, npis_a_batch: int) -> Iterator[dict[str, list[Kept]]]:
        """All kept rows by NPI, in the order of their files and lines."""
        rows = self._connection.execute("SELECT npi, file, key, line, row FROM kept ORDER BY npi, file, line")
        kept = (Kept(npi, file, key, line, json.loads(row)) for npi, file, key, line, row in rows)
        by_npi = ((npi, list(of_npi)) for npi, of_npi in groupby(kept, key=lambda row: row.npi))
        while batch := dict(islice(by_npi, npis_a_batch)):
            yield batch
