"""A board's list is imported and verifies; a verifier finds one to be wrong; an admin lifts what that suspended."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from directory.credentials.licenses import from_files
from directory.web.days import today_in_california
from tests.browser.looking import Look
from tests.browser.own_site import OwnSite
from tests.imports.cms_files import licensee, licensees
from tests.imports.published import person, providers_csv, real_npi, written
from tests.signing_in import sign_in_page

BENS = {"License Number": "777", "License Type": "Physician and Surgeon G", "First Name": "BEN", "Middle Name": ""}


@pytest.fixture
def imported(own_site: OwnSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two neurologists by NPPES, whose licenses the Medical Board's list verified; both are in the sample."""
    monkeypatch.setattr(from_files, "SAMPLE_SHARE", 1.0)
    providers = written(
        tmp_path, "npidata_pfile.csv", providers_csv(person(1), person(2, first="BEN", license_1="G777"))
    )
    name = f"MedicalBoard_{today_in_california():%Y%m%d}.xls"
    board = written(tmp_path, name, licensees(licensee(), licensee(**BENS)))
    for command in (["nppes", providers], ["licenses", board, "--layout", "california"]):
        result = own_site.app.test_cli_runner().invoke(args=["import", *command])
        assert result.exit_code == 0, result.output
    assert "2 licenses verified from boards' lists" in result.output


def show_checks(page: Page, number: int) -> None:
    page.goto(f"/providers/{real_npi(number)}")
    page.get_by_text("Credentials and checks").click()


@pytest.mark.usefixtures("imported")
def test_a_wrong_one_suspends_its_list_until_an_admin_lifts_that(own_site: OwnSite, look: Look) -> None:
    page = own_site.open("/")
    show_checks(page, 1)
    expect(page.get_by_text("Verified in the Medical Board of California’s list of")).to_be_visible()
    look(page, unfolded=True)
    sign_in_page(page, own_site.app, "verifier")
    page.goto("/admin/verify?kind=sample_recheck")
    page.get_by_role("link", name="California license, Ana de la Cruz").click()
    expect(page.get_by_role("heading", name="Verified by the program")).to_be_visible()
    look(page, unfolded=True)
    page.get_by_label("for a reason that holds for this license alone").check()
    page.get_by_role("button", name="Record what you found").click()
    page.get_by_role("link", name="Say what is wrong").click()
    page.get_by_label("Note", exact=True).first.fill("The board's page has another Ana under this number.")
    page.get_by_role("button", name="Record what you found").click()
    expect(page.get_by_text("Done. It no longer counts")).to_be_visible()
    page.goto("/admin/verify")
    expect(page.get_by_text("nothing is verified from it since")).to_be_visible()
    look(page)
    show_checks(page, 1)
    expect(page.locator(".credentials")).to_contain_text("claimed, not verified")
    show_checks(page, 2)
    expect(page.locator(".credentials")).to_contain_text("Verified in the Medical Board of California’s list of")

    admin = own_site.open("/")
    sign_in_page(admin, own_site.app, "admin")
    admin.goto("/admin")
    admin.get_by_role("link", name="Boards' lists").click()
    look(admin, "Verified from boards’ lists")
    admin.get_by_role("button", name="Lift the suspension").click()
    admin.get_by_role("link", name="Say what was looked at").click()
    expect(admin.get_by_label("Why it can be trusted again")).to_be_focused()
    admin.get_by_label("Why it can be trusted again").fill(
        "One number was typed wrongly in NPPES. 30 others are right."
    )
    admin.get_by_role("button", name="Lift the suspension").click()
    expect(admin.get_by_text("The suspension is lifted.")).to_be_visible()
    expect(admin.get_by_text("In force")).to_be_visible()
    admin.goto("/admin/verify")
    expect(admin.get_by_text("nothing is verified from it since")).to_have_count(0)
