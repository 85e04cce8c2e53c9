"""An admin invites a verifier, who makes the account from the letter, sets up the second factor, and is at the desk."""

from axe_playwright_python.sync_playwright import Axe
from passlib.totp import TOTP
from playwright.sync_api import Page, expect

from tests.browser.pages import WCAG
from tests.browser.writing_site import PHONE, WritingSite
from tests.signing_in import PASSWORD, sign_in_page

ADDRESS = "mo@example.org"


def heading(page: Page, text: str) -> None:
    """Wait for the page with that heading, on which axe has to find nothing."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
    results = Axe().run(page, options=WCAG)
    assert results.violations_count == 0, f"{text}: {results.generate_report()}"


def link_of_letter(writing: WritingSite, page: Page) -> str:
    """The path and query of the link in the letter, which is sent after the page is shown."""
    for _ in range(100):
        for letter in writing.mailbox.to(ADDRESS):
            return "/" + letter.links[0].split("/", 3)[3]
        page.wait_for_timeout(100)
    raise AssertionError("no letter came")


def test_from_the_invitation_to_the_desk_and_the_log(writing: WritingSite) -> None:
    admin = writing.open("/account/sign-in")
    sign_in_page(admin, writing.app, "admin")
    admin.get_by_role("link", name="Accounts", exact=True).click()
    heading(admin, "Accounts")
    admin.get_by_label("Name", exact=True).fill("Mo")
    admin.get_by_label("Email").fill(ADDRESS)
    admin.get_by_role("button", name="Send the invitation").click()
    expect(admin.get_by_role("alert").filter(has_text="Choose one role or more.")).to_be_visible()
    expect(admin.get_by_label("Email")).to_have_value(ADDRESS)
    admin.get_by_label("Verifier: checks credentials").check()
    admin.get_by_role("button", name="Send the invitation").click()
    expect(admin.get_by_role("status")).to_have_text(f"A letter is on its way to {ADDRESS}.")
    expect(admin.get_by_role("region", name="Open invitations")).to_contain_text(f"{ADDRESS} (Mo), as verifier")
    heading(admin, "Accounts")

    page = writing.open(link_of_letter(writing, admin), viewport=PHONE, java_script_enabled=False)
    page.get_by_label("Your name").fill("Mo Example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("status")).to_contain_text("Your account is made.")
    page.get_by_label("Email").fill(ADDRESS)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up an authenticator app")
    page.get_by_role("button", name="Show the picture for the app").click()
    key = page.locator(".key").inner_text()
    page.get_by_label("Code").fill(TOTP(key=key).generate().token)
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.goto("/admin")
    expect(page.get_by_role("heading", level=1)).to_have_text("Staff page")
    expect(page.get_by_role("link", name="Accounts", exact=True)).to_have_count(0)
    page.get_by_role("link", name="The log").click()
    expect(page.locator(".log li").filter(has_text="accept invitation")).to_contain_text("account")

    admin.reload()
    expect(admin.get_by_role("region", name="Open invitations")).to_contain_text("Nobody has a letter")
    admin.get_by_role("link", name="Mo Example").click()
    heading(admin, "Mo Example")
    admin.get_by_role("button", name="Disable the account").click()
    expect(admin.get_by_role("status")).to_contain_text("cannot sign in any more")
    page.goto("/admin")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    admin.goto("/admin/log?act=disable_account")
    heading(admin, "The log")
    admin.get_by_role("button", name="Check the log now").click()
    expect(admin.get_by_role("status").filter(has_text="each as it was written")).to_be_visible()
