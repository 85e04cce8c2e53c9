"""The formula, and the order that follows from it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.search.query import Weights
from directory.search.ranking import order_results, qualification_part, rating_part, score_providers
from directory.search.snapshot import nearest_locations

parts = st.floats(0, 1)
weights = st.tuples(parts, parts, parts).filter(any).map(lambda three: Weights(*(each / sum(three) for each in three)))

# Few values of each kind, so that ties of every depth come up all the time.
places = st.lists(
    st.tuples(
        st.sampled_from((0.0, 0.5, 1.0)), st.sampled_from((0.0, 2.5, 9.0)), st.integers(1, 4), st.integers(1, 99)
    ),
    max_size=40,
    unique_by=lambda place: place[3],
)


def columns(places: list[tuple[float, float, int, int]]) -> list[np.ndarray]:
    """Scores, distances, NPIs and location ids as arrays."""
    return [np.array([place[index] for place in places], dtype=kind) for index, kind in enumerate("ddqq")]


@pytest.mark.parametrize(
    ("miles", "points", "stars", "expected"),
    [(0.0, 100.0, 5.0, 1.0), (10.0, 0.0, 1.0, 0.175), (20.0, 50.0, 3.0, 0.35 * 0.25 + 0.35 * 0.5 + 0.30 * 0.5)],
)
def test_the_score_is_the_published_formula(miles: float, points: float, stars: float, expected: float) -> None:
    found = score_providers(
        np.array([miles]), qualification_part(np.array([points])), rating_part(np.array([stars])), Weights()
    )
    assert found.score.tolist() == pytest.approx([expected], abs=1e-15)


@given(st.lists(st.tuples(st.floats(0, 500), parts, parts), min_size=1, max_size=30), weights)
def test_each_score_is_exactly_the_sum_of_weight_times_part(
    rows: list[tuple[float, float, float]], weights: Weights
) -> None:
    distance, qualification, rating = (np.array(column) for column in zip(*rows, strict=True))
    for index, (proximity, qualified, rated, total) in enumerate(
        zip(*(part.tolist() for part in score_providers(distance, qualification, rating, weights)), strict=True)
    ):
        assert total == (weights.proximity * proximity + weights.qualification * qualified + weights.rating * rated)
        assert proximity == pytest.approx(0.5 ** (rows[index][0] / 10), rel=1e-15)
        assert 0 <= total <= 1 + 1e-12


@given(st.lists(st.floats(0, 500), min_size=1, max_size=30))
def test_a_score_does_not_depend_on_what_is_scored_with_it(miles: list[float]) -> None:
    half = np.full(len(miles), 0.5)
    together = score_providers(np.array(miles), half, half, Weights()).score
    alone = [score_providers(np.array([each]), half[:1], half[:1], Weights()).score[0] for each in miles]
    assert together.tolist() == alone


@given(places, st.integers(0, 45), st.integers(1, 45))
def test_any_page_is_that_slice_of_the_whole_sorted_order(
    places: list[tuple[float, float, int, int]], first: int, length: int
) -> None:
    expected = sorted(range(len(places)), key=lambda index: (-places[index][0], *places[index][1:]))
    found = order_results(*columns(places), first, first + length)
    assert found.tolist() == expected[first : first + length]


@given(places.filter(bool))
def test_a_provider_is_taken_once_at_its_nearest_location(places: list[tuple[float, float, int, int]]) -> None:
    _, distance, npi, location = columns(places)
    nearest: dict[int, tuple[float, int, int]] = {}
    for index, (_, miles, number, place) in enumerate(places):
        nearest[number] = min(nearest.get(number, (999.0, 0, 0)), (miles, place, index))
    assert nearest_locations(npi, distance, location).tolist() == [nearest[number][2] for number in sorted(nearest)]
