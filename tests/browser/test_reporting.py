"""A patient reports a wrong phone, staff correct it, and the card shows it: with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import Look
from tests.browser.own_site import PHONE, WritingSite
from tests.signing_in import sign_in_page

READER = "pat@example.org"


@pytest.mark.parametrize("java_script", [True, False], ids=["scripts", "no scripts"])
def test_from_a_wrong_phone_to_the_card(writing: WritingSite, look: Look, java_script: bool) -> None:
    page = writing.open(writing.provider, viewport=PHONE, java_script_enabled=java_script)
    page.get_by_role("link", name="Report wrong information").click()
    page.get_by_role("button", name="Send your report").click()
    expect(page.get_by_role("alert").filter(has_text="Choose what is wrong.")).to_be_visible()
    if java_script:
        look(page, "Report wrong information")  # with mistakes
    page.get_by_label("Phone number").check()
    page.get_by_label("What is right?").fill("It is 310 555 0177 now.")
    page.get_by_label("I called or went there").check()
    page.get_by_label("Your email address").fill(READER)
    page.get_by_role("button", name="Send your report").click()
    if java_script:
        look(page, "Thank you. We got your report")
    else:
        expect(page.get_by_role("heading", name="Thank you. We got your report")).to_be_visible()

    staff = writing.open("/privacy", java_script_enabled=java_script)
    sign_in_page(staff, writing.app, "verifier")
    staff.goto("/admin")
    staff.get_by_role("link", name="Reports of wrong information").click()
    staff.get_by_role("link", name="Phone number:").click()
    if java_script:
        expect(staff.get_by_role("heading", level=1)).to_contain_text("Phone number:")
        look(staff, unfolded=True)
    if not java_script:
        staff.get_by_text("Correct the page …").click()
    expect(staff.get_by_label("Phone", exact=True)).to_have_value("(310) 555-0177")
    staff.get_by_label("How you checked it").fill("Called the front desk.")
    staff.get_by_role("button", name="Correct the page").click()
    expect(staff.get_by_text("The page is corrected.")).to_be_visible()

    page.goto("/search?near=90503")
    expect(page.locator("article .call")).to_have_attribute("href", "tel:+1-310-555-0177")
    assert "We checked it and corrected the page." in writing.letter(page, READER, "corrected").text
