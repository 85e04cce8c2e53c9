"""Great-circle distances in miles, many at once."""

import numpy as np
import numpy.typing as npt

EARTH_RADIUS_MILES = 6371.009 / 1.609344
"""geopy's mean radius of the earth, 6371.009 km, in geopy's miles of 1.609344 km."""


def great_circle_miles(
    latitude: float,
    longitude: float,
    latitudes: npt.NDArray[np.float64],
    longitudes: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """Distance in miles from one point to each of many; all in degrees, the arrays of one shape, which is the answer's.

    Vincenty's formula on a sphere, as in `geopy.distance.great_circle`: unlike the haversine or the law of cosines
    it stays exact both for points side by side and for points at opposite ends of the earth. NaN in, NaN out.
    """
    from_latitude = np.radians(np.float64(latitude))
    to_latitude = np.radians(latitudes)
    east = np.radians(longitudes) - np.radians(np.float64(longitude))
    from_sin, from_cos = np.sin(from_latitude), np.cos(from_latitude)
    to_sin, to_cos = np.sin(to_latitude), np.cos(to_latitude)
    east_cos = np.cos(east)
    across = np.hypot(to_cos * np.sin(east), from_cos * to_sin - from_sin * to_cos * east_cos)
    along = from_sin * to_sin + from_cos * to_cos * east_cos
    miles: npt.NDArray[np.float64] = EARTH_RADIUS_MILES * np.arctan2(across, along)
    return miles


def miles_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance in miles between two points of latitude and longitude in degrees."""
    return float(great_circle_miles(*a, np.array([b[0]]), np.array([b[1]]))[0])
