"""A moderator at work in a real browser, with and without JavaScript, and a reader who reports."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from directory.reviews.models import Review
from tests.browser.looking import Look
from tests.browser.own_site import OwnSite
from tests.reviews.moderation import rows
from tests.signing_in import sign_in_page

STATES: dict[str, Callable[[], Review]] = {
    "new": lambda: rows.noticed(rows.written(text="Nurse Karen Smith was rude. Call 310-555-0199.", tie="family")),
    "appeal": rows.appealed,
    "edit": rows.edited,
    "report": lambda: rows.reported(note="It is about another clinic."),
    "removal": rows.proposed,
    "proof": rows.with_proof,
    "reply": rows.replied,
    "decided": lambda: rows.decided(rows.written(), "publish", message="A message.", note="A note."),
}


@pytest.fixture
def moderator(own_site: OwnSite) -> Page:
    """A page on which a moderator is signed in; no script runs on it."""
    page = own_site.open("/", java_script_enabled=False)
    sign_in_page(page, own_site.app, "moderator")
    return page


def test_a_moderator_publishes_one_and_rejects_the_next_with_a_message(moderator: Page, own_site: OwnSite) -> None:
    early = datetime(2026, 2, 1, tzinfo=UTC)
    first, second = own_site.store(lambda: rows.written(at=early), rows.written)
    page = moderator
    page.get_by_role("link", name="Reviews to decide").click()
    page.get_by_role("link", name=f"Review {first} of").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Done: published.")).to_be_visible()
    page.wait_for_url(f"**/admin/reviews/{second}")
    page.get_by_text("Reject …").click()
    page.get_by_role("button", name="Reject", exact=True).click()
    page.get_by_role("link", name="Choose the reason.").click()
    page.get_by_label("It advertises something.").check()
    page.get_by_role("button", name="Reject", exact=True).click()
    message = page.get_by_label("Message to the writer")
    expect(message).to_have_value(
        "We didn’t publish your review. It advertises something. The number of stars you "
        "gave was not a factor. Your private link shows what you can do now."
    )
    message.fill("It reads like an advertisement.")
    page.get_by_role("button", name="Reject", exact=True).click()
    expect(page.get_by_text("Done: rejected.")).to_be_visible()
    expect(page.get_by_text("All caught up.")).to_be_visible()
    page.get_by_role("link", name="View it again").click()
    expect(page.get_by_text("It reads like an advertisement.")).to_be_visible()
    expect(page.get_by_text("You’re all caught up.")).to_be_visible()


def test_a_reader_reports_and_two_moderators_remove(moderator: Page, own_site: OwnSite) -> None:
    (review_id,) = own_site.store(lambda: rows.written(status="published"))
    page = moderator
    page.goto(f"/reviews/{review_id}/report")
    page.get_by_label("The text is copied.").check()
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name="Thank you. We got your report")).to_be_visible()
    page.goto("/admin/reviews?kind=report")
    page.get_by_role("link", name=f"Review {review_id} of").click()
    page.get_by_text("Propose its removal …").click()
    page.get_by_label("The text is copied from another review.").check()
    page.get_by_role("button", name="Propose its removal").click()
    expect(page.get_by_text("Done: proposed for removal.")).to_be_visible()
    expect(page.get_by_text("You proposed this removal")).to_have_count(2)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
    sign_in_page(page, own_site.app, "moderator")
    page.goto(f"/admin/reviews/{review_id}")
    page.get_by_text("Confirm the removal …").click()
    page.get_by_role("button", name="Confirm the removal").click()
    expect(page.get_by_text("Done: removed.")).to_be_visible()
    page.goto("/review-policy")
    expect(page.get_by_role("row", name="The text is copied from another review. 0 1")).to_be_visible()


@pytest.mark.exhaustive
def test_each_state_of_a_review_is_accessible(own_site: OwnSite, look: Look) -> None:
    states = dict(zip(STATES, own_site.store(*STATES.values()), strict=True))
    page = own_site.open("/")
    sign_in_page(page, own_site.app, "moderator")
    for path in ("", "?kind=edit", *(f"/{number}" for number in states.values())):
        page.goto(f"/admin/reviews{path}")
        look(page, unfolded=True)
    page.goto(f"/admin/reviews/{states['new']}")
    page.get_by_text("Reject …").click()
    page.get_by_role("button", name="Reject", exact=True).click()
    expect(page.get_by_role("alert").get_by_text("Choose the reason.")).to_be_visible()
    look(page)
