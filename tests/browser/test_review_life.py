"""The whole life of a review, without JavaScript and with a real mailbox: from the form to the page and away again."""

import re

from playwright.sync_api import Page, expect

from tests.browser.own_site import PHONE, TEXT, WritingSite, fill
from tests.browser.pages import PATIENCE_MS
from tests.signing_in import sign_in_page


def test_a_review_is_written_confirmed_moderated_published_edited_and_deleted(writing: WritingSite) -> None:
    writer = writing.open(writing.form, java_script_enabled=False, viewport=PHONE)
    fill(writer)
    writer.get_by_role("button", name="Submit the review").click()
    writer.goto(writing.link_to_review(writer, "confirm"))
    writer.get_by_role("button", name="Confirm this review").click()
    mine = writing.link_to_review(writer, "mine")
    reader = writing.open(f"{writing.provider}/reviews", java_script_enabled=False)
    expect(reader.get_by_text(TEXT)).to_have_count(0)

    moderator = writing.open("/", java_script_enabled=False)
    sign_in_page(moderator, writing.app, "moderator")
    decide(moderator, "Publish")
    reader.reload()
    expect(reader.get_by_text(TEXT)).to_be_visible()
    expect(reader.get_by_text("Estimated")).to_be_visible()

    writer.goto(mine)
    writer.get_by_role("button", name="Change it").click()
    writer.get_by_label("Your review").fill("Other words, after another visit.")
    writer.get_by_role("button", name="Send the change").click()
    reader.reload()
    expect(reader.get_by_text(TEXT)).to_be_visible()
    decide(moderator, "Publish the change")
    reader.reload()
    expect(reader.get_by_text(TEXT)).to_have_count(0)
    expect(reader.get_by_text("Other words, after another visit.")).to_be_visible()

    writer.goto(mine)
    writer.get_by_role("button", name="Delete it").click()
    writer.get_by_role("button", name="Delete permanently").click()
    expect(writer.get_by_text("You deleted this review")).to_be_visible()
    reader.reload()
    expect(reader.get_by_text("Other words, after another visit.")).to_have_count(0)
    expect(reader.get_by_text("No reviews yet")).to_be_visible()


def decide(page: Page, decision: str) -> None:
    """Take the oldest that waits, and decide on it."""
    page.set_default_timeout(PATIENCE_MS)
    page.goto("/admin/reviews")
    page.get_by_role("link", name=re.compile(r"Review \d+ of")).first.click()
    page.get_by_role("button", name=decision, exact=True).click()
    expect(page.get_by_text("Done: ")).to_be_visible()
