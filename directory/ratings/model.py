"""The model of ratings: a hierarchical ordered logit with empirical Bayes. Pure.

Provider i has a latent quality z_i(t) that drifts: z is N(0, 1) among providers, and from one half-year to the next
z' = r z + sqrt(1 - r^2) e, so that the correlation over h half-years is r^h: the older a review, the less it says of
today. A review of i on source s at t gives k stars or fewer with the probability

    P(stars <= k) = 1 / (1 + exp(-(c_k - b_s - z_i(t)) / d_s)),      k = 1, 2, 3, 4

where the cuts c_1 < ... < c_4 make the J shape of stars, and each source has its bias b_s (how much more generously its
users rate) and its spread d_s (how far they differ over the same care). The source `SCALE` is this site: its bias is 0.
A review's logarithm of the likelihood is multiplied by its trust (`trust.py`), so one with trust 0.2 says a fifth.
Half stars are shared between the stars around them. A source that gives only an average a of n reviews says
a ~ N(m_s(z), v_s(z) / n'), with the mean and variance of its stars and n' = n / (1 + n / `MAX_OF_AN_AVERAGE`).

The rating is what an honest patient of this site would give today on average, E[stars | z, this site]. Its estimate is
the mean of the posterior: few reviews leave it near the mean of all. The interval goes from the estimate to the 5 % and
95 % quantiles, and `widening` times as far: care changes in jumps and stars are given in more ways than the formula
knows. How far it has to go is learned by predicting reviews that were held back (`calibration.py`), the cuts, biases,
spreads and r from all reviews (`parameters.py`).

Sources: McCullagh, "Regression models for ordinal data", JRSS B 42 (1980) 109-142; Johnson, "On Bayesian analysis of
multirater ordinal data", JASA 91 (1996) 42-51; Efron & Morris, "Data analysis using Stein's estimator and its
generalizations", JASA 70 (1975) 311-319.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MIN_STARS, MAX_STARS = 1, 5
STARS = np.arange(MIN_STARS, MAX_STARS + 1, dtype=np.float64)
HALF_YEAR_DAYS = 182.625
HALF_YEARS = 20  # anything older is taken to be ten years old
GRID = np.linspace(-3.6, 3.6, 49)
PRIOR = np.exp(-(GRID**2) / 2) / np.exp(-(GRID**2) / 2).sum()
SCALE = "site"
MIN_PROBABILITY = 1e-6  # of a star: nothing is impossible
MAX_OF_AN_AVERAGE = 30.0
"""However many reviews an average is of, it counts as fewer than this: nothing is known of its single reviews."""


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


def below(stars: Floats) -> tuple[Integers, Floats]:
    """The index (0 to 4) of the whole star at or below each, and the share that goes to the next one above."""
    floor = np.minimum(np.floor(stars), MAX_STARS).astype(np.int64)
    return floor - MIN_STARS, stars - floor


def star_moments(probabilities: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of the stars that each quality gets at each source, of shape (sources, GRID)."""
    mean = np.einsum("k,skg->sg", STARS, probabilities)
    return mean, np.einsum("k,skg->sg", STARS**2, probabilities) - mean**2
