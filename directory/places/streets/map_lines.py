"""What the map draws, out of TIGER/Line zips: roads by importance, water, and the names of places.

Points are counted in units of the deepest tiles: x to the east and y to the south from the corner of the web's map of
the world (EPSG:3857), which is `WORLD` units wide.
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from directory.places.streets.zips import StreetFileError, opened

MAX_ZOOM = 14
EXTENT = 4096
"""Units across one tile."""
WORLD = EXTENT << MAX_ZOOM

KINDS = ("highway", "main", "avenue", "street", "minor")
"""Roads by importance. An avenue is a street whose name runs far: the files have no class for it."""
KIND_OF_CLASS = {"S1100": "highway", "S1200": "main", "S1400": "street"}
NUMBERED_ROUTES = {"I", "U", "S"}
"""Types of routes whose number stands on a shield: interstate, federal and state."""
MIN_AVENUE_MILES = 2.5
MAX_ASTRAY = 0.25
"""Units that a line may stray from the file's before its points are rounded to whole units."""
SQUARE = EXTENT << 4
"""Units across a tile of zoom 10, some 20 miles: main roads are kept where such a one holds streets."""
EARTH_MILES = 24_901.5
LAYOUTS = {
    "addrfeat": {"FULLNAME", "ROAD_MTFCC", "LINEARID"},
    "prisecroads": {"FULLNAME", "MTFCC", "LINEARID", "RTTYP"},
    "areawater": {"MTFCC", "HYDROID"},
    "place": {"NAME", "PLACEFP", "ALAND", "INTPTLAT", "INTPTLON"},
}

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Road:
    """One line of one name; `line` is in whole units."""

    kind: str
    name: str
    number: str
    line: shapely.LineString


@dataclass(frozen=True)
class PlaceName:
    """The name of a city or town, at the point that stands for it, in units."""

    name: str
    x: float
    y: float
    land_km2: float


@dataclass
class MapLines:
    """What the files hold. `read_roads` counts the lines of streets before those of one name were joined."""

    roads: list[Road] = field(default_factory=list)
    water: list[shapely.Geometry] = field(default_factory=list)
    places: list[PlaceName] = field(default_factory=list)
    read_roads: int = 0


def read_map_lines(files: Iterable[Path]) -> MapLines:
    """Read all files. Raises `StreetFileError`.

    Files of main roads are of a whole state: what lies far from all streets is left out, and a street that is a main
    road is drawn once.
    """
    by_layout = defaultdict[str, list[Path]](list)
    for path in files:
        by_layout[_layout_of(path)].append(path)
    lines = MapLines()
    main_roads: set[tuple[str, str]] = set()
    main = [road for path in by_layout["prisecroads"] for road in _read_roads(path, main_roads, is_main=True)[0]]
    for path in by_layout["addrfeat"]:
        roads, read = _read_roads(path, main_roads, is_main=False)
        lines.roads += roads
        lines.read_roads += read
    lines.roads.extend(_near(main, lines.roads))
    for path in by_layout["areawater"]:
        lines.water.extend(_polygons(path))
    for path in by_layout["place"]:
        lines.places.extend(_place_names(path))
    return lines


def units_of(degrees: Points) -> Points:
    """Units of rows of longitude and latitude in degrees."""
    units = np.empty_like(degrees)
    units[:, 0] = (degrees[:, 0] + 180) / 360
    units[:, 1] = 0.5 - np.log(np.tan(np.pi / 4 + np.radians(degrees[:, 1]) / 2)) / (2 * np.pi)
    units *= WORLD
    return units


def degrees_of(units: Points) -> Points:
    """Longitude and latitude in degrees of rows of units."""
    longitude = units[:, 0] / WORLD * 360 - 180
    latitude = np.degrees(2 * np.arctan(np.exp((0.5 - units[:, 1] / WORLD) * 2 * np.pi)) - np.pi / 2)
    return np.column_stack([longitude, latitude])


def _layout_of(path: Path) -> str:
    with opened(path, (".dbf",)) as reader:
        columns = {column.name for column in reader.fields}
    for layout, needed in LAYOUTS.items():
        if needed <= columns:
            return layout
    raise StreetFileError(
        f"{path.name} holds neither streets, main roads, water nor places. "
        "Give the zips ADDRFEAT, PRISECROADS, AREAWATER and PLACE of TIGER/Line."
    )


def _read_roads(path: Path, main_roads: set[tuple[str, str]], *, is_main: bool) -> tuple[list[Road], int]:
    """The roads of one file, and of how many lines they are made. Main roads are noted; other files skip those."""
    class_column, columns = ("MTFCC", ["RTTYP"]) if is_main else ("ROAD_MTFCC", [])
    coordinates, ends, group_of = array("d"), array("q"), array("q")
    groups: dict[tuple[str, str, str], int] = {}
    with opened(path) as reader:
        for item in reader.iterShapeRecords(fields=[class_column, "FULLNAME", "LINEARID", *columns]):
            row, points = item.record, item.shape.points
            known_as = row["LINEARID"], row[class_column]  # one road may be of several classes
            if is_main:
                main_roads.add(known_as)
            elif known_as in main_roads:
                continue
            name = str(row["FULLNAME"] or "").replace("I- ", "I-")
            number = _route_number(name) if is_main and row["RTTYP"] in NUMBERED_ROUTES else ""
            group = KIND_OF_CLASS.get(row[class_column], "minor"), name, number
            for start, end in pairwise([*item.shape.parts, len(points)] if points else []):
                coordinates.extend(chain.from_iterable(points[start:end]))
                ends.append(len(coordinates) // 2)
                group_of.append(groups.setdefault(group, len(groups)))
    if not ends:
        return [], 0
    units = units_of(np.frombuffer(coordinates).reshape(-1, 2))
    del coordinates
    starts = [0, *ends[:-1]]
    order = np.argsort(np.frombuffer(group_of, np.int64), kind="stable")
    bounds = np.searchsorted(np.frombuffer(group_of, np.int64)[order], np.arange(len(groups) + 1))
    roads: list[Road] = []
    for (kind, name, number), (first, last) in zip(groups, pairwise(bounds), strict=True):
        pieces = [units[starts[piece] : ends[piece]] for piece in order[first:last]]
        roads.extend(_joined(kind, name, number, pieces))
    return roads, len(ends)


def _near(main: Iterable[Road], streets: Iterable[Road]) -> Iterator[Road]:
    """What of the main roads lies in the same squares as streets."""
    corners = shapely.bounds([road.line for road in streets]).reshape(-1, 2)
    squares = np.unique(corners // SQUARE, axis=0) * SQUARE
    around = shapely.union_all(
        shapely.box(squares[:, 0], squares[:, 1], squares[:, 0] + SQUARE, squares[:, 1] + SQUARE)
    )
    shapely.prepare(around)
    for road in main:
        within = road.line if around.covers(road.line) else shapely.transform(around.intersection(road.line), np.rint)
        parts = [part for part in shapely.get_parts(within) if part.geom_type == "LineString" and part.length]
        yield from (replace(road, line=part) for part in parts)


def _route_number(name: str) -> str:
    found = re.search(r"\d+[A-Z]?$", name)
    return found.group() if found else ""


def _joined(kind: str, name: str, number: str, pieces: list[Points]) -> Iterator[Road]:
    """Roads of one name out of the pieces of the file, joined where one goes on in another."""
    once = {min(piece.tobytes(), piece[::-1].tobytes()): piece for piece in pieces}  # a piece has a row for each range
    merged = shapely.line_merge(shapely.MultiLineString(list(once.values())))
    joined = shapely.get_parts(merged)
    kinds = _kinds_by_reach(joined) if kind == "street" and name else [kind] * len(joined)
    kept = shapely.transform(shapely.simplify(joined, MAX_ASTRAY), np.rint)
    return (Road(each, name, number, line) for each, line in zip(kinds, kept, strict=True))


def _kinds_by_reach(lines: NDArray[Any]) -> list[str]:
    """Tell avenues from streets: what hangs together under one name, and how far apart its ends lie."""
    leader = list(range(len(lines)))

    def find(index: int) -> int:
        while leader[index] != index:
            leader[index] = index = leader[leader[index]]
        return index

    at_point: dict[bytes, int] = {}
    for index, line in enumerate(lines):
        coordinates = shapely.get_coordinates(line)
        for end in (coordinates[0], coordinates[-1]):
            leader[find(index)] = find(at_point.setdefault(end.tobytes(), index))
    members = np.array([find(index) for index in range(len(lines))])
    boxes = shapely.bounds(lines)
    kinds = np.full(len(lines), "street", object)
    for group in np.unique(members):
        box = boxes[members == group]
        low, high = box[:, :2].min(axis=0), box[:, 2:].max(axis=0)
        latitude = np.radians(degrees_of(low[None])[0, 1])
        miles = float(np.hypot(*(high - low))) / WORLD * EARTH_MILES * np.cos(latitude)
        if miles >= MIN_AVENUE_MILES:
            kinds[members == group] = "avenue"
    return list(kinds)


def _polygons(path: Path) -> Iterator[shapely.Geometry]:
    with opened(path) as reader:
        for each in reader.iterShapes():
            if each.points:
                polygon = shapely.transform(shape(each.__geo_interface__), units_of)
                yield shapely.make_valid(polygon)


def _place_names(path: Path) -> Iterator[PlaceName]:
    with opened(path) as reader:
        for row in reader.iterRecords(fields=["NAME", "ALAND", "INTPTLAT", "INTPTLON"]):
            point = units_of(np.array([[float(row["INTPTLON"]), float(row["INTPTLAT"])]]))[0]
            yield PlaceName(str(row["NAME"]), point[0], point[1], float(row["ALAND"]) / 1e6)
