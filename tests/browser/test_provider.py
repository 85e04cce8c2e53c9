"""A provider's page on a phone: the answer first, within bounds, by keyboard, without JavaScript, and on one sheet."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from directory.extensions import db
from directory.providers.models import PracticeLocation, Provider
from tests import factories
from tests.browser.conftest import OpenPage
from tests.browser.own_site import OwnSite

PHONE = {"width": 375, "height": 812}
FULL = "9500000010"
MUCH_KNOWN = (FULL, "9500000028", "9500000036", "9500000259")
"""Of the demonstration's providers those with the longest pages."""
BOTTOM = "element => element.getBoundingClientRect().bottom"


def page_height(page: Page) -> int:
    height: int = page.evaluate("document.documentElement.scrollHeight")
    return height


@pytest.mark.parametrize("language", ["", "/es"])
@pytest.mark.parametrize("npi", MUCH_KNOWN)
def test_phone_stars_and_distance_come_first_and_the_page_is_four_screens(
    open_page: OpenPage, npi: str, language: str
) -> None:
    page = open_page(f"{language}/providers/{npi}?near=90503", viewport=PHONE)
    assert page.locator("details[open]").count() == 0
    for shown in (".contact .phone", ".strip .stars", ".strip .distance"):
        assert page.locator(shown).evaluate(BOTTOM) < 750
    assert page_height(page) < 3_200


def test_from_the_results_to_the_provider_and_back_without_javascript(open_page: OpenPage) -> None:
    page = open_page("/search?near=90503&product=botox", viewport=PHONE, java_script_enabled=False)
    name = page.locator("#results h2 a").first
    words, distance = name.inner_text(), page.locator("#results .distance").first.inner_text()
    name.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    expect(page.locator(".strip .distance")).to_have_text(distance)
    page.get_by_text("Sources and dates").first.click()
    expect(page.locator("#glance dl.facts")).to_be_visible()
    page.get_by_role("link", name=re.compile(r"^All \d+ reviews$")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Reviews of {words}")
    page.get_by_label("Stars", exact=True).select_option("5")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("near=90503&product=botox&reviews_stars=5"))
    page.get_by_role("link", name=f"← {words}").click()
    page.get_by_role("link", name="All outcomes, compared with trials").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("report")
    page.get_by_role("link", name=f"← {words}").click()
    page.get_by_role("link", name="Back to results").click()
    expect(page).to_have_url(re.compile(r"/search\?near=90503&product=botox#provider-\d{10}$"))


def test_the_call_stays_at_the_foot_of_a_phone_and_covers_nothing_that_has_the_focus(open_page: OpenPage) -> None:
    page = open_page(f"/providers/{FULL}?near=90503", viewport=PHONE)
    call = page.locator(".call-bar a")
    expect(call).to_have_text("Call (310) 555-0100")
    expect(call).to_be_in_viewport()
    assert call.get_attribute("href") == page.locator(".contact .phone").get_attribute("href")
    covered = []
    for _ in range(45):
        page.keyboard.press("Tab")
        covered += page.evaluate(
            "(() => { const focused = document.activeElement, bar = document.querySelector('.call-bar');"
            " if (focused === document.body || bar.contains(focused)) return [];"
            " const one = focused.getBoundingClientRect(), other = bar.getBoundingClientRect();"
            " return one.bottom > other.top + 1 && one.top < other.bottom ? [focused.outerHTML.slice(0, 80)] : [] })()"
        )
    assert covered == []
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    expect(page.get_by_role("contentinfo").get_by_role("link").last).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(call).to_be_hidden()
    expect(page.locator(".contact .phone")).to_be_visible()


@pytest.mark.parametrize("language", ["", "/es"])
@pytest.mark.parametrize("npi", MUCH_KNOWN)
def test_it_prints_on_one_letter_sheet(open_page: OpenPage, npi: str, language: str) -> None:
    page = open_page(f"{language}/providers/{npi}?near=90503")
    assert len(re.findall(rb"/Type\s*/Page\b[^s]", page.pdf(prefer_css_page_size=True))) == 1
    page.emulate_media(media="print")
    for hidden in (".call-bar", ".contact [role=button]", ".site-header", ".next-steps"):
        expect(page.locator(hidden).first).to_be_hidden()
    for shown in ("h1", ".contact .phone", ".glance", ".ticks", ".star-bars", "#outcomes", ".fees", "dl.hours"):
        expect(page.locator(shown).first).to_be_visible()


LONG_NAME = "Maximiliana Wilhelmina Bartholomew-Fotheringay de los Santos y Villanueva-Castellanos, MD, PhD, FAAN"


def unusual(app: Flask) -> list[str]:
    """Providers of whom little is known, or much of one thing."""
    with app.app_context():
        for number in range(1, 40):
            factories.location(FORTY, (33.8 + number / 100, -118.3), line_1=f"{number} Example Street")
        bare = factories.provider(at=None, specialties=(), name=LONG_NAME).npi
        silent = factories.provider()
        db.session.flush()
        for location in db.session.query(PracticeLocation).where(PracticeLocation.npi == silent.npi):
            location.phone = None
        abroad = factories.provider(name="Clínica Uno, S.A. de C.V.", entity_type=2)
        for location in db.session.query(PracticeLocation).where(PracticeLocation.npi == abroad.npi):
            location.country, location.state, location.city = "MX", "Baja California", "Tijuana"
            location.phone = "+52 664 634 1234"
        db.session.commit()
        return [FORTY, bare, silent.npi, abroad.npi]


FORTY = "9000000991"


def test_little_known_providers_and_those_with_forty_locations_fit_too(own_site: OwnSite) -> None:
    with own_site.app.app_context():
        factories.provider(npi=FORTY)
        db.session.commit()
    for npi in unusual(own_site.app):
        page = own_site.open_at(own_site.address, f"/providers/{npi}?near=90503", viewport=PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert page_height(page) < 3_200
        with own_site.app.app_context():
            locations = db.session.get_one(Provider, npi).locations
            calls = sum(1 for each in locations if each.phone)
        expect(page.locator(".call-bar a")).to_have_count(1 if calls else 0)
        if len(locations) > 1:
            page.get_by_text("39 more locations").click()
            expect(page.locator("#where address")).to_have_count(40)
