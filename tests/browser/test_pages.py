"""Every page: no violation of axe, no sideways scrolling, no request to another host (see conftest)."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import BARE_NPI, OpenPage
from tests.signing_in import sign_in_page

PAGES = {
    "home": "/",
    "results": "/search?near=90503&specialty=treating",
    "filtered": "/search?near=90503&product=botox&language=es&w_rating=80&w_proximity=20",
    "second page": "/search?near=90503&radius=100&page=2",
    "empty": "/search?near=90503&radius=5&product=daxxify&language=hy&service=topical_anaesthetic",
    "nobody": "/search?near=04401",
    "ambiguous": "/search?near=Springfield",
    "misspelt": "/search?near=Torrence",
    "mistakes": "/search?near=&radius=-1&product=nothing&w_rating=lots",
    "start": "/search",
    "provider": "/providers/{full}",
    "barred provider": f"/providers/{BARE_NPI}",
    "outcomes": "/outcomes",
    "how we rank": "/how-we-rank",
    "how we verify": "/how-we-verify",
    "write a review": "/providers/9500000010/reviews/new",
    "find my reviews": "/reviews/mine",
    "report a review": "/reviews/1/report",
    "reported": "/reviews/1/report/received",
    "review policy": "/review-policy",
    "privacy": "/privacy",
    "accessibility": "/accessibility",
    "sign in": "/account/sign-in",
    "forgotten password": "/account/forgotten-password",
    "staff page": "admin:/admin",
    "reviews to decide": "moderator:/admin/reviews",
    "a review to moderate": "moderator:/admin/reviews/1",
    "own account": "clinic:/account",
    "authenticator app": "moderator:/account/second-factor",
    "recovery codes": "moderator:/account/recovery-codes",
    "shown recovery codes": "moderator:/account/recovery-codes?show_codes=1",
    "change of password": "moderator:/account/password",
    "password again": "moderator:/account/password-again",
    "refused": "verifier:/admin/matches",
    "not found": "/nowhere",
}  # of an address, or of a role and an address that it signs in for
WIDTHS = (375, 1280)
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
PRESSABLE = (
    "button, select, summary, label.choice, nav a, .choices a, .chips a, .marker,"
    "input:not([type=checkbox], [type=radio], [type=hidden])"
)  # of a box or button with its words the whole label is pressed
NARROWEST = 320  # WCAG 1.4.10 Reflow


SESSIONS = pytest.StashKey[dict[str, Any]]()
"""The cookies of who signed in before, by role: signing in takes longer than most pages."""


@pytest.fixture
def open_named(open_page: OpenPage, site_app: Flask, request: pytest.FixtureRequest) -> Any:
    """Opens a page of `PAGES`; the first result stands for a provider of whom much is known."""
    sessions = request.config.stash.setdefault(SESSIONS, {})

    def open_named(name: str, **options: Any) -> Any:
        role, _, path = PAGES[name].rpartition(":")
        if role not in sessions and role:
            page = open_page("/account/sign-in")
            sign_in_page(page, site_app, role, BARE_NPI if role == "clinic" else None)
            sessions[role] = page.context.storage_state()
        if role:
            return open_page(path, storage_state=sessions[role], **options)
        if "{full}" not in path:
            return open_page(path, **options)
        page = open_page(PAGES["results"], **options)
        page.locator("#results h2 a").first.click()
        expect(page.locator("#qualifications")).to_be_visible()
        return page

    return open_named


def unfold(page: Page) -> None:
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(open_named: Any, name: str, scheme: str) -> None:
    page = open_named(name, color_scheme=scheme)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        unfold(page)
        page.wait_for_load_state("networkidle")
        results = Axe().run(page, options=WCAG)
        assert results.violations_count == 0, f"{width} pixels wide: {results.generate_report()}"


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
