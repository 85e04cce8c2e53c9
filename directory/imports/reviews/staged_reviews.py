"""Reviews that a file holds, on disk until the directory takes them: any number in little memory."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from directory.imports.staging import TemporaryTables
from directory.reviews.external.subjects import Subject

_TABLES = """
CREATE TABLE subject (id INTEGER PRIMARY KEY, source TEXT, key TEXT, name TEXT, address TEXT, phone TEXT,
                      UNIQUE (source, key));
CREATE TABLE staged (line INTEGER, source TEXT, review_id TEXT, npi TEXT, subject INTEGER, content TEXT);
"""


class StagedReview(NamedTuple):
    """One usable row. An average has an empty `review_id`. `npi` is empty until it is known who `subject` is."""

    line: int
    source: str
    review_id: str
    npi: str
    subject: int | None
    content: dict[str, Any]


class StagedSubject(NamedTuple):
    """Whom rows of one source are about, in that source's words."""

    id: int
    source: str
    subject: Subject


class StagedReviews(TemporaryTables):
    """Temporary tables of usable rows and of their subjects."""

    def __init__(self) -> None:
        super().__init__(_TABLES)

    def add(self, review: StagedReview) -> None:
        self._connection.execute(
            "INSERT INTO staged VALUES (?, ?, ?, ?, ?, ?)",
            (*review[:5], json.dumps(review.content, ensure_ascii=False)),
        )

    def subject_id(self, source: str, subject: Subject) -> int:
        """The number of the source's subject, the same for the same words."""
        row = self._connection.execute(
            "INSERT INTO subject (source, key, name, address, phone) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (source, key) DO UPDATE SET key = key RETURNING id",
            (source, subject.key, subject.name, subject.address, subject.phone),
        ).fetchone()
        return int(row[0])

    def subjects(self) -> list[StagedSubject]:
        rows = self._connection.execute("SELECT id, source, name, address, phone FROM subject ORDER BY id")
        return [StagedSubject(row[0], row[1], Subject(*row[2:])) for row in rows]

    def name_provider(self, subject: int, npi: str, review_ids: Iterable[str] | None = None) -> None:
        """Set the provider of the subject's rows: of all, or of those of `review_ids`."""
        if review_ids is None:
            self._connection.execute("UPDATE staged SET npi = ? WHERE subject = ?", (npi, subject))
            return
        self._connection.executemany(
            "UPDATE staged SET npi = ? WHERE subject = ? AND review_id = ?",
            ((npi, subject, review_id) for review_id in review_ids),
        )

    def take_repeated(self) -> Iterator[tuple[int, str, int]]:
        """Remove rows whose review stands again later: the line and NPI of each, and the line that is taken.

        Call this once all rows are added, before asking anything.
        """
        self._connection.execute("CREATE INDEX staged_id ON staged (source, review_id, line)")
        self._connection.execute("CREATE INDEX staged_subject ON staged (subject)")
        repeated = self._connection.execute(
            "SELECT staged.rowid, staged.line, npi, taken FROM staged JOIN (SELECT source, review_id, "
            "max(rowid) AS last, max(line) AS taken FROM staged WHERE review_id <> '' GROUP BY source, review_id) "
            "USING (source, review_id) WHERE staged.rowid <> last ORDER BY staged.line"
        ).fetchall()
        self._connection.executemany("DELETE FROM staged WHERE rowid = ?", ((row,) for row, *_ in repeated))
        yield from ((line, npi, taken) for _, line, npi, taken in repeated)

    def count(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM staged").fetchone()[0])

    def batches(self, rows_a_batch: int) -> Iterator[Sequence[StagedReview]]:
        """The rows of known providers, those of one provider together and in the order of their lines."""
        rows = self._connection.execute("SELECT * FROM staged WHERE npi <> '' ORDER BY npi, line, rowid")
        while batch := [_staged(row) for row in islice(rows, rows_a_batch)]:
            yield batch

    def review_ids(self, subject: int) -> Iterator[str]:
        """The ids of the subject's rows; empty for averages."""
        rows = self._connection.execute("SELECT DISTINCT review_id FROM staged WHERE subject = ?", (subject,))
        yield from (review_id for (review_id,) in rows)

    def unsettled(self, subject: int) -> list[StagedReview]:
        """The subject's rows of which it is not said whom they are about, in the order of their lines."""
        rows = self._connection.execute(
            "SELECT * FROM staged WHERE subject = ? AND npi = '' ORDER BY line, rowid", (subject,)
        )
        return [_staged(row) for row in rows]


def _staged(row: tuple[Any, ...]) -> StagedReview:
    line, source, review_id, npi, subject, content = row
    return StagedReview(line, source, review_id, npi, subject, json.loads(content))
