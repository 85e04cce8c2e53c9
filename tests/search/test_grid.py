"""The grid loses nobody, anywhere on the globe, and its distances are geopy's."""

import numpy as np
import pytest
from geopy.distance import great_circle
from hypothesis import example, given
from hypothesis import strategies as st

from directory.search.grid import miles_between_vectors, unit_vectors
from directory.search.snapshot import Snapshot, empty_layer
from tests.search.layers import layer_at

latitudes = st.floats(-90, 90) | st.sampled_from((-90.0, -89.99, -0.05, 0.0, 33.85, 89.99, 90.0))
longitudes = st.floats(-180, 180) | st.sampled_from((-180.0, -179.99, -118.35, -0.05, 0.0, 179.99, 180.0))
points = st.tuples(latitudes, longitudes)
radii = st.floats(0.001, 500) | st.sampled_from((0.001, 3.5, 25.0, 500.0))
ROUNDING_MILES = 1e-7
"""Points so near the rim may lie on either side of it."""


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
def test_those_within_the_radius_are_found_and_no_others(
    here: tuple[float, float],
    radius: float,
    anywhere: list[tuple[float, float]],
    around: list[tuple[float, float]],
) -> None:
    points = [*anywhere, *(nearby(here, *offset) for offset in around)]
    found = set(Snapshot(base=layer_at(points)).npis_within(*here, radius).tolist())
    miles = [great_circle(here, point).miles for point in points]
    surely = {npi for npi, distance in enumerate(miles) if distance <= radius - ROUNDING_MILES}
    perhaps = {npi for npi, distance in enumerate(miles) if distance <= radius + ROUNDING_MILES}
    assert surely <= found <= perhaps


@given(points, points)
@example((33.85, -118.35), (33.85, -118.35))
@example((33.85, -118.35), (33.85, np.nextafter(-118.35, 0)))
def test_distances_are_those_of_geopy(here: tuple[float, float], there: tuple[float, float]) -> None:
    vectors = [unit_vectors(np.array([latitude]), np.array([longitude])) for latitude, longitude in (here, there)]
    expected = great_circle(here, there).miles
    # A chord tells points near the far end of the globe apart less well; the widest search ends long before.
    assert miles_between_vectors(*vectors)[0] == pytest.approx(expected, abs=1e-9 if expected < 600 else 1e-3)


def test_a_layer_without_rows_has_none_around() -> None:
    assert Snapshot(base=empty_layer()).npis_within(33.85, -118.35, 500).tolist() == []
