"""The whole life of a credential on a fresh database, by its commands, its pages and its letters.

An admin invites two verifiers; a clinic claims its page and submits; the verifiers check; the score rises; the OIG's
list takes the provider out and a reinstatement brings it back; the log is whole, until somebody alters a row behind it.
"""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from passlib.totp import TOTP
from playwright.sync_api import Browser, Locator, Page, expect

from directory import create_app
from directory.config import ROOT
from directory.extensions import db
from directory.web.days import today_in_california
from tests import factories
from tests.browser.pages import PATIENCE_MS
from tests.credentials.acting import PDF
from tests.imports.leie_files import entry, leie_file
from tests.mailbox import Mailbox, open_mailbox
from tests.serving import served
from tests.signing_in import PASSWORD

TODAY = today_in_california()
IN_TWO_YEARS = TODAY.replace(year=TODAY.year + 2, day=1)


class Site:
    """A site whose tables come of the migrations, as an operator gets it."""

    def __init__(self, folder: Path, browser: Browser, mailbox: Mailbox) -> None:
        self.folder, self.browser, self.mailbox = folder, browser, mailbox
        self.database = folder / "directory.sqlite3"
        self.environ = {
            "PATH": "/usr/bin:/bin",
            "DATABASE_URL": f"sqlite:///{self.database}",
            "EVIDENCE_DIR": str(folder / "evidence"),
            "IMPORT_REJECTS_DIR": str(folder / "rejects"),
            "MAIL_BACKEND": "smtp",
            "MAIL_PORT": str(mailbox.port),
        }
        self.address = ""

    def flask(self, *arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "flask", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environ, input=given, capture_output=True, text=True)

    def done(self, *arguments: str, given: str | None = None) -> str:
        ran = self.flask(*arguments, given=given)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def open(self, path: str) -> Page:
        context = self.browser.new_context(base_url=self.address)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(path)
        return page

    def letter(self, page: Page, recipient: str, words: str) -> str:
        """The text of the last letter to `recipient` with these words; it comes after the page, so it is awaited."""
        for _ in range(150):
            found = [letter.text for letter in self.mailbox.to(recipient) if words in letter.text]
            if found:
                return found[-1]
            page.wait_for_timeout(100)
        raise AssertionError(f"no letter to {recipient} says {words!r}")


@pytest.fixture
def site(tmp_path: Path, browser: Browser) -> Iterator[Site]:
    with open_mailbox() as mailbox:
        site = Site(tmp_path, browser, mailbox)
        site.done("db", "upgrade")
        app = create_app(
            {
                "SQLALCHEMY_DATABASE_URI": site.environ["DATABASE_URL"],
                "EVIDENCE_DIR": site.environ["EVIDENCE_DIR"],
                "SIGN_IN_LIMIT": "1000 per minute",
                "SEARCH_REFRESH_SECONDS": 0.01,
            }
        )
        mailbox.receive_from(app)
        with served(app) as address:
            app.config["SITE_URL"] = site.address = address
            yield site
        dispose(app)


def dispose(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


def new_provider(site: Site) -> str:
    app = create_app({"SQLALCHEMY_DATABASE_URI": site.environ["DATABASE_URL"]})
    with app.app_context():
        npi = factories.provider(last_name="Example", name="Ada Example, MD").npi
        db.session.commit()
        db.engine.dispose()
    return npi


def path_in(text: str) -> str:
    """The path and query of the only link in a letter."""
    (link,) = re.findall(r"https?://[^/\s]+(/\S+)", text)
    return str(link)


def sign_in_first_time(page: Page, email: str) -> None:
    """Sign in with the password and set the second factor up, without which nothing opens."""
    page.goto("/account/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Show the picture for the app").click()
    key = page.locator(".key").inner_text()
    page.get_by_label("Code").fill(TOTP(key=key).generate().token)
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")


def points(reader: Page, npi: str) -> float:
    reader.goto(f"/providers/{npi}")
    shown = reader.get_by_text(re.compile(r"[\d.]+ of 100 points")).first.inner_text()
    return float(shown.split()[0])


def found(reader: Page) -> Locator:
    reader.goto("/search?near=90503")
    return reader.get_by_role("link", name="Ada Example, MD")


def invited(site: Site, admin: Page, email: str) -> Page:
    """A verifier who answered the letter, signed in with a second factor of their own."""
    admin.goto("/admin/accounts")
    admin.get_by_label("Email").fill(email)
    admin.get_by_label("Verifier").check()
    admin.get_by_role("button", name="Send the invitation").click()
    page = site.open(path_in(site.letter(admin, email, "/invitation?key=")))
    page.get_by_label("Your name").fill(email.partition("@")[0].capitalize())
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("again").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    sign_in_first_time(page, email)
    return page


def claimed(site: Site, npi: str) -> Page:
    """The clinic's representative, whom a code at the practice's own domain confirmed."""
    page = site.open(f"/claim/{npi}")
    page.get_by_label("Your name").fill("Kim Desk")
    page.get_by_label("Your position").fill("Office manager")
    page.get_by_label("Your email address").fill("kim@desk.example.net")
    page.get_by_label(re.compile("by email", re.IGNORECASE)).check()
    page.get_by_label("The address at the practice's domain").fill("office@practice.example")
    page.get_by_label(re.compile("I may speak")).check()
    page.get_by_role("button", name="Claim this page").click()
    code = re.search(r"\d{4} ?\d{4}", site.letter(page, "office@practice.example", "code"))
    assert code
    page.goto(path_in(site.letter(page, "kim@desk.example.net", "/claim/mine?key=")))
    page.get_by_label("Code").fill(code[0])
    page.get_by_role("button", name="Enter the code").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    sign_in_first_time(page, "kim@desk.example.net")
    return page


def submit(clinic: Page, npi: str, kind: str, evidence: Path) -> None:
    clinic.goto(f"/account/providers/{npi}/credentials/new")
    clinic.get_by_label(f"{kind}: ").check()
    clinic.get_by_role("button", name="Go on").click()
    if kind == "License":
        clinic.locator("#state").select_option("CA")
        clinic.locator("#number").fill("A 1234")
    else:
        clinic.get_by_label(re.compile("neurology", re.IGNORECASE)).first.check()
    clinic.locator("#issuer").fill("Medical Board of California" if kind == "License" else "ABPN")
    clinic.locator("#issued_on").fill("2010-05-01")
    clinic.locator("#file_1").set_input_files(evidence)
    clinic.get_by_role("button", name="Submit it").click()
    expect(clinic.get_by_text("To be decided by").first).to_be_visible()


def verify(verifier: Page, title: str) -> None:
    verifier.goto("/admin/verify")
    verifier.get_by_role("link", name=re.compile(title)).first.click()
    verifier.get_by_role("button", name="Take it up").click()
    verifier.get_by_label("It holds: the source confirms it").check()
    verifier.get_by_label("The board's or registry's look-up page").check()
    verifier.get_by_label("Primary source").fill("The board's look-up page")
    verifier.get_by_label("Day of the check").fill(TODAY.isoformat())
    verifier.locator("#check-issued_on").fill("2010-05-01")
    verifier.locator("#check-expires_on").fill(IN_TWO_YEARS.isoformat())
    if "license" in title:
        verifier.locator("#check-number").fill("A1234")
    verifier.get_by_role("button", name="Record the check").click()
    expect(verifier.get_by_text("Verified", exact=False).first).to_be_visible()


def test_a_credential_is_verified_by_people_and_watched(site: Site, tmp_path: Path) -> None:
    npi = new_provider(site)
    site.done("accounts", "create-admin", "root@example.org", "--name", "Root", "--password-stdin", given=PASSWORD)
    site.done("providers", "website", npi, "https://practice.example")
    admin, reader = site.open("/"), site.open("/")
    sign_in_first_time(admin, "root@example.org")
    first, second = (invited(site, admin, f"{name}@example.org") for name in ("vera", "victor"))
    assert points(reader, npi) == 0

    clinic = claimed(site, npi)
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(PDF)
    submit(clinic, npi, "License", letter)
    submit(clinic, npi, "Board certification", letter)
    assert points(reader, npi) == 0, "what is only claimed earns nothing"

    verify(first, "California license")
    assert points(reader, npi) == 20 + 10, "the license, and ten years since"
    verify(second, "Board certification in neurology")
    assert points(reader, npi) == 20 + 10 + 20
    assert "Board certification in neurology: verified." in site.letter(clinic, "kim@desk.example.net", "neurology")
    expect(found(reader)).to_be_visible()

    listed = entry(NPI=npi, EXCLDATE=f"{TODAY:%Y%m}01")
    site.done("import", "leie", leie_file(tmp_path, listed))
    expect(found(reader)).to_have_count(0)
    reader.goto(f"/providers/{npi}")
    expect(reader.get_by_text(re.compile("Not ranked: excluded by the OIG since")).first).to_be_visible()
    back = leie_file(tmp_path, listed | {"REINDATE": f"{TODAY:%Y%m%d}"}, name=f"{TODAY:%y%m}REIN.csv")
    site.done("import", "leie", back, "--supplement")
    expect(found(reader)).to_be_visible()

    assert "The log is whole" in site.done("audit", "verify")
    with sqlite3.connect(site.database) as shell:
        number = shell.execute("SELECT number FROM audit_event WHERE act = 'verify_credential'").fetchone()[0]
        shell.execute("DROP TRIGGER audit_event_update")
        shell.execute("UPDATE audit_event SET actor = 'account:99' WHERE number = ?", (number,))
    ran = site.flask("audit", "verify")
    assert ran.returncode == 1
    assert f"Event {number} was changed" in ran.stderr
