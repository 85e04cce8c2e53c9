"""The posterior of each provider's quality, and the estimate of the rating with its 90 % interval. Pure.

It is found by the forward recursion of a hidden Markov chain over the qualities of `GRID`, in half-years from old to
new: exact but for the grid. The backward recursion adds what later half-years say.

Source: Rabiner, "A tutorial on hidden Markov models", Proc. IEEE 77 (1989) 257-286.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from directory.ratings.model import (
    GRID,
    MAX_OF_AN_AVERAGE,
    MAX_STARS,
    MIN_STARS,
    PRIOR,
    Averages,
    Floats,
    Integers,
    Parameters,
    Reviews,
    below,
    star_moments,
    star_probabilities,
)

STEP = GRID[1] - GRID[0]
SCALINGS = 200
LOW_QUANTILE, HIGH_QUANTILE = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class Estimates:
    """One row a provider, in stars; low <= rating <= high."""

    rating: Floats
    low: Floats
    high: Floats


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

    @property
    def whose(self) -> Integers:
        """Of each of `rows`, the index into `providers`."""
        return np.repeat(np.arange(len(self.starts)), np.diff(np.append(self.starts, len(self.rows))))


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


def half_years_of(
    reviews: Reviews, sources: Sequence[str], providers: int, parameters: Parameters
) -> list[HalfYear | None]:
    """The half-years from old to new, of providers 0 to `providers` - 1; None for one without reviews."""
    belief = np.tile(PRIOR, (providers, 1))
    return [half_year for half_year, _ in filtered(belief, reviews, sources, parameters)]


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


def _with_averages(belief: Floats, averages: Averages, sources: Sequence[str], parameters: Parameters) -> Floats:
    if not len(averages.provider):
        return belief
    mean, variance = star_moments(star_probabilities(parameters, sources))
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
    edges = np.interp(np.append(GRID - STEP / 2, GRID[-1] + STEP / 2), GRID, stars)
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
