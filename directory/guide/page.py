"""What every page of the guide shows: its place in the contents, its sources, and whether a clinician reviewed it."""

from typing import Any

from flask import current_app, render_template
from flask_babel import gettext

from directory.guide.citing import Citations
from directory.guide.contents import PAGES, PARTS, TOOLS, GuidePage


def render_guide(template: str, slug: str, **shown: Any) -> str:
    """The page `template`, which extends `guide/layout.html` and cites with `cites.says(key)`. Raises `KeyError`."""
    page = {page.slug: page for page in (*PAGES, *TOOLS)}[slug]
    before, after = _neighbors(page)
    return render_template(
        template, page=page, kicker=_kicker(page), page_before=before, page_after=after, **_frame(), **shown
    )


def render_contents(template: str) -> str:
    """The first page of the guide, which leads to all others."""
    return render_template(template, page=None, **_frame())


def _frame() -> dict[str, Any]:
    return {
        "guide_parts": PARTS,
        "guide_pages": PAGES,
        "guide_tools": TOOLS,
        "cites": Citations(),
        "reviewer": current_app.config["GUIDE_REVIEWER"],
        "reviewed_on": current_app.config["GUIDE_REVIEWED_ON"],
    }


def _kicker(page: GuidePage) -> str:
    """The part of the guide that holds the page."""
    return next((str(part.title) for part in PARTS if page in part.pages), gettext("Tool"))


def _neighbors(page: GuidePage) -> tuple[GuidePage | None, GuidePage | None]:
    if page not in PAGES:
        return None, None
    place = PAGES.index(page)
    return (PAGES[place - 1] if place else None), (PAGES[place + 1] if place + 1 < len(PAGES) else None)
