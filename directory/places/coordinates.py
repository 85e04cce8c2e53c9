"""Coordinates as people write them, and where they lie."""

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from directory.places.atlas import atlas
from directory.places.cities import Point, ZipCode
from directory.places.distance import EARTH_RADIUS_MILES, great_circle_miles
from directory.places.place import Resolution
from directory.web.messages import gettext

COVERED_WITHIN_MILES = 100.0
"""A point farther than this from every ZIP is not in the United States."""

_NUMBER = r"""(?P<{0}>
    \s* (?P<{0}_before>[NSEW])? \s* (?P<{0}_sign>[-+])? \s* (?P<{0}_degrees>\d{{1,3}}(?:\.\d{{0,20}})?) \s*
    (?: [°º˚] \s* (?: (?P<{0}_minutes>\d{{1,2}}(?:\.\d{{0,20}})?) \s* ['’′] \s*
        (?: (?P<{0}_seconds>\d{{1,2}}(?:\.\d{{0,20}})?) \s* (?:["”″]|''|’’|′′) )? )? )?
    \s* (?P<{0}_after>[NSEW])? \s*
)"""
_PAIR = re.compile(
    rf"(?:geo:|@)? [(\[]? {_NUMBER.format('first')} (?P<between>[,;/\s]) {_NUMBER.format('second')} [)\]]?",
    re.I | re.X,
)

_LABEL_END = re.compile(r" \((?:near|cerca de) [^()]*\)$")  # a label that comes back


def read_coordinates(text: str) -> Point | Resolution | None:
    """The point that `text` (tidy) names in degrees; None for other text.

    When no such point is covered: a message that says why, and what was perhaps meant.

    Understands "33.83, -118.34", "33.83N 118.34W", "N 33.83 W 118.34" and degrees with minutes and seconds.
    """
    found = _PAIR.fullmatch(_LABEL_END.sub("", text).replace("degrees", "°"))
    if not found or not _means_coordinates(found):
        return None
    first, second = _degrees(found, "first"), _degrees(found, "second")
    if _letter(found, "first") in {"E", "W"} and _letter(found, "second") in {"N", "S"}:
        first, second = second, first
    if is_covered((first, second)):
        return first, second
    meant = next((p for p in ((first, -second), (second, first), (second, -first)) if is_covered(p)), None)
    if abs(first) > 90:
        message = gettext(
            "Latitude must be from -90 to 90, not %(degrees)s. Put latitude first.", degrees=_short(first)
        )
    elif abs(second) > 180:
        message = gettext("Longitude must be from -180 to 180, not %(degrees)s.", degrees=_short(second))
    else:
        message = gettext(
            "%(point)s is outside the United States, the only area this directory covers. Longitudes there "
            "start with a minus sign.",
            point=written((first, second)),
        )
    return Resolution(message=message, suggestions=(written(meant),) if meant else ())


def is_covered(point: Point) -> bool:
    return abs(point[0]) <= 90 and abs(point[1]) <= 180 and nearest_zip(point)[1] <= COVERED_WITHIN_MILES


def nearest_zip(point: Point) -> tuple[ZipCode, float]:
    """The ZIP whose middle lies nearest, and how many miles away."""
    codes, latitudes, longitudes = _by_latitude()
    for reach_degrees in (0.1, 0.5, 2.0, 180.0):
        start, end = np.searchsorted(latitudes, (point[0] - reach_degrees, point[0] + reach_degrees))
        if start == end:
            continue
        miles = great_circle_miles(*point, latitudes[start:end], longitudes[start:end])
        nearest = int(miles.argmin())
        if miles[nearest] <= np.radians(reach_degrees) * EARTH_RADIUS_MILES or reach_degrees == 180.0:
            break  # nothing beyond the strip can be nearer
    return atlas().zips[str(codes[start + nearest])], float(miles[nearest])


def written(point: Point) -> str:
    """ "33.83, -118.34": at most four decimals, some ten yards."""
    return f"{_short(point[0])}, {_short(point[1])}"


def _short(degrees: float) -> str:
    return f"{degrees:.4f}".rstrip("0").rstrip(".")


def _means_coordinates(found: re.Match[str]) -> bool:
    """ "33 118" alone may be anything: a comma, a point, a sign or a letter makes it coordinates."""
    return found["between"] in ",;/" or bool(re.search(r"[.°º˚NSEW+-]", found[0], re.I))


def _letter(found: re.Match[str], name: str) -> str:
    return str(found[f"{name}_before"] or found[f"{name}_after"] or "").upper()


def _degrees(found: re.Match[str], name: str) -> float:
    minutes, seconds = float(found[f"{name}_minutes"] or 0), float(found[f"{name}_seconds"] or 0)
    degrees = float(found[f"{name}_degrees"]) + minutes / 60 + seconds / 3600
    return -degrees if found[f"{name}_sign"] == "-" or _letter(found, name) in {"S", "W"} else degrees


@lru_cache(maxsize=1)
def _by_latitude() -> tuple[npt.NDArray[np.str_], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    placed = sorted((z.point, z.code) for _code, z in atlas().zips.items() if z.point and z.has_streets)
    points = np.array([point for point, _code in placed])
    return np.array([code for _point, code in placed]), points[:, 0].copy(), points[:, 1].copy()
