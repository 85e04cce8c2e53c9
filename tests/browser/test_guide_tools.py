"""The guide's tools as people use them: without JavaScript, on a phone, on paper."""

import re
from pathlib import Path

import pytest
import vobject
from playwright.sync_api import Page, expect

from directory.guide.prepare.questions import MAX_WORDS_LENGTH, RED_FLAGS, SAFETY
from directory.web.days import today_in_california
from tests.browser.conftest import OpenPage
from tests.browser.looking import NARROWEST, Look

PAGE_OF_PDF = re.compile(rb"/Type\s*/Page\b")
WORDS = ("My head pulls to the left when I drive or sit, and it gets worse under stress. " * 8)[:MAX_WORDS_LENGTH]
TEXTS = ("neck_words", "tried_words", "medicines", "earlier_words", "own_questions")


def pages_on_paper(page: Page) -> int:
    return len(PAGE_OF_PDF.findall(page.pdf(prefer_css_page_size=True)))


def answer_everything(page: Page) -> None:
    for name in ("red_flags", "neck", "tried"):
        for box in page.locator(f"input[name={name}]").all():
            box.check()
    for name in (*SAFETY, "earlier"):
        page.locator(f"input[name={name}][value=yes]").check()
    page.locator("#product").select_option("daxxify")
    page.locator("#helped").select_option("faded")
    page.locator("#since").fill("3/2021")
    for name in TEXTS:
        page.locator(f"#{name}").fill(WORDS)


def test_a_sheet_is_made_changed_and_saved_without_javascript(open_page: OpenPage) -> None:
    page = open_page("/guide/prepare", java_script_enabled=False)
    page.get_by_label("My neck hurts").check()
    page.get_by_label("In your own words").fill("Since the move.")
    page.get_by_role("button", name="Make my page").click()
    sheet = page.locator("#sheet")
    expect(sheet).to_contain_text("“Since the move.”")
    assert page.url.endswith("/guide/prepare"), "no answer is in the address"
    expect(page.locator("[data-print]")).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save it as plain text").click()
    assert download.value.suggested_filename == "consultation.txt"
    assert "“Since the move.”" in Path(download.value.path()).read_text("utf-8")
    page.get_by_role("button", name="Change my answers").click()
    expect(page.get_by_label("My neck hurts")).to_be_checked()
    expect(page.get_by_label("In your own words")).to_have_value("Since the move.")


def test_the_print_button_prints(open_page: OpenPage) -> None:
    page = open_page("/guide/prepare")
    page.get_by_role("button", name="Make my page").click()
    page.evaluate("window.print = () => { document.title = 'printed' }")
    page.get_by_role("button", name="Print or save as PDF").click()
    expect(page).to_have_title("printed")


@pytest.mark.parametrize("language", ["", "/es"])
def test_the_sheet_is_one_page_on_paper_however_much_is_answered(open_page: OpenPage, language: str) -> None:
    page = open_page(f"{language}/guide/prepare")
    page.locator("#send").click()
    expect(page.locator("#sheet")).to_be_visible()
    assert pages_on_paper(page) == 1
    page.goto(f"{language}/guide/prepare")
    answer_everything(page)
    page.locator("#send").click()
    expect(page.locator("#sheet")).to_be_visible()
    assert pages_on_paper(page) == 1


@pytest.mark.parametrize("language", ["", "/es"])
def test_the_questions_for_the_insurer_are_one_page_on_paper(open_page: OpenPage, language: str) -> None:
    assert pages_on_paper(open_page(f"{language}/guide/insurer")) == 1


def test_on_paper_are_the_sheet_and_the_urgent_advice_alone(open_page: OpenPage) -> None:
    page = open_page("/guide/prepare")
    page.get_by_label(str(RED_FLAGS["fever"])).check()
    page.locator("#send").click()
    page.emulate_media(media="print")
    for seen in ("#sheet", ".urgent"):
        expect(page.locator(seen)).to_be_visible()
    for hidden in (".site-header", ".site-footer", ".guide-contents", ".red-flags", ".sources", "h1", "#sheet .cite"):
        for each in page.locator(hidden).all():
            expect(each).to_be_hidden()


@pytest.mark.exhaustive
def test_a_full_sheet_and_mistakes_are_accessible(open_page: OpenPage, look: Look) -> None:
    page = open_page("/guide/prepare")
    answer_everything(page)
    page.locator("#send").click()
    expect(page.locator("#sheet")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Change my answers").click()
    page.locator("#since").fill("3000")
    page.locator("#send").click()
    expect(page.locator("#error-summary")).to_be_visible()
    look(page)


def test_a_sheet_fits_the_narrowest_screen(open_page: OpenPage) -> None:
    page = open_page("/es/guide/prepare", viewport={"width": NARROWEST, "height": 640})
    answer_everything(page)
    page.locator("#medicines").fill("x" * MAX_WORDS_LENGTH)
    page.locator("#send").click()
    expect(page.locator("#sheet")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST


def test_the_summary_of_mistakes_leads_to_the_field(open_page: OpenPage) -> None:
    page = open_page("/guide/prepare", java_script_enabled=False)
    page.locator("#since").fill("soon")
    page.locator("#send").click()
    page.locator("#error-summary a").click()
    expect(page.locator("#since")).to_be_focused()
    expect(page.locator("#since")).to_have_value("soon")


def test_a_ticked_red_flag_stands_out_before_anything_is_sent(open_page: OpenPage) -> None:
    page = open_page("/guide/prepare", java_script_enabled=False)
    group = page.locator(".urgent-group")
    before = group.evaluate("each => getComputedStyle(each).backgroundColor")
    page.get_by_label(str(RED_FLAGS["throat"])).check()
    assert group.evaluate("each => getComputedStyle(each).backgroundColor") != before


def test_the_calendar_file_is_saved_without_javascript(open_page: OpenPage) -> None:
    page = open_page("/guide/aftercare#calendar", java_script_enabled=False)
    today = today_in_california()
    page.get_by_label("Date of the injection").fill(today.isoformat())
    with page.expect_download() as download:
        page.get_by_role("button", name="Get the calendar file").click()
    assert download.value.suggested_filename == "aftercare.ics"
    calendar = vobject.readOne(Path(download.value.path()).read_bytes().decode("utf-8"))
    assert calendar.vevent_list[0].dtstart.value == today


def test_a_day_that_is_missing_is_asked_for_at_the_form(open_page: OpenPage) -> None:
    page = open_page("/guide/aftercare", java_script_enabled=False, viewport={"width": 375, "height": 700})
    page.get_by_role("button", name="Get the calendar file").click()
    expect(page.locator("#injected_on-error")).to_be_in_viewport()


def test_the_codes_follow_the_medicine_without_javascript(open_page: OpenPage) -> None:
    page = open_page("/guide/insurer", java_script_enabled=False)
    page.get_by_label("Medicine", exact=True).select_option("xeomin")
    page.get_by_role("button", name="Show its code").click()
    expect(page).to_have_url(re.compile(r"/guide/insurer\?product=xeomin$"))
    expect(page.locator("#sheet")).to_contain_text("J0588")
    expect(page.locator("#sheet")).not_to_contain_text("J0585")


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_costs_of_a_provider_are_answered_on_the_first_screen(open_page: OpenPage, java_script_enabled: bool) -> None:
    phone = {"width": 375, "height": 812}
    page = open_page("/compare?npi=9500000010&npi=9500000028", viewport=phone, java_script_enabled=java_script_enabled)
    page.get_by_role("link", name="Estimate my cost here").first.click()
    answer = page.get_by_text("You would pay about $510")
    box = answer.bounding_box()
    assert box
    assert box["y"] + box["height"] < phone["height"]
    expect(page.get_by_role("heading", name="One treatment at Marisol Ines Quintero-Hale, MD")).to_be_visible()
    how = page.get_by_text("How we calculated this")
    expect(page.get_by_label("Typical", exact=True)).to_be_hidden()
    how.click()
    expect(page.get_by_label("Typical", exact=True)).to_have_value("236")
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_label("Doctor or practice name").fill("okonkwo")
    page.get_by_role("button", name="Update the estimate").click()
    page.get_by_role("link", name="Daniel Okonkwo, MD, PhD").click()
    expect(page.get_by_role("heading", name="One treatment at Daniel Okonkwo, MD, PhD")).to_be_visible()
