"""The map shows what the list shows, and can be left out."""

import itertools
import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.pages import wait_until

SEARCH = "/search?near=90503&specialty=treating"
PHONE = {"width": 375, "height": 700}


def ranks_on_the_map(page: Page) -> list[int]:
    labels = [label.get_attribute("aria-label") or "" for label in page.locator("#map .marker").all()]
    return sorted(int(rank) for label in labels for rank in re.findall(r"(?:^|, )(\d+): ", label))


def ranks_in_the_list(page: Page) -> list[int]:
    return [int(item.get_attribute("data-rank") or 0) for item in page.locator("#results > li").all()]


def test_each_result_of_the_page_has_its_marker(open_page: OpenPage) -> None:
    page = open_page(SEARCH)
    expect(page.locator("#map .marker").first).to_be_visible()
    assert ranks_on_the_map(page) == ranks_in_the_list(page) == list(range(1, 21))
    expect(page.locator("#map path.land").first).to_be_attached()


def test_the_map_follows_a_filter(open_page: OpenPage) -> None:
    page = open_page(SEARCH)
    expect(page.locator("#map .marker").first).to_be_visible()
    page.get_by_role("checkbox", name=re.compile("^Daxxify")).check()
    expect(page).to_have_url(re.compile("product=daxxify"))
    expect(page.locator("#results > li")).not_to_have_count(20)
    assert ranks_on_the_map(page) == ranks_in_the_list(page)
    expect(page.locator("#map path.land").first).to_be_attached()


def test_the_map_goes_with_an_empty_result_and_comes_back(open_page: OpenPage) -> None:
    page = open_page("/search?near=04401&radius=5")
    expect(page.locator("#map")).to_have_count(0)
    page.get_by_label("ZIP code, city or address").fill("90503")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#map .marker").first).to_be_visible()


def test_a_marker_opens_by_keyboard_and_leads_to_the_provider(open_page: OpenPage) -> None:
    page = open_page(SEARCH)
    marker = page.locator("#map .marker[aria-label^='1: ']")
    marker.focus()
    expect(page.locator("#results > li").first).to_have_class(re.compile("pointed"))
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup a[href^='/providers/']").first
    expect(link).to_have_text(page.locator("#results h2").first.inner_text())
    expect(link).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(marker).to_be_focused()
    page.keyboard.press("Enter")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/providers/\d{10}\?near=90503"))


def test_on_a_phone_the_map_waits_behind_its_toggle(open_page: OpenPage) -> None:
    page = open_page(SEARCH, viewport=PHONE)
    expect(page.locator("#map")).to_be_hidden()
    page.locator("#map-panel > summary").click()
    expect(page.locator("#map .marker").first).to_be_visible()
    assert ranks_on_the_map(page) == ranks_in_the_list(page)


def test_a_widened_window_gets_its_map(open_page: OpenPage) -> None:
    page = open_page(SEARCH, viewport=PHONE)
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.locator("#map .marker").first).to_be_visible()


def covering(page: Page) -> list[tuple[dict[str, float], dict[str, float]]]:
    """The pairs of markers of which one covers the other, all measured at the same time."""
    boxes = page.locator("#map .marker").evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
    return [
        (one, other)
        for one, other in itertools.combinations(boxes, 2)
        if abs(one["x"] + one["width"] / 2 - other["x"] - other["width"] / 2) < (one["width"] + other["width"]) / 2
        and abs(one["y"] - other["y"]) < one["height"]
    ]


def test_markers_never_cover_each_other(open_page: OpenPage) -> None:
    page = open_page(f"{SEARCH}&radius=100")
    expect(page.locator("#map .marker").first).to_be_visible()
    for _ in range(2):
        wait_until(page, lambda: covering(page) == [] and ranks_on_the_map(page) == ranks_in_the_list(page))
        page.get_by_role("button", name="Zoom out").click()
        expect(page.locator(".leaflet-zoom-anim")).to_have_count(0)


def test_an_open_popup_lies_within_the_map(open_page: OpenPage) -> None:
    page = open_page(SEARCH, viewport=PHONE)
    page.locator("#map-panel > summary").click()
    for marker in page.locator("#map .marker").all()[:3]:
        marker.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".leaflet-popup a").first).to_be_focused()
        expect(page.locator(".leaflet-pan-anim")).to_have_count(0)
        inner, outer = (
            page.locator(".leaflet-popup-content-wrapper").bounding_box(),
            page.locator("#map").bounding_box(),
        )
        assert inner
        assert outer
        assert outer["x"] <= inner["x"]
        assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]
        assert outer["y"] <= inner["y"]
        page.keyboard.press("Escape")
        expect(page.locator(".leaflet-popup")).to_have_count(0)
