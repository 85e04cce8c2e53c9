"""What every page of the guide shows: its place in the contents, its sources, and whether a clinician reviewed it."""

from typing import Any

from flask import current_app, render_template
from flask_babel import gettext

from directory.guide.citing import Citations
from directory.guide.contents import BY_SLUG, PAGES, PARTS, TOOLS, GuidePage


def render_guide(template: str, slug: str, **shown: Any) -> str:
    """The page `template`, which extends `guide/layout.html` and cites with `cites.says(key)`. Raises `KeyError`."""
    page = BY_SLUG[slug]
    around = (None, *PAGES, None)
    place = around.index(page) if page in PAGES else 0
    kicker = next((part.title for part in PARTS if page in part.pages), gettext("Tool"))
    return render_contents(
        template,
        page=page,
        kicker=kicker,
        page_before=around[place - 1] if place else None,
        page_after=around[place + 1] if place else None,
        **shown,
    )


def render_contents(template: str, page: GuidePage | None = None, **shown: Any) -> str:
    """What all pages have; without `page`, the first one of the guide, which leads to all others."""
    return render_template(
        template,
        page=page,
        guide_parts=PARTS,
        guide_pages=PAGES,
        guide_tools=TOOLS,
        cites=Citations(),
        reviewer=current_app.config["GUIDE_REVIEWER"],
        reviewed_on=current_app.config["GUIDE_REVIEWED_ON"],
        **shown,
    )
