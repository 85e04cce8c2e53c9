"""The rating model in plain Python: loops over reviews, half-years and qualities, for one provider at a time.

It shares with `directory.ratings` only the grid and the constants; what it computes is the formula there.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, permutations

from directory.ratings.calibration import MIN_TRUST, SLOPE_SD, SOURCE_SLOPE_SD, SQUARE_SD
from directory.ratings.model import (
    GRID,
    HALF_YEARS,
    MAX_OF_AN_AVERAGE,
    MIN_PROBABILITY,
    SCALE,
    Parameters,
)
from directory.ratings.posterior import HIGH_QUANTILE, LOW_QUANTILE, SCALINGS

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
        rating + parameters.widening * (_quantile(belief, stars, share) - rating)
        for share in (LOW_QUANTILE, HIGH_QUANTILE)
    )
    return rating, min(max(low, 1.0), rating), max(min(high, 5.0), rating)


def plain_widening(providers: Sequence[Sequence[PlainReview]], parameters: Parameters) -> float:
    """How far the interval has to go, with reviews of `SCALE` among them; before its bounds."""
    groups = [
        (_belief_without(reviews, age, parameters), held_back)
        for reviews in providers
        for age in {review.age for review in reviews}
        if (held_back := [review for review in reviews if review.age == age and review.trust >= MIN_TRUST])
    ]
    above, informed = {}, {}  # by source: sums of y x and of x^2, each over its variance
    for belief, held_back in groups:
        for review in held_back:
            of_all, mean, variance, noise = _forecast(belief, parameters, review.source)
            expected, weight = mean - of_all, 1 / (len(held_back) * variance + noise)
            above[review.source] = above.get(review.source, 0) + (review.stars - of_all) * expected * weight
            informed[review.source] = informed.get(review.source, 0) + expected**2 * weight
    top, bottom = SLOPE_SD**-2, SLOPE_SD**-2
    for source, sure in informed.items():
        top += above[source] / (1 + sure * SOURCE_SLOPE_SD**2)
        bottom += sure / (1 + sure * SOURCE_SLOPE_SD**2)
    ease = SOURCE_SLOPE_SD**-2
    slopes = {name: (above[name] + top / bottom * ease) / (informed[name] + ease) for name in informed}
    square, known = SQUARE_SD**-2 * Parameters().widening ** 2, SQUARE_SD**-2
    for belief, held_back in groups:
        number, offs, spreads, noises = len(held_back), [], [], 0.0
        for review in held_back:
            of_all, mean, variance, noise = _forecast(belief, parameters, review.source)
            offs.append(review.stars - of_all - slopes[review.source] * (mean - of_all))
            spreads.append(slopes[review.source] * math.sqrt(variance))
            noises += noise / number
        pairs = list(permutations(range(number), 2))
        if pairs:
            product = sum(offs[one] * offs[other] for one, other in pairs) / len(pairs)
            expected = sum(spreads[one] * spreads[other] for one, other in pairs) / len(pairs)
            weight = expected / (2 * (expected + noises / number) ** 2 * number / (number - 1))
            square, known = square + weight * product, known + weight * expected
    return slopes[SCALE] * math.sqrt(max(square, 0) / known)


def _forecast(belief: Sequence[float], parameters: Parameters, source: str) -> tuple[float, float, float, float]:
    """Mean stars of all; of `belief` mean and variance over qualities, and the mean variance of single stars."""
    means = [mean_stars(parameters, source, quality) for quality in QUALITIES]
    squares = [
        sum(star**2 * chance for star, chance in enumerate(star_chances(parameters, source, quality), start=1))
        for quality in QUALITIES
    ]
    prior = _normal([math.exp(-quality * quality / 2) for quality in QUALITIES])
    of_all = sum(chance * mean for chance, mean in zip(prior, means, strict=True))
    mean = sum(chance * each for chance, each in zip(belief, means, strict=True))
    variance = sum(chance * each**2 for chance, each in zip(belief, means, strict=True)) - mean**2
    noise = sum(chance * (square - each**2) for chance, square, each in zip(belief, squares, means, strict=True))
    return of_all, mean, variance, noise


def _belief_without(reviews: Sequence[PlainReview], age: int, parameters: Parameters) -> list[float]:
    """The belief in each quality in the half-year `age`, from the reviews of all others."""
    belief = _normal([math.exp(-quality * quality / 2) for quality in QUALITIES])
    later = [1.0] * len(QUALITIES)
    for step in reversed(range(age + 1, HALF_YEARS)):
        belief = _drifted(_after(belief, reviews, step, parameters), parameters.persistence)
    for step in range(age):
        seen = _after(later, reviews, step, parameters)
        ways = _ways(parameters.persistence)
        later = _normal([sum(way * each for way, each in zip(row, seen, strict=True)) for row in ways])
    return _normal([one * other for one, other in zip(belief, later, strict=True)])


def _after(belief: Sequence[float], reviews: Sequence[PlainReview], age: int, parameters: Parameters) -> list[float]:
    said = [sum(_said(review, parameters, quality) for review in reviews if review.age == age) for quality in QUALITIES]
    return _normal([chance * math.exp(each) for chance, each in zip(belief, said, strict=True)])


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
