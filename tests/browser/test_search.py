"""The main job in a browser: search, filter, weigh, page, and what happens when the network fails."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.pages import wait_until

SEARCH = "/search?near=90503&specialty=treating"


def names(page: Page) -> list[str]:
    return page.locator("#results h2").all_inner_texts()


def total(page: Page) -> int:
    found = re.match(r"([\d,]+) provider", page.locator("#result-count").inner_text())
    assert found
    return int(found[1].replace(",", ""))


def mark(page: Page) -> None:
    """Leave a mark that a reload would wipe out."""
    page.evaluate("window.stayed = true")


def stayed(page: Page) -> bool:
    return bool(page.evaluate("window.stayed === true"))


def test_from_home_to_a_provider(open_page: OpenPage) -> None:
    page = open_page("/")
    page.get_by_label("ZIP code, city or address").fill("Torrance, CA")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Providers near Torrance, CA")
    first = page.locator("#results h2 a").first
    name = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_a_filter_updates_in_place_and_keeps_the_focus(open_page: OpenPage) -> None:
    page = open_page(SEARCH)
    mark(page)
    before = total(page)
    botox = page.get_by_role("checkbox", name=re.compile("^Botox"))
    botox.check()
    expect(page).to_have_url(re.compile("product=botox"))
    expect(page.locator("#result-count")).not_to_have_text(re.compile(f"^{before} "))
    assert 0 < total(page) < before
    assert stayed(page)
    expect(botox).to_be_focused()
    expect(botox).to_be_checked()
    assert not re.search(r"[?&]\w+=(&|$)", page.url), "empty fields stay out of the address"


def test_the_count_beside_a_choice_is_what_it_brings(open_page: OpenPage) -> None:
    page = open_page(SEARCH)
    choice = page.locator("label.choice:has(#product-botox) .count")
    promised = int(re.sub(r"\D", "", choice.inner_text()))
    page.get_by_role("checkbox", name=re.compile("^Botox")).check()
    expect(page.locator("#result-count")).to_have_text(re.compile(f"^{promised} provider"))


def test_a_group_of_filters_stays_open_after_a_change(open_page: OpenPage) -> None:
    page = open_page(SEARCH)
    page.locator("#facet-language > summary").click()
    page.get_by_role("checkbox", name=re.compile("^Spanish")).check()
    expect(page).to_have_url(re.compile("language=es"))
    expect(page.get_by_role("checkbox", name=re.compile("^Spanish"))).to_be_visible()


def test_a_slider_reorders_in_place_and_keeps_the_focus(open_page: OpenPage) -> None:
    page = open_page(SEARCH)
    mark(page)
    before = names(page)
    page.locator("#w_qualification").focus()
    page.keyboard.press("Home")
    page.locator("#w_rating").focus()
    page.keyboard.press("Home")
    expect(page).to_have_url(re.compile("w_qualification=0.*w_rating=0"))
    expect(page.locator("output[for=w_proximity]")).to_have_text("100%")
    expect(page.locator(".sort-note")).to_contain_text("Sorted by distance only.")
    distances = [float(text.split()[0]) for text in page.locator("#results .distance").all_inner_texts()]
    assert distances == sorted(distances)
    assert names(page) != before
    assert stayed(page)
    expect(page.locator("#w_rating")).to_be_focused()


def test_a_moving_slider_shows_its_share_before_it_is_let_go(open_page: OpenPage) -> None:
    page = open_page(SEARCH)
    page.locator("#w_rating").evaluate(
        "slider => { slider.value = 70; slider.dispatchEvent(new InputEvent('input', {bubbles: true})) }"
    )
    expect(page.locator("output[for=w_rating]")).to_have_text("50%")
    expect(page.locator("output[for=w_proximity]")).to_have_text("25%")


def test_pages_follow_each_other(open_page: OpenPage) -> None:
    page = open_page(f"{SEARCH}&radius=100")
    first = names(page)
    assert len(first) == 20
    page.get_by_role("link", name="Next page").click()
    expect(page.locator(".pagination [aria-current=page]")).to_have_text("2")
    assert not set(first) & set(names(page))
    page.get_by_role("link", name="Previous page").click()
    expect(page.locator(".pagination [aria-current=page]")).to_have_text("1")
    assert names(page) == first


def test_going_back_brings_back_the_search_before(open_page: OpenPage) -> None:
    page = open_page(SEARCH)
    before = names(page)
    page.get_by_role("checkbox", name=re.compile("^Botox")).check()
    expect(page).to_have_url(re.compile("product=botox"))
    page.go_back()
    expect(page.get_by_role("checkbox", name=re.compile("^Botox"))).not_to_be_checked()
    assert names(page) == before


def test_the_score_of_a_result_can_be_unfolded_and_adds_up(open_page: OpenPage) -> None:
    page = open_page(SEARCH)
    result = page.locator("#results > li").first
    result.get_by_text(re.compile("^Score .* of 100: see why")).click()
    points = [float(text) for text in result.locator("tbody td:last-child").all_inner_texts()]
    score = float(result.locator("tfoot td").inner_text())
    assert sum(points) == round(sum(points), 1) or abs(sum(points) - score) < 1e-9
    assert round(sum(points), 1) == score


def test_a_mistake_is_shown_in_place_and_the_focus_goes_there(open_page: OpenPage) -> None:
    page = open_page(SEARCH)
    mark(page)
    page.get_by_label("ZIP code, city or address").fill("Nowhereville, ZZ")
    page.keyboard.press("Enter")
    expect(page.locator("#error-summary")).to_be_focused()
    assert stayed(page)
    page.locator("#error-summary a[href='#near']").click()
    expect(page.locator("#near")).to_be_focused()
    expect(page.locator("#near")).to_have_value("Nowhereville, ZZ")


def test_without_a_network_the_choices_stay_and_a_sentence_says_so(open_page: OpenPage) -> None:
    page = open_page(SEARCH)
    before = names(page)
    page.route("**/search?*", lambda route: route.abort())
    page.get_by_role("checkbox", name=re.compile("^Botox")).check()
    expect(page.get_by_role("alert").filter(has_text="The site didn’t respond")).to_be_visible()
    expect(page.get_by_role("checkbox", name=re.compile("^Botox"))).to_be_checked()
    assert names(page) == before
    page.unroute("**/search?*")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile("product=botox"))
    expect(page.get_by_text("The site didn’t respond")).to_have_count(0)


def test_while_it_waits_the_page_says_so_and_a_second_click_is_harmless(open_page: OpenPage) -> None:
    page = open_page(SEARCH)
    held: list[Route] = []
    page.route("**/search?*", lambda route: held.append(route))
    button = page.get_by_role("button", name="Search")
    button.click()
    expect(page.locator("#progress")).to_have_css("visibility", "visible")
    button.click()
    wait_until(page, lambda: len(held) == 2)  # the second takes the place of the first
    held[-1].continue_()
    expect(page.locator("#progress")).to_have_css("visibility", "hidden")
    assert len(names(page)) == 20
    assert page.evaluate("history.length") <= 3


def test_the_position_is_asked_for_on_a_click_alone_and_sent_rounded(open_page: OpenPage) -> None:
    position = {"latitude": 33.83581234, "longitude": -118.34061234}
    page = open_page("/", geolocation=position, permissions=["geolocation"])
    assert page.get_by_label("ZIP code, city or address").input_value() == ""
    page.get_by_role("button", name="Use my location").click()
    expect(page).to_have_url(re.compile(r"near=33\.84%2C\+-118\.34&"))
    assert "33.8358" not in page.content()


def test_a_refused_position_says_what_to_do_instead(open_page: OpenPage) -> None:
    page = open_page("/", permissions=[])
    page.get_by_role("button", name="Use my location").click()
    expect(page.get_by_text("Type a ZIP code or city instead")).to_be_visible()
