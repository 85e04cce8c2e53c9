"""Maps stand on the streets of the directory's own file, in the colors of the page, and do without."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from directory.places.streets.map_making import make_street_map
from tests.browser.conftest import OpenPage
from tests.browser.pages import wait_until
from tests.places.streets.invented_city import write_city

SEARCH = "/search?near=90503&radius=5&specialty=treating"
PROVIDER = "/providers/9500000028"
PHONE = {"width": 375, "height": 700}
FREEWAY = {"light": (243, 207, 136), "dark": (122, 106, 66)}  # --map-highway
STREET = (255, 255, 255)  # --map-street
COUNT = """(canvases, [red, green, blue]) => canvases.reduce((count, canvas) => {
    if (canvas.width === 0) return count;
    const pixels = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    const color = (255 << 24 | blue << 16 | green << 8 | red) >>> 0;
    return count + pixels.reduce((found, pixel) => found + (pixel === color), 0);
}, 0)"""


@pytest.fixture(scope="session")
def street_map(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("streets")
    make_street_map(write_city(folder, cells=8), folder / "streets.pmtiles")
    return folder / "streets.pmtiles"


@pytest.fixture
def _with_streets(site_app: Flask, street_map: Path) -> Iterator[None]:
    before, site_app.config["MAP_FILE"] = site_app.config["MAP_FILE"], str(street_map)
    yield
    site_app.config["MAP_FILE"] = before


def painted(page: Page, color: tuple[int, int, int]) -> int:
    """How many pixels of the streets have this color."""
    count: int = page.locator("canvas.leaflet-tile").evaluate_all(COUNT, list(color))
    return count


@pytest.mark.usefixtures("_with_streets")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_results_stand_on_streets_in_the_colors_of_the_page(open_page: OpenPage, scheme: str) -> None:
    page = open_page(SEARCH, color_scheme=scheme)
    expect(page.locator("#map .marker").first).to_be_visible()
    wait_until(page, lambda: painted(page, FREEWAY[scheme]) > 50)
    expect(page.locator("#map .leaflet-control-attribution")).to_have_text("Streets: US Census Bureau")
    expect(page.locator("#map canvas").first).to_have_attribute("lang", "en")
    other = "dark" if scheme == "light" else "light"
    page.emulate_media(color_scheme=other)
    wait_until(page, lambda: painted(page, FREEWAY[other]) > 50 and painted(page, FREEWAY[scheme]) == 0)


@pytest.mark.usefixtures("_with_streets")
def test_a_phone_asks_for_nothing_of_the_map_before_it_is_unfolded(open_page: OpenPage) -> None:
    page = open_page("/search", viewport=PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(SEARCH)
    page.wait_for_load_state("networkidle")
    parts = re.compile(r"streets\.pmtiles|leaflet|outlines|map\.css")
    assert list(filter(parts.search, asked)) == []
    page.locator("#map-panel > summary").click()
    wait_until(page, lambda: painted(page, FREEWAY["light"]) > 50)
    assert sum("streets.pmtiles" in url for url in asked) < 20


def test_without_a_file_outlines_are_drawn_and_no_streets_are_asked_for(open_page: OpenPage) -> None:
    page = open_page("/search")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(SEARCH)
    expect(page.locator("#map path.land").first).to_be_attached()
    assert not any("pmtiles" in url or "protomaps" in url for url in asked)
    expect(page.locator("#map .leaflet-control-attribution")).to_have_count(0)


@pytest.mark.usefixtures("_with_streets")
def test_a_file_that_goes_away_leaves_the_outlines(open_page: OpenPage) -> None:
    page = open_page("/search")
    page.route("**/map/streets.pmtiles*", lambda route: route.fulfill(status=404))
    page.goto(SEARCH)
    expect(page.locator("#map .marker").first).to_be_visible()
    expect(page.locator("#map path.land").first).to_be_attached()


@pytest.mark.usefixtures("_with_streets")
def test_a_provider_shows_its_locations_once_the_reader_comes_near(open_page: OpenPage) -> None:
    page = open_page(PROVIDER)
    expect(page.locator("#location-map canvas")).to_have_count(0)
    page.locator("#where-title").scroll_into_view_if_needed()
    marker = page.locator("#location-map .marker")
    address = page.locator("#where address").first.inner_text().split("\n")[0].strip()
    expect(marker.first).to_have_attribute("aria-label", re.compile(re.escape(address)))
    wait_until(page, lambda: painted(page, STREET) > 500)
    marker.first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#location-map .leaflet-popup-content")).to_contain_text(address)
    page.keyboard.press("Escape")
    expect(marker.first).to_be_focused()
    for _ in range(6):
        page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('#location-map')"), "the keyboard is kept in the map"
    page.emulate_media(media="print")
    expect(page.locator("#location-map")).to_be_hidden()


@pytest.mark.usefixtures("_with_streets")
def test_on_a_phone_a_provider_map_waits_behind_its_toggle(open_page: OpenPage) -> None:
    page = open_page(PROVIDER, viewport=PHONE)
    page.locator("#location-map > summary").scroll_into_view_if_needed()
    expect(page.locator("#location-map .map")).to_be_hidden()
    page.locator("#location-map > summary").click()
    expect(page.locator("#location-map .marker").first).to_be_visible()


def test_without_javascript_a_provider_has_the_list_alone(open_page: OpenPage) -> None:
    page = open_page(PROVIDER, java_script_enabled=False)
    expect(page.locator("#where address").first).to_be_visible()
    expect(page.locator("#location-map")).to_be_hidden()
