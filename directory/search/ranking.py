"""The ranking: from distances, qualification and ratings to scores, and from scores to an order.

    score = w_proximity * proximity + w_qualification * qualification + w_rating * rating

    proximity     = 0.5 ** (distance_miles / 10)     halves with every ten miles
    qualification = rubric points / 100
    rating        = (estimate in stars - 1) / 4

Every part lies in [0, 1] and the weights sum to 1, so the score does too. Ties break by distance, then NPI, then
practice location. All arrays are float64 or int64 of one length n; each function works element by element in one fixed
order of operations, so that a score does not depend on what else was scored with it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from directory.ratings.model import Parameters
from directory.search.query import Weights

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

HALVING_MILES = 10.0
MAX_POINTS = 100.0
MIN_STARS, MAX_STARS = 1.0, 5.0
RATING_WITHOUT_REVIEWS = Parameters().mean
"""Stars that a provider without reviews is taken to have before a mean of all was learned: that of the model alone."""


class Scores(NamedTuple):
    """The parts of each score, and the score."""

    proximity: Floats
    qualification: Floats
    rating: Floats
    score: Floats


def qualification_part(points: Floats) -> Floats:
    """Rubric points (0 to 100) as a part of the score."""
    return points / MAX_POINTS


def rating_part(stars: Floats) -> Floats:
    """A rating estimate (1 to 5 stars) as a part of the score; NaN, for no review, stays NaN."""
    return (stars - MIN_STARS) / (MAX_STARS - MIN_STARS)


def score(distance_miles: Floats, qualification: Floats, rating: Floats, weights: Weights) -> Scores:
    """Score providers at `distance_miles`, whose `qualification` and `rating` are parts in [0, 1]."""
    proximity = np.power(0.5, distance_miles / HALVING_MILES)
    total = weights.proximity * proximity + weights.qualification * qualification + weights.rating * rating
    return Scores(proximity, qualification, rating, total)


def nearest_locations(npi: Integers, distance_miles: Floats, location: Integers) -> Integers:
    """Indices of one location a provider: its nearest, and the one of the lower id if two are equally near.

    There is at least one; `location` holds no id twice.
    """
    order: Integers = np.argsort(npi)
    npi, distance_miles, location = npi[order], distance_miles[order], location[order]
    begins = np.ones(len(npi), dtype=np.bool_)
    begins[1:] = npi[1:] != npi[:-1]
    starts, provider = np.flatnonzero(begins), np.cumsum(begins) - 1
    nearest = distance_miles == np.minimum.reduceat(distance_miles, starts)[provider]
    ids = np.where(nearest, location, np.iinfo(np.int64).max)
    lowest: Integers = order[ids == np.minimum.reduceat(ids, starts)[provider]]
    return lowest


def ranked(score: Floats, distance_miles: Floats, npi: Integers, location: Integers, first: int, last: int) -> Integers:
    """Indices of the results from place `first` (0 is the best) to before `last` (above 0), sorting no more."""
    contenders = _contenders(score, distance_miles, last)
    keys = (location[contenders], npi[contenders], distance_miles[contenders], -score[contenders])
    return contenders[np.lexsort(keys)[first:last]]


def _contenders(score: Floats, distance_miles: Floats, count: int) -> Integers:
    """Indices of the best `count`, in no order, with all that tie with the last of them in score and distance."""
    if count >= len(score):
        return np.arange(len(score))
    cut = -np.partition(-score, count - 1)[count - 1]
    better = np.flatnonzero(score > cut)
    tied = np.flatnonzero(score == cut)
    places_left = count - len(better)
    if places_left < len(tied):
        farthest = np.partition(distance_miles[tied], places_left - 1)[places_left - 1]
        tied = tied[distance_miles[tied] <= farthest]
    return np.concatenate((better, tied))
