"""The whole life of a credential on a fresh database, by its commands, its pages and its letters.

An admin invites two verifiers; a clinic claims its page and submits; the verifiers check; the score rises; the OIG's
list takes the provider out and a reinstatement brings it back; the log is whole, until somebody alters a row behind it.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from passlib.totp import TOTP
from playwright.sync_api import Locator, Page, expect

from directory.extensions import db
from directory.web.days import today_in_california
from tests import factories
from tests.browser.conftest import OpenAt
from tests.browser.own_site import OwnSite, open_own_site
from tests.credentials.acting import PDF
from tests.imports.leie_files import entry, leie_file
from tests.signing_in import PASSWORD

TODAY = today_in_california()
IN_TWO_YEARS = TODAY.replace(year=TODAY.year + 2, day=1)


class Site(OwnSite):
    """A site that is also driven by its commands."""

    def run(self, *arguments: str, given: str | None = None) -> Result:
        return self.app.test_cli_runner().invoke(args=arguments, input=given)

    def done(self, *arguments: str, given: str | None = None) -> str:
        ran = self.run(*arguments, given=given)
        assert ran.exit_code == 0, ran.output
        return ran.output


@pytest.fixture
def site(tmp_path: Path, open_at: OpenAt) -> Iterator[Site]:
    """A site whose tables come of the migrations, as an operator gets it."""
    with open_own_site(tmp_path, open_at) as own_site:
        site = Site(**vars(own_site))
        site.done("db", "upgrade")
        yield site


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
    return reader.get_by_role("link", name="Ada Example, MD", exact=True)


def invited(site: Site, admin: Page, email: str) -> Page:
    """A verifier who answered the letter, signed in with a second factor of their own."""
    admin.goto("/admin/accounts")
    admin.get_by_label("Email").fill(email)
    admin.get_by_label("Verifier").check()
    admin.get_by_role("button", name="Send the invitation").click()
    page = site.open(site.link(admin, email, "/invitation?key="))
    page.get_by_label("Your name").fill(email.partition("@")[0].capitalize())
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("again").fill(PASSWORD)
    page.get_by_role("button", name="Create my account").click()
    sign_in_first_time(page, email)
    return page


def claimed(site: Site, npi: str) -> Page:
    """The clinic's representative, whom a code at the practice's own domain confirmed."""
    page = site.open(f"/claim/{npi}")
    page.get_by_label("Your name").fill("Kim Desk")
    page.get_by_label("Your position").fill("Office manager")
    page.get_by_label("Your email address").fill("kim@desk.example.net")
    page.get_by_label(re.compile("by email", re.IGNORECASE)).check()
    page.get_by_label("The address at the practice’s domain").fill("office@practice.example")
    page.get_by_label(re.compile("I am allowed to represent")).check()
    page.get_by_role("button", name="Claim this page").click()
    code = re.search(r"\d{4} ?\d{4}", site.letter(page, "office@practice.example", "code").text)
    assert code
    page.goto(site.link(page, "kim@desk.example.net", "/claim/mine?key="))
    page.get_by_label("Code").fill(code[0])
    page.get_by_role("button", name="Enter the code").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    sign_in_first_time(page, "kim@desk.example.net")
    return page


def submit(clinic: Page, npi: str, kind: str, evidence: Path) -> None:
    clinic.goto(f"/account/providers/{npi}/credentials/new")
    clinic.get_by_label(f"{kind}: ").check()
    clinic.get_by_role("button", name="Continue").click()
    if kind == "License":
        clinic.locator("#state").select_option("CA")
        clinic.locator("#number").fill("A 1234")
    else:
        clinic.get_by_label(re.compile("neurology", re.IGNORECASE)).first.check()
    clinic.locator("#issuer").fill("Medical Board of California" if kind == "License" else "ABPN")
    clinic.locator("#issued_on").fill("2010-05-01")
    clinic.locator("#file_1").set_input_files(evidence)
    clinic.get_by_role("button", name="Submit it").click()
    expect(clinic.get_by_text("Decision due by").first).to_be_visible()


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
    with site.app.app_context():
        npi = factories.provider(last_name="Example", name="Ada Example, MD").npi
        db.session.commit()
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
    assert (
        "Board certification in neurology: verified." in site.letter(clinic, "kim@desk.example.net", "neurology").text
    )
    expect(found(reader)).to_be_visible()

    listed = entry(NPI=npi, EXCLDATE=f"{TODAY:%Y%m}01")
    site.done("import", "leie", leie_file(tmp_path, listed))
    expect(found(reader)).to_have_count(0)
    reader.goto(f"/providers/{npi}")
    expect(reader.get_by_text(re.compile("Not ranked: excluded by the OIG since")).first).to_be_visible()
    back = leie_file(tmp_path, listed | {"REINDATE": f"{TODAY:%Y%m%d}"}, name=f"{TODAY:%y%m}REIN.csv")
    site.done("import", "leie", back, "--supplement")
    expect(found(reader)).to_be_visible()

    assert "The log is intact" in site.done("audit", "verify")
    with closing(sqlite3.connect(tmp_path / "directory.sqlite3")) as shell, shell:
        number = shell.execute("SELECT number FROM audit_event WHERE act = 'verify_credential'").fetchone()[0]
        shell.execute("DROP TRIGGER audit_event_update")
        shell.execute("UPDATE audit_event SET actor = 'account:99' WHERE number = ?", (number,))
    ran = site.run("audit", "verify")
    assert ran.exit_code == 1
    assert f"Event {number} was changed" in ran.stderr
