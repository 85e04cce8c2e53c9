"""Learning what all providers share (cuts, source effects, persistence, widening) from their reviews. Pure.

Expectation maximization on the model of `model.py`: the forward and backward recursions give how often each star was
given at each source from each quality (Baum & others, 1970); the parameters then climb the expected logarithm of the
likelihood plus that of their priors by Newton's method. The persistence is the best of `PERSISTENCES` by likelihood.
Last comes the widening of the interval (`calibration.py`).

Priors, which matter while reviews are few: the cuts lie around those of `Parameters()`, biases are N(0, 0.5^2), and the
logarithms of spreads N(0, 0.4^2) around that of this site, which itself is N(0, 0.5^2).

Sources: Dempster, Laird & Rubin, JRSS B 39 (1977) 1-38; Baum, Petrie, Soules & Weiss, Ann. Math. Stat. 41 (1970)
164-171.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from threadpoolctl import ThreadpoolController

from directory.ratings.calibration import learn_widening
from directory.ratings.model import (
    GRID,
    MAX_STARS,
    SCALE,
    Floats,
    Integers,
    Parameters,
    Reviews,
    SourceEffect,
    below,
    ordered_logit,
)
from directory.ratings.posterior import HalfYear, half_years_of, smoothed

PERSISTENCES = (0.85, 0.90, 0.94, 0.965, 0.985)
"""None is 1: a provider always may change, so that old reviews say less than new ones."""
MAX_ROUNDS = 25
STILL = 0.01  # parameters that move by less have arrived
PROVIDERS_TO_LEARN_FROM = 3_000
BIAS_SD, LOG_SPREAD_SD, SCALE_LOG_SPREAD_SD, CUT_SD, LOG_GAP_SD = 0.5, 0.4, 0.5, 1.0, 1.0

Objective = Callable[[Floats], float]


def learn_parameters(reviews: Reviews, sources: Sequence[str], providers: int) -> Parameters:
    """The parameters from all reviews; of a large directory from `PROVIDERS_TO_LEARN_FROM` providers, evenly chosen."""
    if not len(reviews):
        return Parameters()
    reviews, providers = _evenly_chosen(reviews, len(sources), providers)
    with ThreadpoolController().limit(limits=1):  # the matrices are small: more threads would wait for each other
        parameters = _learned(reviews, sources, providers)
        return replace(parameters, widening=learn_widening(reviews, sources, providers, parameters))


def _learned(reviews: Reviews, sources: Sequence[str], providers: int) -> Parameters:
    state = _State(sources)
    for round_ in range(MAX_ROUNDS):
        before = state.vector()
        counts, _ = expected_counts(reviews, sources, providers, state.parameters())
        state.climb(counts)
        if round_ in {2, 7}:
            state.persistence = _best_persistence(reviews, sources, providers, state)
        elif round_ > 8 and np.abs(state.vector() - before).max() < STILL:
            break
    return state.parameters()


def expected_counts(
    reviews: Reviews, sources: Sequence[str], providers: int, parameters: Parameters
) -> tuple[Floats, float]:
    """How often each star was given at each source from each quality (sources, 5, GRID), and the log likelihood."""
    half_years = half_years_of(reviews, sources, providers, parameters)
    counts = np.zeros((len(sources), MAX_STARS, len(GRID)))
    for half_year, others in smoothed(half_years, providers, parameters.persistence):
        joint = others * half_year.likelihood
        _add_counts(counts, reviews, half_year, joint / joint.sum(axis=1, keepdims=True))
    return counts, sum(half_year.log_likelihood for half_year in half_years if half_year)


def _add_counts(counts: Floats, reviews: Reviews, half_year: HalfYear, quality: Floats) -> None:
    rows, whose = half_year.rows, half_year.whose
    floor, share = below(reviews.stars[rows])
    for star, part in ((floor, 1.0 - share), (np.minimum(floor + 1, MAX_STARS - 1), share)):
        used = np.flatnonzero(part)
        if not len(used):
            continue
        code = reviews.source[rows[used]] * MAX_STARS + star[used]
        order = used[np.argsort(code, kind="stable")]
        code = np.sort(code, kind="stable")
        starts = np.flatnonzero(np.concatenate(([True], code[1:] != code[:-1])))
        weighted = quality[whose[order]] * (reviews.trust[rows[order]] * part[order])[:, None]
        counts.reshape(-1, len(GRID))[code[starts]] += np.add.reduceat(weighted, starts, axis=0)


class _State:
    """The parameters while they are learned: cuts as the first and the gaps' logarithms, spreads as logarithms."""

    def __init__(self, sources: Sequence[str]) -> None:
        start = Parameters()
        self.sources = list(sources)
        self.cuts = np.concatenate((start.cuts[:1], np.log(np.diff(start.cuts))))
        self.cuts_prior = self.cuts.copy()
        self.scale = 0.0  # the logarithm of this site's spread
        self.bias = np.zeros(len(sources))
        self.log_spread = np.zeros(len(sources))  # beside this site's
        self.persistence = start.persistence

    def vector(self) -> Floats:
        return np.concatenate((self.cuts, [self.scale], self.bias, self.log_spread))

    def parameters(self) -> Parameters:
        effects = map(SourceEffect, self.bias.tolist(), np.exp(self.scale + self.log_spread).tolist())
        by_source = dict(zip(self.sources, effects, strict=True))
        by_source.setdefault(SCALE, SourceEffect(0.0, float(np.exp(self.scale))))
        return Parameters(tuple(_cuts(self.cuts).tolist()), self.persistence, by_source)

    def climb(self, counts: Floats) -> None:
        """Take the parameters to where the expected log likelihood and their priors are highest."""
        for number, name in enumerate(self.sources):
            if name != SCALE and counts[number].sum() > 0:
                start = np.array([self.bias[number], self.log_spread[number]])
                self.bias[number], self.log_spread[number] = _climbed(self._of_source(counts[number]), start)
        shared = _climbed(self._of_all(counts), np.append(self.cuts, self.scale))
        self.cuts, self.scale = shared[:-1], float(shared[-1])

    def _of_source(self, counts: Floats) -> Objective:
        cuts = _cuts(self.cuts)

        def objective(values: Floats) -> float:
            bias, log_spread = values
            chances = ordered_logit(cuts, np.array([bias]), np.exp(np.array([self.scale + log_spread])))[0]
            prior = (bias / BIAS_SD) ** 2 + (log_spread / LOG_SPREAD_SD) ** 2
            return float((counts * np.log(chances)).sum() - prior / 2)

        return objective

    def _of_all(self, counts: Floats) -> Objective:
        def objective(values: Floats) -> float:
            cuts, scale = values[:-1], values[-1]
            chances = ordered_logit(_cuts(cuts), self.bias, np.exp(scale + self.log_spread))
            off = cuts - self.cuts_prior
            prior = (off[0] / CUT_SD) ** 2 + ((off[1:] / LOG_GAP_SD) ** 2).sum() + (scale / SCALE_LOG_SPREAD_SD) ** 2
            return float((counts * np.log(chances)).sum() - prior / 2)

        return objective


def _cuts(values: Floats) -> Floats:
    return np.cumsum(np.concatenate((values[:1], np.exp(values[1:]))))


def _best_persistence(reviews: Reviews, sources: Sequence[str], providers: int, state: _State) -> float:
    def log_likelihood(persistence: float) -> float:
        state.persistence = persistence
        return expected_counts(reviews, sources, providers, state.parameters())[1]

    return max(PERSISTENCES, key=log_likelihood)


def _climbed(objective: Objective, start: Floats, steps: int = 3, size: float = 1e-3, longest: float = 0.5) -> Floats:
    """Up to `steps` Newton steps with numerical derivatives, each halved until it does not go down."""
    point = start
    unit = np.eye(len(start)) * size
    for _ in range(steps):
        here = objective(point)
        up = np.array([objective(point + step) for step in unit])
        down = np.array([objective(point - step) for step in unit])
        gradient = (up - down) / (2 * size)
        curvature = np.diag((up - 2 * here + down) / size**2)
        for row in range(len(start)):
            for column in range(row):
                corners = [objective(point + a * unit[row] + b * unit[column]) for a in (1, -1) for b in (1, -1)]
                mixed = (corners[0] - corners[1] - corners[2] + corners[3]) / (4 * size**2)
                curvature[row, column] = curvature[column, row] = mixed
        values, vectors = np.linalg.eigh(curvature)
        step = vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(values), 1e-3))  # uphill, even where it is convex
        step *= min(1.0, longest / max(np.abs(step).max(), 1e-12))
        while np.abs(step).max() > 1e-5 and objective(point + step) < here:
            step = step / 2
        if np.abs(step).max() <= 1e-5:
            break
        point = point + step
    return point


def _evenly_chosen(reviews: Reviews, sources: int, providers: int) -> tuple[Reviews, int]:
    """The reviews of enough providers for every source, renumbered; all of them in a directory that is not large."""
    if providers <= PROVIDERS_TO_LEARN_FROM:
        return reviews, providers
    chosen = np.zeros(providers, np.bool_)
    chosen[np.linspace(0, providers - 1, PROVIDERS_TO_LEARN_FROM // 2).astype(np.int64)] = True
    for source in range(sources):
        there = np.unique(reviews.provider[reviews.source == source])
        share = max(1, PROVIDERS_TO_LEARN_FROM // (2 * sources))
        chosen[there[np.linspace(0, len(there) - 1, min(share, len(there))).astype(np.int64)]] = True
    numbers: Integers = np.cumsum(chosen) - 1
    kept = reviews.take(np.flatnonzero(chosen[reviews.provider]))
    kept = Reviews(numbers[kept.provider], kept.source, kept.stars, kept.age, kept.trust)
    return kept, int(chosen.sum())
