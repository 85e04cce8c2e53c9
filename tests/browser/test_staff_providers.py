"""Staff add a provider, hide and show one, merge two records and undo it; and edit by keyboard on a phone."""

from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.looking import Look
from tests.browser.own_site import PHONE, OwnSite
from tests.signing_in import sign_in_page

NPI = "1003000126"
FIELDS = {
    "NPI": NPI,
    "First name": "Ada",
    "Last name": "Example",
    "Degrees and titles": "MD",
    "Street address": "3445 Main St",
    "City": "Torrance",
    "ZIP": "90503",
    "Phone": "(310) 555-0100",
}


def test_staff_add_hide_merge_and_undo(own_site: OwnSite, look: Look) -> None:
    with own_site.app.app_context():
        other = factories.provider(npi="1003000134", name="Ada Q. Example, MD")
        factories.review(other.npi)
        factories.db.session.commit()
    staff = own_site.open("/account/sign-in")
    sign_in_page(staff, own_site.app, "admin")
    staff.goto("/admin")
    staff.get_by_role("link", name="Providers", exact=True).click()
    staff.get_by_role("button", name="Add a provider").click()
    staff.get_by_role("button", name="Add the provider").click()
    expect(staff.get_by_role("alert").filter(has_text="Choose the primary specialty.")).to_be_visible()
    for label, text in FIELDS.items():
        staff.get_by_label(label, exact=True).fill(text)
    staff.get_by_label("Primary specialty").select_option(factories.NEUROLOGY)
    staff.get_by_role("button", name="Add the provider").click()
    expect(staff.get_by_role("status")).to_contain_text("It appears in searches now.")
    look(staff, "Ada Example, MD")
    reader = own_site.open(f"/providers/{NPI}")
    expect(reader.get_by_role("heading", level=1)).to_contain_text("Ada Example, MD")

    _act(staff, "Hide this provider", "asked us to", "Hide")
    expect(staff.get_by_role("status")).to_contain_text("Hidden.")
    reader.reload()
    expect(reader.get_by_role("heading", level=1)).to_have_text("This page was removed")
    look(reader, "This page was removed")
    staff.get_by_label("Reason").fill("came back")
    staff.get_by_role("button", name="Show again").click()
    expect(staff.get_by_role("status")).to_contain_text("Shown again.")
    reader.reload()
    expect(reader.get_by_role("heading", level=1)).to_contain_text("Ada Example, MD")

    staff.goto("/admin/providers/1003000134")
    staff.get_by_text("Merge this provider into another one").click()
    staff.get_by_label("NPI of the record that stays").fill(NPI)
    staff.get_by_role("button", name="See what would move").click()
    expect(staff.get_by_role("region", name="What moves").get_by_role("row", name="Review")).to_contain_text("1")
    look(staff, "Merge two records of one provider")
    staff.get_by_label("Reason").fill("the same person")
    staff.get_by_role("button", name="Merge into").click()
    expect(staff.get_by_role("status")).to_contain_text("You can undo it for 30 days.")
    reader.goto("/providers/1003000134")
    expect(reader).to_have_url(f"{own_site.address}/providers/{NPI}")
    staff.get_by_label("Reason").fill("two people after all")
    staff.get_by_role("button", name="Undo the merge").click()
    expect(staff.get_by_role("status")).to_contain_text("Everything that moved is back.")
    reader.goto("/providers/1003000134")
    expect(reader).to_have_url(f"{own_site.address}/providers/1003000134")


def test_a_phone_number_is_edited_by_keyboard_without_javascript(own_site: OwnSite, look: Look) -> None:
    with own_site.app.app_context():
        npi = factories.provider(name="Ada Example, MD").npi
        factories.db.session.commit()
    page = own_site.open("/account/sign-in", viewport=PHONE, java_script_enabled=False)
    sign_in_page(page, own_site.app, "verifier")
    page.goto(f"/admin/providers/{npi}")
    page.get_by_role("region", name="Locations and website").get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    phone = page.get_by_label("Phone")
    phone.focus()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("call us")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Say why")).to_be_visible()
    page.get_by_label("Reason").fill("called the practice")
    phone.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="is not a phone number")).to_be_visible()
    expect(page.get_by_label("Reason")).to_have_value("called the practice")
    phone.fill("(310) 555-0199")
    phone.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.get_by_role("region", name="Corrections by staff")).to_contain_text("Phone: (310) 555-0199")


def _act(page: Page, summary: str, reason: str, button: str) -> None:
    page.get_by_text(summary).click()
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name=button, exact=True).click()
