"""The short list in a browser, with and without JavaScript, and the comparison on a phone and on paper."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.pages import PAGES, wait_until

SEARCH = "/search?near=90503&specialty=treating"
PHONE = {"width": 375, "height": 700}
FOUR = "/compare?npi=9500000010&npi=9500000028&npi=9500000036&npi=9500000044&near=90503"
LETTER_POINTS = (792, 612)


def check(page: Page, place: int) -> str:
    """Press the box in the card at `place`; its NPI."""
    box = page.locator("#results [data-shortlist]").nth(place)
    box.click()
    return str(box.get_attribute("value"))


def said(page: Page) -> str:
    return page.locator("[data-shortlist-said]").inner_text()


def kept(page: Page) -> str | None:
    found: str | None = page.evaluate("localStorage.getItem('shortlist')")
    return found


def test_nothing_is_kept_before_the_reader_presses(open_page: OpenPage) -> None:
    page = open_page(SEARCH)
    expect(page.locator("#shortlist-bar")).to_be_hidden()
    assert page.evaluate("localStorage.length") == 0


def test_a_list_fills_survives_a_reload_and_leads_to_the_comparison_with_the_place(open_page: OpenPage) -> None:
    page = open_page(SEARCH)
    chosen = [check(page, 2), check(page, 0)]
    expect(page.locator("[data-shortlist-said]")).to_have_text("Saved to compare: 2 of 4")
    page.reload()
    expect(page.locator("[data-shortlist-said]")).to_have_text("Saved to compare: 2 of 4")
    expect(page.locator(f"#shortlist-{chosen[0]}")).to_be_checked()
    page.locator("#shortlist-bar").get_by_role("link", name="Compare").click()
    expect(page).to_have_url(re.compile(rf"/compare\?npi={chosen[0]}&npi={chosen[1]}&near=90503$"))
    expect(page.locator("thead th[scope=col]")).to_have_count(2)


def test_a_box_pressed_again_takes_the_provider_off(open_page: OpenPage) -> None:
    page = open_page(SEARCH)
    check(page, 0)
    check(page, 0)
    assert said(page) == "Saved to compare: 0 of 4"
    assert kept(page) is None
    expect(page.locator("[data-shortlist-compare]")).to_be_hidden()


def test_a_full_list_says_so_and_what_to_do(open_page: OpenPage) -> None:
    page = open_page(SEARCH)
    for place in range(4):
        check(page, place)
    expect(page.locator("[data-shortlist-said]")).to_have_text("Saved to compare: 4 of 4")
    npi = check(page, 4)
    expect(page.locator(f"#shortlist-{npi}")).not_to_be_checked()
    assert "Your list is full: 4 of 4. Remove one, or clear the list" in said(page)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("[data-shortlist-said]")).to_be_focused()
    expect(page.locator("[data-shortlist]:checked")).to_have_count(0)
    check(page, 4)
    expect(page.locator("[data-shortlist-said]")).to_have_text("Saved to compare: 1 of 4")


def test_the_list_stays_when_the_results_change_in_place(open_page: OpenPage) -> None:
    page = open_page(SEARCH)
    npi = check(page, 0)
    page.locator("#facet-language > summary").click()
    page.get_by_role("checkbox", name=re.compile("^Spanish")).check()
    expect(page).to_have_url(re.compile("language=es"))
    expect(page.locator("[data-shortlist-said]")).to_have_text("Saved to compare: 1 of 4")
    page.get_by_role("link", name="Clear all filters").click()
    expect(page.locator(f"#shortlist-{npi}")).to_be_checked()
    check(page, 1)
    expect(page.locator("[data-shortlist-said]")).to_have_text("Saved to compare: 2 of 4")
    page.get_by_role("link", name="Next page").click()
    expect(page.locator("[data-shortlist-said]")).to_have_text("Saved to compare: 2 of 4")
    expect(page.locator("[data-shortlist]:checked")).to_have_count(0)


def test_boxes_follow_the_list_through_a_search_in_place(open_page: OpenPage) -> None:
    page = open_page(SEARCH)
    npi = check(page, 0)
    page.evaluate("window.stayed = true")
    page.locator("#w_rating").focus()
    page.keyboard.press("Home")
    expect(page).to_have_url(re.compile("w_rating=0"))
    assert page.evaluate("window.stayed === true")
    expect(page.locator("[data-shortlist]:checked")).to_have_count(1)
    expect(page.locator(f"#shortlist-{npi}")).to_be_checked()
    expect(page.get_by_role("button", name="Compare saved providers")).to_be_hidden()


def test_a_providers_page_and_the_comparison_share_the_list(open_page: OpenPage) -> None:
    page = open_page("/providers/9500000010")
    page.get_by_role("checkbox", name=re.compile("^Save Marisol")).check()
    expect(page.locator("[data-shortlist-said]")).to_have_text("Saved to compare: 1 of 4")
    page.goto("/compare?npi=9500000010&npi=9500000028")
    page.get_by_role("link", name=re.compile("^Remove Marisol")).click()
    expect(page.locator("thead th[scope=col]")).to_have_count(1)
    assert kept(page) is None


def test_a_search_for_others_puts_the_compared_on_the_list_and_not_into_the_address(open_page: OpenPage) -> None:
    page = open_page("/compare?npi=9500000010&npi=9500000028&near=90503")
    page.get_by_text("Distances from 90503").click()
    page.get_by_role("button", name="Search for others to add").click()
    expect(page).to_have_url(re.compile("/search"))
    assert "npi=" not in page.url
    expect(page.locator("[data-shortlist-said]")).to_have_text("Saved to compare: 2 of 4")
    expect(page.locator("#shortlist-9500000010")).to_be_checked()


def test_a_browser_that_keeps_nothing_says_so(open_page: OpenPage) -> None:
    page = open_page("/privacy")
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }")
    page.goto(SEARCH)
    check(page, 0)
    assert said(page) == (
        "Saved to compare: 1 of 4. "
        "Your browser doesn’t save anything for this site, so the list goes away when you leave this page."
    )


def test_nonsense_in_the_storage_is_no_list(open_page: OpenPage) -> None:
    page = open_page("/privacy")
    page.evaluate("localStorage.setItem('shortlist', '[\"9500000010\", 7, \"<b>\", null]')")
    page.goto(SEARCH)
    expect(page.locator("[data-shortlist-said]")).to_have_text("Saved to compare: 1 of 4")
    page.evaluate("localStorage.setItem('shortlist', '{')")
    page.reload()
    expect(page.locator("#results")).to_be_visible()
    expect(page.locator("#shortlist-bar")).to_be_hidden()


def test_the_list_speaks_spanish(open_page: OpenPage) -> None:
    page = open_page("/es" + SEARCH)
    check(page, 0)
    expect(page.locator("[data-shortlist-said]")).to_have_text("Guardados para comparar: 1 de 4")
    page.locator("[data-shortlist-compare]").click()
    expect(page).to_have_url(re.compile("/es/compare"))


def test_without_javascript_checked_results_are_compared_from_the_same_place(open_page: OpenPage) -> None:
    page = open_page(SEARCH, java_script_enabled=False)
    chosen = [check(page, 0), check(page, 3)]
    page.get_by_role("button", name="Compare saved providers").click()
    expect(page.locator("thead th[scope=col]")).to_have_count(2)
    assert all(f"npi={npi}" in page.url for npi in chosen)
    page.get_by_text("Distances from 90503").click()
    expect(page.get_by_label("Where are you?")).to_have_value("90503")
    page.get_by_role("button", name="Search for others to add").click()
    expect(page.locator("[data-shortlist]:checked")).to_have_count(2)
    check(page, 1)
    page.get_by_role("button", name="Compare saved providers").click()
    expect(page.locator("thead th[scope=col]")).to_have_count(3)
    expect(page.get_by_text("Only differences are shown")).to_be_visible()
    page.get_by_role("link", name="Show all").click()
    expect(page.get_by_role("link", name="Show only differences")).to_be_visible()
    expect(page.locator("thead th[scope=col]")).to_have_count(3)


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_phone_shows_two_of_four_side_by_side_and_others_when_they_are_chosen(
    open_page: OpenPage, java_script_enabled: bool
) -> None:
    page = open_page(FOUR, viewport=PHONE, java_script_enabled=java_script_enabled)
    heads = page.locator("thead th[scope=col]")
    first, second = (heads.nth(place).bounding_box() for place in (0, 1))
    assert first
    assert second
    assert first["y"] == second["y"]
    expect(heads.nth(2)).to_be_hidden()
    expect(page.get_by_text("Only differences between these two are shown.")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Total points")).to_be_hidden()  # the third has others
    page.get_by_label("Right").select_option("9500000044")
    page.get_by_role("button", name="Show these two").click()
    expect(heads.nth(1)).to_have_text("Armen Petrosyan, MD")
    expect(heads.nth(1)).to_be_visible()
    expect(heads.nth(2)).to_be_hidden()
    expect(page.locator(".comparison tbody tr:has-text('Distance') td:visible")).to_have_count(2)
    expect(page.get_by_role("rowheader", name="Total points")).to_be_visible()


def test_four_fit_in_less_than_eight_screens_of_a_phone_and_names_stay_in_sight(open_page: OpenPage) -> None:
    page = open_page(FOUR, viewport={"width": 375, "height": 812})
    assert page.evaluate("document.documentElement.scrollHeight") < 6000
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.get_by_role("rowheader", name="Insurance").scroll_into_view_if_needed()
    name = page.locator("thead th[scope=col]").first.bounding_box()
    assert name
    assert 0 <= name["y"] < 60


def test_sources_and_dates_are_shown_when_asked_for(open_page: OpenPage) -> None:
    page = open_page(FOUR, viewport=PHONE, java_script_enabled=False)
    source = page.locator(".comparison address + .source, .comparison td > .source").first
    expect(source).to_be_hidden()
    page.get_by_label("Show sources and dates").check()
    expect(source).to_be_visible()


def test_a_table_that_does_not_fit_scrolls_by_keyboard_and_keeps_the_names_of_its_rows(open_page: OpenPage) -> None:
    page = open_page(PAGES["comparison"], viewport={"width": 800, "height": 700})
    region = page.get_by_role("region", name="Compare providers")
    region.focus()
    expect(region).to_be_focused()
    row = page.get_by_role("rowheader", name="Distance")
    before = row.bounding_box()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    wait_until(page, lambda: region.evaluate("each => each.scrollLeft > 0"))
    after = row.bounding_box()
    assert before
    assert after
    assert abs(before["x"] - after["x"]) < 1


def test_four_providers_print_on_two_lying_pages(open_page: OpenPage) -> None:
    page = open_page(FOUR)
    paper = page.pdf(prefer_css_page_size=True)
    sizes = re.findall(rb"/MediaBox \[0 0 (\d+) (\d+)\]", paper)
    assert {tuple(map(int, size)) for size in sizes} == {LETTER_POINTS}
    assert len(re.findall(rb"/Type /Page\b", paper)) <= 2
