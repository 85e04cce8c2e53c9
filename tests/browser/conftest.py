"""A real Chromium before a real server over the demonstration data. One of each a test process."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from directory import create_app
from directory.credentials.scoring import rescore_qualification
from directory.extensions import db
from directory.providers.models import Provider
from directory.seeding import seed
from tests import factories
from tests.browser.pages import BARE_NPI, PAGES, PATIENCE_MS
from tests.browser.writing_site import WritingSite
from tests.mailbox import open_mailbox
from tests.serving import served
from tests.signing_in import sign_in_page

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
expect.set_options(timeout=PATIENCE_MS)


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All browser tests go to one worker, so that only one starts Chromium."""
    for item in items:
        if Path(item.fspath).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


def _do_without(what: str) -> None:
    """Skip, saying why; in CI fail instead, so that nothing goes untested unseen."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not (VENDOR / "htmx.min.js").exists():
        _do_without("static/vendor is missing. Run: make install")
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), playwright.chromium.executable_path)
        if not Path(found).exists():
            _do_without("no Chromium was found. Run: make browser")
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The app over the demonstration data and a barred provider of whom nothing else is known."""
    database = tmp_path_factory.mktemp("browser") / "directory.sqlite3"
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{database}", "SIGN_IN_LIMIT": "1000 per minute"})
    with app.app_context():
        db.create_all()
        seed()
        if db.session.get(Provider, BARE_NPI) is None:
            factories.provider(npi=BARE_NPI, at=None, specialties=(), deactivated_on=factories.DAY)
            factories.exclusion(BARE_NPI)
            rescore_qualification(BARE_NPI)
        db.session.commit()
    app.test_client().get("/search?near=90503")  # reads the gazetteer and the snapshot, for which the first one waits
    return app


@pytest.fixture(scope="session")
def site(site_app: Flask) -> Iterator[str]:
    """The address of a server before `site_app`."""
    with served(site_app) as address:
        yield address


class OpenPage(Protocol):
    """Opens a page of the site in a fresh context; further arguments are those of Playwright's `new_context`."""

    def __call__(self, path: str, **options: Any) -> Page: ...


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[OpenPage]:
    """Pages fail the test for any script error, anything the policy blocks, and any request to another host."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def note_request(request: Request) -> None:
        if urlsplit(request.url).netloc not in {urlsplit(site).netloc, ""}:
            problems.append(f"a request to another host: {request.url}")

    def note_message(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            problems.append(message.text)

    def open_page(path: str, **options: Any) -> Page:
        context = browser.new_context(base_url=site, **{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.on("request", note_request)
        page = context.new_page()
        page.on("console", note_message)
        page.on("pageerror", lambda error: problems.append(f"a script error: {error}"))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture(scope="session")
def sessions() -> dict[str, Any]:
    """The cookies of who signed in before, by role: signing in takes longer than most pages."""
    return {}


@pytest.fixture
def open_named(open_page: OpenPage, site_app: Flask, sessions: dict[str, Any]) -> Any:
    """Opens a page of `PAGES`; the first result stands for a provider of whom much is known."""

    def open_named(name: str, **options: Any) -> Any:
        role, _, path = PAGES[name].rpartition(":")
        if role not in sessions and role:
            page = open_page("/account/sign-in")
            sign_in_page(page, site_app, role, BARE_NPI if role == "clinic" else None)
            sessions[role] = page.context.storage_state()
        if role:
            return open_page(path, storage_state=sessions[role], **options)
        if "{full}" not in path:
            return open_page(path, **options)
        page = open_page(PAGES["results"], **options)
        page.locator("#results h2 a").first.click()
        expect(page.locator("#qualifications")).to_be_visible()
        return page

    return open_named


@pytest.fixture
def writing(browser: Browser, tmp_path: Path) -> Iterator[WritingSite]:
    database = f"sqlite:///{tmp_path / 'directory.sqlite3'}"
    app = create_app({"SQLALCHEMY_DATABASE_URI": database, "REVIEW_PROOFS_DIR": str(tmp_path / "proofs")})
    with app.app_context():
        db.create_all()
        npi = factories.provider().npi
        db.session.commit()
    with open_mailbox() as mailbox, served(app) as address:
        mailbox.receive_from(app)
        site = WritingSite(app, address, npi, mailbox, browser)
        yield site
        for context in browser.contexts:
            context.close()
