"""The grid loses nobody, anywhere on the globe, and its distances are geopy's."""

import numpy as np
import pytest
from geopy.distance import great_circle
from hypothesis import example, given
from hypothesis import strategies as st

from directory.search.grid import cell_numbers, miles_from, rows_around, unit_vectors

latitudes = st.floats(-90, 90) | st.sampled_from((-90.0, -89.99, -0.05, 0.0, 33.85, 89.99, 90.0))
longitudes = st.floats(-180, 180) | st.sampled_from((-180.0, -179.99, -118.35, -0.05, 0.0, 179.99, 180.0))
points = st.tuples(latitudes, longitudes)
radii = st.floats(0.001, 500) | st.sampled_from((0.001, 3.5, 25.0, 500.0))


def nearby(point: tuple[float, float], miles_north: float, miles_east: float) -> tuple[float, float]:
    """A point some miles from `point`, within the globe's bounds."""
    latitude = min(max(point[0] + miles_north / 69, -90), 90)
    longitude = point[1] + miles_east / (69 * max(np.cos(np.radians(point[0])), 1e-3))
    return latitude, (longitude + 180) % 360 - 180


offsets = st.tuples(st.floats(-600, 600) | st.floats(-5, 5), st.floats(-600, 600) | st.floats(-5, 5))


@given(points, radii, st.lists(points, max_size=20), st.lists(offsets, max_size=20))
@example((33.85, 180.0), 25.0, [(33.85, -179.9), (33.85, 179.9)], [])
@example((89.9, 0.0), 25.0, [(89.9, 180.0), (89.9, 90.0), (90.0, 7.0)], [])
@example((70.0, 0.0), 500.0, [(71.31, 21.55), (71.31, -21.55)], [])  # where the circle is widest
@example((-90.0, 0.0), 500.0, [(-84.0, 33.0)], [])
@example((0.0, 0.0), 500.0, [(7.2, 0.0), (0.0, 7.2), (-7.2, 0.0), (0.0, -7.2)], [])
def test_every_point_within_the_radius_is_among_the_rows_around(
    here: tuple[float, float],
    radius: float,
    anywhere: list[tuple[float, float]],
    around: list[tuple[float, float]],
) -> None:
    points = [*anywhere, *(nearby(here, *offset) for offset in around)]
    north, east = np.array([point[0] for point in points]), np.array([point[1] for point in points])
    order = np.argsort(cell_numbers(north, east), kind="stable")
    rows = rows_around(cell_numbers(north, east)[order], *here, radius).tolist()
    assert len(rows) == len(set(rows))
    found = {int(order[row]) for row in rows}
    assert {index for index, point in enumerate(points) if great_circle(here, point).miles <= radius} <= found


@given(points, points)
@example((33.85, -118.35), (33.85, -118.35))
@example((33.85, -118.35), (33.85, np.nextafter(-118.35, 0)))
def test_distances_are_those_of_geopy(here: tuple[float, float], there: tuple[float, float]) -> None:
    vectors = unit_vectors(np.array([there[0]]), np.array([there[1]]))
    expected = great_circle(here, there).miles
    # A chord tells points near the far end of the globe apart less well; the widest search ends long before.
    assert miles_from(*here, vectors)[0] == pytest.approx(expected, abs=1e-9 if expected < 600 else 1e-3)


def test_a_grid_without_rows_has_none_around() -> None:
    assert rows_around(np.zeros(0, dtype=np.int64), 33.85, -118.35, 500).tolist() == []


def test_only_few_rows_beyond_the_radius_are_looked_at() -> None:
    """Over evenly strewn points the rows looked at lie in a box around the circle and a cell's width beyond it."""
    chance = np.random.default_rng(7)
    north, east = chance.uniform(32, 36, 40_000), chance.uniform(-121, -115, 40_000)
    cells = np.sort(cell_numbers(north, east))
    looked_at = len(rows_around(cells, 33.85, -118.35, 25))
    within = int(np.count_nonzero(miles_from(33.85, -118.35, unit_vectors(north, east)) <= 25))
    assert within < looked_at < 1.6 * within
