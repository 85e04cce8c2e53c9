"""A clinic claims its page by email, becomes its representative, and says when it is open."""

from passlib.totp import TOTP
from playwright.sync_api import expect

from directory.extensions import db
from directory.providers.models import Website
from directory.providers.sources import known_source
from tests import factories
from tests.browser.looking import Look
from tests.browser.own_site import WritingSite
from tests.clinics.claims.claiming import CLAIMANT, DESK, DOMAIN, mailed_code
from tests.signing_in import PASSWORD


def test_from_the_claim_to_hours_on_the_page(writing: WritingSite, look: Look) -> None:
    with writing.app.app_context():
        known_source("staff")
        db.session.add(Website(npi=writing.npi, url=f"https://www.{DOMAIN}", source_key="staff", as_of=factories.DAY))
        db.session.commit()
    page = writing.open(writing.provider)
    page.get_by_role("link", name="Is this your practice?").click()
    look(page, "Is this your practice?")
    page.get_by_role("button", name="Claim this page").click()
    look(page, "Is this your practice?")  # with mistakes
    page.get_by_label("Your name").fill("Jo Example")
    page.get_by_label("Your position at the practice").fill("Office manager")
    page.get_by_label("Your email address").fill(CLAIMANT)
    page.get_by_label("By email, right away").check()
    page.get_by_label("The address at the practice’s domain").fill(DESK)
    page.get_by_label("I am allowed to represent this provider").check()
    page.get_by_role("button", name="Claim this page").click()
    look(page, "We got your claim")

    writing.letter(page, DESK)
    page.goto(writing.link(page, CLAIMANT, "/claim/mine"))
    look(page, "Your claim")
    page.get_by_label("The code").fill(mailed_code(writing.mailbox))
    page.get_by_role("button", name="Enter the code").click()
    page.get_by_label("Password").fill(PASSWORD)
    look(page, "Your claim")
    page.get_by_role("button", name="Create the account").click()

    look(page, "Sign in")
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
    look(page, "Your account")
    page.get_by_role("link", name="Hours, products, fees").click()
    look(page, "Facts of the practice")
    monday = page.get_by_role("group", name="Monday")
    monday.get_by_label("Opens at").fill("17:00")
    monday.get_by_label("Closes at").fill("08:30")
    page.get_by_role("button", name="Save the facts").click()
    expect(page.get_by_role("alert").filter(has_text="That is before you open.")).to_be_visible()
    look(page, "Facts of the practice")
    monday.get_by_label("Opens at").fill("08:30")
    monday.get_by_label("Closes at").fill("17:00")
    page.get_by_role("button", name="Save the facts").click()
    expect(page.get_by_text("Saved.")).to_be_visible()

    page.goto(writing.provider)
    where = page.locator("#where")
    where.get_by_text("Weekly hours").click()
    expect(where.locator(".hours div").filter(has_text="Monday")).to_contain_text("8:30 am to 5 pm")
    where.get_by_text("Sources and dates").click()
    expect(where.get_by_text("Reported by the practice")).to_be_visible()
