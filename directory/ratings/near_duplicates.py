"""Which texts are the same, or nearly: shingles, MinHash bands, and a comparison of what shares a band. Pure.

A text is reduced to its letters and digits in lower case. Its shingles are all runs of `SHINGLE` bytes; `HASHES`
MinHash values sketch the set of shingles, and each pair of them is one of `BANDS` band keys. Two texts whose shingle
sets have the Jaccard similarity J share at least one key with probability 1 - (1 - J^2)^BANDS: 0.82 at one half, 0.99
at three quarters. Texts that share a key are compared letter by letter, and are nearly the same from `NEARLY` on.

Keys alone would bring up many texts that merely share common words, so the sketches are compared before the letters.

Source: Broder, "On the resemblance and containment of documents" (1997); Leskovec, Rajaraman & Ullman, "Mining of
Massive Datasets", ch. 3.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import ratio

from directory.web.chunks import chunks

SHINGLE = 7  # bytes
HASHES = 12
BANDS = HASHES // 2
MIN_LETTERS = 40
"""Shorter texts say too little: many patients write "Great doctor and very friendly staff." on their own."""
NEARLY = 75.0  # percent of letters in common, by the indel distance
MIN_AGREEING = 5  # of the `HASHES` values, before letters are compared: about J = 0.4
TEXTS_AT_ONCE = 20_000
THREADS = 2  # numpy works beside Python

_BASE = np.uint32(0x01000193)
_random = np.random.default_rng(20260101)
_MULTIPLIERS = _random.integers(0, 2**31, HASHES, np.uint32) * np.uint32(2) + np.uint32(1)
_LETTERS = bytes(
    code + 32 if 65 <= code <= 90 else code if 48 <= code <= 57 or 97 <= code <= 122 or code >= 128 else 0
    for code in range(256)
)
_NOT_LETTERS = bytes(code for code in range(256) if not _LETTERS[code])


def letters(text: str) -> bytes:
    """The letters and digits of `text` in lower case, as UTF-8."""
    return text.lower().encode().translate(_LETTERS, _NOT_LETTERS)


def is_long_enough(text: bytes) -> bool:
    """Whether a text, reduced to its letters, has `MIN_LETTERS` of them, however many bytes its script takes."""
    return len(text) >= MIN_LETTERS and (text.isascii() or len(text.decode()) >= MIN_LETTERS)


def band_keys(texts: Sequence[bytes]) -> NDArray[np.int64]:
    """Band keys, one row of `BANDS` a text. Every text has at least `SHINGLE` letters."""
    return _paired(_sketches(texts))


def _sketches(texts: Sequence[bytes]) -> NDArray[np.uint32]:
    """MinHash values, one row of `HASHES` a text. Every text has at least `SHINGLE` letters."""
    if len(texts) <= TEXTS_AT_ONCE:
        return _minima(texts)
    with ThreadPoolExecutor(THREADS) as threads:
        return np.concatenate(list(threads.map(_minima, chunks(texts, TEXTS_AT_ONCE))))


def _paired(values: NDArray[np.uint32]) -> NDArray[np.int64]:
    keys: NDArray[np.int64] = (values[:, 0::2].astype(np.uint64) << np.uint64(32) | values[:, 1::2]).view(np.int64)
    return keys


def _minima(texts: Sequence[bytes]) -> NDArray[np.uint32]:
    joined = np.frombuffer(b"".join(texts), np.uint8).astype(np.uint32)
    lengths = np.array([len(text) for text in texts])
    number = len(joined) - SHINGLE + 1
    hashes = joined[:number].copy()
    for offset in range(1, SHINGLE):
        hashes *= _BASE
        hashes += joined[offset : number + offset]
    hashes ^= hashes >> np.uint32(15)
    hashes *= np.uint32(0x2C1B3C6D)
    hashes ^= hashes >> np.uint32(12)
    within = np.ones(number, np.bool_)  # shingles that run into the next text count for neither
    ends = np.cumsum(lengths)[:-1]
    for offset in range(1, SHINGLE):
        within[ends - offset] = False
    hashes = hashes[within]
    starts = np.concatenate(([0], np.cumsum(lengths - SHINGLE + 1)[:-1]))
    return np.stack([np.minimum.reduceat(hashes * multiplier, starts) for multiplier in _MULTIPLIERS], axis=1)


def nearly_same(one: bytes, other: bytes) -> bool:
    """Whether two texts, reduced to their letters, are the same or nearly."""
    return one == other or ratio(one, other, score_cutoff=NEARLY) >= NEARLY


def root(parents: list[int] | dict[int, int], index: int) -> int:
    """The first of the cluster that `index` is in, where `parents` leads step by step; the steps are made shorter."""
    while parents[index] != index:
        parents[index] = index = parents[parents[index]]
    return index


def clusters(texts: Sequence[bytes]) -> NDArray[np.int64]:
    """For each text, reduced by `letters`, the index of the first one that it is nearly the same as, or its own.

    Nearness is taken as passing on: a chain of texts, each nearly the one before, is one cluster.
    """
    parents = list(range(len(texts)))
    places = [index for index, text in enumerate(texts) if is_long_enough(text)]
    if len(places) < 2:
        return np.array(parents, np.int64)
    values = _sketches([texts[index] for index in places])
    keys = _paired(values)

    with ThreadPoolExecutor(THREADS) as threads:
        for pairs in threads.map(lambda band: _candidates(keys[:, band], values), range(BANDS)):
            for one, other in pairs:
                here, there = root(parents, places[one]), root(parents, places[other])
                if here != there and nearly_same(texts[places[one]], texts[places[other]]):
                    parents[max(here, there)] = min(here, there)
    return np.array([root(parents, index) for index in range(len(texts))], np.int64)


def _candidates(keys: NDArray[np.int64], values: NDArray[np.uint32]) -> list[tuple[int, int]]:
    """Pairs of texts with the same key and enough of the sketch: each with the first of its key and the one before."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    again = np.flatnonzero(ordered[1:] == ordered[:-1]) + 1
    firsts = np.searchsorted(ordered, ordered[again])
    further = firsts < again - 1
    ones = order[np.concatenate((again, again[further]))]
    others = order[np.concatenate((again - 1, firsts[further]))]
    alike = (values[ones] == values[others]).sum(axis=1) >= MIN_AGREEING
    return list(zip(ones[alike].tolist(), others[alike].tolist(), strict=True))
