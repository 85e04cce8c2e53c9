"""Every page: no violation of axe, no sideways scrolling, no request to another host (see conftest)."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.pages import CONTRAST, NARROWEST, PAGES, PRESSABLE, WCAG, WIDTHS, unfold


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(open_named: Any, name: str) -> None:
    page = open_named(name, reduced_motion="reduce")  # colors change at once
    if page.locator("#map-panel").count():
        page.wait_for_load_state("networkidle")  # the map comes after the rest
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        unfold(page)
        for scheme, rules in (("light", WCAG), ("dark", CONTRAST)):
            page.emulate_media(color_scheme=scheme)
            results = Axe().run(page, options=rules)
            assert results.violations_count == 0, f"{width} pixels wide, {scheme}: {results.generate_report()}"


@pytest.mark.parametrize("name", PAGES)
def test_it_fits_a_phone_and_what_can_be_pressed_is_large_enough(open_named: Any, name: str) -> None:
    """Nothing scrolls sideways on the narrowest screen; WCAG 2.5.8: 24 by 24 pixels, but for links in a sentence."""
    page = open_named(name, viewport={"width": NARROWEST, "height": 640})
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST
    page.set_viewport_size({"width": 375, "height": 700})
    small = page.locator(PRESSABLE).evaluate_all(
        """elements => elements.filter(each => each.checkVisibility({visibilityProperty: true}))
             .filter(each => { const {width, height} = each.getBoundingClientRect(); return width < 24 || height < 24 })
             .map(each => each.outerHTML.slice(0, 80))"""
    )
    assert small == []
