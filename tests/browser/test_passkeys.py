"""Passkeys with Chromium's own authenticator in software, by the name of the host: an IP address can have none."""

from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.looking import Look
from tests.signing_in import PASSWORD, new_account

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


@pytest.fixture
def site(site: str) -> str:
    return site.replace("127.0.0.1", "localhost")


def give_password(page: Page, email: str) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def new_member(app: Flask) -> str:
    with app.app_context():
        return new_account(app, "moderator", second_factor=False).email


def test_a_passkey_is_the_only_second_factor(open_page: OpenPage, site_app: Flask, look: Look) -> None:
    email = new_member(site_app)
    page = open_page("/account/sign-in")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    give_password(page, email)
    page.get_by_role("link", name="Set up a passkey").click()
    look(page, "Set up a passkey")
    page.get_by_role("button", name="Set up the passkey").click()
    expect(page.get_by_role("alert").filter(has_text="Please check this")).to_contain_text("Give the passkey a name")
    page.get_by_label("Name").fill("Phone")
    page.keyboard.press("Enter")
    look(page, "Recovery codes")

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
    page.goto("/admin")
    give_password(page, email)
    look(page, "Use your passkey")
    page.get_by_role("button", name="Sign in with a passkey").press("Enter")
    look(page, "Staff page")

    page.goto("/account/passkeys")
    expect(page.get_by_role("listitem").filter(has_text="Phone")).to_contain_text("last used less than a minute ago")
    page.get_by_role("button", name="Set up a passkey").click()
    page.get_by_label("Name").fill("Phone again")
    page.get_by_role("button", name="Set up the passkey").click()
    expect(page.get_by_text("This device keeps a passkey of yours already.")).to_be_visible()
    expect(page.get_by_role("button", name="Set up the passkey")).to_be_enabled()


def test_a_browser_without_passkeys_says_so(open_page: OpenPage, site_app: Flask) -> None:
    page = open_page("/account/sign-in")
    page.add_init_script("delete window.PublicKeyCredential")
    give_password(page, new_member(site_app))
    page.get_by_role("link", name="Set up a passkey").click()
    page.get_by_label("Name").fill("Phone")
    page.get_by_role("button", name="Set up the passkey").click()
    expect(page.get_by_text("This browser has no passkeys.")).to_be_visible()


def test_without_javascript_the_app_is_the_way(open_page: OpenPage, site_app: Flask) -> None:
    page = open_page("/account/sign-in", java_script_enabled=False)
    give_password(page, new_member(site_app))
    page.get_by_role("link", name="Set up a passkey").click()
    page.get_by_label("Name").fill("Phone")
    page.get_by_role("button", name="Set up the passkey").click()
    expect(page.get_by_role("alert").filter(has_text="Please check this")).to_contain_text("It needs JavaScript")
    page.get_by_role("link", name="Use an authenticator app instead").click()
    expect(page.get_by_role("button", name="Show the picture for the app")).to_be_visible()
    assert urlsplit(page.url).path == "/account/second-factor"
