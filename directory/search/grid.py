"""The globe cut into cells, so that the rows around a place are a few ranges.

It is cut into bands of latitude, and each band into cells, both `CELL_DEGREES` wide. Rows lie in the order of their
cells. A circle touches one run of cells in each band, two where it crosses the antimeridian.

Distances are great circles on geopy's sphere, from the chord between unit vectors. Up to the 500 miles of the largest
radius both agree within 1e-9 mile.
"""

import math

import numpy as np
from numpy.typing import NDArray

from directory.places.distance import EARTH_RADIUS_MILES

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CELL_DEGREES = 0.05
BANDS = round(180 / CELL_DEGREES)
CELLS_A_BAND = round(360 / CELL_DEGREES)
MARGIN_DEGREES = 1e-6  # some four inches, a thousand times what rounding could lose at the rim of a box


def cell_numbers(latitudes: Floats, longitudes: Floats) -> NDArray[np.int32]:
    """The cell of each point (degrees): its band times `CELLS_A_BAND`, plus its column."""
    bands = np.clip(np.floor((latitudes + 90) / CELL_DEGREES), 0, BANDS - 1)
    columns = np.floor(np.mod(longitudes + 180, 360) / CELL_DEGREES) % CELLS_A_BAND
    cells: NDArray[np.int32] = (bands * CELLS_A_BAND + columns).astype(np.int32)
    return cells


def unit_vectors(latitudes: Floats | float, longitudes: Floats | float) -> Floats:
    """Points (degrees) as vectors of length 1 from the middle of the globe: shape (3, n), of one point (3,)."""
    north, east = np.radians(latitudes), np.radians(longitudes)
    return np.array((np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)))


def miles_between_vectors(one: Floats, other: Floats) -> Floats:
    """Great-circle miles between unit vectors, shapes (3, n)."""
    chords = np.sqrt(((one - other) ** 2).sum(axis=0))
    miles: Floats = 2 * EARTH_RADIUS_MILES * np.arcsin(np.minimum(chords / 2, 1.0))
    return miles


def bands_around(latitude: float, radius_miles: float) -> tuple[int, int]:
    """The first and the last band that a circle touches."""
    rise = math.degrees(radius_miles / EARTH_RADIUS_MILES) + MARGIN_DEGREES
    first = max(math.floor((latitude - rise + 90) / CELL_DEGREES), 0)
    return first, min(math.floor((latitude + rise + 90) / CELL_DEGREES), BANDS - 1)


def columns_around(latitude: float, longitude: float, radius_miles: float) -> list[tuple[int, int]]:
    """The runs of columns (first, last) that a circle touches in its bands, from west to east on a map."""
    reach = radius_miles / EARTH_RADIUS_MILES
    if abs(latitude) + math.degrees(reach) + MARGIN_DEGREES < 90:  # else a pole lies within, with every longitude
        spread = math.degrees(math.asin(min(1.0, math.sin(reach) / math.cos(math.radians(latitude))))) + MARGIN_DEGREES
        if spread + CELL_DEGREES < 180:
            west, east = _column(longitude - spread), _column(longitude + spread)
            return [(west, east)] if west <= east else [(0, east), (west, CELLS_A_BAND - 1)]
    return [(0, CELLS_A_BAND - 1)]


def _column(longitude: float) -> int:
    return math.floor((longitude + 180) % 360 / CELL_DEGREES) % CELLS_A_BAND
