"""A clinic's representative replies: refused with the words quoted, sent, published, changed, by keyboard and eye."""

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from directory.extensions import db
from directory.reviews.models import ReplyVersion, Review
from directory.reviews.replies.actions import publish_reply
from tests import factories
from tests.browser.conftest import OpenPage
from tests.browser.looking import Look
from tests.signing_in import sign_in_page

REFUSED = "Dear Robin, we are sorry that you waited at your appointment on March 3."
OTHER = "Thank you for writing. We have hired two more people for the front desk."


@pytest.fixture
def review(site_app: Flask) -> Review:
    """A published review of a provider whom no search finds."""
    with site_app.app_context():
        provider = factories.provider(at=None, specialties=())
        found = factories.review(provider.npi, 2.0, text="The wait was long.", author="Robin E.")
        db.session.commit()
        db.session.refresh(found)
        db.session.expunge(found)
    return found


def publish_what_waits(app: Flask, review: Review) -> None:
    with app.app_context():
        versions = db.session.scalars(select(ReplyVersion).where(ReplyVersion.status == "pending"))
        for version in versions:
            if version.reply.review_id == review.id:
                publish_reply(version, "account:900")
        db.session.commit()


def test_a_representative_is_refused_takes_the_wording_is_published_and_edits(
    open_page: OpenPage, site_app: Flask, review: Review, look: Look
) -> None:
    page = open_page("/")
    sign_in_page(page, site_app, "clinic", npi=review.npi)
    page.get_by_role("link", name="Reviews and replies").click()
    look(page, unfolded=True)
    page.get_by_role("link", name="Reply to the review").click()
    look(page, unfolded=True)

    box = page.get_by_label("Your reply")
    box.fill(REFUSED)
    page.get_by_role("button", name="Send it to the moderators").click()
    summary = page.get_by_role("alert").filter(has_text="Please check")
    for quoted in ("“Dear Robin”", "“your appointment”", "“March 3”"):
        expect(summary).to_contain_text(quoted)
    expect(box).to_have_value(REFUSED)
    look(page, unfolded=True)
    summary.get_by_role("link").first.click()
    expect(box).to_be_focused()

    page.get_by_role("button", name="Start over from the sample reply").click()
    expect(page.get_by_text(REFUSED)).to_be_visible()
    look(page, unfolded=True)
    page.get_by_role("button", name="Send it to the moderators").click()
    expect(page.get_by_role("status")).to_contain_text("is in moderation")
    look(page, unfolded=True)

    publish_what_waits(site_app, review)
    page.goto(f"/providers/{review.npi}/reviews")
    expect(page.get_by_text("Reply from the practice")).to_be_visible()
    look(page, unfolded=True)

    page.goto(f"/reviews/{review.id}/reply")
    expect(page.get_by_role("status")).to_contain_text("Your reply is published")
    box.fill(OTHER)
    page.get_by_role("button", name="Send it to the moderators").click()
    expect(page.get_by_role("status")).to_contain_text("the earlier version stays")
    publish_what_waits(site_app, review)

    page.goto(f"/providers/{review.npi}/reviews")
    expect(page.get_by_text(OTHER)).to_be_visible()
    expect(page.get_by_text("· edited")).to_be_visible()
    earlier = page.get_by_text("Thank you for taking the time to write.")
    expect(earlier).to_be_hidden()
    page.get_by_text("Earlier version").click()
    expect(earlier).to_be_visible()
    look(page, unfolded=True)


def test_a_reply_is_sent_without_javascript(open_page: OpenPage, site_app: Flask, review: Review) -> None:
    page = open_page("/", java_script_enabled=False)
    sign_in_page(page, site_app, "clinic", npi=review.npi)
    page.goto(f"/reviews/{review.id}/reply")
    page.get_by_role("button", name="Send it to the moderators").click()
    expect(page.get_by_role("status")).to_contain_text("is in moderation")
