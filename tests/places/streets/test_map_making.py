"""The map holds what the files hold: every street at the deepest zoom, within a unit of a tile."""

import gzip
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapefile
import shapely
from pmtiles.reader import MmapSource, Reader, all_tiles
from shapely.geometry import shape

from directory.places.streets import map_making
from directory.places.streets.map_lines import EXTENT, MAX_ZOOM, SQUARE, units_of
from directory.places.streets.map_making import BUFFER, MIN_ZOOM, StreetMap, make_street_map
from directory.places.streets.zips import StreetFileError
from tests.places.streets.invented_city import HOME, write_city

ASTRAY = 1.25
"""Units: one for each point, and a little more where the edge of a tile cuts a line."""
City = tuple[list[Path], Path, StreetMap]
Tiles = dict[tuple[int, int, int], dict[str, list[dict[str, Any]]]]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("city")
    files, target = write_city(folder, cells=4), folder / "streets.pmtiles"
    return files, target, make_street_map(files, target)


@pytest.fixture(scope="module")
def tiles(city: City) -> Tiles:
    return dict(_tiles(city[1]))


def _tiles(path: Path) -> Iterator[tuple[tuple[int, int, int], dict[str, list[dict[str, Any]]]]]:
    with path.open("rb") as file:
        for tile, data in all_tiles(MmapSource(file)):
            layers = mapbox_vector_tile.decode(gzip.decompress(data), default_options={"y_coord_down": True})
            yield tile, {name: layer["features"] for name, layer in layers.items()}


def _roads(tiles: Tiles, zoom: int, name: str | None = None) -> shapely.Geometry:
    """All lines of roads of a zoom as one, in units of that zoom."""
    return shapely.union_all(
        [
            shapely.transform(shape(feature["geometry"]), lambda points, x=x, y=y: points + np.array([x, y]) * EXTENT)
            for (z, x, y), layers in tiles.items()
            for feature in layers.get("roads", [])
            if z == zoom and name in {None, feature["properties"].get("name")}
        ]
    )


def test_every_street_is_at_the_deepest_zoom_within_a_unit(city: City, tiles: Tiles) -> None:
    by_name = defaultdict(list)
    for path, class_column in zip(city[0][:2], ("ROAD_MTFCC", "MTFCC"), strict=True):
        with shapefile.Reader(path) as reader:
            for item in reader.iterShapeRecords(fields=["FULLNAME", class_column]):
                line = shapely.LineString(units_of(np.array(item.shape.points)))
                by_name[item.record["FULLNAME"].replace("I- ", "I-")].append(line)
    assert len(by_name) > 30
    for name, lines in by_name.items():
        source = shapely.intersection(shapely.MultiLineString(lines), _around())
        drawn = _roads(tiles, MAX_ZOOM, name)
        assert source.within(drawn.buffer(ASTRAY)), name
        assert drawn.within(source.buffer(ASTRAY)), name
        points = shapely.points(shapely.get_coordinates(drawn))
        within = points[(shapely.get_coordinates(points) % EXTENT % (EXTENT - BUFFER) > BUFFER).all(axis=1)]
        assert shapely.dwithin(within, source, 1).all(), name


def _around() -> shapely.Geometry:
    """The tiles of zoom 10 that hold the city: its half is two miles, a tile's side twenty."""
    corners = units_of(np.array([HOME]) + np.array([[-0.04, 0.03], [0.04, -0.03]])) // SQUARE * SQUARE
    return shapely.box(*corners.min(axis=0), *(corners.max(axis=0) + SQUARE))


def test_main_roads_of_the_rest_of_the_state_are_left_out(city: City, tiles: Tiles) -> None:
    with shapefile.Reader(city[0][1]) as reader:
        box = shapely.transform(shapely.box(*reader.bbox), units_of)
    drawn = _roads(tiles, MAX_ZOOM)
    assert not box.within(_around())
    assert drawn.within(_around().buffer(1))


def test_a_main_road_is_drawn_once_though_two_files_have_it(tmp_path: Path) -> None:
    files = write_city(tmp_path, cells=4)
    with_main, without = (make_street_map(each, tmp_path / "streets.pmtiles") for each in (files[:2], files[:1]))
    assert with_main.roads == without.roads - 3  # of the three main roads that both have


def test_zooms_above_keep_what_is_important(tiles: Tiles) -> None:
    kinds = {
        zoom: {
            feature["properties"]["kind"]
            for key, layers in tiles.items()
            if key[0] == zoom
            for feature in layers.get("roads", [])
        }
        for zoom in range(MIN_ZOOM, MAX_ZOOM + 1)
    }
    assert kinds[8] == {"highway", "main"}
    assert kinds[12] == kinds[14] == {"highway", "main", "street"}
    source, above = _roads(tiles, 14, "I-405"), _roads(tiles, 9, "I-405")
    assert shapely.transform(above, lambda points: points * 32).within(source.buffer(32 * 6))


def test_a_street_that_runs_far_is_an_avenue(tmp_path: Path) -> None:
    make_street_map(write_city(tmp_path, cells=6)[:1], tmp_path / "streets.pmtiles")
    found = {
        feature["properties"]["name"]: feature["properties"]["kind"]
        for key, layers in _tiles(tmp_path / "streets.pmtiles")
        for feature in layers["roads"]
        if key[0] == MAX_ZOOM
    }
    avenues = {name for name, kind in found.items() if kind == "avenue"}
    assert 2 < len(avenues) < len(found) / 2
    assert all(name.endswith((" Blvd", " Ave", " St", " Hwy")) for name in avenues)


def test_water_lies_where_the_file_has_it_and_land_where_streets_are(city: City, tiles: Tiles) -> None:
    with shapefile.Reader(city[0][2]) as reader:
        water = shapely.transform(
            shapely.union_all([shape(each.__geo_interface__) for each in reader.iterShapes()]), units_of
        )
    x, y = (units_of(np.array([HOME]))[0] // EXTENT).astype(int)
    layers = tiles[MAX_ZOOM, x, y]
    assert shape(layers["earth"][0]["geometry"]).area == EXTENT**2
    for (zoom, x, y), layers in tiles.items():
        if zoom == MAX_ZOOM:
            here = shapely.transform(water, lambda points, x=x, y=y: points - np.array([x, y]) * EXTENT)
            expected = shapely.clip_by_rect(here, 0, 0, EXTENT, EXTENT)
            drawn = [shape(feature["geometry"]) for feature in layers.get("water", [])]
            got = shapely.clip_by_rect(shapely.union_all(drawn), 0, 0, EXTENT, EXTENT)
            assert got.symmetric_difference(expected).area <= max(8 * EXTENT, 0.01 * expected.area)


def test_places_are_named_once_a_zoom_the_largest_from_afar(tiles: Tiles) -> None:
    names = defaultdict(list)
    for (zoom, _x, _y), layers in tiles.items():
        names[zoom] += [feature["properties"]["name"] for feature in layers.get("places", [])]
    assert "Torrence Heights" not in names[8]
    for zoom in range(11, MAX_ZOOM + 1):
        assert names[zoom].count("Torrence Heights") == 1


def test_the_header_names_the_area_and_the_source(city: City) -> None:
    with city[1].open("rb") as file:
        reader = Reader(MmapSource(file))
        header, metadata = reader.header(), reader.metadata()
    assert (header["min_zoom"], header["max_zoom"], header["clustered"]) == (MIN_ZOOM, MAX_ZOOM, True)
    assert header["min_lon_e7"] < HOME[0] * 1e7 < header["max_lon_e7"]
    assert header["min_lat_e7"] < HOME[1] * 1e7 < header["max_lat_e7"]
    assert metadata["attribution"] == "US Census Bureau"


def test_a_tile_that_would_be_too_large_loses_small_streets(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_making, "MAX_TILE_BYTES", 1500)
    make_street_map(city[0], tmp_path / "streets.pmtiles")
    with (tmp_path / "streets.pmtiles").open("rb") as file:
        sizes = {tile: len(data) for tile, data in all_tiles(MmapSource(file))}
    assert max(size for (zoom, _x, _y), size in sizes.items() if zoom == 12) <= 1500
    shortened = dict(_tiles(tmp_path / "streets.pmtiles"))
    assert _roads(shortened, 12, "I-405").length > 0
    assert _roads(shortened, 14).length == _roads(dict(_tiles(city[1])), 14).length


def test_a_file_of_something_else_is_named_and_the_map_from_before_stays(city: City, tmp_path: Path) -> None:
    target = tmp_path / "streets.pmtiles"
    target.write_bytes(b"from before")
    (tmp_path / "notes.zip").write_bytes(b"no zip")
    for files, words in (([tmp_path / "notes.zip"], "notes.zip"), (city[0][2:], "hold no street")):
        with pytest.raises(StreetFileError, match=words):
            make_street_map(files, target)
    assert target.read_bytes() == b"from before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.zip", "streets.pmtiles"]
