"""A patient finds a doctor by name, from the home page and from the foot of any page; a practice finds its page."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser
PHONE = {"width": 375, "height": 812}


@pytest.mark.parametrize("scripting", [True, False])
def test_a_name_typed_at_home_leads_to_the_provider(open_page: OpenPage, scripting: bool) -> None:
    page = open_page("/", java_script_enabled=scripting, viewport=PHONE)
    box = page.locator(".search-box").bounding_box()
    assert box
    assert box["y"] + box["height"] < PHONE["height"]
    page.get_by_label("Doctor or practice name").fill("quintero")
    page.keyboard.press("Enter")
    expect(page.locator("#result-count")).to_have_text("1 provider matches.")
    page.get_by_role("link", name=re.compile("Quintero-Hale")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Quintero-Hale")


def test_from_the_foot_a_patient_reviews_the_doctor_whom_she_names(open_page: OpenPage) -> None:
    page = open_page("/privacy", viewport=PHONE)
    page.get_by_role("link", name="Menu").click()
    page.get_by_role("contentinfo").get_by_role("link", name="Review your doctor").click()
    page.get_by_label("Doctor or practice name").fill("qintero")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name=re.compile("^Write a review")).click()
    expect(page).to_have_url(re.compile("/providers/9500000010/reviews/new$"))


def test_a_practice_finds_its_page_and_claims_it(open_page: OpenPage) -> None:
    page = open_page("/for-practices", java_script_enabled=False)
    page.get_by_label("Find your page").fill("9500000010")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name=re.compile("^Claim this page")).click()
    expect(page).to_have_url(re.compile("/claim/9500000010$"))
