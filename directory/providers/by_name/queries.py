"""The search by name: from the words typed to the providers whose names are like them, by the index alone."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import TextClause, or_, select, text

from directory.extensions import db
from directory.providers.by_name.models import NameWord
from directory.providers.by_name.scoring import (
    BEGINNING,
    INITIAL,
    INITIAL_OF,
    MISTYPED,
    SAME,
    SHORT,
    SOUND,
    Closeness,
    TypedName,
    extra_points,
    likeness,
    read_name,
)
from directory.providers.by_name.words import BY_SOUND, MIN_PREFIX, SHORT_NAMES, mistyped, sound_of

Integers = NDArray[np.int64]
Found = tuple[Integers, Integers]
"""NPIs in their order, and the points of each."""
NOBODY: Found = np.zeros(0, np.int64), np.zeros(0, np.int64)
MAX_LISTED = 500
"""Matches that are put in order; a name that more have is too common to find anybody by."""
MAX_PARTIAL = 50
"""Providers up to which a part of the typed words is taken to mean them."""
MAX_CHECKED = 300
"""Providers up to which it is quicker to read their words than all who have the words that are left."""
MAX_SIZE = 3_000
"""Rows up to which those of a word are counted, to begin with the rarest word."""
_AFTER_ALL = "\U0010ffff"


def _on_both(statement: str) -> tuple[TextClause, TextClause]:
    """For SQLite and for PostgreSQL. Hundreds of words are one value: as many would take longer than the look-up."""
    return (
        text(statement.format(joined="group_concat", listed="json_each(:listed)", sound=BY_SOUND)),
        text(statement.format(joined="string_agg", listed="unnest(CAST(:listed AS text[])) AS value", sound=BY_SOUND)),
    )


_WITH_SIZE = _on_both(
    "SELECT value, (SELECT count(*) FROM (SELECT 1 FROM name_word WHERE word >= value AND word < value || :after_all "
    "LIMIT :most) AS found) FROM {listed}"
)
_WITH_WORD = (
    text(
        "SELECT value, (SELECT group_concat(npi, '') FROM name_word WHERE word = value) FROM json_each(:listed) "
        "WHERE EXISTS (SELECT 1 FROM name_word WHERE word = value) "
        "UNION ALL SELECT '', group_concat(npi, '') FROM name_word WHERE word > :after AND word < :before"
    ),
    text(
        "SELECT word, string_agg(npi, '') FROM name_word WHERE word = ANY(:listed) GROUP BY word "
        "UNION ALL SELECT '', string_agg(npi, '') FROM name_word WHERE word > :after AND word < :before"
    ),
)
_OF_NPI = _on_both(
    "SELECT npi, {joined}(word, ' ') FROM name_word WHERE npi IN (SELECT value FROM {listed}) "
    "AND substr(word, 1, 1) <> '{sound}' GROUP BY npi"
)
_BITS = 7  # for the points, so that NPI and points fit into one number and sort as one


@dataclass(frozen=True, slots=True)
class NameMatches:
    """Whose names fit: NPIs in their order, and the points of each.

    `is_partial`: no name has all of the words, and these have the most.
    """

    npis: Integers
    points: Integers
    is_partial: bool = False

    def __len__(self) -> int:
        return len(self.npis)

    def only(self, chosen: NDArray[Any]) -> "NameMatches":
        return NameMatches(self.npis[chosen], self.points[chosen], self.is_partial)

    def among(self, npis: Integers) -> "NameMatches":
        """Those of `npis`, which are sorted."""
        return self.only(np.isin(self.npis, npis, kind="sort"))

    def best(self, count: int) -> "NameMatches":
        """The `count` with the most points; of equal ones those with the lower NPIs."""
        if len(self) <= count:
            return self
        return self.only(np.sort(np.argsort(-self.points, kind="stable")[:count]))


NO_MATCHES = NameMatches(*NOBODY)


def find_names(name: TypedName, near: Callable[[NameMatches], int] = len) -> NameMatches:
    """Everybody whose names fit as closely as anybody's do; `near` says how many of those who fit count."""
    if not name.words:
        return NO_MATCHES
    index = _Index(name)
    matches = NO_MATCHES
    for closeness in Closeness:
        if closeness is Closeness.SOUND and len(matches):
            break
        readings = (index.with_all(index.in_order(reading, closeness), closeness) for reading in name.readings)
        whole = zip(readings, name.readings, strict=True)
        matches = NameMatches(*_unpacked([_packed(npis, sums // len(reading)) for (npis, sums), reading in whole]))
        if near(matches):
            break
    return matches if len(matches) else _partial([index.with_one(word, Closeness.SOUND) for word in name.words])


class _Index:
    """What the index says of a typed name. Nothing is read twice, and what is not needed not at all."""

    def __init__(self, name: TypedName) -> None:
        self._typed = name.words
        self._is_sqlite = db.session.connection().dialect.name == "sqlite"
        self._found: dict[tuple[tuple[str, ...], Closeness], Found] = {}
        self._words: dict[str, list[str]] = {}
        words = {word for reading in name.readings for word in reading if not word.endswith(INITIAL_OF)}
        limit = {"after_all": _AFTER_ALL, "most": MAX_SIZE}
        self._sizes: dict[str, int] = dict(tuple(row) for row in self._ask(_WITH_SIZE, words, **limit))

    def _ask(self, statements: Sequence[TextClause], values: Collection[Any], **others: Any) -> Iterable[Any]:
        listed = json.dumps(list(values)) if self._is_sqlite else list(values)
        return db.session.execute(statements[not self._is_sqlite], {"listed": listed, **others})

    def in_order(self, reading: Sequence[str], closeness: Closeness) -> tuple[str, ...]:
        """The rarest word first; of the common ones those that were read, then initials.

        A word that nobody has is mistyped, and may be one of the common ones.
        """
        unknown = 0 if closeness is Closeness.CLOSE else MAX_SIZE - 1

        def size(word: str) -> int:
            if read := self._found.get(((word,), closeness)):
                return min(len(read[0]), MAX_SIZE - 3)
            return self._sizes.get(word, MAX_SIZE - 2) or unknown

        return tuple(sorted(reading, key=size))

    def with_all(self, words: tuple[str, ...], closeness: Closeness) -> Found:
        """Who has all of `words`, with the sum of the points."""
        *before, last = words
        if not before:
            return self.with_one(last, closeness)
        if (words, closeness) not in self._found:
            found = self.with_all(tuple(before), closeness)
            if 0 < len(found[0]) <= MAX_CHECKED:
                found = self._check(found, last, closeness)
            elif len(found[0]):
                found = _both(found, self.with_one(last, closeness))
            self._found[words, closeness] = found
        return self._found[words, closeness]

    def with_one(self, word: str, closeness: Closeness) -> Found:
        """Who has a word that is so like `word`, with the points of the likest."""
        if ((word,), closeness) not in self._found:
            stricter = [self.with_one(word, each) for each in Closeness if each > closeness][-1:]
            more = self._read(word, closeness)
            self._found[(word,), closeness] = (
                _unpacked([_packed(*each) for each in (*stricter, *more)]) if more else (stricter or [NOBODY])[0]
            )
        return self._found[(word,), closeness]

    def _read(self, word: str, closeness: Closeness) -> list[Found]:
        """Who has a word that is just so like `word`."""
        alike: dict[str, int] = {}
        beginning = {"after": "", "before": ""}
        match closeness:
            case Closeness.CLOSE if word.endswith(INITIAL_OF):
                alike = {word[0]: INITIAL}
            case Closeness.CLOSE if self._sizes[word] or word in SHORT_NAMES:
                alike = dict.fromkeys(SHORT_NAMES.get(word, ()), SHORT) | {word: SAME}
                if len(word) >= MIN_PREFIX:
                    beginning = {"after": word, "before": word + _AFTER_ALL}
            case Closeness.MISTYPED if word in self._typed:
                alike = dict.fromkeys(mistyped(word), MISTYPED)
            case Closeness.SOUND if word in self._typed and sound_of(word):
                alike = {BY_SOUND + sound_of(word): SOUND}
        rows = self._ask(_WITH_WORD, alike, **beginning) if alike else ()
        found = ((_numbers(npis), alike.get(stored, BEGINNING)) for stored, npis in rows if npis)
        return [(npis, np.full(len(npis), points)) for npis, points in found]

    def _check(self, found: Found, word: str, closeness: Closeness) -> Found:
        """Those of `found`, of whom there are few, who have a word that is so like `word` too."""
        npis = [str(npi) for npi in found[0].tolist()]
        if unread := [npi for npi in npis if npi not in self._words]:
            self._words |= {npi: [] for npi in unread}  # as it stays where another session deletes the provider now
            self._words |= {npi: words.split(" ") for npi, words in self._ask(_OF_NPI, unread)}
        stored = {stored for npi in npis for stored in self._words[npi]}
        alike = {each: likeness(word, each, word in self._typed) for each in stored}
        points = np.array([max(map(alike.__getitem__, self._words[npi]), default=0) for npi in npis], np.int64)
        fits = points >= closeness
        return found[0][fits], (found[1] + points)[fits]


def _numbers(npis: str) -> Integers:
    """NPIs that were written one after the other, each in its ten digits."""
    digits = np.frombuffer(npis.encode(), np.uint8).reshape(-1, 10) - ord("0")
    return (digits @ 10.0 ** np.arange(9, -1, -1)).astype(np.int64)


def _packed(npis: Integers, points: Integers) -> Integers:
    """`npis` with `points` as numbers that sort by NPI, and for one NPI by points, the most first."""
    return (npis << _BITS) + (SAME - points)


def _unpacked(packed: Sequence[Integers]) -> Found:
    """The NPIs in their order, each once, and the most points of each."""
    together = np.sort(np.concatenate(packed)) if packed else np.zeros(0, np.int64)
    npis = together >> _BITS
    first = np.ones(len(npis), np.bool_)
    first[1:] = npis[1:] != npis[:-1]
    return npis[first], SAME - (together[first] & (1 << _BITS) - 1)


def _both(first: Found, second: Found) -> Found:
    """Who is in both, with the sum of the points."""
    if not len(second[0]):
        return second
    at = np.minimum(np.searchsorted(second[0], first[0]), len(second[0]) - 1)
    both = second[0][at] == first[0]
    return first[0][both], first[1][both] + second[1][at[both]]


def _partial(by_word: Sequence[Found]) -> NameMatches:
    """Who has the most of the words, unless that are many."""
    npis, at, counts = np.unique(np.concatenate([npis for npis, _ in by_word]), return_inverse=True, return_counts=True)
    sums = np.bincount(at, np.concatenate([points for _, points in by_word])).astype(np.int64)
    most = counts == counts.max(initial=0)
    if np.count_nonzero(most) > MAX_PARTIAL:
        return NO_MATCHES
    return NameMatches(npis[most], sums[most] // len(by_word), is_partial=True)


def with_extras(name: TypedName, matches: NameMatches) -> NameMatches:
    """`matches`, of which there are few, with the points for initials and titles."""
    if not name.extras or not len(matches):
        return matches
    npis = [str(npi) for npi in matches.npis.tolist()]
    fits = or_(*(NameWord.word.startswith(word) if len(word) == 1 else NameWord.word == word for word in name.extras))
    words: dict[str, list[str]] = {npi: [] for npi in npis}
    for npi, word in db.session.execute(select(NameWord.npi, NameWord.word).where(NameWord.npi.in_(npis), fits)):
        words[npi].append(word)
    more = np.array([extra_points(name.extras, words[npi]) for npi in npis], np.int64)
    return NameMatches(matches.npis, matches.points + more, matches.is_partial)


def best_by_name(text: str, most: int) -> list[str]:
    """The NPIs of at most `most` providers whose names are like `text`, the best first."""
    name = read_name(text)
    matches = with_extras(name, find_names(name).best(most))
    return [str(npi) for npi in matches.npis[np.argsort(-matches.points, kind="stable")].tolist()]
