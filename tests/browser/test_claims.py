"""A clinic claims its page by email, becomes its representative, and says when it is open."""

from axe_playwright_python.sync_playwright import Axe
from passlib.totp import TOTP
from playwright.sync_api import Page, expect

from directory.extensions import db
from directory.providers.models import Provider, Website
from directory.providers.sources import known_source
from tests import factories
from tests.browser.pages import WCAG
from tests.browser.writing_site import WritingSite
from tests.clinics.claims.claiming import CLAIMANT, DESK, DOMAIN, link, mailed_code
from tests.signing_in import PASSWORD


def heading(page: Page, text: str) -> None:
    """Wait for the page with that heading, on which axe has to find nothing."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
    results = Axe().run(page, options=WCAG)
    assert results.violations_count == 0, f"{text}: {results.generate_report()}"


def test_from_the_claim_to_hours_on_the_page(writing: WritingSite) -> None:
    with writing.app.app_context():
        npi = db.session.query(Provider).one().npi
        known_source("staff")
        db.session.add(Website(npi=npi, url=f"https://www.{DOMAIN}", source_key="staff", as_of=factories.DAY))
        db.session.commit()
    page = writing.open(writing.provider)
    page.get_by_role("link", name="Is this your practice?").click()
    heading(page, "Is this your practice?")
    page.get_by_role("button", name="Claim this page").click()
    heading(page, "Is this your practice?")  # with mistakes
    page.get_by_label("Your name").fill("Jo Example")
    page.get_by_label("Your position at the practice").fill("Office manager")
    page.get_by_label("Your email address").fill(CLAIMANT)
    page.get_by_label("By email, at once").check()
    page.get_by_label("The address at the practice's domain").fill(DESK)
    page.get_by_label("I may speak for this provider").check()
    page.get_by_role("button", name="Claim this page").click()
    heading(page, "Your claim is made")

    expect_letters(page, writing)
    page.goto(link(writing.mailbox))
    heading(page, "Your claim")
    page.get_by_label("The code").fill(mailed_code(writing.mailbox))
    page.get_by_role("button", name="Enter the code").click()
    page.get_by_label("Password").fill(PASSWORD)
    heading(page, "Your claim")
    page.get_by_role("button", name="Make the account").click()

    heading(page, "Sign in")
    page.get_by_label("Email").fill(CLAIMANT)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    begin = page.get_by_role("button", name="Show the picture for the app")
    begin.click()
    key = page.locator(".key").inner_text()
    page.get_by_label("Code").fill(TOTP(key=key).generate().token)
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()

    page.goto("/account")
    heading(page, "Your account")
    page.get_by_role("link", name="Hours, products, fees").click()
    heading(page, "Facts of the practice")
    monday = page.get_by_role("group", name="Monday")
    monday.get_by_label("Opens at").fill("17:00")
    monday.get_by_label("Closes at").fill("08:30")
    page.get_by_role("button", name="Save the facts").click()
    expect(page.get_by_role("alert").filter(has_text="That is not after you open.")).to_be_visible()
    heading(page, "Facts of the practice")
    monday.get_by_label("Opens at").fill("08:30")
    monday.get_by_label("Closes at").fill("17:00")
    page.get_by_role("button", name="Save the facts").click()
    expect(page.get_by_text("Saved.")).to_be_visible()

    page.goto(writing.provider)
    where = page.locator("#where")
    expect(where.get_by_text("Monday 8:30 am to 5 pm")).to_be_visible()
    expect(where.get_by_text("says the clinic")).to_be_visible()


def expect_letters(page: Page, writing: WritingSite) -> None:
    """The mail is sent after the page is shown, so it is waited for."""
    for _ in range(100):
        if writing.mailbox.to(CLAIMANT) and writing.mailbox.to(DESK):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the letters did not come")
