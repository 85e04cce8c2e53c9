"""The search itself: from what was asked to explained results."""

from dataclasses import replace

import numpy as np

from directory.search import facets, ranking
from directory.search.engine import current_snapshot
from directory.search.explain import Facts, reasons
from directory.search.loosen import loosenings
from directory.search.queries import Details, choice_labels, details
from directory.search.query import Parts, Result, SearchQuery, SearchResults
from directory.search.snapshot import Candidates, Rows, Snapshot

DEMONSTRATION = "9"
"""What the NPIs of invented providers start with."""


def search(query: SearchQuery) -> SearchResults:
    """Rank every provider that `query` asks for, and explain those on its page.

    An offset beyond the last result becomes that of the last page; the query that comes back says so.
    """
    snapshot = current_snapshot()
    found = snapshot.candidates(query.place.latitude, query.place.longitude, query.radius_miles)
    masks = facets.filter_masks(found.rows, snapshot.sets, query.filters)
    passing = np.flatnonzero(facets.passing(masks, len(found.rows)))
    total = len(passing)
    query = replace(query, offset=_clamped(query.offset, query.limit, total))
    results = _page(snapshot, Candidates(found.rows[passing], found.distance_miles[passing]), query)
    declared = snapshot.sets["specialty"].counts(found.rows["specialty"]).keys() | query.filters.specialties
    return SearchResults(
        query=query,
        total=total,
        results=results,
        facets=facets.count_choices(found.rows, snapshot.sets, query.filters, masks, choice_labels(declared)),
        loosenings=() if total else loosenings(snapshot, query),
        map_points=tuple((r.rank, r.npi, r.name, r.latitude, r.longitude) for r in results),
    )


def _clamped(offset: int, limit: int, total: int) -> int:
    """`offset`, or that of the last page if it lies beyond it."""
    return min(max(offset, 0), max(total - 1, 0) // limit * limit)


def _page(snapshot: Snapshot, candidates: Candidates, query: SearchQuery) -> tuple[Result, ...]:
    """The results from the query's offset on, as many as its limit."""
    rows, distance_miles = candidates.rows, candidates.distance_miles
    rating = np.where(np.isnan(rows["rating"]), snapshot.rating_without_reviews, rows["rating"])
    scores = ranking.score(distance_miles, rows["qualification"], rating, query.weights)
    first, last = query.offset, query.offset + query.limit
    order = ranking.ranked(scores.score, distance_miles, rows["npi"], rows["location"], first, last)
    known = details(rows["location"][order].tolist())
    results = []
    for rank, index in enumerate(order, start=first + 1):
        parts = Parts(*(float(part[index]) for part in scores[:3]))
        if about := known.get(int(rows["location"][index])):
            results.append(
                _result(rank, rows[index], float(distance_miles[index]), float(scores.score[index]), parts, about)
            )
    return tuple(results)


def _result(rank: int, row: Rows, distance_miles: float, score: float, parts: Parts, about: Details) -> Result:
    reviews_counted = about.reviews_counted or 0
    facts = Facts(
        distance_miles=distance_miles,
        precision=about.precision,
        licence_verified=bool(row["verified"]),
        awards=[(award["key"], award["points"], award["reason"]) for award in about.awards or ()],
        rating=about.rating if reviews_counted else None,
        rating_low=about.rating_low if reviews_counted else None,
        rating_high=about.rating_high if reviews_counted else None,
        reviews_counted=reviews_counted,
    )
    return Result(
        rank=rank,
        npi=about.npi,
        name=about.name,
        location_id=about.location_id,
        address=_address(about),
        phone=about.phone,
        latitude=about.latitude,
        longitude=about.longitude,
        precision=about.precision,
        distance_miles=distance_miles,
        score=score,
        parts=parts,
        specialties=about.specialties,
        accepting=about.accepting,
        licence_verified=facts.licence_verified,
        rating=facts.rating,
        rating_low=facts.rating_low,
        rating_high=facts.rating_high,
        reviews_counted=reviews_counted,
        reasons=reasons(facts),
        is_demonstration=about.npi.startswith(DEMONSTRATION),
    )


def _address(about: Details) -> str:
    street = ", ".join(line for line in (about.line_1, about.line_2) if line)
    return f"{street}, {about.city}, {about.state} {about.postal_code or ''}".rstrip()
