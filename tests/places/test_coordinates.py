"""Coordinates as people write them."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.places.atlas import atlas
from directory.places.coordinates import nearest_zip, read_coordinates
from directory.places.distance import great_circle_miles
from directory.places.place import Resolution
from directory.places.reading import tidy


def test_the_same_point_however_it_is_written(subtests: pytest.Subtests) -> None:
    for text in [
        "33.83, -118.34",
        "33.83,-118.34",
        "  33.83   -118.34 ",
        "33.83; -118.34",
        "(33.83, -118.34)",
        "geo:33.83,-118.34",
        "33.83N 118.34W",
        "33.83° N, 118.34° W",
        "N33.83 W118.34",
        "118.34 W, 33.83 N",
        "+33.83, −118.34",
        "33.83, –118.34",
        "３３.８３, −１１８.３４",
        "33°49'48\"N 118°20'24\"W",
        "33° 49.8′ N, 118° 20.4′ W",
        "33.83 degrees, -118.34 degrees",
    ]:
        with subtests.test(text=text):
            assert read_coordinates(tidy(text)) == pytest.approx((33.83, -118.34), abs=1e-9)


def test_other_text_is_no_coordinates(subtests: pytest.Subtests) -> None:
    for text in ["90503", "Torrance, CA", "33 118", "33", "nan, nan", "inf, 1", "1e309, 1", "33.83,", "1,2,3"]:
        with subtests.test(text=text):
            assert read_coordinates(tidy(text)) is None


@pytest.mark.parametrize(
    ("text", "says", "suggests"),
    [
        ("91, -118.34", "Latitude must be from -90 to 90", None),
        ("33.83, -181", "Longitude must be from -180 to 180", None),
        ("0,0", "outside the United States", None),
        ("51.5, -0.12", "outside the United States", None),
        ("33.83, 118.34", "start with a minus", "33.83, -118.34"),
        ("-118.34, 33.83", "Put latitude first", "33.83, -118.34"),
    ],
)
def test_a_point_that_cannot_be_used_says_why_and_what_was_perhaps_meant(text, says, suggests):
    found = read_coordinates(tidy(text))
    assert isinstance(found, Resolution)
    assert says in found.message
    assert found.suggestions == ((suggests,) if suggests else ())


@cache
def all_points():
    return np.array([z.point for z in atlas().zips.values() if z.point and z.has_streets]).T


@given(st.floats(15, 72), st.floats(-170, -60))
def test_the_nearest_zip_is_the_nearest_of_all(latitude, longitude):
    found, miles = nearest_zip((latitude, longitude))
    nearest = great_circle_miles(latitude, longitude, *all_points()).min()
    assert miles == pytest.approx(nearest, abs=1e-9)
    assert found.has_streets
