"""The rating model in plain Python: loops over reviews, half-years and qualities, for one provider at a time.

It shares with `directory.ratings.model` only the grid and the constants; what it computes is the formula there.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from directory.ratings.model import (
    GRID,
    HALF_YEARS,
    HIGH_QUANTILE,
    LOW_QUANTILE,
    MAX_OF_AN_AVERAGE,
    MIN_PROBABILITY,
    SCALE,
    SCALINGS,
    WIDENING,
    Parameters,
)

QUALITIES = [float(quality) for quality in GRID]


@dataclass(frozen=True)
class PlainReview:
    source: str
    stars: float
    age: int
    trust: float = 1.0


@dataclass(frozen=True)
class PlainAverage:
    source: str
    average: float
    reviews: int


def star_chances(parameters: Parameters, source: str, quality: float) -> list[float]:
    """The chances of 1, 2, 3, 4 and 5 stars."""
    effect = parameters.effect(source)
    logistic = [1 / (1 + math.exp(-(cut - effect.bias - quality) / effect.spread)) for cut in parameters.cuts]
    up_to = [0.0, *logistic, 1.0]
    return [max(up_to[star] - up_to[star - 1], MIN_PROBABILITY) for star in range(1, 6)]


def mean_stars(parameters: Parameters, source: str, quality: float) -> float:
    return sum(star * chance for star, chance in enumerate(star_chances(parameters, source, quality), start=1))


def plain_estimate(
    reviews: Sequence[PlainReview], averages: Sequence[PlainAverage], parameters: Parameters
) -> tuple[float, float, float]:
    """Rating, low and high in stars."""
    belief = _normal([math.exp(-quality * quality / 2) for quality in QUALITIES])
    for age in reversed(range(HALF_YEARS)):
        if age < HALF_YEARS - 1:
            belief = _drifted(belief, parameters.persistence)
        for review in reviews:
            if review.age == age:
                belief = _normal(
                    [
                        chance * math.exp(_said(review, parameters, quality))
                        for chance, quality in zip(belief, QUALITIES, strict=True)
                    ]
                )
    for average in averages:
        said = [_said_on_average(average, parameters, quality) for quality in QUALITIES]
        most = max(said)
        belief = _normal([chance * math.exp(each - most) for chance, each in zip(belief, said, strict=True)])
    stars = [mean_stars(parameters, SCALE, quality) for quality in QUALITIES]
    rating = sum(chance * star for chance, star in zip(belief, stars, strict=True))
    low, high = (
        rating + WIDENING * (_quantile(belief, stars, share) - rating) for share in (LOW_QUANTILE, HIGH_QUANTILE)
    )
    return rating, min(max(low, 1.0), rating), max(min(high, 5.0), rating)


def _said(review: PlainReview, parameters: Parameters, quality: float) -> float:
    chances = star_chances(parameters, review.source, quality)
    below = int(review.stars)
    share = review.stars - below
    said = (1 - share) * math.log(chances[below - 1])
    if share:
        said += share * math.log(chances[below])
    return review.trust * said


def _said_on_average(average: PlainAverage, parameters: Parameters, quality: float) -> float:
    chances = star_chances(parameters, average.source, quality)
    mean = sum(star * chance for star, chance in enumerate(chances, start=1))
    variance = sum(star * star * chance for star, chance in enumerate(chances, start=1)) - mean * mean
    variance /= average.reviews / (1 + average.reviews / MAX_OF_AN_AVERAGE)
    return -((average.average - mean) ** 2) / (2 * variance) - math.log(variance) / 2


def _drifted(belief: Sequence[float], persistence: float) -> list[float]:
    after = [0.0] * len(belief)
    for chance, ways in zip(belief, _ways(persistence), strict=True):
        for index, way in enumerate(ways):
            after[index] += chance * way
    return after


@cache
def _ways(persistence: float) -> list[list[float]]:
    """Chances to drift from each quality to each other: a joint normal density, scaled to keep the prior."""
    prior = _normal([math.exp(-quality * quality / 2) for quality in QUALITIES])
    twice = 2 * (1 - persistence**2)
    joint = [[math.exp(-(x * x - 2 * persistence * x * y + y * y) / twice) for y in QUALITIES] for x in QUALITIES]
    scale = [1.0] * len(prior)
    for _ in range(SCALINGS):
        sums = [sum(each * factor for each, factor in zip(row, scale, strict=True)) for row in joint]
        scale = [math.sqrt(own * chance / total) for own, chance, total in zip(scale, prior, sums, strict=True)]
    return [_normal([each * factor for each, factor in zip(row, scale, strict=True)]) for row in joint]


def _normal(weights: Sequence[float]) -> list[float]:
    total = sum(weights)
    return [weight / total for weight in weights]


def _quantile(belief: Sequence[float], stars: Sequence[float], share: float) -> float:
    """Within a cell of the grid, whose edges lie half-way between the qualities, the belief is spread evenly."""
    middles = [(one + other) / 2 for one, other in pairwise(stars)]
    edges = [stars[0], *middles, stars[-1]]
    before = 0.0
    for cell, chance in enumerate(belief):
        if before + chance >= share:
            return edges[cell] + (share - before) / chance * (edges[cell + 1] - edges[cell])
        before += chance
    return edges[-1]
