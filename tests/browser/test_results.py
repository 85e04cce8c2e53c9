"""The page of results on a phone: the answer within the first screen, and filters on a sheet over the page."""

import re
from statistics import median

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.looking import Look

SEARCH = "/search?near=90503&specialty=treating"
PHONE = {"width": 375, "height": 812}
TABLET = {"width": 768, "height": 1024}
MAX_TOP, MAX_HEIGHT = 450, 320  # pixels: where the first card starts, and what half of all cards stay below


def total(page: Page) -> int:
    return int(page.locator("#result-count").inner_text().split()[0])


def test_the_first_card_starts_within_the_first_screen_and_cards_are_short(open_page: OpenPage) -> None:
    page = open_page(SEARCH, viewport=PHONE)
    tops, heights = page.locator("#results > li").evaluate_all(
        "all => ['top', 'height'].map(side => all.map(one => one.getBoundingClientRect()[side]))"
    )
    assert tops[0] < MAX_TOP
    assert median(heights) <= MAX_HEIGHT
    expect(page.locator("#map")).to_be_hidden()
    below = page.locator("#map-panel").evaluate("map => map.getBoundingClientRect().top")
    assert below > tops[-1], "the map comes after the cards"


def test_the_search_folds_to_one_line_and_unfolds_with_what_was_asked(open_page: OpenPage) -> None:
    page = open_page(SEARCH, viewport=PHONE)
    line = page.locator("#asked-place > summary")
    expect(line).to_have_text(re.compile(r"Torrance, CA 90503\s+· 25 miles ·\s+Edit\s*$"))
    expect(page.locator("#near")).to_be_hidden()
    line.click()
    expect(page.locator("#near")).to_have_value("90503")
    page.locator("#near").fill("Gardena, CA")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Providers near Gardena, CA")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.locator("#near")).to_be_hidden()


def test_a_search_by_name_folds_and_waits_with_the_filters_for_a_place(open_page: OpenPage) -> None:
    page = open_page("/search?name=quintero", viewport=PHONE)
    expect(page.locator("#asked-place > summary")).to_have_text(re.compile(r"“quintero”\s+·\s+Edit\s*$"))
    card = page.locator("#named > li").first
    assert card.evaluate("card => card.getBoundingClientRect().top") < MAX_TOP
    expect(card.get_by_role("link", name="Marisol Ines Quintero-Hale, MD", exact=True)).to_be_visible()
    expect(page.locator("#filters")).to_be_hidden()


def test_the_search_stands_open_when_nothing_was_searched(open_page: OpenPage) -> None:
    for address in ("/search", "/search?near=Torrence", "/search?name=zzzzqq"):
        expect(open_page(address, viewport=PHONE).locator("#near")).to_be_visible()


def test_the_sheet_holds_the_keyboard_and_its_button_follows_the_choices(open_page: OpenPage) -> None:
    page = open_page(SEARCH, viewport=PHONE)
    before = total(page)
    opener = page.locator("#filters > summary")
    opener.focus()
    page.keyboard.press("Enter")
    show = page.locator("[data-close-sheet]")
    expect(show).to_have_accessible_name(f"Show {before} providers")
    botox = page.locator("#product-botox")
    botox.focus()
    page.keyboard.press("Space")
    expect(show).not_to_have_accessible_name(f"Show {before} providers")
    expect(botox).to_be_focused()
    expect(page.locator(".site-header")).to_have_attribute("inert", "")
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('#filters')")
    show.focus()
    promised = show.inner_text().strip()
    page.keyboard.press("Enter")
    expect(page.locator("#search-title")).to_be_focused()
    expect(botox).to_be_hidden()
    assert promised == f"Show {total(page)} providers"
    expect(page.locator(".in-use")).to_contain_text("1")
    expect(page.locator(".site-header")).not_to_have_attribute("inert", "")


def test_without_an_answer_the_sheet_says_so_and_promises_no_number(open_page: OpenPage) -> None:
    page = open_page(SEARCH, viewport=PHONE)
    page.locator("#filters > summary").click()
    page.route("**/search?*", lambda route: route.abort())
    page.locator("#product-botox").check()
    expect(page.get_by_role("alert").filter(has_text="The site didn’t respond")).to_be_in_viewport()
    show = page.locator("[data-close-sheet]")
    expect(show).to_have_accessible_name("Show providers")
    page.unroute("**/search?*")
    show.click()
    expect(page).to_have_url(re.compile("product=botox"))
    expect(show).not_to_have_accessible_name("Show providers")


def test_the_open_sheet_is_accessible_and_fits(open_page: OpenPage, look: Look) -> None:
    page = open_page(SEARCH, viewport=PHONE)
    page.locator("#filters > summary").click()
    look(page)


def test_escape_and_the_page_behind_close_the_sheet(open_page: OpenPage) -> None:
    page = open_page(SEARCH, viewport=TABLET)
    opener = page.locator("#filters > summary")
    opener.click()
    page.locator("#product-botox").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#product-botox")).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    page.mouse.click(60, 500)
    expect(page.locator("#product-botox")).to_be_hidden()
    expect(page).to_have_url(re.compile("/search"))


def test_a_sort_sets_the_weights_and_says_so(open_page: OpenPage) -> None:
    page = open_page(SEARCH, viewport=PHONE)
    page.locator("#sort > summary").click()
    page.get_by_role("link", name="Nearest").click()
    expect(page.locator(".sort-note")).to_contain_text("Sorted by distance only.")
    expect(page.locator("#sort > summary")).to_contain_text("Nearest")
    expect(page.locator("#w_proximity")).to_have_value("100")
    distances = [float(text.split()[0]) for text in page.locator("#results .distance").all_inner_texts()]
    assert distances == sorted(distances)


def test_a_misspelled_place_is_mended_by_a_link_that_keeps_the_choices(open_page: OpenPage) -> None:
    page = open_page("/search?near=Torrence&product=botox", viewport=PHONE)
    summary = page.locator("#error-summary")
    expect(summary).to_contain_text("We couldn’t find “Torrence”. Did you mean: Torrance, CA")
    summary.get_by_role("link", name="Torrance, CA").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Providers near Torrance, CA")
    assert "product=botox" in page.url


def test_a_mistake_in_a_filter_leads_into_the_sheet(open_page: OpenPage) -> None:
    page = open_page("/search?near=90503&product=nothing", viewport=PHONE)
    expect(page.locator("#error-summary")).to_be_focused()
    page.locator("#error-summary a").click()
    expect(page.locator("#product-error")).to_be_in_viewport()


def test_the_map_is_one_press_away(open_page: OpenPage) -> None:
    page = open_page(SEARCH, viewport=PHONE)
    page.locator(".map-link").click()
    expect(page.locator("#map .marker").first).to_be_visible()
    expect(page.locator("#map")).to_be_in_viewport()


def test_sort_and_search_work_without_javascript(open_page: OpenPage) -> None:
    page = open_page(SEARCH, viewport=PHONE, java_script_enabled=False)
    page.locator("#sort > summary").click()
    page.get_by_role("link", name="Best rated").click()
    expect(page.locator(".sort-note")).to_contain_text("Sorted by ratings only.")
    page.locator("#asked-place > summary").click()
    page.get_by_label("Within").select_option("10")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("#result-count")).to_contain_text("within 10 miles")
    expect(page.locator(".sort-note")).to_contain_text("Sorted by ratings only.")
