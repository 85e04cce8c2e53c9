"""The search by name: from the words typed to the providers whose names are like them, by the index alone."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, or_, select, text

from directory.extensions import db
from directory.providers.by_name.models import NameWord
from directory.providers.by_name.scoring import (
    BEGINNING,
    INITIAL,
    MISTYPED,
    SAME,
    SHORT,
    SOUND,
    Closeness,
    TypedName,
    extra_points,
)
from directory.providers.by_name.words import BY_SOUND, MIN_PREFIX, SHORT_NAMES, mistyped, sound_of

Integers = NDArray[np.int64]
MAX_LISTED = 500
"""Matches that are put in order; a name that more have is too common to find anybody by."""
MAX_PARTIAL = 50
"""Providers up to which a part of the typed words is taken to mean them."""
_WITH_WORD = {
    "sqlite": text(
        "SELECT word, group_concat(npi, ',') FROM name_word WHERE word IN (SELECT value FROM json_each(:words)) "
        "GROUP BY word"
    ),
    "postgresql": text("SELECT word, string_agg(npi, ',') FROM name_word WHERE word = ANY(:words) GROUP BY word"),
}
"""Hundreds of words as one value: as many bound values would take longer than the look-up itself."""
_AFTER_ALL = "\U0010ffff"
_POINTS = 128  # a power of two above all points, so that NPI and points fit into one number and sort as one


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


NO_MATCHES = NameMatches(np.zeros(0, np.int64), np.zeros(0, np.int64))


def find_names(name: TypedName, near: Callable[[NameMatches], int] = len) -> NameMatches:
    """Everybody whose names fit as closely as anybody's do; `near` says how many of those who fit count."""
    if not name.words:
        return NO_MATCHES
    found: dict[str, list[Integers]] = {}
    matches = NO_MATCHES
    for closeness in Closeness:
        if closeness is Closeness.SOUND and len(matches):
            break
        _look_up(name, closeness, found)
        matches = _best_reading(name, found)
        if near(matches):
            break
    return matches if len(matches) else _partial(name, found)


def _look_up(name: TypedName, closeness: Closeness, found: dict[str, list[Integers]]) -> None:
    """Add to `found` who has a word that is so like one of the typed ones, by typed word, as `_packed` numbers."""
    readings = name.readings if closeness is Closeness.CLOSE else (name.words,)
    asked = sorted({word for reading in readings for word in reading})
    alike: dict[str, dict[str, int]] = {}  # by stored word: the typed words that are like it, with the points
    for word in asked:
        for stored, points in _alike(word, closeness, name.has_initials):
            alike.setdefault(stored, {})[word] = points
    dialect = db.session.connection().dialect.name
    words = json.dumps(list(alike)) if dialect == "sqlite" else list(alike)
    for stored, npis in db.session.execute(_WITH_WORD[dialect], {"words": words}):
        for word, points in alike[stored].items():
            found.setdefault(word, []).append(_packed(npis, points))
    if closeness is Closeness.CLOSE:
        for word in asked:
            if len(word) >= MIN_PREFIX:
                begins = (NameWord.word > word) & (NameWord.word < word + _AFTER_ALL)  # the word itself was found above
                beginning = db.session.scalar(select(func.aggregate_strings(NameWord.npi, ",")).where(begins))
                if beginning:
                    found.setdefault(word, []).append(_packed(beginning, BEGINNING))


def _alike(word: str, closeness: Closeness, with_initials: bool) -> Iterable[tuple[str, int]]:
    """The words to look up as such that are so like `word`, each with its points."""
    match closeness:
        case Closeness.CLOSE:
            if with_initials:
                yield word[0], INITIAL
            yield from ((other, SHORT) for other in SHORT_NAMES.get(word, ()))
            yield word, SAME
        case Closeness.MISTYPED:
            yield from ((other, MISTYPED) for other in mistyped(word))
        case Closeness.SOUND:
            if sound := sound_of(word):
                yield f"{BY_SOUND}{sound}", SOUND


def _packed(npis: str, points: int) -> Integers:
    """`npis` with `points` as numbers that sort by NPI, and for one NPI by points, the most first."""
    return np.fromstring(npis, dtype=np.int64, sep=",") * _POINTS + (SAME - points)


def _unpacked(packed: Sequence[Integers]) -> tuple[Integers, Integers]:
    """The NPIs in their order, each once, and the most points of each."""
    together = np.sort(np.concatenate(packed)) if packed else np.zeros(0, np.int64)
    npis = together // _POINTS
    first = np.ones(len(npis), np.bool_)
    first[1:] = npis[1:] != npis[:-1]
    return npis[first], SAME - together[first] % _POINTS


def _best_reading(name: TypedName, found: dict[str, list[Integers]]) -> NameMatches:
    """Who has all words of one of the readings, with the points of the best."""
    by_word = {word: _unpacked(packed) for word, packed in found.items()}
    readings = []
    for reading in name.readings:
        if all(word in by_word for word in reading):
            npis, sums = reduce(_both, sorted((by_word[word] for word in reading), key=lambda each: len(each[0])))
            readings.append(npis * _POINTS + (SAME - sums // len(reading)))
    return NameMatches(*_unpacked(readings)) if readings else NO_MATCHES


def _both(first: tuple[Integers, Integers], second: tuple[Integers, Integers]) -> tuple[Integers, Integers]:
    """Who is in both, with the sum of the points."""
    if not len(second[0]):
        return second
    at = np.minimum(np.searchsorted(second[0], first[0]), len(second[0]) - 1)
    both = second[0][at] == first[0]
    return first[0][both], first[1][both] + second[1][at[both]]


def _partial(name: TypedName, found: dict[str, list[Integers]]) -> NameMatches:
    """Who has the most of the words, unless that are many."""
    by_word = [_unpacked(found[word]) for word in name.words if word in found]
    if not by_word:
        return NO_MATCHES
    npis, at, counts = np.unique(np.concatenate([npis for npis, _ in by_word]), return_inverse=True, return_counts=True)
    sums = np.bincount(at, np.concatenate([points for _, points in by_word])).astype(np.int64)
    most = counts == counts.max()
    if np.count_nonzero(most) > MAX_PARTIAL:
        return NO_MATCHES
    return NameMatches(npis[most], sums[most] // len(name.words), is_partial=True)


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
