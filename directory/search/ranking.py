"""The ranking: from distances, qualification and ratings to scores, and from scores to an order.

    score = w_proximity * proximity + w_qualification * qualification + w_rating * rating

    proximity     = 0.5 ** (distance_miles / 10)     halves with every ten miles
    qualification = rubric points / 100
    rating        = (estimate in stars - 1) / 4

Every part lies in [0, 1] and the weights sum to 1, so the score does too. Ties break by distance, then NPI, then
practice location. All arrays are float64 or int64 of one length n; each function works element by element in one fixed
order of operations, so that a score does not depend on what else was scored with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from directory.ratings.model import Parameters
from directory.search.facets import combine_masks, filter_masks
from directory.search.grid import Floats, Integers
from directory.search.query import SearchQuery, Weights
from directory.search.snapshot import Candidates, Snapshot
from directory.search.value_sets import Mask

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


def score_providers(distance_miles: Floats, qualification: Floats, rating: Floats, weights: Weights) -> Scores:
    """Score providers at `distance_miles`, whose `qualification` and `rating` are parts in [0, 1]."""
    proximity = np.power(0.5, distance_miles / HALVING_MILES)
    total = weights.proximity * proximity + weights.qualification * qualification + weights.rating * rating
    return Scores(proximity, qualification, rating, total)


def order_results(
    score: Floats, distance_miles: Floats, npi: Integers, location: Integers, first: int, last: int
) -> Integers:
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


@dataclass(frozen=True, slots=True)
class RankedPage:
    """The results from the query's offset on, as many as its limit, best first; and what they were chosen from."""

    query: SearchQuery  # its offset is that of the last page if it asked for one beyond
    total: int
    results: Candidates
    scores: Scores  # one entry a result
    found: Candidates  # all within the radius, whatever the filters
    masks: Mapping[str, Mask]  # which of `found` each filter in force lets through


def rank_page(snapshot: Snapshot, query: SearchQuery) -> RankedPage:
    """Answer `query`, whose limit is above 0, exactly."""
    found = snapshot.candidates(query.place.latitude, query.place.longitude, query.radius_miles, query.npis)
    masks = filter_masks(found.rows, snapshot.sets, query.filters)
    wanted = found.only(np.flatnonzero(combine_masks(masks, len(found.rows)))) if masks else found
    rows, distance_miles = wanted.rows, wanted.distance_miles
    rating = np.where(np.isnan(rows["rating"]), snapshot.rating_without_reviews, rows["rating"])
    scores = score_providers(distance_miles, rows["qualification"], rating, query.weights)

    total = len(rows)
    first = min(max(query.offset, 0), max(total - 1, 0) // query.limit * query.limit)
    order = order_results(scores.score, distance_miles, rows["npi"], rows["location"], first, first + query.limit)
    return RankedPage(
        query=query if query.offset == first else replace(query, offset=first),
        total=total,
        results=wanted.only(order),
        scores=Scores(*(part[order] for part in scores)),
        found=found,
        masks=masks,
    )
