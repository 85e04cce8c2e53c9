"""What every page keeps: axe finds nothing, nothing scrolls sideways, and what is pressed is large enough."""

from dataclasses import dataclass
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page, expect

NARROWEST = 320  # WCAG 1.4.10 Reflow
PHONE, TABLET, DESKTOP = 375, 768, 1280
HEIGHT = 800
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,
}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"], "preload": False}
"""What a dark page may break that a light one keeps: nothing else hangs on the colors."""
FEW_RESULTS = {"exclude": ["#results > li:nth-child(n + 4)"]}
"""Of results, which are all of a kind, `make test` looks at the first three."""
PRESSABLE = (
    "button, select, summary, label.choice, nav a, .choices a, .chips a, .marker,"
    "input:not([type=checkbox], [type=radio], [type=hidden])"
)  # of a box or button with its words the whole label is pressed
TOO_SMALL = """elements => elements.filter(each => each.checkVisibility({visibilityProperty: true}))
    .filter(each => { const {width, height} = each.getBoundingClientRect(); return width < 24 || height < 24 })
    .map(each => each.outerHTML.slice(0, 80))"""


@dataclass(frozen=True)
class Cell:
    """One combination of width and color scheme."""

    width: int
    scheme: Literal["light", "dark"]


FIRST = (Cell(PHONE, "light"),)  # `make test` has these, and `make test-all` the others
OTHERS = (Cell(PHONE, "dark"), Cell(DESKTOP, "light"), Cell(DESKTOP, "dark"))


class Look:
    """Looks at a page as it stands, in `cells`, and gives it its size and colors back."""

    def __init__(self, cells: tuple[Cell, ...]) -> None:
        self.cells = cells

    def __call__(self, page: Page, heading: str | None = None, *, unfolded: bool = False) -> None:
        """With `heading` the page of that heading is waited for; `unfolded` opens what is folded."""
        if heading:
            expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        before = page.viewport_size
        if self.cells == FIRST:
            for width in (NARROWEST, TABLET):
                _resize(page, width, unfolded)
                _assert_it_fits(page, width)
        for cell in self.cells:
            page.emulate_media(color_scheme=cell.scheme, reduced_motion="reduce")  # colors change at once
            _resize(page, cell.width, unfolded)
            _assert_it_fits(page, cell.width)
            if cell.width == PHONE:
                small = page.locator(PRESSABLE).evaluate_all(TOO_SMALL)
                assert small == [], f"smaller than 24 by 24 pixels (WCAG 2.5.8): {small}"
            _assert_axe_finds_nothing(page, cell, FEW_RESULTS if self.cells == FIRST else None)
        page.emulate_media(color_scheme="light")
        if before:
            page.set_viewport_size(before)


def _resize(page: Page, width: int, unfolded: bool) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    if not unfolded:
        return
    page.locator("details:not(#filters)").evaluate_all(
        "all => all.forEach(one => { one.open = true })"
    )  # it covers all
    if page.locator("#map-panel").count():  # the map comes after the rest
        expect(page.locator("#map .marker").first).to_be_visible()


def _assert_it_fits(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} scrolls sideways at {width}"


def _assert_axe_finds_nothing(page: Page, cell: Cell, part: dict[str, list[str]] | None) -> None:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    rules = WCAG if cell.scheme == "light" else CONTRAST
    violations = page.evaluate(
        "([part, rules]) => axe.run(part ?? document, rules).then(found => found.violations)", [part, rules]
    )
    report = AxeResults({"violations": violations}).generate_report() if violations else ""
    assert not violations, f"{page.url}, {cell.width} pixels wide, {cell.scheme}: {report}"
