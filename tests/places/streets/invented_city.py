"""An invented city by the sea in the layout of TIGER/Line, as large as asked for: grid, hills, freeways and coast."""

import io
import math
import random
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import shapefile
import shapely

CELL = 0.5 / 69.0
"""Degrees of latitude between two avenues: half a mile."""
STRETCH = 1 / math.cos(math.radians(33.85))
"""Degrees of longitude that are as long as one of latitude."""
HOME = (-118.34, 33.84)
COAST = [
    *[(-119.2, 34.1), (-118.94, 34.045), (-118.81, 34.0), (-118.68, 34.035), (-118.58, 34.04), (-118.5, 34.008)],
    *[(-118.475, 33.985), (-118.457, 33.962), (-118.436, 33.92), (-118.428, 33.905), (-118.413, 33.885)],
    *[(-118.403, 33.862), (-118.394, 33.84), (-118.391, 33.815), (-118.398, 33.803), (-118.412, 33.79)],
    *[(-118.428, 33.765), (-118.411, 33.742), (-118.376, 33.737), (-118.323, 33.717), (-118.294, 33.705)],
    *[(-118.28, 33.712), (-118.25, 33.745), (-118.19, 33.762), (-118.135, 33.755), (-118.05, 33.7), (-117.95, 33.63)],
]
FAR_OUT = [(-117.95, 33.0), (-119.6, 33.0), (-119.6, 34.1)]
"""Corners that close the coast to a sea."""
OFFSHORE = 0.05
"""Degrees of water along the coast that the county holds: three miles."""
HILLS = (-118.36, 33.76)
PLACES = [
    *[("Playa Azul", -118.4, 33.87, 9), ("Dos Palmas", -118.3, 33.89, 15), ("Torrence Heights", -118.335, 33.835, 53)],
    *[("Palo Verde Estates", -118.375, 33.765, 12), ("San Ysidro Harbor", -118.285, 33.735, 30)],
    *[("Lomita Vista", -118.315, 33.79, 5), ("Carson Park", -118.26, 33.83, 48), ("Long Strand", -118.17, 33.8, 130)],
    *[
        ("Los Robles", -118.25, 34.05, 1200),
        ("El Tercero", -118.415, 33.92, 14),
        ("Hawthorn Grove", -118.345, 33.915, 16),
    ],
    *[("Centinela", -118.355, 33.96, 24), ("Crompton", -118.22, 33.895, 26), ("Downing", -118.13, 33.94, 32)],
    *[("Lakeside", -118.115, 33.85, 25), ("Santa Rosalia", -118.49, 34.02, 21), ("Culver Springs", -118.4, 34.01, 13)],
    *[("Burgank", -118.31, 34.18, 45), ("Passadena", -118.14, 34.15, 59), ("Whitmore", -118.03, 33.97, 38)],
]
AVENUES = (
    *("Artesano", "Carson", "Sepulvado", "Lomita", "Torrey", "Del Amo", "Marina", "Rosewood", "Compton", "Manchester"),
    *("Imperial", "Century", "Florence", "Slauson", "Vernon", "Jefferson", "Adams", "Venice", "Pico", "Olympic"),
)
CROSS_AVENUES = (
    *("Prairie", "Crenshaw", "Arlington", "Western", "Normandie", "Vermont", "Figueroa", "Main", "Avalon", "Central"),
    *(
        "Wilmington",
        "Alameda",
        "Santa Fe",
        "Atlantic",
        "Orange",
        "Cherry",
        "Paramount",
        "Lakewood",
        "Bellflower",
        "Inglewood",
    ),
)
TREES = (
    "Elm",
    "Falda",
    "Madrona",
    "Acacia",
    "Cedar",
    "Date",
    "Eucalyptus",
    "Fern",
    "Grevillea",
    "Hickory",
    "Iris",
    "Juniper",
)
WORDS = (*TREES, "Sierra", "Mesa", "Linda", "Loma", "Bella", "Verde", "Palos", "Mira", "Rancho", "Monte", "Casa", "Rio")
FREEWAYS = {
    "I- 405": [
        (-118.47, 34.2),
        (-118.44, 34.03),
        (-118.37, 33.95),
        (-118.36, 33.89),
        (-118.3, 33.855),
        (-118.2, 33.81),
        (-118.05, 33.76),
    ],
    "I- 110": [(-118.285, 33.74), (-118.283, 33.85), (-118.28, 33.98), (-118.24, 34.07), (-118.15, 34.14)],
    "I- 105": [(-118.41, 33.93), (-118.3, 33.928), (-118.2, 33.925), (-118.1, 33.91)],
    "State Rte 91": [(-118.29, 33.873), (-118.2, 33.876), (-118.05, 33.872), (-117.9, 33.85)],
    "I- 10": [(-118.49, 34.01), (-118.4, 34.035), (-118.25, 34.035), (-118.1, 34.07), (-117.9, 34.07)],
    "I- 710": [(-118.2, 33.77), (-118.2, 33.86), (-118.17, 33.97), (-118.16, 34.06)],
}
FIELDS = {
    "addrfeat": "LINEARID FULLNAME LFROMHN LTOHN RFROMHN RTOHN ZIPL ZIPR ROAD_MTFCC PARITYL PARITYR OFFSETL OFFSETR",
    "prisecroads": "LINEARID FULLNAME RTTYP MTFCC",
    "areawater": "HYDROID FULLNAME MTFCC",
    "place": "PLACEFP NAME ALAND INTPTLAT INTPTLON",
}

Point = tuple[float, float]
Row = tuple[list[Point], dict[str, object]]


def write_city(folder: Path, *, cells: int = 6, middle: Point = HOME, seed: int = 1) -> list[Path]:
    """Zips of a city of `cells` by `cells` half-mile cells around `middle`; gives their paths."""
    random_ = random.Random(seed)
    coast = _smooth(COAST, random_)
    ocean = shapely.Polygon([*coast, *FAR_OUT])
    shapely.prepare(ocean)
    main = [*_freeways(), *_main_roads(ocean)]
    streets = [
        *_streets(cells, middle, ocean, random_),
        *(_as_street(points, row) for points, row in main if row["MTFCC"] == "S1200"),
    ]
    lake = shapely.Point(-118.29, 33.782).buffer(0.004).union(shapely.Point(-118.283, 33.785).buffer(0.003))
    river = shapely.LineString(
        _smooth([(-118.2, 33.765), (-118.205, 33.85), (-118.18, 33.95), (-118.23, 34.08)], random_)
    ).buffer(0.0007)
    water = [
        (shape, {"HYDROID": str(index), "FULLNAME": "", "MTFCC": "H3010"})
        for index, shape in enumerate((ocean.intersection(shapely.LineString(coast).buffer(OFFSHORE)), lake, river))
    ]
    places = [
        (
            shapely.Point(x, y).buffer(0.01),
            {
                "PLACEFP": str(index),
                "NAME": name,
                "ALAND": land * 1_000_000,
                "INTPTLAT": f"+{y:.7f}",
                "INTPTLON": f"{x:.7f}",
            },
        )
        for index, (name, x, y, land) in enumerate(PLACES)
    ]
    return [
        _write_lines(folder / "tl_2025_06037_addrfeat.zip", "addrfeat", streets),
        _write_lines(folder / "tl_2025_06_prisecroads.zip", "prisecroads", main),
        _write_areas(folder / "tl_2025_06037_areawater.zip", "areawater", water),
        _write_areas(folder / "tl_2025_06_place.zip", "place", places),
    ]


def _smooth(corners: Sequence[Point], random_: random.Random, rough: float = 0.14, times: int = 4) -> list[Point]:
    """A line through the corners that is as uneven as a coast."""
    line = list(corners)
    for _ in range(times):
        finer = [line[0]]
        for (x1, y1), (x2, y2) in pairwise(line):
            bend = random_.uniform(-rough, rough)
            finer += [((x1 + x2) / 2 - (y2 - y1) * bend, (y1 + y2) / 2 + (x2 - x1) * bend), (x2, y2)]
        line = finer
    return line


def _curve(corners: Sequence[Point], steps: int = 24) -> list[Point]:
    """A smooth line through the corners (Catmull-Rom)."""
    line: list[Point] = []
    padded = [corners[0], *corners, corners[-1]]
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for step in range(steps):
            t = step / steps
            line.append((_spline(p0[0], p1[0], p2[0], p3[0], t), _spline(p0[1], p1[1], p2[1], p3[1], t)))
    return [*line, corners[-1]]


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def _freeways() -> Iterable[Row]:
    for index, (name, corners) in enumerate(FREEWAYS.items()):
        middle = shapely.LineString(_curve(corners))
        for side, offset in enumerate((-0.00016, 0.00016)):  # two carriageways
            line = list(middle.offset_curve(offset).coords)
            row = {"LINEARID": f"11{index}{side}", "FULLNAME": name, "RTTYP": name[0], "MTFCC": "S1100"}
            yield line, row


def _main_roads(ocean: shapely.Polygon) -> Iterable[Row]:
    inland = [(x + 0.013, y + 0.007) for x, y in COAST[4:] if (x, y) not in COAST[14:19]]
    for index, (name, corners) in enumerate(
        {
            "Pacific Crest Hwy": inland,
            "Hawthorn Blvd": [(-118.375, 33.76), (-118.354, 33.8), (-118.3527, 33.84), (-118.3525, 33.99)],
            "San Vicente Diagonal": [(-118.44, 34.03), (-118.35, 34.05), (-118.2, 33.98), (-118.1, 33.9)],
        }.items()
    ):
        row = {"LINEARID": f"22{index}", "FULLNAME": name, "RTTYP": "M", "MTFCC": "S1200"}
        yield [point for point in _curve(corners) if not ocean.contains(shapely.Point(point))], row


def _as_street(points: list[Point], row: dict[str, object]) -> Row:
    return points, {"LINEARID": row["LINEARID"], "FULLNAME": row["FULLNAME"], "ROAD_MTFCC": row["MTFCC"]}


def _bent(x: float, y: float) -> Point:
    """Where a point of the plan lies: the plain is nearly straight, the hills are anything but."""
    hills = math.exp(-(((x - HILLS[0]) * 16) ** 2) - ((y - HILLS[1]) * 26) ** 2)
    far = 0.0006 * math.sin(x * 40 + y * 23)
    uneven = 43758.5453 * math.sin(round(x, 6) * 12989.8 + round(y, 6) * 78233)  # as lines are that people drew
    return (
        round(x + hills * 0.006 * math.sin(y * 620 + x * 260) + far + (uneven % 1 - 0.5) * 1e-5, 6),
        round(
            y
            + hills * 0.005 * math.sin(x * 540 - y * 340)
            + 0.0006 * math.sin(y * 37 - x * 29)
            + (uneven * 7 % 1 - 0.5) * 1e-5,
            6,
        ),
    )


def _streets(cells: int, middle: Point, ocean: shapely.Polygon, random_: random.Random) -> Iterable[Row]:
    """Avenues around each cell and streets within it, block by block."""
    west, south = middle[0] - cells / 2 * CELL * STRETCH, middle[1] - cells / 2 * CELL
    first_column, first_row = round(west / (CELL * STRETCH)), round(south / CELL)
    for column in range(first_column, first_column + cells):
        for row in range(first_row, first_row + cells):
            x, y = column * CELL * STRETCH, row * CELL
            if not ocean.contains(shapely.box(x, y, x + CELL * STRETCH, y + CELL)):
                yield from (
                    each for each in _cell(column, row, random_) if not ocean.intersects(shapely.LineString(each[0]))
                )


def _cell(column: int, row: int, random_: random.Random) -> Iterable[Row]:
    x, y, wide = column * CELL * STRETCH, row * CELL, CELL * STRETCH
    style = random_.choices(("long east", "long north", "winding", "park"), (8, 6, 3, 0.6))[0]
    blocks, lanes = (8, 4) if style == "long north" else (4, 8)
    bend = 0.0004 if style == "winding" else 0.0
    avenue = f"{AVENUES[row % len(AVENUES)]} Blvd"
    cross = f"{CROSS_AVENUES[column % len(CROSS_AVENUES)]} Ave"
    for block in range(blocks):
        yield _block(avenue, (x + block / blocks * wide, y), (x + (block + 1) / blocks * wide, y), 100 * block)
    for lane in range(lanes):
        yield _block(cross, (x, y + lane / lanes * CELL), (x, y + (lane + 1) / lanes * CELL), 100 * lane)
    if style == "park":
        return
    for lane in range(1, lanes):
        name = f"W {lane + 8 * (row % 30)}{_ordinal(lane + 8 * (row % 30))} St"
        if style == "winding":
            name = f"Via {WORDS[(lane * 5 + column) % len(WORDS)]} {WORDS[(lane + row) % len(WORDS)]}"
        for block in range(blocks):
            start, end = (
                (x + block / blocks * wide, y + lane / lanes * CELL),
                (x + (block + 1) / blocks * wide, y + lane / lanes * CELL),
            )
            if random_.random() < 0.9:
                yield _block(name, start, end, 100 * block, bend)
    for block in range(1, blocks):
        tree = WORDS[(block + column * 3 + row // 4) % len(WORDS)]
        name = f"{tree}{random_.choice(('wood', 'crest', 'dale', ''))} {random_.choice(('Ave', 'Ave', 'Pl', 'Dr'))}"
        for lane in range(lanes):
            start, end = (
                (x + block / blocks * wide, y + lane / lanes * CELL),
                (x + block / blocks * wide, y + (lane + 1) / lanes * CELL),
            )
            if random_.random() < (0.75 if lane % 4 else 0.95):
                yield _block(name, start, end, 100 * lane, bend)


def _ordinal(number: int) -> str:
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number % 100 not in {11, 12, 13} else 0, "th")


def _block(name: str, start: Point, end: Point, number: int, bend: float = 0) -> Row:
    """One block, as many points as it has bends."""
    steps = 10 if bend or math.dist(start, HILLS) < 0.06 else 4
    line = []
    for step in range(steps + 1):
        along, aside = step / steps, bend * math.sin(2 * math.pi * step / steps)
        x, y = (start[axis] + (end[axis] - start[axis]) * along for axis in (0, 1))
        line.append(_bent(x + aside if end[0] == start[0] else x, y + aside if end[1] == start[1] else y))
    row = {
        "LINEARID": name,
        "FULLNAME": name,
        "ROAD_MTFCC": "S1400",
        "ZIPL": "90503",
        "ZIPR": "90503",
        "LFROMHN": str(number + 1),
        "LTOHN": str(number + 99),
        "RFROMHN": str(number),
        "RTOHN": str(number + 98),
        "PARITYL": "O",
        "PARITYR": "E",
        "OFFSETL": "N",
        "OFFSETR": "N",
    }
    return line, row


def _write(path: Path, layout: str, shape_type: int, draw: Callable[[shapefile.Writer], None]) -> Path:
    parts = {name: io.BytesIO() for name in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, shapeType=shape_type) as writer:
        for name in FIELDS[layout].split():
            writer.field(name, *(("N", 14) if name == "ALAND" else ("C", 40)))
        draw(writer)
    path.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(path, "w", ZIP_DEFLATED) as zip_file:
        for name, content in parts.items():
            zip_file.writestr(f"{path.stem}.{name}", content.getvalue())
    return path


def _write_lines(path: Path, layout: str, rows: Iterable[Row]) -> Path:
    def draw(writer: shapefile.Writer) -> None:
        for points, row in rows:
            writer.line([points])
            writer.record(*(row.get(name, "") for name in FIELDS[layout].split()))

    return _write(path, layout, shapefile.POLYLINE, draw)


def _write_areas(path: Path, layout: str, rows: Iterable[tuple[shapely.Geometry, dict[str, object]]]) -> Path:
    def draw(writer: shapefile.Writer) -> None:
        for area, row in rows:
            parts = [shapely.geometry.polygon.orient(part, -1) for part in shapely.get_parts(area)]
            writer.poly([list(ring.coords) for part in parts for ring in (part.exterior, *part.interiors)])
            writer.record(*(row.get(name, "") for name in FIELDS[layout].split()))

    return _write(path, layout, shapefile.POLYGON, draw)
