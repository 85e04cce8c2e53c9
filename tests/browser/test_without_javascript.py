"""Every page can be read and used without JavaScript."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.pages import PAGES

QUICKLY = ("home", "results", "comparison", "provider", "costs", "write a review", "credentials to verify")
"""`make test` looks at these alone."""


def test_search_filter_and_weigh(open_page: OpenPage) -> None:
    page = open_page("/", java_script_enabled=False)
    expect(page.get_by_text("Use my location")).to_be_hidden()
    page.get_by_label("ZIP code, city or address").fill("90503")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Providers near Torrance"))
    expect(page.locator("#map-panel")).to_be_hidden()
    page.get_by_role("checkbox", name=re.compile("^Botox")).check()
    page.locator("#w_rating").press("Home")
    page.get_by_role("button", name="Show providers").click()
    expect(page).to_have_url(re.compile("product=botox.*w_rating=0"))
    expect(page.get_by_role("checkbox", name=re.compile("^Botox"))).to_be_checked()
    expect(page.locator("output[for=w_rating]")).to_have_text("0%")
    page.get_by_text(re.compile("^Score .* of 100: see why")).first.click()
    expect(page.locator("#results table").first).to_be_visible()


def test_search_and_filters_unfold_on_a_phone(open_page: OpenPage) -> None:
    page = open_page(PAGES["results"], java_script_enabled=False, viewport={"width": 375, "height": 700})
    expect(page.get_by_role("checkbox", name=re.compile("^Botox"))).to_be_hidden()
    page.locator("#filters > summary").click()
    botox = page.get_by_role("checkbox", name=re.compile("^Botox"))
    expect(botox).to_be_visible()
    botox.check()
    page.get_by_role("button", name="Show providers", exact=True).click()
    expect(page).to_have_url(re.compile("product=botox"))
    expect(botox).to_be_hidden()
    page.locator("#asked-place > summary").click()
    expect(page.get_by_label("ZIP code, city or address")).to_have_value("90503")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in QUICKLY else [pytest.mark.exhaustive]) for name in PAGES]
)
def test_a_page_shows_its_heading(visit: Any, name: str) -> None:
    expect(visit(name, java_script_enabled=False).get_by_role("heading", level=1)).to_be_visible()
