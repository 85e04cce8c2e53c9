"""The main job by keyboard alone."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage


def tab_to(page: Page, selector: str, at_most: int = 60) -> None:
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached within {at_most} tabs")


def test_the_first_tab_offers_to_skip_to_the_content(open_page: OpenPage) -> None:
    page = open_page("/privacy")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_search_filter_and_open_a_provider(open_page: OpenPage) -> None:
    page = open_page("/")
    tab_to(page, "#near")
    page.keyboard.type("90503")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Providers near Torrance"))
    tab_to(page, "#product-botox")
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("product=botox"))
    expect(page.locator("#product-botox")).to_be_focused()
    tab_to(page, "#w_proximity")
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile("w_proximity=100"))
    tab_to(page, "#results h2 a")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/providers/\d{10}"))


def test_the_list_comes_before_the_maps_markers(open_page: OpenPage) -> None:
    page = open_page("/search?near=90503")
    expect(page.locator("#map .marker").first).to_be_visible()
    first_result, first_marker = page.locator("#results h2 a").first, page.locator("#map .marker").first
    order = first_result.evaluate(
        "(result, marker) => result.compareDocumentPosition(marker)", first_marker.element_handle()
    )
    assert order & 4, "the marker follows the result in the document"


def test_focus_is_always_visible(open_page: OpenPage) -> None:
    page = open_page("/search?near=90503")
    unseen = []
    for _ in range(45):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(() => { const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(document.activeElement);"
            " return [outlineStyle, outlineWidth, boxShadow, document.activeElement.outerHTML.slice(0, 80)] })()"
        )
        if (style[0] == "none" or style[1] == "0px") and style[2] == "none":
            unseen.append(style[3])
    assert unseen == []
