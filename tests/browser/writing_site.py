"""A site on which one person writes a review, with a mail server that keeps what the site sends."""

from flask import Flask
from playwright.sync_api import Browser, Page

from tests.browser.pages import PATIENCE_MS
from tests.mailbox import Mailbox

ADDRESS = "jo@example.org"
TEXT = "My neck is calm for the first time in years."
PHONE = {"width": 375, "height": 700}


class WritingSite:
    """A site of its own, with one provider and a mail server."""

    def __init__(self, app: Flask, address: str, npi: str, mailbox: Mailbox, browser: Browser) -> None:
        self.app = app
        self.address, self.form, self.mailbox, self.browser = address, f"/providers/{npi}/reviews/new", mailbox, browser
        self.provider = f"/providers/{npi}"

    def open(self, path: str, **options: object) -> Page:
        context = self.browser.new_context(base_url=self.address, **options)  # type: ignore[arg-type]  # Playwright's own
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(path)
        return page

    def link(self, page: Page, name: str) -> str:
        """The path and query of the last mailed link; the mail is sent after the page is shown, so it is waited for."""
        for _ in range(100):
            links = [link for letter in self.mailbox.letters for link in letter.links if f"/reviews/{name}?" in link]
            if links:
                return "/" + links[-1].split("/", 3)[3]
            page.wait_for_timeout(100)
        raise AssertionError(f"no link to /reviews/{name} was mailed")


def fill(page: Page, text: str = TEXT) -> None:
    page.get_by_role("group", name="How many stars?").get_by_label("4").check()
    page.get_by_role("group", name="Would you go back?").get_by_label("yes").check()
    page.get_by_label("Month of your visit").select_option(index=2)
    page.get_by_label("Days until the first relief").fill("6")
    page.get_by_label("dry mouth").check()
    page.get_by_label("Your review").fill(text)
    page.get_by_label("None. I was treated there, that is all.").check()
    page.get_by_label("This is my own experience").check()
    page.get_by_label("Your email address").fill(ADDRESS)
