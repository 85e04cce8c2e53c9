"""How far the 90 % interval has to go: learned by predicting reviews that are held back. Pure.

The model's quantiles are right only as far as the model is. So each half-year of each provider is predicted from the
provider's reviews of all other half-years, and the reviews in it say two things about the predictions.

Whether they are too timid: a review y on source s is m_s + k_s x + noise, where m_s is the mean stars of all providers
there and x how much more or less the model expects of this one. k_s, by weighted least squares, is 1 where qualities
differ on s as much as the model says, and 1.2 where they differ by a fifth more.

Whether they are too sure: let r be what a review has beyond its prediction. The product r r' of two reviews of one
half-year is, but for chance, the square of how far the prediction was off, since each patient's own noise is in one
of them alone. The model expects v for it. The sum of products over that of v, weighted by what each pair can say, is
the square of the factor g by which the model's standard deviation of a quality falls short.

The interval goes k_s g times as far as the quantiles, with s this site, whose scale the rating is on. Both are learned
with priors, which matter while reviews are few: k_s is N(k, 0.1^2) around k of all sources, k is N(1, 0.2^2), and g^2
is N(w^2, 0.2^2) with the `widening` w of `Parameters()`. Reviews that trust has all but struck out are not predicted.

Sources: Dawid, "The prequential approach", JRSS A 147 (1984) 278-292; Gneiting, Balabdaoui & Raftery, "Probabilistic
forecasts, calibration and sharpness", JRSS B 69 (2007) 243-268; Cox, "Two further applications of a model for binary
regression", Biometrika 45 (1958) 562-565.
"""

from collections.abc import Sequence

import numpy as np

from directory.ratings.model import (
    PRIOR,
    SCALE,
    Floats,
    Integers,
    Parameters,
    Reviews,
    star_moments,
    star_probabilities,
)
from directory.ratings.posterior import HalfYear, half_years_of, smoothed

MIN_TRUST = 0.1  # of a review that is predicted
SOURCE_SLOPE_SD, SLOPE_SD, SQUARE_SD = 0.1, 0.2, 0.2
MIN_WIDENING, MAX_WIDENING = 0.5, 2.0


def learn_widening(reviews: Reviews, sources: Sequence[str], providers: int, parameters: Parameters) -> float:
    """How many times as far as the quantiles of the model with `parameters` the interval has to go."""
    half_years = half_years_of(reviews, sources, providers, parameters)
    probabilities = star_probabilities(parameters, sources)
    predicted, groups = [], 0
    for half_year, others in smoothed(half_years, providers, parameters.persistence):
        predicted.append(_predicted(reviews, half_year, others, probabilities, groups))
        groups += len(half_year.starts)
    if not predicted:
        return Parameters().widening
    group, source, above, expected, variance, noise = np.concatenate(predicted, axis=1)
    group, source = group.astype(np.int64), source.astype(np.int64)
    shared = variance * np.bincount(group)[group]  # reviews of one group share how far their prediction is off
    slopes, common = _slopes(source, above, expected, shared + noise, len(sources))
    off, spread = above - slopes[source] * expected, slopes[source] * np.sqrt(variance)
    here = slopes[list(sources).index(SCALE)] if SCALE in sources else common
    return float(np.clip(here * _shortfall(group, off, spread, noise), MIN_WIDENING, MAX_WIDENING))


def _predicted(reviews: Reviews, half_year: HalfYear, others: Floats, probabilities: Floats, groups: int) -> Floats:
    """Of each review of a half-year a column: its group (one provider's half-year) and source; how far its stars and
    their prediction lie above the mean of all; the variance of the prediction, and that of the noise around it.
    """
    mean, within = star_moments(probabilities)
    kept = reviews.trust[half_year.rows] >= MIN_TRUST
    rows, row = half_year.rows[kept], half_year.whose[kept]
    source = reviews.source[rows]
    expected = (others @ mean.T)[row, source]
    variance = (others @ (mean**2).T)[row, source] - expected**2
    noise = (others @ within.T)[row, source]
    of_all = (mean @ PRIOR)[source]
    return np.stack((row + groups, source, reviews.stars[rows] - of_all, expected - of_all, variance, noise))


def _slopes(source: Integers, above: Floats, expected: Floats, variance: Floats, sources: int) -> tuple[Floats, float]:
    """k_s of each source, and k."""
    precision = np.bincount(source, expected**2 / variance, sources)
    total = np.bincount(source, above * expected / variance, sources)
    weight = 1.0 / (1.0 + precision * SOURCE_SLOPE_SD**2)
    common = (float(total @ weight) + SLOPE_SD**-2) / (float(precision @ weight) + SLOPE_SD**-2)
    return (total + common * SOURCE_SLOPE_SD**-2) / (precision + SOURCE_SLOPE_SD**-2), common


def _shortfall(group: Integers, off: Floats, spread: Floats, noise: Floats) -> float:
    """g, from pairs of reviews of one group."""
    number = np.bincount(group)
    several = number > 1
    pairs = (number * (number - 1))[several]
    products = (np.bincount(group, off) ** 2 - np.bincount(group, off**2))[several] / pairs
    expected = (np.bincount(group, spread) ** 2 - np.bincount(group, spread**2))[several] / pairs
    number, noises = number[several], np.bincount(group, noise)[several]
    weight = expected / (2.0 * (expected + noises / number**2) ** 2 * number / (number - 1))
    known = float((weight * expected).sum())
    square = float((weight * products).sum()) + SQUARE_SD**-2 * Parameters().widening ** 2
    return float(np.sqrt(max(square, 0.0) / (known + SQUARE_SD**-2)))
