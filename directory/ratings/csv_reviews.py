"""Reviews as rows of a CSV, for estimates without a database: rows in, columns and complaints out. Pure.

The import of reviews reads their values with the same functions.
"""

import csv
import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache

import numpy as np

from directory.ratings.model import MAX_STARS, MIN_STARS, Reviews, ages
from directory.ratings.near_duplicates import clusters, letters
from directory.ratings.review_days import InvalidValueError, read_visited_at, read_written_at
from directory.ratings.trust import RatedProviders, Written, trust_reviews

COLUMNS = (
    "provider_npi",
    "source",
    "source_review_id",
    "rating",
    "verified",
    "visited_on",
    "created_at",
    "author",
    "text",
)
USED = tuple(name for name in COLUMNS if name != "author")
DAY_SECONDS = 86_400.0
_NUMBER = re.compile(r"\d+(\.\d+)?")
_VERIFIED = {"": False, "0": False, "1": True, "false": False, "true": True}  # Excel writes TRUE


def read_reviews(file: Iterable[str], complaints: list[tuple[int, str]], as_of: date | None = None) -> RatedProviders:
    """Read a CSV; line and reason of what cannot be used go to `complaints`.

    Raises `InvalidValueError` with a sentence when it is no CSV, or its header is not that of reviews.

    A review's age counts to `as_of`, by default the day of the newest review, so that the same file always gives the
    same answer. It counts from the visit, or without a date of the visit from the writing.
    """
    rows = _rows(file)
    _, header = next(rows, (1, []))
    place = _places(header)
    whose, origins, verifieds, lines = array("q"), array("q"), array("b"), array("q")
    given, visits, writings = array("d"), array("d"), array("d")
    texts: list[bytes] = []
    providers: dict[str, int] = {}
    sources: dict[str, int] = {}
    seen: dict[int, dict[str, int]] = defaultdict(dict)  # by source, where the review with an id stands
    for line, row in rows:
        if not row:
            continue
        try:
            npi, source, id_, stars, verified, visited, written, text = _values(row, place)
        except InvalidValueError as error:
            complaints.append((line, str(error)))
            continue
        origin = sources.setdefault(source, len(sources))
        index = seen[origin].setdefault(id_, len(texts)) if id_ else len(texts)
        if index == len(texts):
            for column in (whose, origins, verifieds, lines, given, visits, writings):
                column.append(0)
            texts.append(b"")
        else:
            reason = f"the review {id_[:40]} of {source[:40]} is repeated in line {line}, which was taken"
            complaints.append((lines[index], reason))
        whose[index], origins[index] = providers.setdefault(npi, len(providers)), origin
        given[index], verifieds[index], lines[index] = stars, verified, line
        visits[index], writings[index], texts[index] = visited, written, text
    npis, number = np.unique(list(providers), return_inverse=True)
    as_written = Written(
        provider=number[np.array(whose, np.int64)],
        source=np.array(origins, np.int64),
        stars=np.array(given, np.float64),
        day=np.array(writings, np.float64),
        verified=np.array(verifieds, np.bool_),
        cluster=clusters(texts),
        duplicate=np.zeros(len(texts), np.bool_),
    )
    trust = trust_reviews(as_written)
    newest = datetime.fromtimestamp(max(writings, default=0.0) * DAY_SECONDS, UTC).date()
    age = ages(np.floor(np.array(visits, np.float64)), ((as_of or newest) - date(1970, 1, 1)).days)
    reviews = Reviews(as_written.provider, as_written.source, as_written.stars, age, trust.trust)
    return RatedProviders(npis.tolist(), list(sources), reviews, trust)


def _rows(file: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """The rows of the CSV, each with the line on which it starts."""
    rows, line = csv.reader(file), 1
    try:
        for row in rows:
            yield line, row
            line = rows.line_num + 1
    except csv.Error as error:
        raise InvalidValueError(f"line {line}: this is not CSV ({error}).") from error


def _places(header: Sequence[str]) -> list[int]:
    names = [name.strip().lower().removeprefix("\ufeff") for name in header]
    missing = [name for name in USED if name not in names]
    if missing:
        raise InvalidValueError(
            f"The first line lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}: it has to name "
            f"{', '.join(COLUMNS)}."
        )
    return [names.index(name) for name in USED]


def _values(row: Sequence[str], place: Sequence[int]) -> tuple[str, str, str, float, bool, float, float, bytes]:
    try:
        npi, source, id_, rating, verified, visited, written, text = [row[index].strip() for index in place]
    except IndexError:
        raise InvalidValueError(f"the row has {len(row)} columns; it needs {max(place) + 1}") from None
    if not npi:
        raise InvalidValueError("the provider_npi is empty")
    written_at = read_written_at(written)
    visited_at = read_visited_at(visited) or written_at
    days = (visited_at.timestamp() / DAY_SECONDS, written_at.timestamp() / DAY_SECONDS)
    return npi, source, id_, read_stars(rating), read_verified(verified), *days, letters(text)


@lru_cache(maxsize=1_000)  # the same few ratings and days come again and again
def read_stars(text: str) -> float:
    """A rating from 1 to 5. Raises `InvalidValueError`."""
    if not text:
        raise InvalidValueError("the rating is empty")
    if not text.isascii() or not _NUMBER.fullmatch(text):
        raise InvalidValueError(f"the rating {text[:20]!r} is not a number from 1 to 5")
    if not MIN_STARS <= float(text) <= MAX_STARS:
        raise InvalidValueError(f"the rating {text[:20]} is not from 1 to 5")
    return float(text)


def read_verified(text: str) -> bool:
    """Raises `InvalidValueError`."""
    verified = _VERIFIED.get(text.casefold())
    if verified is None:
        raise InvalidValueError(f"verified is {text[:20]!r}: it must be 0, 1 or empty")
    return verified
