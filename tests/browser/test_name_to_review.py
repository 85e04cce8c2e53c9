"""A patient finds "quintero" and writes a review: with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from directory.extensions import db
from tests import factories
from tests.browser.looking import Look
from tests.browser.own_site import PHONE, WritingSite, fill


@pytest.mark.parametrize("java_script", [True, False], ids=["scripts", "no scripts"])
def test_from_a_name_to_a_review(writing: WritingSite, look: Look, java_script: bool) -> None:
    with writing.app.app_context():
        name = {"first_name": "Marisol", "last_name": "Quintero-Hale", "name": "Marisol Quintero-Hale, MD"}
        npi = factories.provider(**name).npi
        db.session.commit()
    page = writing.open("/", viewport=PHONE, java_script_enabled=java_script)
    page.get_by_label("Doctor or practice name").fill("quintero")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("link", name="Marisol Quintero-Hale, MD").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Marisol Quintero-Hale, MD")
    page.get_by_role("button", name="Write a review").first.click()
    expect(page.get_by_text("7 answers are required; the others are marked “optional”.")).to_be_visible()
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    fill(page)
    page.get_by_label("Someone else’s visit").check()
    page.get_by_label("Name to show").fill("jo@example.org")
    page.get_by_role("button", name="Submit the review").click()
    page.get_by_role("link", name="Everyone can read this name.").click()
    if java_script:
        look(page, "Write a review")
    page.get_by_label("Name to show").fill("Jo W.")
    page.get_by_role("button", name="Submit the review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    page.goto(writing.link_to_review(page, "confirm"))
    expect(page.get_by_text("Someone else’s visit (I cared for or went with the patient)")).to_be_visible()
    page.get_by_role("button", name="Confirm this review").click()
    expect(page.get_by_text("In moderation")).to_be_visible()
    assert npi in page.content()
