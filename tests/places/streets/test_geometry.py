"""Points beside a line, compared with a plain way on the sphere that takes each step by itself."""

from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from directory.places.distance import miles_between
from directory.places.streets.geometry import METERS_A_MILE, miles_apart, point_beside
from tests.places.streets.plain import plain_point_beside

MAX_METERS_OFF = 0.1
Points = list[tuple[float, float]]

steps = st.integers(-4000, 4000)  # millionths of a degree, so legs of up to a quarter of a mile


@given(
    st.integers(-124_000_000, -67_000_000),
    st.integers(25_000_000, 49_000_000),
    st.lists(st.tuples(steps, steps), min_size=1, max_size=12),
    st.floats(0.001, 0.999),
    st.sampled_from([-10.0, 0.0, 10.0]),
)
def test_it_is_where_the_plain_way_ends(x: int, y: int, way: Points, share: float, aside: float) -> None:
    line = [(x / 1e6, y / 1e6)]
    for east, north in way:
        line.append((line[-1][0] + east / 1e6, line[-1][1] + north / 1e6))
    lengths = [miles_between(a[::-1], b[::-1]) * METERS_A_MILE for a, b in pairwise(line)]
    reached = [sum(lengths[: count + 1]) for count in range(len(lengths))]
    assume(reached[-1] > 1)
    assume(all(abs(share * reached[-1] - corner) > 0.5 for corner in reached[:-1]))  # at a corner both sides are right
    found, plain = point_beside(line, share, aside), plain_point_beside(line, share, aside)
    assert miles_between(found, plain) * METERS_A_MILE < MAX_METERS_OFF


def test_right_is_right_of_the_way_and_left_is_left() -> None:
    east = [(-118.35, 33.83), (-118.34, 33.83)]
    (right, _), (middle, _), (left, _) = (point_beside(east, 0.5, aside) for aside in (10, 0, -10))
    assert right < middle < left
    assert abs((left - right) * 111_195 - 20) < 0.01


def test_a_line_without_length_is_its_point() -> None:
    assert point_beside([(-118.35, 33.83)], 0.5, 10) == (33.83, -118.35)
    assert point_beside([(-118.35, 33.83)] * 3, 0.5, 10) == (33.83, -118.35)


def test_shares_beyond_the_line_are_its_ends() -> None:
    line = [(-118.35, 33.83), (-118.35, 33.83), (-118.34, 33.83)]
    assert point_beside(line, -1, 0) == (33.83, -118.35)
    assert miles_apart(point_beside(line, 2, 0), (33.83, -118.34)) < 1e-9


def test_miles_are_those_of_the_great_circle() -> None:
    here = (33.8358, -118.3406)
    for other in ((33.84, -118.33), (33.9, -118.4), (33.8358, -118.2)):
        assert abs(miles_apart(here, other) - miles_between(here, other)) < 0.001
