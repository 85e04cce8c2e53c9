"""Placing by a plain way: every row of the file is looked at, and each step is taken on the sphere by itself."""

from collections.abc import Iterable
from itertools import pairwise
from math import asin, atan2, cos, degrees, radians, sin

from directory.places.cities import Point
from directory.places.distance import EARTH_RADIUS_MILES, miles_between
from directory.places.streets.finding import ASIDE_METERS
from directory.places.streets.geometry import METERS_A_MILE, Line
from tests.places.streets.tiger import AddressRange


def plain_points(rows: Iterable[AddressRange], number: str, name: str, zip_code: str) -> list[Point]:
    """Where the rows put a house whose number, street and ZIP are written as the file writes them."""
    prefix, counted = _parts(number)
    points = []
    for row in rows:
        if row.name != name:
            continue
        sides = (row.left, row.zip_left, row.parity_left, -1), (row.right, row.zip_right, row.parity_right, 1)
        for (first, last), its_zip, parity, side in sides:
            if its_zip != zip_code or not first:
                continue
            (its_prefix, start), (_, end) = _parts(first), _parts(last)
            numbers = list(range(min(start, end), max(start, end) + 1, 1 if parity == "B" else 2))
            if prefix == its_prefix and counted in numbers:
                share = (numbers.index(counted) + 0.5) / len(numbers)
                share = 1 - share if start > end else share
                points.append(plain_point_beside(row.line, share, side * ASIDE_METERS))
    return points


def _parts(number: str) -> tuple[str, int]:
    digits = number[len(number.rstrip("0123456789")) :]
    return number.removesuffix(digits), int(digits)


def plain_point_beside(line: Line, share: float, aside_meters: float) -> tuple[float, float]:
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
