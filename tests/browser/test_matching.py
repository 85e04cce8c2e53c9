"""Staff say who is meant by reviews from elsewhere: by keyboard and eye, at each width, in light and dark."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from directory.extensions import db
from directory.providers.sources import Source, SourceKind
from directory.reviews.external.actions import average_id, hold_for_decision
from directory.reviews.external.provider_matching import Candidate
from directory.reviews.external.queries import waiting_page
from directory.reviews.external.subjects import Subject
from tests import factories
from tests.browser.conftest import OpenPage
from tests.browser.looking import Look
from tests.signing_in import sign_in_page

CONTENT = {"verified": False, "visited_on": None, "author": None, "url": "https://carevoice.example/reviews/1"}
TEXT = "The plan was explained in plain words, and the relief came after five days."


@pytest.fixture
def subjects(site_app: Flask) -> None:
    """A person of whom there are two here, and a clinic that moved; of invented providers whom no search finds."""
    with site_app.app_context():
        if db.session.get(Source, "demo_sample") is None:
            db.session.add(Source(key="demo_sample", name="CareVoice", kind=SourceKind.DEMONSTRATION))
        smiths = [
            factories.provider(first_name="John", last_name="Smith", name=f"John Smith, {degree}", specialties=())
            for degree in ("MD", "DO")
        ]
        clinic = factories.provider(name="South Bay Pain Clinic, LLC", organization_name="South Bay Pain Clinic, LLC")
        hold = (
            (Subject("Dr. John Smith"), smiths, [1.0, 5.0, 4.0]),
            (
                Subject("South Bay Pain Center", "9 Elsewhere Road, Gardena, CA 90247", "(424) 555-0188"),
                [clinic],
                [4.5],
            ),
        )
        for subject, providers, ratings in hold:
            candidates = [Candidate(each.npi, 0.75) for each in providers]
            for rating in ratings:
                content = CONTENT | {
                    "kind": "review", "rating": rating, "created_at": "2025-07-02T10:00:00+00:00", "text": TEXT,
                }  # fmt: skip
                hold_for_decision(subject, "demo_sample", f"{subject.name} {rating}", content, candidates)
        average = {"kind": "average", "average": 4.4, "reviews": 37, "url": None, "as_of": "2025-07-02"}
        hold_for_decision(hold[1][0], "demo_sample", average_id(hold[1][0]), average, [Candidate(clinic.npi, 0.5)])
        db.session.commit()


def test_a_moderator_is_told_what_is_missing_and_decides_by_keyboard(
    open_page: OpenPage, site_app: Flask, subjects: None, look: Look
) -> None:
    page = open_page("/")
    sign_in_page(page, site_app, "moderator")
    page.get_by_role("link", name="Reviews elsewhere to match").click()
    expect(page.get_by_role("heading", name="Who is meant?", exact=True)).to_be_visible()
    look(page)

    page.get_by_role("button", name="Decide who is meant by Dr. John Smith").click()
    summary = page.get_by_role("alert").filter(has_text="Please check")
    expect(summary).to_contain_text("Choose who is meant")
    look(page)
    summary.get_by_role("link").click()
    group = page.get_by_role("group", name="Who is meant by “Dr. John Smith”?")
    expect(group.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(group.get_by_role("radio").nth(1)).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("“Dr. John Smith” is John Smith")
    look(page)

    clinic = page.get_by_role("group", name="Who is meant by “South Bay Pain Center”?")
    clinic.get_by_label("None of these").check()
    page.get_by_role("button", name="Decide who is meant by South Bay Pain Center").click()
    expect(page.get_by_role("status")).to_contain_text("“South Bay Pain Center” matches no provider here")
    expect(page.get_by_text("All caught up.")).to_be_visible()
    look(page)
    with site_app.app_context():
        assert waiting_page(1).total == 0
