"""The street map: one PMTiles file of vector tiles, made from TIGER/Line zips and drawn by the browser.

A tile of the deepest zoom holds every line of the files; zooms above it leave out small streets, and names that would
find no room. Layers: `earth` (where there are streets, so that the coast is that of the water), `water`, `roads` and
`places`.
"""

import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import mapbox_vector_tile
import numpy as np
import shapely
from mapbox_vector_tile.encoder import on_invalid_geometry_make_valid
from numpy.typing import NDArray
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from directory.places.streets.map_lines import (
    EXTENT,
    KINDS,
    MAX_ZOOM,
    MapLines,
    PlaceName,
    Points,
    Road,
    degrees_of,
    read_map_lines,
)
from directory.places.streets.zips import StreetFileError
from directory.places.whole_files import made_beside

MIN_ZOOM = 8
MAX_TILE_BYTES = 150_000
"""Most bytes of a tile above the deepest zoom, compressed as browsers get it."""
BUFFER = 64
"""Units around a tile that belong to it as well, so that no line ends at its edge."""
SHOWN_FROM = {"highway": 8, "main": 8, "avenue": 10, "street": 12, "minor": 14}
NAMED_FROM = {"highway": 8, "main": 11, "avenue": 12, "street": 14, "minor": 14}
MIN_LAND_KM2 = {8: 80.0, 9: 30.0, 10: 10.0}
"""The smallest place that a zoom names; deeper ones name all."""
MAX_ASTRAY = 4
"""Units that a line above the deepest zoom may stray from the file's: half a pixel."""
MIN_WATER_UNITS = 400
"""Square units of the smallest water that is drawn."""
MIN_PLACE_ZOOM = 11
"""A place is named where its tile of this zoom holds streets."""
LAYERS = {
    "earth": {},
    "water": {},
    "places": {"name": "String", "land": "Number"},
    "roads": {"kind": "String", "name": "String", "number": "String"},
}
ENCODING = {"y_coord_down": True, "extents": EXTENT, "on_invalid_geometry": on_invalid_geometry_make_valid}
NONE = np.array([], np.int64)
LINES_AT_ONCE = 5000
"""Of which the tiles are told in one go, for the sake of memory."""


Indexes = NDArray[np.int64]
Feature = dict[str, Any]


@dataclass(frozen=True)
class StreetMap:
    """What was made: `roads` counts the lines of the files, `largest_tile` is in bytes."""

    roads: int
    tiles: int
    bytes: int
    largest_tile: int


def make_street_map(files: Iterable[Path], target: Path) -> StreetMap:
    """Make the map of all `files` and put it in the place of `target` once it is whole. Raises `StreetFileError`."""
    lines = read_map_lines(files)
    if not lines.roads:
        raise StreetFileError("The files hold no street. Give the zips ADDRFEAT of TIGER/Line, one a county.")
    with made_beside(target) as beside, beside.open("wb") as file:
        sizes = _write_tiles(lines, file)
    return StreetMap(lines.read_roads, len(sizes), target.stat().st_size, max(sizes))


def _write_tiles(lines: MapLines, file: BinaryIO) -> list[int]:
    """Write the map's file; gives the size of each tile."""
    writer, sizes = Writer(file), []
    paved = np.unique(_tiles_of_lines(np.array([road.line for road in lines.roads]))[1])
    for zoom in range(MIN_ZOOM, MAX_ZOOM + 1):
        for tile, data in _tiles(lines, paved, zoom):
            writer.write_tile(tile, data)
            sizes.append(len(data))
    columns, rows = paved >> MAX_ZOOM, paved & (1 << MAX_ZOOM) - 1
    corners = np.array([[columns.min(), rows.max() + 1], [columns.max() + 1, rows.min()]]) * EXTENT
    (west, south), (east, north) = (degrees_of(corners) * 1e7).astype(int).tolist()
    header = {"tile_type": TileType.MVT, "tile_compression": Compression.GZIP, "center_zoom": MIN_ZOOM + 2}
    header |= {"min_lon_e7": west, "min_lat_e7": south, "max_lon_e7": east, "max_lat_e7": north}
    header |= {"center_lon_e7": (west + east) // 2, "center_lat_e7": (south + north) // 2}
    layers = [{"id": name, "fields": fields} for name, fields in LAYERS.items()]
    writer.finalize(header, {"attribution": "US Census Bureau", "vector_layers": layers})
    return sizes


def _tiles(lines: MapLines, paved: Indexes, zoom: int) -> Iterator[tuple[int, bytes]]:
    """The tiles of one zoom in the file's order: id and compressed content."""
    scale = 2.0 ** (zoom - MAX_ZOOM)
    roads = [road for road in lines.roads if SHOWN_FROM[road.kind] <= zoom]
    drawn = _scaled([road.line for road in roads], scale)
    water = _scaled(lines.water, scale)
    water = water[shapely.area(water) >= MIN_WATER_UNITS]
    at_roads, at_water = _by_tile(_tiles_of_lines(drawn)), _by_tile(_tiles_of_boxes(water))
    at_earth = _by_tile((paved, _parents(paved, zoom))) if lines.water else {}
    at_places = _places_by_tile(lines.places, paved, zoom)
    keys = {*at_roads, *at_water, *at_earth, *at_places}
    for tile, x, y in sorted(
        (zxy_to_tileid(zoom, *divmod(key, 1 << MAX_ZOOM)), *divmod(key, 1 << MAX_ZOOM)) for key in keys
    ):
        key, corner = x << MAX_ZOOM | y, np.array([x, y]) * EXTENT
        layers = {
            "earth": _earth(at_earth.get(key, NONE), corner, zoom),
            "water": _water(water[at_water.get(key, NONE)], corner),
            "places": at_places.get(key, []),
        }
        members = at_roads.get(key, NONE)
        if data := _encoded(layers, [roads[index] for index in members], _cut(drawn[members], corner), zoom):
            yield tile, data


def _scaled(geometries: Sequence[shapely.Geometry], scale: float) -> NDArray[Any]:
    """In units of a zoom, simplified where that is not the deepest one."""
    scaled = np.array(geometries, object)
    if scale != 1 and len(scaled):
        scaled = shapely.simplify(shapely.transform(scaled, lambda points: points * scale), MAX_ASTRAY)
    return scaled


def _tiles_of_lines(lines: NDArray[Any]) -> tuple[Indexes, Indexes]:
    """Pairs of a line's index and the key of a tile that it comes to, each once. A key is the tile's column and row."""
    found = []
    for start in range(0, len(lines), LINES_AT_ONCE):
        points, owner = shapely.get_coordinates(lines[start : start + LINES_AT_ONCE], return_index=True)
        within = owner[1:] == owner[:-1]
        starts, ends = points[:-1][within], points[1:][within]
        found.append(_spread(owner[1:][within] + start, np.minimum(starts, ends), np.maximum(starts, ends)))
    owners, keys = zip(*found, strict=True) if found else ((NONE,), (NONE,))
    return np.concatenate(owners), np.concatenate(keys)


def _tiles_of_boxes(geometries: NDArray[Any]) -> tuple[Indexes, Indexes]:
    """The same of what fills an area, by its bounding box."""
    boxes = shapely.bounds(geometries).reshape(-1, 4)
    return _spread(np.arange(len(boxes)), boxes[:, :2], boxes[:, 2:])


def _spread(owner: Indexes, low: Points, high: Points) -> tuple[Indexes, Indexes]:
    first = np.floor((low - BUFFER) / EXTENT).astype(np.int64)
    spans = np.floor((high + BUFFER) / EXTENT).astype(np.int64) - first + 1
    counts = spans[:, 0] * spans[:, 1]
    source = np.repeat(np.arange(len(owner)), counts)
    number = np.arange(len(source)) - np.repeat(np.cumsum(counts) - counts, counts)
    columns = first[source, 0] + number // spans[source, 1]
    rows = first[source, 1] + number % spans[source, 1]
    pairs = np.unique(owner[source] << 2 * MAX_ZOOM | columns << MAX_ZOOM | rows)
    return pairs >> 2 * MAX_ZOOM, pairs & (1 << 2 * MAX_ZOOM) - 1


def _by_tile(pairs: tuple[Indexes, Indexes]) -> dict[int, Indexes]:
    """What belongs to each tile, by key."""
    owner, keys = pairs
    order = np.argsort(keys, kind="stable")
    names, starts = np.unique(keys[order], return_index=True)
    return dict(zip(names.tolist(), np.split(owner[order], starts[1:]), strict=False))


def _parents(keys: Indexes, zoom: int) -> Indexes:
    """The tiles of `zoom` that hold tiles of the deepest one."""
    up = MAX_ZOOM - zoom
    return (keys >> MAX_ZOOM >> up) << MAX_ZOOM | (keys & (1 << MAX_ZOOM) - 1) >> up


def _places_by_tile(places: Sequence[PlaceName], paved: Indexes, zoom: int) -> dict[int, list[Feature]]:
    """Names of places near streets, the largest first."""
    around = set(_parents(paved, MIN_PLACE_ZOOM).tolist())
    at_places = defaultdict(list)
    for place in sorted(places, key=lambda place: -place.land_km2):
        deepest = int(place.x // EXTENT) << MAX_ZOOM | int(place.y // EXTENT)
        if place.land_km2 < MIN_LAND_KM2.get(zoom, 0) or int(_parents(np.array(deepest), MIN_PLACE_ZOOM)) not in around:
            continue
        scale = 2.0 ** (zoom - MAX_ZOOM)
        (column, x), (row, y) = divmod(place.x * scale, EXTENT), divmod(place.y * scale, EXTENT)
        properties = {"name": place.name, "land": round(place.land_km2)}
        feature = {"geometry": shapely.Point(int(x), int(y)), "properties": properties}
        at_places[int(column) << MAX_ZOOM | int(row)].append(feature)
    return at_places


def _earth(paved: Indexes, corner: Indexes, zoom: int) -> list[Feature]:
    """The squares of the deepest zoom that hold streets: they are land where they are no water."""
    side = EXTENT >> (MAX_ZOOM - zoom)
    x = (paved >> MAX_ZOOM) * side - corner[0]
    y = (paved & (1 << MAX_ZOOM) - 1) * side - corner[1]
    squares = shapely.union_all(shapely.box(x, y, x + side, y + side))
    return [] if squares.is_empty else [{"geometry": squares, "properties": {}}]


def _water(water: NDArray[Any], corner: Indexes) -> list[Feature]:
    """All water of one tile as one, so that no seam shows between neighbors."""
    whole = shapely.union_all(shapely.make_valid(_cut(water, corner)))
    polygons = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"]
    return [{"geometry": shapely.MultiPolygon(polygons), "properties": {}}] if polygons else []


def _cut(geometries: NDArray[Any], corner: Indexes) -> NDArray[Any]:
    """What lies in one tile and around it, in units from the tile's corner."""
    low, high = corner - BUFFER, corner + EXTENT + BUFFER
    cut = shapely.clip_by_rect(geometries, *low, *high)
    return np.asarray(shapely.transform(cut, lambda points: points - corner))


def _encoded(layers: dict[str, list[Feature]], roads: list[Road], cut: NDArray[Any], zoom: int) -> bytes:
    """The tile, compressed; empty when there is nothing in it.

    A tile that is too large loses its small streets by halves, the shortest first, unless it is of the deepest zoom.
    """
    lengths = shapely.length(cut)
    kept = lengths > 0
    small = np.array([KINDS.index(road.kind) >= KINDS.index("street") for road in roads], bool)
    while True:
        layers["roads"] = _road_features(
            [road for road, keep in zip(roads, kept, strict=True) if keep], cut[kept], zoom
        )
        filled = [{"name": name, "features": features} for name, features in layers.items() if features]
        if not filled:
            return b""
        data = gzip.compress(mapbox_vector_tile.encode(filled, default_options=ENCODING), mtime=0)
        if len(data) <= MAX_TILE_BYTES or zoom == MAX_ZOOM or not (kept & small).any():
            return data
        kept &= ~small | (lengths > np.median(lengths[kept & small]))


def _road_features(roads: list[Road], cut: NDArray[Any], zoom: int) -> list[Feature]:
    """One feature for all lines of a kind and name."""
    lines = defaultdict[tuple[str, str, str], list[Any]](list)
    for road, geometry in zip(roads, cut, strict=True):
        named = zoom >= NAMED_FROM[road.kind]
        lines[road.kind, road.name if named else "", road.number if named else ""].extend(shapely.get_parts(geometry))
    return [
        {
            "geometry": shapely.MultiLineString(parts),
            "properties": {"kind": kind} | ({"name": name} if name else {}) | ({"number": number} if number else {}),
        }
        for (kind, name, number), parts in lines.items()
    ]
