"""A verifier at work by keyboard alone in a real browser, and the desk's pages under the eyes of axe."""

import pytest
from playwright.sync_api import Page, expect

from directory.credentials.evidence import add_evidence
from directory.credentials.models import Credential, VerificationTask
from directory.extensions import db
from tests.browser.looking import Look
from tests.browser.own_site import OwnSite
from tests.credentials.acting import paper
from tests.credentials.desk import rows
from tests.signing_in import sign_in_page

FIRST = "account:9990"


def with_all_three_sides() -> VerificationTask:
    task = rows.taken_up(FIRST)
    assert task.credential
    add_evidence(FIRST, task.credential, paper(), "a letter.pdf")
    rows.board_record(public_actions="Public reprimand, 2019")
    return task


def tab_to(page: Page, name: str) -> None:
    """Go on with the tabulator until the focus is on the button or link of that name."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == name:
            return
    raise AssertionError(f"the tabulator does not reach {name}")


def test_a_verifier_works_through_the_queue_by_keyboard_alone(own_site: OwnSite) -> None:
    first, second = own_site.store(rows.submitted_task, rows.submitted_task)
    page = own_site.open("/")
    sign_in_page(page, own_site.app, "verifier")
    page.goto("/admin/verify")
    keys = page.keyboard
    keys.press("n")
    page.wait_for_url(f"**/admin/verify/{first}")
    keys.press("t")
    expect(page.get_by_text("You have it now.")).to_be_visible()
    keys.press("v")
    keys.press("Space")
    expect(page.get_by_label("It holds: the source confirms it")).to_be_checked()
    keys.press("Tab")
    keys.press("Space")
    expect(page.get_by_label("The board's or registry's look-up page")).to_be_checked()
    keys.press("n")  # in a field it does nothing
    expect(page.get_by_role("heading", name="Decide")).to_be_visible()
    while page.evaluate("document.activeElement.name") != "number":
        keys.press("Tab")
    keys.type("nptv? 1234")  # letters of a field are text
    expect(page.get_by_label("Number")).to_have_value("nptv? 1234")
    keys.press("Enter")
    expect(page.get_by_text("Done: verified.")).to_be_visible()
    keys.press("n")
    page.wait_for_url(f"**/admin/verify/{second}")
    keys.press("?")
    expect(page.get_by_text("next in the queue", exact=True)).to_be_visible()
    tab_to(page, "Turn the shortcuts off")
    keys.press("Enter")
    expect(page.get_by_text("They are off on this device.")).to_be_visible()
    page.reload()
    keys.press("t")
    expect(page.locator("[data-shortcuts-switch]")).to_have_text("Turn the shortcuts on")
    expect(page.get_by_role("button", name="Take it up")).to_be_visible()
    page.get_by_text("Keyboard shortcuts").click()
    page.get_by_role("button", name="Turn the shortcuts on").click()
    page.locator("body").press("t")
    expect(page.get_by_text("You have it now.")).to_be_visible()
    with own_site.app.app_context():
        statuses = db.session.query(Credential.status).order_by(Credential.id).all()
        assert [status for (status,) in statuses] == ["verified", "in_review"]


@pytest.mark.exhaustive
def test_each_page_of_the_desk_is_accessible(own_site: OwnSite, look: Look) -> None:
    tasks = own_site.store(
        with_all_three_sides,
        lambda: rows.disputed(FIRST),
        rows.possible_exclusion,
        rows.claimed_task,
        lambda: rows.task_about(rows.exact()),
    )
    page = own_site.open("/")
    sign_in_page(page, own_site.app, "admin")
    for path in ("", "/exact", *(f"/{number}" for number in tasks)):
        page.goto(f"/admin/verify{path}")
        look(page, unfolded=True)
