"""Rating estimates: reviews in, an estimate of each provider's rating with its 90 % interval out.

The model (normal-normal, empirical Bayes): provider i has a true rating t_i ~ N(mean, between_sd^2), and each of its
reviews is y_ij ~ N(t_i, within_sd^2). With n reviews that average a, and the share s = n / (n + within^2 / between^2),

    estimate = mean + s * (a - mean)          variance = 1 / (1 / between^2 + n / within^2)

so few reviews stay near the mean of all, and many come to stand for themselves. The interval is the estimate
plus and minus 1.645 standard deviations; all are kept within 1 and 5 stars.

The shared parameters are learned by the method of moments for unequal groups (analysis of variance), each blended
with a prior that gives way as reviews come in:
- within^2: the pooled variance inside providers, with `PRIOR_WITHIN_SD` counting as `PRIOR_FREEDOM` degrees of freedom;
- between^2: (MSB - within^2) / n0, where MSB is the mean square between providers and
  n0 = (N - sum(n_i^2) / N) / (k - 1), at least 0, with `PRIOR_BETWEEN_SD` counting as `PRIOR_FREEDOM` providers;
- mean: the average of the providers' averages, weighted by 1 / (between^2 + within^2 / n_i), with `PRIOR_MEAN` as one
  more that is known to within `PRIOR_MEAN_SD`.

Sources: Efron & Morris, "Data analysis using Stein's estimator and its generalizations", JASA 70 (1975) 311-319;
Searle, Casella & McCulloch, "Variance Components" (1992), section 3.6; Gelman et al., "Bayesian Data Analysis", ch. 5.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

LEAST_STARS, MOST_STARS = 1.0, 5.0
PRIOR_MEAN = 3.0  # stars: the middle of the scale
PRIOR_MEAN_SD = 1.0
PRIOR_BETWEEN_SD = 0.5
PRIOR_WITHIN_SD = 1.2
PRIOR_FREEDOM = 5.0
LEAST_SD = 0.05  # all-equal reviews do not make a rating certain
WHY = {
    "same_text": "the text is that of another review, or nearly",
    "burst": "many reviews of one tone came within days",
    "duplicate": "the same review stands at another source too",
}
"""Why a review counts less than in full, or not at all."""
NINETY_PERCENT = 1.6448536269514722  # standard deviations on each side that hold 90 % of a normal distribution


@dataclass(frozen=True, slots=True)
class RatingSums:
    """What the model needs of one provider's reviews: how many, the sum of their stars and of the stars squared."""

    reviews: int
    total: float
    total_of_squares: float

    @classmethod
    def of(cls, stars: Iterable[float]) -> "RatingSums":
        stars = list(stars)
        return cls(len(stars), math.fsum(stars), math.fsum(star * star for star in stars))

    @property
    def average(self) -> float:
        return self.total / self.reviews


@dataclass(frozen=True, slots=True)
class Parameters:
    """What all providers share, in stars."""

    mean: float
    between_sd: float  # of the providers' true ratings around the mean
    within_sd: float  # of single reviews around their provider's true rating


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimated rating and the ends of its 90 % interval, in stars; low <= estimate <= high."""

    estimate: float
    low: float
    high: float
    reviews_counted: int


PRIOR = Parameters(PRIOR_MEAN, PRIOR_BETWEEN_SD, PRIOR_WITHIN_SD)


def learn_parameters(providers: Iterable[RatingSums]) -> Parameters:
    """The shared parameters, from each provider's reviews. Those without reviews say nothing; of none, the prior."""
    groups = [sums for sums in providers if sums.reviews]
    if not groups:
        return PRIOR
    number = sum(sums.reviews for sums in groups)
    within_squares = math.fsum(max(0.0, sums.total_of_squares - sums.reviews * sums.average**2) for sums in groups)
    within = _blend(PRIOR_WITHIN_SD**2, within_squares, number - len(groups))
    between = _blend(PRIOR_BETWEEN_SD**2, (len(groups) - 1) * _between(groups, number, within), len(groups) - 1)
    weights = [1 / (between + within / sums.reviews) for sums in groups]
    prior_weight = 1 / PRIOR_MEAN_SD**2
    weighted = math.fsum(weight * sums.average for weight, sums in zip(weights, groups, strict=True))
    mean = (prior_weight * PRIOR_MEAN + weighted) / (prior_weight + math.fsum(weights))
    return Parameters(mean, math.sqrt(between), math.sqrt(within))


def estimate_rating(sums: RatingSums, parameters: Parameters) -> Estimate:
    """The estimate for one provider; without reviews it is the mean of all, with the spread of all."""
    between, within = parameters.between_sd**2, parameters.within_sd**2
    share = sums.reviews / (sums.reviews + within / between)
    estimate = parameters.mean + (share * (sums.average - parameters.mean) if sums.reviews else 0.0)
    margin = NINETY_PERCENT * math.sqrt(1 / (1 / between + sums.reviews / within))
    return Estimate(_bounded(estimate), _bounded(estimate - margin), _bounded(estimate + margin), sums.reviews)


def _between(groups: list[RatingSums], number: int, within: float) -> float:
    """The moment estimate of the variance between providers, at least 0; 0 for a single provider."""
    freedom = len(groups) - 1
    if not freedom:
        return 0.0
    grand_average = math.fsum(sums.total for sums in groups) / number
    mean_square = math.fsum(sums.reviews * (sums.average - grand_average) ** 2 for sums in groups) / freedom
    typical_size = (number - sum(sums.reviews**2 for sums in groups) / number) / freedom
    return max(0.0, (mean_square - within) / typical_size)


def _blend(prior: float, squares: float, freedom: int) -> float:
    return max(LEAST_SD**2, (PRIOR_FREEDOM * prior + squares) / (PRIOR_FREEDOM + freedom))


def _bounded(stars: float) -> float:
    return min(MOST_STARS, max(LEAST_STARS, stars))
