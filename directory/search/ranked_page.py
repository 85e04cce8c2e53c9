"""One page of a search, from a snapshot alone: who is near, whom the filters let through, and in what order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from directory.search.facets import filter_masks, passing
from directory.search.query import SearchQuery
from directory.search.ranking import Scores, ranked, score
from directory.search.snapshot import Candidates, Mask, Snapshot


@dataclass(frozen=True, slots=True)
class RankedPage:
    """The results from the query's offset on, as many as its limit, best first; and what they were chosen from."""

    query: SearchQuery  # its offset is that of the last page if it asked for one beyond
    total: int
    results: Candidates
    scores: Scores  # one entry a result
    found: Candidates  # all within the radius, whatever the filters
    masks: Mapping[str, Mask]  # which of `found` each filter in force lets through


def rank(snapshot: Snapshot, query: SearchQuery) -> RankedPage:
    """Answer `query`, whose limit is above 0, exactly."""
    found = snapshot.candidates(query.place.latitude, query.place.longitude, query.radius_miles)
    masks = filter_masks(found.rows, snapshot.sets, query.filters)
    wanted = found.only(np.flatnonzero(passing(masks, len(found.rows)))) if masks else found
    rows, distance_miles = wanted.rows, wanted.distance_miles
    rating = np.where(np.isnan(rows["rating"]), snapshot.rating_without_reviews, rows["rating"])
    scores = score(distance_miles, rows["qualification"], rating, query.weights)

    total = len(rows)
    first = min(max(query.offset, 0), max(total - 1, 0) // query.limit * query.limit)
    order = ranked(scores.score, distance_miles, rows["npi"], rows["location"], first, first + query.limit)
    return RankedPage(
        query=query if query.offset == first else replace(query, offset=first),
        total=total,
        results=wanted.only(order),
        scores=Scores(*(part[order] for part in scores)),
        found=found,
        masks=masks,
    )
