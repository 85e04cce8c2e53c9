"""Our distances are geopy's."""

import numpy as np
import pytest
from geopy.distance import great_circle
from hypothesis import given
from hypothesis import strategies as st

from directory.places.distance import great_circle_miles, miles_between

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)
points = st.tuples(latitudes, longitudes)


@given(points, points)
def test_it_agrees_with_geopy_over_the_whole_globe(a, b):
    assert miles_between(a, b) == pytest.approx(great_circle(a, b).miles, abs=1e-6)


@given(points)
def test_a_point_is_no_distance_from_itself(a):
    assert miles_between(a, a) == pytest.approx(0, abs=1e-9)


@given(points, st.floats(-1e-6, 1e-6), st.floats(-1e-6, 1e-6))
def test_it_agrees_with_geopy_for_points_side_by_side(a, north, east):
    b = (min(90.0, max(-90.0, a[0] + north)), a[1] + east)
    assert miles_between(a, b) == pytest.approx(great_circle(a, b).miles, abs=1e-9)


@given(points, st.floats(-1e-6, 1e-6), st.floats(-1e-6, 1e-6))
def test_it_agrees_with_geopy_for_points_at_opposite_ends_of_the_earth(a, north, east):
    b = (min(90.0, max(-90.0, -a[0] + north)), a[1] + 180 + east)
    assert miles_between(a, b) == pytest.approx(great_circle(a, b).miles, abs=1e-6)


@given(points, st.lists(points, max_size=20))
def test_many_at_once_are_the_same_as_one_by_one(a, many):
    together = great_circle_miles(*a, np.array([b[0] for b in many]), np.array([b[1] for b in many]))
    assert together.tolist() == pytest.approx([miles_between(a, b) for b in many], abs=1e-9)


def test_a_place_that_is_not_known_has_no_distance():
    assert np.isnan(miles_between((33.8, -118.3), (float("nan"), -118.3)))
