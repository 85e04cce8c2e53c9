"""The formula, the order that follows from it, and that no short cut of the search changes either."""

import math
import random

import numpy as np
import pytest

from directory.places.distance import EARTH_RADIUS_MILES
from directory.places.place import Place
from directory.search import snapshot as snapshot_module
from directory.search.grid import unit_vectors
from directory.search.query import SearchQuery, Weights
from directory.search.ranking import qualification_part, rank_page, rating_part
from directory.search.snapshot import Layer, Snapshot
from tests.search.layers import layer_at

WITHOUT_REVIEWS = 0.7
Row = tuple[int, int, tuple[float, float], tuple[float, float], bool]
"""NPI, location, point, parts, whether the license is verified."""


@pytest.mark.parametrize(
    ("north", "points", "stars", "expected"),
    [(0.0, 100.0, 5.0, 1.0), (10.0, 0.0, 1.0, 0.175), (20.0, 50.0, 3.0, 0.35 * 0.25 + 0.35 * 0.5 + 0.30 * 0.5)],
)
def test_the_score_is_the_published_formula(north: float, points: float, stars: float, expected: float) -> None:
    here = (33.0, -118.0)
    there = (33.0 + np.degrees(north / 3958.7613), -118.0)
    parts = float(qualification_part(np.array(points))), float(rating_part(np.array(stars)))
    page = rank_page(Snapshot(base=layer_at([there], parts=[parts])), SearchQuery(Place("", *here, "point")))
    assert page.results["score"].tolist() == pytest.approx([expected], abs=1e-6)
    assert page.results["miles"].tolist() == pytest.approx([north], abs=1e-3)


def random_rows(chance: random.Random, count: int, middle: tuple[float, float]) -> list[Row]:
    """Providers with one to six locations, many side by side and alike, so that ties of every depth come up."""
    spread = chance.choice((0.001, 0.1, 0.6))
    corners = [(chance.gauss(0, spread), chance.gauss(0, spread)) for _ in range(max(count // 3, 1))]
    rows: list[Row] = []
    for npi in range(count):
        parts = chance.choice((0.0, 0.2, 0.63, 1.0)), chance.choice((np.nan, 0.4, WITHOUT_REVIEWS, 1.0))
        verified = chance.random() < 0.5
        for _ in range(chance.choice((1, 1, 2, 3, 6))):
            north, east = chance.choice(corners) if chance.random() < 0.7 else (chance.gauss(0, 1), chance.gauss(0, 1))
            latitude = min(max(middle[0] + north, -90), 90)
            point = latitude, (middle[1] + east + 180) % 360 - 180
            rows.append((npi, len(rows), point, parts, verified))
    return rows


def layer_of(rows: list[Row]) -> Layer:
    npis, _, points, parts, switches = zip(*rows, strict=True)
    return layer_at(points, npis, parts, switches)


def plain_search(rows: list[Row], layer: Layer, query: SearchQuery) -> list[tuple[float, float, int, int]]:
    """Score, miles, NPI and location of everyone within the radius, in order. Vectors are those of the layer."""
    nearest: dict[int, tuple[float, int, Row]] = {}
    here = unit_vectors(query.place.latitude, query.place.longitude).tolist()
    vectors = dict(zip(layer.facts["location"].tolist(), layer.points[["x", "y", "z"]].tolist(), strict=True))
    for row in rows:
        x, y, z = (one - other for one, other in zip(vectors[row[1]], here, strict=True))
        chord = math.sqrt(x * x + y * y + z * z)
        miles = 2 * EARTH_RADIUS_MILES * math.asin(min(chord / 2, 1.0))
        if miles <= query.radius_miles and (row[4] or "verified" not in query.filters):
            nearest[row[0]] = min(nearest.get(row[0], (9e9, 0, row)), (miles, row[1], row), key=lambda each: each[:2])
    weights, found = query.weights, []
    for npi, (miles, location, (_, _, _, (qualification, rating), _)) in nearest.items():
        known = WITHOUT_REVIEWS if np.isnan(rating) else rating
        score = weights.proximity * 0.5 ** (miles / 10) + weights.qualification * qualification + weights.rating * known
        found.append((score, miles, npi, location))
    return sorted(found, key=lambda each: (-each[0], *each[1:]))


MIDDLES = [(33.85, -118.35), (0.0, 180.0), (89.9, 10.0), (-90.0, 0.0), (60.0, -179.9)]


@pytest.mark.parametrize("crowd", [2, 30, 512])
@pytest.mark.parametrize("middle", MIDDLES)
def test_every_page_is_that_of_a_plain_search(
    middle: tuple[float, float], crowd: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot_module, "MAX_CROWD", crowd)
    chance = random.Random(random.getrandbits(32))
    rows = random_rows(chance, chance.choice((1, 20, 300)), middle)
    npis = sorted({row[0] for row in rows})
    whole = Snapshot(base=layer_of(rows), rating_without_reviews=WITHOUT_REVIEWS)
    for _ in range(40):
        raw = [chance.choice((0.0, 0.0, 1.0, chance.random())) for _ in range(3)]
        latitude, longitude = chance.choice(rows)[2] if chance.random() < 0.3 else middle
        query = SearchQuery(
            Place("", latitude, longitude, "point"),
            chance.choice((0.5, 5.0, 25.0, 60.0, chance.uniform(0.1, 500))),
            filters={"verified": frozenset({"1"})} if chance.random() < 0.4 else {},
            weights=Weights(*(each / sum(raw) for each in raw)) if sum(raw) else Weights(),
            offset=chance.choice((0, 0, 7, 40, 10_000)),
            limit=chance.choice((1, 5, 20, 1000)),
            npis=np.array(sorted(chance.sample(npis, len(npis) // 2)), dtype=np.int64)
            if chance.random() < 0.3
            else None,
        )
        named = rows if query.npis is None else [row for row in rows if row[0] in query.npis]
        expected = plain_search(named, whole.base, query)
        page = rank_page(whole, query)
        assert page.total == len(expected)
        first = page.query.offset
        assert first == min(query.offset, max(len(expected) - 1, 0) // query.limit * query.limit)
        found = page.results[["score", "miles", "npi", "location"]].tolist()
        assert found == expected[first : first + query.limit]
        everyone = len(plain_search(named, whole.base, SearchQuery(query.place, query.radius_miles)))
        assert int(page.counts.sum()) == everyone
