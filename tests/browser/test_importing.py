"""An admin uploads a file by keyboard, sees it imported, and takes out the rows that were rejected."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from directory.imports.uploads import read_waiting_uploads
from tests.browser.looking import Look
from tests.browser.own_site import OwnSite
from tests.imports.test_uploads import GOOD, NAME, WRONG, taxonomy
from tests.signing_in import sign_in_page


@pytest.fixture(params=[True, False], ids=["javascript", "no javascript"])
def admin(own_site: OwnSite, request: pytest.FixtureRequest) -> Page:
    page = own_site.open("/", java_script_enabled=request.param)
    sign_in_page(page, own_site.app, "admin")
    return page


def press(page: Page, role: str, name: str) -> None:
    """As a person with a keyboard: go there, and press Enter."""
    page.get_by_role(role, name=name, exact=True).focus()  # type: ignore[arg-type]  # a role by its name
    page.keyboard.press("Enter")


def test_a_file_with_rejects_is_uploaded_and_imported(
    admin: Page, own_site: OwnSite, tmp_path: Path, look: Look, request: pytest.FixtureRequest
) -> None:
    page, has_scripts = admin, "no javascript" not in request.node.callspec.id
    file = tmp_path / NAME
    file.write_bytes(taxonomy(GOOD, GOOD.replace("207R", "207S"), WRONG))
    press(page, "link", "Staff page")
    press(page, "link", "Imports")
    expect(page.get_by_text("Nothing has been imported yet.")).to_be_visible()
    press(page, "button", "Upload a file")
    press(page, "link", "Specialties (NUCC taxonomy)")
    press(page, "button", "Upload and import")
    press(page, "link", "Choose the file first.")
    expect(page.get_by_label("The file: a CSV, or a zip of it")).to_be_focused()
    page.get_by_label("The file: a CSV, or a zip of it").set_input_files(file)
    press(page, "button", "Upload and import")
    expect(page.get_by_text("No worker is running, so uploads wait.")).to_be_visible()
    if has_scripts:
        look(page)
    with own_site.app.app_context():
        read_waiting_uploads()  # as the worker does it each minute
    if not has_scripts:
        press(page, "link", "Refresh")
    expect(page.get_by_text("3 rows read, 2 added, 0 changed, 1 rejected")).to_be_visible()
    press(page, "link", NAME)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Import of {NAME}")
    if has_scripts:
        look(page)
    with page.expect_download() as download:
        press(page, "link", "Download the list (CSV)")
    with open(download.value.path(), encoding="utf-8", newline="") as rejects:
        (row,) = csv.DictReader(rejects)
    assert (row["line"], row["row"]) == ("4", f"'{WRONG}")
    press(page, "link", "Imports")
    expect(page.get_by_text("3 rows read: 2 added")).to_be_visible()
    if has_scripts:
        look(page)
