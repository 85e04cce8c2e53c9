"""Points along the lines of streets, on a plane that touches the earth there: exact to inches within some miles."""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, hypot, radians

from directory.places.cities import Point
from directory.places.distance import EARTH_RADIUS_MILES

METERS_A_MILE = 1609.344
_METERS_A_DEGREE = radians(1) * EARTH_RADIUS_MILES * METERS_A_MILE

Line = Sequence[Point]
"""Points of longitude and latitude in degrees, as shapefiles have them."""


def point_beside(line: Line, share: float, aside_meters: float) -> Point:
    """Latitude and longitude of the point at a `share` (0 to 1) of the line's length, moved aside.

    A positive `aside_meters` is to the right of the line's direction. A line without length gives its first point.
    """
    longitude, latitude = line[0]
    east = _METERS_A_DEGREE * cos(radians((latitude + line[-1][1]) / 2))
    plane = [((x - longitude) * east, (y - latitude) * _METERS_A_DEGREE) for x, y in line]
    legs = [
        (start, end, length)
        for start, end in pairwise(plane)
        if (length := hypot(end[0] - start[0], end[1] - start[1])) > 0
    ]
    if not legs:
        return latitude, longitude
    left = min(max(share, 0.0), 1.0) * sum(length for _start, _end, length in legs)
    at = 0
    while left > legs[at][2] and at < len(legs) - 1:
        left -= legs[at][2]
        at += 1
    start, end, length = legs[at]
    along = min(left / length, 1.0)  # rounding may leave a trace beyond the last leg
    ahead_x, ahead_y = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    x = start[0] + (end[0] - start[0]) * along + ahead_y * aside_meters
    y = start[1] + (end[1] - start[1]) * along - ahead_x * aside_meters
    return latitude + y / _METERS_A_DEGREE, longitude + x / east


def miles_apart(a: Point, b: Point) -> float:
    """Miles between two points of latitude and longitude that lie some miles apart; quicker than the great circle."""
    east = cos(radians((a[0] + b[0]) / 2))
    return hypot((a[1] - b[1]) * east, a[0] - b[0]) * _METERS_A_DEGREE / METERS_A_MILE
