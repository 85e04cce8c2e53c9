"""Signing in as a person does it, by keyboard alone, and without JavaScript."""

import pytest
from flask import Flask
from passlib.totp import TOTP
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.looking import Look
from tests.signing_in import PASSWORD, new_account


def press_until(page: Page, name: str) -> None:
    """Tab to the field, link or button called `name`."""
    wanted = page.get_by_label(name, exact=True).or_(page.get_by_role("button", name=name, exact=True))
    for _ in range(40):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the Tab key does not reach {name!r}")


def test_the_first_sign_in_by_keyboard_alone(open_page: OpenPage, site_app: Flask, look: Look) -> None:
    with site_app.app_context():
        email = new_account(site_app, "moderator", second_factor=False).email
    page = open_page("/account/sign-in", viewport={"width": 375, "height": 800})
    press_until(page, "Email")
    page.keyboard.type(email)
    press_until(page, "Password")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Please check this")).to_be_visible()
    look(page, "Sign in")
    press_until(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    look(page, "Set up an authenticator app")
    press_until(page, "Show the picture for the app")
    page.keyboard.press("Enter")
    expect(page.locator(".qr-code")).to_be_visible()
    look(page, "Set up an authenticator app")
    key = page.locator(".key").inner_text()
    press_until(page, "Code")
    page.keyboard.type("000000")
    page.keyboard.press("Enter")

    look(page, "Enter your code")
    press_until(page, "Code")
    page.keyboard.type(TOTP(key=key).generate().token)
    page.keyboard.press("Enter")

    look(page, "Recovery codes")
    press_until(page, "Make recovery codes")
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    look(page, "Recovery codes")
    press_until(page, "I saved them")
    page.keyboard.press("Enter")
    look(page, "Staff page")
    press_until(page, "Sign out")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)


def test_a_recovery_code_lets_in_without_javascript(open_page: OpenPage, site_app: Flask) -> None:
    with site_app.app_context():
        account = new_account(site_app, "verifier")
        email = account.email
        code = site_app.extensions["security"].mf_recovery_codes_util.get_recovery_codes(account)[0]
    page = open_page("/admin", java_script_enabled=False)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Use a recovery code instead").click()
    page.get_by_label("Recovery code").fill(code)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Staff page")
