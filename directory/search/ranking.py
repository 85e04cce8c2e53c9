"""The ranking: from distances, qualification and ratings to scores, and from scores to an order.

    score = w_proximity * proximity + w_qualification * qualification + w_rating * rating

    proximity     = 0.5 ** (distance_miles / 10)     halves with every ten miles
    qualification = rubric points / 100
    rating        = (estimate in stars - 1) / 4

Every part lies in [0, 1] and the weights sum to 1, so the score does too. Ties break by distance, then NPI. A provider
stands at its nearest location, of equally near ones at that of the lower id.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from directory.ratings.model import Parameters
from directory.search.grid import Floats
from directory.search.query import SearchQuery
from directory.search.snapshot import Snapshot

HALVING_MILES = 10.0
MAX_POINTS = 100.0
MIN_STARS, MAX_STARS = 1.0, 5.0
RATING_WITHOUT_REVIEWS = Parameters().mean
"""Stars that a provider without reviews is taken to have before a mean of all was learned: that of the model alone."""


def qualification_part(points: Floats) -> Floats:
    """Rubric points (0 to 100) as a part of the score."""
    return points / MAX_POINTS


def rating_part(stars: Floats) -> Floats:
    """A rating estimate (1 to 5 stars) as a part of the score; NaN, for no review, stays NaN."""
    return (stars - MIN_STARS) / (MAX_STARS - MIN_STARS)


@dataclass(frozen=True, slots=True)
class RankedPage:
    """The results from the query's offset on, as many as its limit, best first; and what they were chosen from."""

    query: SearchQuery  # its offset is that of the last page if it asked for one beyond
    total: int
    results: NDArray[Any]  # of `kernel.RESULT`
    counts: NDArray[np.int32]  # by profile of the snapshot: all within the radius, whatever the filters


def rank_page(snapshot: Snapshot, query: SearchQuery) -> RankedPage:
    """Answer `query`, whose limit is above 0, exactly."""
    total, offset, counts, results = snapshot.find_page(
        (query.place.latitude, query.place.longitude, query.radius_miles),
        query.filters,
        query.npis,
        proximity=query.weights.proximity,
        qualification=query.weights.qualification,
        rating=query.weights.rating,
        halving_miles=HALVING_MILES,
        offset=max(query.offset, 0),
        limit=query.limit,
    )
    return RankedPage(query if query.offset == offset else replace(query, offset=offset), total, results, counts)
