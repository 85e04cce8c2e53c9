"""A real Chromium before real servers. Each test process has one Chromium and one site with the demonstration data."""

import itertools
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from directory.credentials.scoring import rescore_qualification
from directory.extensions import db
from directory.providers.models import Provider
from directory.seeding import seed
from tests import factories
from tests.browser.looking import FIRST, OTHERS, Look
from tests.browser.own_site import OwnSite, WritingSite, new_app, open_own_site
from tests.browser.pages import BARE_NPI, PAGES, PATIENCE_MS
from tests.serving import served
from tests.signing_in import sign_in_page

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NEEDLESS = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess")
"""Features that start processes for the address bar of each window, though no window is ever seen."""
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    # The last list of features counts, so this one names what Playwright switches off as far as it matters here.
    f"--disable-features={','.join(NEEDLESS)},HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,MediaRouter,PaintHolding,"
    "OptimizationHints,AimEnabled,PreconnectToSearch,DestroyProfileOnBrowserClose",
]
GROUPS = ("browser-1", "browser-2")
VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
expect.set_options(timeout=PATIENCE_MS)


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests go to two workers by turns, so that only these start a Chromium and both are done about together.

    What only `make test-all` runs takes turns of its own.
    """
    turns = {True: itertools.cycle(GROUPS), False: itertools.cycle(GROUPS)}
    for item in items:
        if Path(item.fspath).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            exhaustive = item.get_closest_marker("exhaustive") is not None
            item.add_marker(pytest.mark.xdist_group(next(turns[exhaustive])))


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
def site_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app over the demonstration data and a barred provider of whom nothing else is known."""
    app = new_app(tmp_path_factory.mktemp("browser"))
    with app.app_context():
        db.create_all()
        seed()
        if db.session.get(Provider, BARE_NPI) is None:
            factories.provider(npi=BARE_NPI, at=None, specialties=(), deactivated_on=factories.DAY)
            factories.exclusion(BARE_NPI)
            rescore_qualification(BARE_NPI)
        db.session.commit()
    app.test_client().get("/search?near=90503")  # reads the gazetteer and the snapshot, for which the first one waits
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def site(site_app: Flask) -> Iterator[str]:
    """The address of a server before `site_app`."""
    with served(site_app) as address:
        yield address


def _watch(context: BrowserContext, site: str, problems: list[str]) -> None:
    """Note any script error, anything the policy blocks, and any request to another host."""

    def note_request(request: Request) -> None:
        if urlsplit(request.url).netloc not in {urlsplit(site).netloc, ""}:
            problems.append(f"a request to another host: {request.url}")

    def note_message(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            problems.append(message.text)

    context.set_default_timeout(PATIENCE_MS)
    context.on("request", note_request)
    context.on("console", note_message)
    context.on("weberror", lambda error: problems.append(f"a script error: {error.error}"))


class OpenAt(Protocol):
    """Opens a page of the site at `address` in a fresh context; `options` are those of Playwright's `new_context`."""

    def __call__(self, address: str, path: str, **options: Any) -> Page: ...


class OpenPage(Protocol):
    """Opens a page of the site in a fresh context; `options` are those of Playwright's `new_context`."""

    def __call__(self, path: str, **options: Any) -> Page: ...


@pytest.fixture
def open_at(browser: Browser) -> Iterator[OpenAt]:
    """Pages fail the test for any script error, anything the policy blocks, and any request to another host."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_at(address: str, path: str, **options: Any) -> Page:
        context = browser.new_context(base_url=address, **{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        _watch(context, address, problems)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def open_page(open_at: OpenAt, site: str) -> OpenPage:
    def open_page(path: str, **options: Any) -> Page:
        return open_at(site, path, **options)

    return open_page


@pytest.fixture(
    params=[pytest.param(FIRST, id="first"), pytest.param(OTHERS, id="others", marks=pytest.mark.exhaustive)]
)
def look(request: pytest.FixtureRequest) -> Look:
    """Looks at a page: in one width and color scheme, or (in `make test-all`) in the others too."""
    return Look(request.param)


class Visitors:
    """One page for each role, in a context of its own, that goes from address to address without touching anything."""

    def __init__(self, browser: Browser, site: str, app: Flask) -> None:
        self._browser, self._site, self._app = browser, site, app
        self._pages: dict[tuple[str, bool], Page] = {}
        self._full = ""
        self.problems: list[str] = []

    def visit(self, name: str, *, java_script_enabled: bool = True) -> Page:
        role, _, path = PAGES[name].rpartition(":")
        visitor = role, java_script_enabled
        if visitor not in self._pages:
            context = self._browser.new_context(base_url=self._site, java_script_enabled=java_script_enabled)
            _watch(context, self._site, self.problems)
            page = self._pages[visitor] = context.new_page()
            if role:
                page.goto("/privacy")
                sign_in_page(page, self._app, role, BARE_NPI if role == "clinic" else None)
        page = self._pages[visitor]
        page.goto(path.format(full=self._well_known_npi()))
        return page

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()

    def _well_known_npi(self) -> str:
        """The first result stands for a provider of whom much is known."""
        if not self._full:
            found = re.search(r"/providers/(\d{10})", self._app.test_client().get(PAGES["results"]).text)
            assert found
            self._full = found[1]
        return self._full


@pytest.fixture(scope="session")
def visitors(browser: Browser, site: str, site_app: Flask) -> Iterator[Visitors]:
    visitors = Visitors(browser, site, site_app)
    yield visitors
    visitors.close()


@pytest.fixture
def visit(visitors: Visitors) -> Iterator[Any]:
    """Goes to a page of `PAGES`, signed in if it asks for that. The test may look, but not press."""
    visitors.problems.clear()
    yield visitors.visit
    assert visitors.problems == []


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with all tables, all empty, to be copied."""
    folder = tmp_path_factory.mktemp("empty")
    app = new_app(folder)
    with app.app_context():
        db.create_all()
        db.engine.dispose()  # the last connection empties the write-ahead log into the file
    return folder / "directory.sqlite3"


@pytest.fixture
def own_site(empty_database: Path, open_at: OpenAt, tmp_path: Path) -> Iterator[OwnSite]:
    shutil.copyfile(empty_database, tmp_path / "directory.sqlite3")
    with open_own_site(tmp_path, open_at) as site:
        yield site


@pytest.fixture
def writing(own_site: OwnSite) -> WritingSite:
    """A site of its own with one provider."""
    with own_site.app.app_context():
        npi = factories.provider().npi
        db.session.commit()
    return WritingSite(own_site.app, own_site.address, own_site.mailbox, own_site.open_at, npi)
