"""How far each review is trusted in the rating estimate, and why less than in full. Pure.

A review whose visit was verified is trusted in full. Of the others,

- one that stands at another source too (same provider, text and stars, within `ECHO_DAYS`) does not count;
- n reviews with (nearly) the same text are trusted 1 / n^2 each: together less than one;
- a burst of one tone (4 to 5 stars, or 1 to 3) is trusted as far as the provider's own rate explains it. Within a
  window around a review there are k unverified reviews of its tone; outside it the provider gets them at a rate that
  lets expect m in such a window. Up to a = 2 + m + 1.5 sqrt(m) is nothing to wonder at, and each is trusted (a / k)^3,
  with the worst of the `WINDOW_DAYS`. So the longer a burst, the less it weighs altogether.

Nothing is decided by this: the reviews stay published, and the page says how many were counted less and why.

Sources: Xie, Wang, Lin & Yu, "Review spam detection via temporal pattern discovery", KDD 2012; Mukherjee, Liu & Glance,
"Spotting fake reviewer groups in consumer reviews", WWW 2012. The numbers were chosen on `benchmarks/ratings.py`.
"""

from dataclasses import dataclass

import numpy as np
from flask_babel.speaklater import LazyString
from numpy.typing import NDArray

from directory.ratings.model import Averages, Floats, Integers, Parameters, Reviews
from directory.ratings.posterior import estimate_ratings
from directory.web.messages import lazy_gettext as _l

ECHO_DAYS = 14.0
WINDOW_DAYS = (7.0, 15.0)  # before and after
NEVER_A_BURST = 2.0  # reviews
MIN_SPAN_DAYS = 365.0  # over which a provider's rate is taken
GOOD_STARS = 3.5  # from here on a review is of the good tone
FULL = 0.9  # trust from here on is full: what is left is chance

SAME_TEXT, BURST, DUPLICATE = 1, 2, 4
REASONS = {SAME_TEXT: "same_text", BURST: "burst", DUPLICATE: "duplicate"}
"""Bits of `Trust.reasons` and the keys of `WHY` that they stand for."""
WHY: dict[str, LazyString] = {
    "same_text": _l("near-duplicate text"),
    "burst": _l("many similar ratings within days"),
    "duplicate": _l("also posted on another source"),
}
"""Why a review counts less than in full, or not at all, in the language of the page."""

RatingValues = tuple[float, float, float, int, int]
"""Rating, low and high in stars; how many reviews it rests on, and how many count less than in full, or not at all."""


@dataclass(frozen=True, slots=True)
class Written:
    """What decides how far a review is trusted, as columns, one row a review."""

    provider: Integers
    source: Integers
    stars: Floats
    day: Floats  # of writing, of any origin
    verified: NDArray[np.bool_]
    cluster: Integers  # reviews with the same number have (nearly) the same text; see `near_duplicates.clusters`
    duplicate: NDArray[np.bool_]  # known to stand at another source too


@dataclass(frozen=True, slots=True)
class Trust:
    trust: Floats  # 0 to 1
    reasons: NDArray[np.uint8]  # bits of REASONS, 0 where the trust is full


@dataclass(frozen=True, slots=True)
class RatedProviders:
    """What is needed to estimate: the reviews as columns, and what they are named by."""

    providers: list[str]
    sources: list[str]
    reviews: Reviews
    trust: Trust

    def estimates(self, averages: Averages, parameters: Parameters) -> dict[str, RatingValues]:
        number = len(self.providers)
        found = estimate_ratings(self.reviews, averages, self.sources, number, parameters)
        counted, discounted = (
            np.bincount(self.reviews.provider[chosen], minlength=number)
            for chosen in (self.trust.reasons & DUPLICATE == 0, self.trust.reasons != 0)
        )
        columns = (found.rating, found.low, found.high, counted, discounted)
        return dict(zip(self.providers, zip(*(column.tolist() for column in columns), strict=True), strict=True))


def trust_reviews(written: Written) -> Trust:
    """The trust in each review, from the reviews of the same providers and those that share its text."""
    reasons = np.zeros(len(written.provider), np.uint8)
    echoes = _echoes(written)
    by_text = _by_text(written, echoes)
    by_burst = _by_burst(written, echoes)
    trust = np.where(echoes, 0.0, np.where(by_text * by_burst < FULL, by_text * by_burst, 1.0))
    reasons[echoes] = DUPLICATE
    for share, bit in ((by_text, SAME_TEXT), (by_burst, BURST)):
        reasons[(share < FULL) & ~echoes] |= bit
    return Trust(trust, reasons)


def _echoes(written: Written) -> NDArray[np.bool_]:
    """Reviews that repeat the one before with the same provider, text and stars, from another source, days later."""
    echoes = written.duplicate.copy()
    order = np.lexsort((written.day, written.stars, written.cluster, written.provider))
    here, before = order[1:], order[:-1]
    same = np.ones(len(here), np.bool_)
    for column in (written.provider, written.cluster, written.stars):
        same &= column[here] == column[before]
    same &= written.source[here] != written.source[before]
    same &= written.day[here] - written.day[before] <= ECHO_DAYS
    echoes[here[same]] = True
    return echoes


def _by_text(written: Written, echoes: NDArray[np.bool_]) -> Floats:
    _, number, size = np.unique(written.cluster[~echoes], return_inverse=True, return_counts=True)
    share = np.ones(len(written.provider))
    share[~echoes] = 1.0 / size[number] ** 2
    return np.where(written.verified, 1.0, share)


def _by_burst(written: Written, echoes: NDArray[np.bool_]) -> Floats:
    """The trust that bursts leave, worst over the windows."""
    share = np.ones(len(written.provider))
    counted = np.flatnonzero(~written.verified & ~echoes)
    if not len(counted):
        return share
    group = written.provider[counted] * 2 + (written.stars[counted] >= GOOD_STARS)
    day = written.day[counted] - written.day.min()
    far = day.max() + 4 * max(WINDOW_DAYS)  # so that windows of one group never reach the next
    place = group * far + day
    order = np.argsort(place, kind="stable")
    ordered = place[order]
    size = np.bincount(group)[group]
    providers = int(written.provider.max()) + 1
    newest, oldest = np.full(providers, -np.inf), np.full(providers, np.inf)
    np.maximum.at(newest, written.provider, written.day)
    np.minimum.at(oldest, written.provider, written.day)
    span = np.maximum(newest - oldest, MIN_SPAN_DAYS)[written.provider[counted]]
    for days in WINDOW_DAYS:
        within = np.searchsorted(ordered, place + days, "right") - np.searchsorted(ordered, place - days, "left")
        expected = (size - within + 1.0) * 2 * days / span
        allowed = NEVER_A_BURST + expected + 1.5 * np.sqrt(expected)
        share[counted] = np.minimum(share[counted], np.minimum(1.0, allowed / within) ** 3)
    return share
