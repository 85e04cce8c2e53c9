"""Rating estimates: reviews in, an estimate of each provider's rating with its 90 % interval out. Pure.

The model (hierarchical ordered logit, empirical Bayes). Provider i has a latent quality z_i(t) that drifts: z is
N(0, 1) among providers, and from one half-year to the next z' = r z + sqrt(1 - r^2) e, so that the correlation over h
half-years is r^h: the older a review, the less it says of today. A review of i on source s at t gives k stars or fewer
with the probability

    P(stars <= k) = 1 / (1 + exp(-(c_k - b_s - z_i(t)) / d_s)),      k = 1, 2, 3, 4

where the cuts c_1 < ... < c_4 make the J shape of stars, and each source has its bias b_s (how much more generously its
users rate) and its spread d_s (how far they differ over the same care). The source `SCALE` is this site: its bias is 0.
A review's logarithm of the likelihood is multiplied by its trust (`trust.py`), so one with trust 0.2 says a fifth.
Half stars are shared between the stars around them. A source that gives only an average a of n reviews says
a ~ N(m_s(z), v_s(z) / n'), with the mean and variance of its stars and n' = n / (1 + n / `MAX_OF_AN_AVERAGE`).

The rating is what an honest patient of this site would give today on average, E[stars | z, this site]. Its estimate is
the mean of the posterior: few reviews leave it near the mean of all. The interval goes from the estimate to the 5 % and
95 % quantiles, and `widening` times as far: care changes in jumps and stars are given in more ways than the formula
knows. How far it has to go is learned by predicting reviews that were held back (`calibration.py`). The posterior is
found by the forward recursion of a hidden Markov chain over `GRID`, in half-years from old to new: exact but for the
grid. The cuts, biases, spreads and r are learned from all reviews (`parameters.py`).

Sources: McCullagh, "Regression models for ordinal data", JRSS B 42 (1980) 109-142; Johnson, "On Bayesian analysis of
multirater ordinal data", JASA 91 (1996) 42-51; Rabiner, "A tutorial on hidden Markov models", Proc. IEEE 77 (1989)
257-286; Efron & Morris, "Data analysis using Stein's estimator and its generalizations", JASA 70 (1975) 311-319.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MIN_STARS, MAX_STARS = 1, 5
STARS = np.arange(MIN_STARS, MAX_STARS + 1, dtype=np.float64)
HALF_YEAR_DAYS = 182.625
HALF_YEARS = 20  # anything older is taken to be ten years old
GRID = np.linspace(-3.6, 3.6, 49)
_STEP = GRID[1] - GRID[0]
PRIOR = np.exp(-(GRID**2) / 2) / np.exp(-(GRID**2) / 2).sum()
SCALE = "site"
MIN_PROBABILITY = 1e-6  # of a star: nothing is impossible
MAX_OF_AN_AVERAGE = 30.0
"""However many reviews an average is of, it counts as fewer than this: nothing is known of its single reviews."""
SCALINGS = 200
LOW_QUANTILE, HIGH_QUANTILE = 0.05, 0.95

WHY: dict[str, LazyString] = {
    "same_text": _l("the text is that of another review, or nearly"),
    "burst": _l("many reviews of one tone came within days"),
    "duplicate": _l("the same review stands at another source too"),
}
"""Why a review counts less than in full, or not at all, in the language of the page."""


@dataclass(frozen=True, slots=True)
class SourceEffect:
    """How a source's users rate, on the scale of z: `bias` more generously, with `spread` as their differences."""

    bias: float = 0.0
    spread: float = 1.0


@dataclass(frozen=True, slots=True)
class Parameters:
    """What all providers share."""

    cuts: tuple[float, ...] = (-2.2, -1.8, -1.3, -0.5)
    persistence: float = 0.965  # r: correlation of a provider's quality with that of half a year before
    sources: Mapping[str, SourceEffect] = field(default_factory=dict)  # one that is missing has no bias and spread 1
    widening: float = 1.13  # how many times as far as the quantiles the interval goes

    def effect(self, source: str) -> SourceEffect:
        return self.sources.get(source, SourceEffect())

    @property
    def mean(self) -> float:
        """The mean rating of all providers, in stars: what is said of one without reviews."""
        return float(PRIOR @ self.stars_by_quality())

    def stars_by_quality(self, source: str = SCALE) -> Floats:
        """The mean stars that each quality of `GRID` gets at `source`; rises with the quality."""
        mean: Floats = STARS @ star_probabilities(self, [source])[0]
        return mean

    def to_json(self) -> dict[str, Any]:
        effects = {name: [effect.bias, effect.spread] for name, effect in sorted(self.sources.items())}
        return {
            "cuts": list(self.cuts),
            "persistence": self.persistence,
            "sources": effects,
            "widening": self.widening,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Parameters":
        effects = {name: SourceEffect(*effect) for name, effect in values["sources"].items()}
        # Parameters that were stored before the widening was learned lack it until the next refresh.
        return cls(tuple(values["cuts"]), values["persistence"], effects, values.get("widening", cls().widening))


@dataclass(frozen=True, slots=True)
class Reviews:
    """Reviews as columns, one row each."""

    provider: Integers  # index from 0
    source: Integers  # index into the list of sources
    stars: Floats  # 1 to 5
    age: Integers  # whole half-years, 0 to HALF_YEARS - 1: see `ages`
    trust: Floats  # 0 to 1

    def __len__(self) -> int:
        return len(self.provider)

    def take(self, rows: Integers) -> "Reviews":
        return Reviews(self.provider[rows], self.source[rows], self.stars[rows], self.age[rows], self.trust[rows])


@dataclass(frozen=True, slots=True)
class Averages:
    """What sources say that give only an average and a count, as columns. They count as of today."""

    provider: Integers
    source: Integers
    average: Floats  # stars, 1 to 5
    reviews: Floats  # how many it is of


@dataclass(frozen=True, slots=True)
class Estimates:
    """One row a provider, in stars; low <= rating <= high."""

    rating: Floats
    low: Floats
    high: Floats


def no_averages() -> Averages:
    return Averages(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0))


def ages(days: NDArray[Any], today: float) -> Integers:
    """Days (any origin) as whole half-years before `today`; days to come count as today."""
    half_years = np.floor((today - np.asarray(days, np.float64)) / HALF_YEAR_DAYS)
    return np.clip(half_years, 0, HALF_YEARS - 1).astype(np.int64)


def star_probabilities(parameters: Parameters, sources: Sequence[str]) -> Floats:
    """P(stars | quality, source), of shape (sources, 5, GRID)."""
    effects = [parameters.effect(source) for source in sources]
    bias = np.array([effect.bias for effect in effects])
    spread = np.array([effect.spread for effect in effects])
    return ordered_logit(np.array(parameters.cuts), bias, spread)


def ordered_logit(cuts: Floats, bias: Floats, spread: Floats) -> Floats:
    """The formula above for every source, star and quality of `GRID`; of shape (sources, 5, GRID)."""
    distance = (cuts[None, :, None] - bias[:, None, None] - GRID) / spread[:, None, None]
    up_to = np.ones((len(bias), MAX_STARS, len(GRID)))
    up_to[:, :-1] = 0.5 * (1.0 + np.tanh(0.5 * distance))  # the logistic function, without overflow
    return np.asarray(np.maximum(np.diff(up_to, axis=1, prepend=0.0), MIN_PROBABILITY))


@lru_cache(maxsize=8)
def drift(persistence: float) -> Floats:
    """Chances to go from each quality of `GRID` to each other within half a year; rows sum to 1.

    The chances are those of the two normal qualities together, scaled (Sinkhorn & Knopp, 1967) so that the grid's
    `PRIOR` stays what it is: no quality drifts without a review.
    """
    here, there = GRID[:, None], GRID[None, :]
    together = np.exp(-(here**2 - 2 * persistence * here * there + there**2) / (2 * (1 - persistence**2)))
    scale = np.ones(len(GRID))
    for _ in range(SCALINGS):
        scale = np.sqrt(scale * PRIOR / (together @ scale))
    chances = together * scale * scale[:, None]
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))


def estimate_ratings(
    reviews: Reviews, averages: Averages, sources: Sequence[str], providers: int, parameters: Parameters
) -> Estimates:
    """Estimate the ratings of providers 0 to `providers` - 1. Those without reviews get the mean of all."""
    belief = np.tile(PRIOR, (providers, 1))
    for _, step in filtered(belief, reviews, sources, parameters):
        belief = step
    belief = _with_averages(belief, averages, sources, parameters)
    return _summary(belief, parameters)


@dataclass(frozen=True, slots=True)
class HalfYear:
    """The reviews of one half-year, ordered by provider, and what they say together of each quality."""

    rows: Integers  # into the reviews
    starts: Integers  # where each provider's rows start in `rows`
    providers: Integers  # whose they are, one for each start
    before: Floats  # the belief in each quality from older reviews, of shape (providers, GRID); rows sum to 1
    likelihood: Floats  # of the same shape, each row scaled to at most 1
    log_likelihood: float  # of these reviews, given the older ones


def filtered(
    belief: Floats, reviews: Reviews, sources: Sequence[str], parameters: Parameters
) -> Iterator[tuple[HalfYear | None, Floats]]:
    """The forward recursion: for each half-year from old to new its reviews and the belief after them.

    `belief` is that before all reviews, one row a provider, and is changed in place.
    """
    log_probabilities = np.log(star_probabilities(parameters, sources))
    chances = drift(parameters.persistence)
    oldest = int(reviews.age.max(initial=0))  # before it the belief is the prior, which drift leaves as it is
    for age in range(oldest, -1, -1):
        if age < oldest:
            belief = belief @ chances
        rows = np.flatnonzero(reviews.age == age)
        if not len(rows):
            yield None, belief
            continue
        rows, starts, said = said_in(reviews, rows, log_probabilities)
        whose = reviews.provider[rows[starts]]
        most = said.max(axis=1, keepdims=True)
        before, likelihood = belief[whose], np.exp(said - most)
        joint = before * likelihood
        total = joint.sum(axis=1, keepdims=True)
        belief[whose] = joint / total
        log_likelihood = float(most.sum() + np.log(total).sum())
        yield HalfYear(rows, starts, whose, before, likelihood, log_likelihood), belief


def said_in(reviews: Reviews, rows: Integers, log_probabilities: Floats) -> tuple[Integers, Integers, Floats]:
    """The `rows` by provider, where each one's start, and the log likelihood of each quality (providers, GRID)."""
    rows = rows[np.argsort(reviews.provider[rows], kind="stable")]
    whose = reviews.provider[rows]
    starts = np.flatnonzero(np.concatenate(([True], whose[1:] != whose[:-1])))
    floor, share = below(reviews.stars[rows])
    source, trust = reviews.source[rows], reviews.trust[rows]
    said = log_probabilities[source, floor] * (trust * (1.0 - share))[:, None]
    halves = np.flatnonzero(share)
    if len(halves):
        said[halves] += log_probabilities[source[halves], floor[halves] + 1] * (trust * share)[halves, None]
    return rows, starts, np.add.reduceat(said, starts, axis=0)


def smoothed(
    half_years: Sequence[HalfYear | None], providers: int, persistence: float
) -> Iterator[tuple[HalfYear, Floats]]:
    """The backward recursion: for each half-year with reviews, from new to old, what those of all others say.

    That is the belief in each quality without the reviews of the half-year, one row each of its providers.
    """
    chances = drift(persistence)
    later = np.ones((providers, len(GRID)))  # what later half-years say of each quality
    for half_year in reversed(half_years):
        if half_year is not None:
            joint = half_year.before * later[half_year.providers]
            yield half_year, joint / joint.sum(axis=1, keepdims=True)
            later[half_year.providers] *= half_year.likelihood
        later = later @ chances.T
        later /= later.max(axis=1, keepdims=True)


def below(stars: Floats) -> tuple[Integers, Floats]:
    """The index (0 to 4) of the whole star at or below each, and the share that goes to the next one above."""
    floor = np.minimum(np.floor(stars), MAX_STARS).astype(np.int64)
    return floor - MIN_STARS, stars - floor


def _with_averages(belief: Floats, averages: Averages, sources: Sequence[str], parameters: Parameters) -> Floats:
    if not len(averages.provider):
        return belief
    probabilities = star_probabilities(parameters, sources)
    mean = np.einsum("k,skg->sg", STARS, probabilities)
    variance = np.einsum("k,skg->sg", STARS**2, probabilities) - mean**2
    number = averages.reviews / (1.0 + averages.reviews / MAX_OF_AN_AVERAGE)
    mean, variance = mean[averages.source], variance[averages.source] / number[:, None]
    said = -((averages.average[:, None] - mean) ** 2) / (2 * variance) - np.log(variance) / 2
    total = np.zeros_like(belief)
    np.add.at(total, averages.provider, said)
    joint = belief * np.exp(total - total.max(axis=1, keepdims=True))
    return np.asarray(joint / joint.sum(axis=1, keepdims=True))


def _summary(belief: Floats, parameters: Parameters) -> Estimates:
    """Mean and interval; within a cell of the grid the belief is spread evenly."""
    stars = parameters.stars_by_quality()
    edges = np.interp(np.append(GRID - _STEP / 2, GRID[-1] + _STEP / 2), GRID, stars)
    up_to = np.concatenate((np.zeros((len(belief), 1)), np.cumsum(belief, axis=1)), axis=1)
    up_to[:, -1] = 1.0
    rating = np.asarray(belief @ stars)
    low, high = (
        np.clip(rating + parameters.widening * (_quantile(up_to, edges, share) - rating), MIN_STARS, MAX_STARS)
        for share in (LOW_QUANTILE, HIGH_QUANTILE)
    )
    return Estimates(rating, np.minimum(low, rating), np.maximum(high, rating))


def _quantile(up_to: Floats, edges: Floats, share: float) -> Floats:
    rows = np.arange(len(up_to))
    cell = np.clip((up_to < share).sum(axis=1), 1, len(GRID))
    before, after = up_to[rows, cell - 1], up_to[rows, cell]
    within = np.clip((share - before) / np.maximum(after - before, 1e-300), 0.0, 1.0)
    quantile: Floats = edges[cell - 1] + within * (edges[cell] - edges[cell - 1])
    return quantile
