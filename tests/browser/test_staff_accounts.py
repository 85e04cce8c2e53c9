"""An admin invites a verifier, who makes the account from the letter, sets up the second factor, and is at the desk."""

from passlib.totp import TOTP
from playwright.sync_api import expect

from tests.browser.looking import Look
from tests.browser.own_site import PHONE, OwnSite
from tests.signing_in import PASSWORD, sign_in_page

ADDRESS = "mo@example.org"


def test_from_the_invitation_to_the_desk_and_the_log(own_site: OwnSite, look: Look) -> None:
    admin = own_site.open("/account/sign-in")
    sign_in_page(admin, own_site.app, "admin")
    admin.get_by_role("link", name="Accounts", exact=True).click()
    look(admin, "Accounts")
    admin.get_by_label("Name", exact=True).fill("Mo")
    admin.get_by_label("Email").fill(ADDRESS)
    admin.get_by_role("button", name="Send the invitation").click()
    expect(admin.get_by_role("alert").filter(has_text="Choose at least one role.")).to_be_visible()
    expect(admin.get_by_label("Email")).to_have_value(ADDRESS)
    admin.get_by_label("Verifier: checks credentials").check()
    admin.get_by_role("button", name="Send the invitation").click()
    expect(admin.get_by_role("status")).to_have_text(f"An email is on its way to {ADDRESS}.")
    expect(admin.get_by_role("region", name="Open invitations")).to_contain_text(f"{ADDRESS} (Mo), as verifier")
    look(admin, "Accounts")

    page = own_site.open(own_site.link(admin, ADDRESS, "/invitation"), viewport=PHONE, java_script_enabled=False)
    page.get_by_label("Your name").fill("Mo Example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Create my account").click()
    expect(page.get_by_role("status")).to_contain_text("Your account is ready.")
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
    expect(page.locator(".log li").filter(has_text="Accepted invitation")).to_contain_text("account")

    admin.reload()
    expect(admin.get_by_role("region", name="Open invitations")).to_contain_text("No open invitations.")
    admin.get_by_role("link", name="Mo Example").click()
    look(admin, "Mo Example")
    admin.get_by_role("button", name="Disable the account").click()
    expect(admin.get_by_role("status")).to_contain_text("can no longer sign in")
    page.goto("/admin")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    admin.goto("/admin/log?act=disable_account")
    look(admin, "The log")
    admin.get_by_role("button", name="Check the log now").click()
    expect(admin.get_by_role("status").filter(has_text="each as it was written")).to_be_visible()
