"""A site over an empty database of its own, and on it a person who writes a review."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import event

from directory import create_app
from directory.extensions import db
from tests.browser.pages import wait_until
from tests.mailbox import Letter, Mailbox, open_mailbox
from tests.serving import served
from tests.signing_in import QUICK_HASHES

ADDRESS = "jo@example.org"
TEXT = "My neck is calm for the first time in years."
PHONE = {"width": 375, "height": 700}


def new_app(folder: Path) -> Flask:
    """An app that keeps everything in `folder`: quickly, not for long, with passwords that are quick to check."""
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'directory.sqlite3'}",
            "REVIEW_PROOFS_DIR": str(folder / "proofs"),
            "EVIDENCE_DIR": str(folder / "evidence"),
            "IMPORT_REJECTS_DIR": str(folder / "rejects"),
            "IMPORT_UPLOADS_DIR": str(folder / "uploads"),
            "STREETS_FILE": str(folder / "streets.sqlite3"),
            "MAP_FILE": str(folder / "streets.pmtiles"),
            "SIGN_IN_LIMIT": "1000 per minute",
            "SEARCH_REFRESH_SECONDS": 0.01,
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": QUICK_HASHES,
        }
    )
    with app.app_context():
        event.listen(db.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
    return app


@dataclass(frozen=True)
class OwnSite:
    """`app` behind `address`, with a mail server that keeps what the site sends."""

    app: Flask
    address: str
    mailbox: Mailbox
    open_at: Callable[..., Page]

    def open(self, path: str, **options: object) -> Page:
        """A page in a fresh context; `options` are those of Playwright's `new_context`."""
        return self.open_at(self.address, path, **options)

    def store(self, *makes: Callable[[], Any]) -> list[int]:
        """The ids of the rows that `makes` make."""
        with self.app.app_context():
            rows = [make() for make in makes]
            db.session.commit()
            return [row.id for row in rows]

    def letter(self, page: Page, recipient: str, words: str = "") -> Letter:
        """The last letter to `recipient` with these words. It is sent after the page is shown, so it is waited for."""
        found: list[Letter] = []

        def came() -> bool:
            found.extend(letter for letter in self.mailbox.to(recipient) if words in letter.text)
            return bool(found)

        wait_until(page, came)
        return found[-1]

    def link(self, page: Page, recipient: str, path: str) -> str:
        """The last link to `path` in a letter to `recipient`."""
        return [link for link in self.letter(page, recipient, path).links if path in link][-1]


@contextmanager
def open_own_site(folder: Path, open_at: Callable[..., Page]) -> Iterator[OwnSite]:
    """A site over the database in `folder`, for as long as the context is open."""
    app = new_app(folder)
    with open_mailbox() as mailbox, served(app) as address:
        mailbox.receive_from(app)
        app.config["SITE_URL"] = address
        yield OwnSite(app, address, mailbox, open_at)
    with app.app_context():
        db.engine.dispose()


@dataclass(frozen=True)
class WritingSite(OwnSite):
    """A site with one provider."""

    npi: str

    @property
    def provider(self) -> str:
        return f"/providers/{self.npi}"

    @property
    def form(self) -> str:
        return f"{self.provider}/reviews/new"

    def link_to_review(self, page: Page, name: str) -> str:
        """The link by which the writer confirms the review, or comes back to it."""
        return self.link(page, ADDRESS, f"/reviews/{name}?")


def fill(page: Page, text: str = TEXT) -> None:
    page.get_by_label("My own visit").check()
    page.get_by_role("group", name="How many stars?").get_by_label("4").check()
    page.get_by_role("group", name="Would you go back?").get_by_label("yes").check()
    page.get_by_label("Month of your visit").select_option(index=2)
    page.get_by_label("Days until the first relief").fill("6")
    page.get_by_label("dry mouth").check()
    page.get_by_label("Your review").fill(text)
    page.get_by_label("No. I was only a patient there or went with one.").check()
    page.get_by_label("This is my own experience").check()
    page.get_by_label("Your email address").fill(ADDRESS)
