"""A review in a real browser: from the form to the deletion without JavaScript, and the draft with it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.looking import Look
from tests.browser.own_site import ADDRESS, PHONE, TEXT, WritingSite, fill


def test_write_confirm_change_and_delete_without_javascript(writing: WritingSite) -> None:
    page = writing.open(writing.provider, java_script_enabled=False, viewport=PHONE)
    page.get_by_role("button", name="Write a review").click()
    fill(page)
    page.get_by_label("PDF, PNG or JPEG").set_input_files({"name": "x.txt", "mimeType": "text/plain", "buffer": b"hi"})
    page.get_by_role("button", name="Submit the review").click()
    page.get_by_role("link", name="The file is not a PDF, PNG or JPEG").click()
    expect(page.get_by_label("Your review")).to_have_value(TEXT)
    page.get_by_role("button", name="Submit the review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    page.goto(writing.link_to_review(page, "confirm"))
    expect(page.get_by_text(TEXT)).to_be_visible()
    page.get_by_role("button", name="Confirm this review").click()
    expect(page.get_by_text("In moderation")).to_be_visible()
    page.goto(writing.link_to_review(page, "mine"))
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_label("4", exact=True).first).to_be_checked()
    page.get_by_label("Your review").fill("Other words.")
    page.get_by_role("button", name="Send the change").click()
    expect(page.get_by_text("Other words.")).to_be_visible()
    page.get_by_role("button", name="Delete it").click()
    page.get_by_role("button", name="Delete permanently").click()
    expect(page.get_by_text("You deleted this review")).to_be_visible()


def test_a_draft_outlives_a_closed_tab_until_the_review_is_sent(writing: WritingSite) -> None:
    page = writing.open(writing.form)
    fill(page)
    page.get_by_label("Your review").blur()
    again = page.context.new_page()
    page.close()
    again.goto(writing.form)
    expect(again.locator("[data-draft-notice]")).to_contain_text("This is what you wrote here on")
    expect(again.get_by_label("Your review")).to_have_value(TEXT)
    expect(again.get_by_label("dry mouth")).to_be_checked()
    expect(again.get_by_label("Your email address")).to_have_value("")
    expect(again.get_by_label("This is my own experience")).not_to_be_checked()
    kept = again.evaluate("JSON.stringify(localStorage)")
    assert TEXT in kept
    assert ADDRESS not in kept
    fill(again)
    again.get_by_role("button", name="Submit the review").click()
    expect(again.get_by_role("heading", level=1)).to_have_text("Check your email")
    assert again.evaluate("localStorage.length") == 0
    again.goto(writing.form)
    expect(again.get_by_label("Your review")).to_have_value("")


def test_a_draft_can_be_discarded_and_an_old_one_is_left_alone(writing: WritingSite) -> None:
    page = writing.open(writing.form)
    fill(page)
    page.get_by_label("Your review").blur()
    page.reload()
    page.get_by_role("button", name="Discard draft").click()
    expect(page.get_by_label("Your review")).to_have_value("")
    expect(page.get_by_label("dry mouth")).not_to_be_checked()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert page.evaluate("localStorage.length") == 0
    fill(page)
    page.get_by_label("Your review").blur()
    page.evaluate(
        "for (const key of Object.keys(localStorage)) { const draft = JSON.parse(localStorage[key]);"
        " draft.savedAt -= 8 * 24 * 3600 * 1000; localStorage[key] = JSON.stringify(draft); }"
    )
    page.goto("/privacy")
    page.goto(writing.form)
    expect(page.locator("[data-draft-notice]")).to_be_hidden()
    expect(page.get_by_label("Your review")).to_have_value("")


def test_what_the_server_gave_back_is_not_overwritten_by_a_draft(writing: WritingSite) -> None:
    page = writing.open(writing.form)
    fill(page, "Call me at 310-555-0199.")
    page.get_by_role("button", name="Submit the review").click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.get_by_text("Remove the phone number")).to_be_visible()
    expect(page.get_by_label("Your review")).to_have_value("Call me at 310-555-0199.")
    page.get_by_label("I checked these").check()
    page.get_by_role("button", name="Submit the review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")


def test_the_counter_says_how_much_is_left_or_too_much(writing: WritingSite) -> None:
    page = writing.open(writing.form)
    counter = page.locator("[data-counter=text]")
    expect(counter).to_have_text("Up to 5,000 characters.")
    page.get_by_label("Your review").fill("👍" * 10)
    expect(counter).to_have_text("4,990 characters left.")
    page.get_by_label("Your review").fill("x" * 5_001)
    expect(counter).to_have_text("1 character too long.")


def test_in_spanish_the_counter_and_the_draft_speak_spanish(writing: WritingSite) -> None:
    page = writing.open(f"/es{writing.form}")
    counter = page.locator("[data-counter=text]")
    expect(counter).to_have_text("Hasta 5,000 caracteres.")
    page.locator("#text").fill("x" * 10)
    expect(counter).to_have_text("Caracteres que quedan: 4,990.")
    page.locator("#text").fill("x" * 5_002)
    expect(counter).to_have_text("Sobran 2 caracteres.")
    page.locator("#text").blur()
    page.reload()
    expect(page.locator("[data-draft-notice]")).to_contain_text(re.compile(r"usted escribió aquí el \d+ de [a-z]+\."))


def test_a_file_that_is_too_large_is_said_before_it_is_sent(writing: WritingSite, tmp_path: Path) -> None:
    page = writing.open(writing.form)
    fill(page)
    large = tmp_path / "x.pdf"
    large.write_bytes(b"%PDF-" + b"x" * (6 * 1024 * 1024))
    page.get_by_label("PDF, PNG or JPEG").set_input_files(large)
    expect(page.get_by_text("The file is larger than 5 MB.")).to_be_visible()
    page.get_by_role("button", name="Submit the review").click()
    expect(page.get_by_label("Your review")).to_have_value(TEXT)
    expect(page).to_have_url(re.compile("/reviews/new$"))


@pytest.mark.exhaustive
def test_each_page_on_the_way_is_accessible(writing: WritingSite, look: Look) -> None:
    page = writing.open(writing.form)
    fill(page, "Call me at 310-555-0199.")
    page.get_by_label("Weeks it lasted").fill("-1")
    page.get_by_role("button", name="Submit the review").click()
    expect(page.locator("#findings")).to_be_visible()
    look(page)
    fill(page)
    page.get_by_label("Weeks it lasted").fill("")
    page.get_by_role("button", name="Submit the review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    look(page)
    page.goto(writing.link_to_review(page, "confirm"))
    look(page)
    page.get_by_role("button", name="Confirm this review").click()
    expect(page.get_by_text("In moderation")).to_be_visible()
    look(page)
    for link in ("Change it", "Delete it"):
        page.goto(writing.link_to_review(page, "mine"))
        page.get_by_role("button", name=link).click()
        look(page)
