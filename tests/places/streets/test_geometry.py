"""Points beside a line, compared with a plain way on the sphere that takes each step by itself."""

from itertools import pairwise
from math import asin, atan2, cos, degrees, radians, sin

from hypothesis import assume, given
from hypothesis import strategies as st

from directory.places.distance import EARTH_RADIUS_MILES, miles_between
from directory.places.streets.geometry import METERS_A_MILE, miles_apart, point_beside

MAX_METERS_OFF = 0.1
Points = list[tuple[float, float]]


def plain_point_beside(line: Points, share: float, aside_meters: float) -> tuple[float, float]:
    """The same by great circles: the length of each leg, the way along one, and a right angle from it."""
    legs = [((y1, x1), (y2, x2)) for (x1, y1), (x2, y2) in pairwise(line)]
    meters = share * sum(miles_between(*leg) for leg in legs) * METERS_A_MILE
    for start, end in legs:
        length = miles_between(start, end) * METERS_A_MILE
        if meters <= length and length:
            break
        meters -= length
    course = bearing(start, end)
    along = walk(start, course, meters)
    return walk(along, course + 90, aside_meters)


def bearing(start: tuple[float, float], end: tuple[float, float]) -> float:
    (y1, x1), (y2, x2) = (tuple(map(radians, point)) for point in (start, end))
    return degrees(atan2(sin(x2 - x1) * cos(y2), cos(y1) * sin(y2) - sin(y1) * cos(y2) * cos(x2 - x1)))


def walk(start: tuple[float, float], course: float, meters: float) -> tuple[float, float]:
    angle, y, x, course = meters / (EARTH_RADIUS_MILES * METERS_A_MILE), *map(radians, start), radians(course)
    latitude = asin(sin(y) * cos(angle) + cos(y) * sin(angle) * cos(course))
    longitude = x + atan2(sin(course) * sin(angle) * cos(y), cos(angle) - sin(y) * sin(latitude))
    return degrees(latitude), degrees(longitude)


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
