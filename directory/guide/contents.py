"""The guide's pages and tools in the order of its contents, and what stands on each of them around its text."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, url_for
from flask_babel.speaklater import LazyString

from directory.guide.citing import Citations
from directory.web.messages import gettext
from directory.web.messages import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class GuidePage:
    """One page. `endpoint` with `slug` where the view serves several; `summary` is one sentence."""

    slug: str
    title: LazyString
    summary: LazyString
    endpoint: str = "guide.show_page"

    @property
    def url(self) -> str:
        return url_for(self.endpoint, slug=self.slug) if self.endpoint == "guide.show_page" else url_for(self.endpoint)


@dataclass(frozen=True, slots=True)
class Part:
    """Pages that a patient needs at about the same time."""

    title: LazyString
    pages: tuple[GuidePage, ...]


PARTS = (
    Part(
        _l("Before the visit"),
        (
            GuidePage(
                "what-it-is",
                _l("What neck spasms are"),
                _l("Sudden tightening of neck muscles, what can cause it, and what cervical dystonia is."),
            ),
            GuidePage(
                "the-medicine", _l("The medicine"), _l("What botulinum toxin is, and the five products for the neck.")
            ),
            GuidePage("how-it-works", _l("How it works"), _l("How the medicine relaxes a muscle for a while.")),
            GuidePage(
                "benefits",
                _l("What it can do for you"),
                _l("What people hope for, what trials found, and what patients here report."),
            ),
            GuidePage(
                "who-it-suits", _l("Who it can help"), _l("When doctors consider it, and when they are careful.")
            ),
            GuidePage("risks", _l("Risks and red flags"), _l("The boxed warning, side effects, and when to call 911.")),
            GuidePage("choosing", _l("Choosing a provider"), _l("What to look for, and how this site checks it.")),
            GuidePage(
                "cost-and-insurance", _l("Cost and insurance"), _l("What makes up the price, and who pays what.")
            ),
        ),
    ),
    Part(
        _l("At the visit"),
        (GuidePage("the-visit", _l("The visit in four steps"), _l("From the first talk to going home.")),),
    ),
    Part(
        _l("After the visit"),
        (
            GuidePage(
                "timeline",
                _l("Week by week"),
                _l("When it starts to work, when it works best, and when it wears off."),
            ),
            GuidePage(
                "combining", _l("Combining treatments"), _l("Physical therapy and medicines along with the injection.")
            ),
            GuidePage(
                "aftercare",
                _l("Aftercare"),
                _l("The first 24 hours, what to watch for, and a calendar of what comes next."),
                "aftercare.show_form",
            ),
            GuidePage("questions", _l("Questions patients ask"), _l("Short answers, each with its source.")),
        ),
    ),
)

PAGES = tuple(page for part in PARTS for page in part.pages)

TOOLS = (
    GuidePage(
        "prepare",
        _l("Prepare for the consultation"),
        _l("Answer a few questions and get one page to take with you. Nothing is kept."),
        "prepare.show_form",
    ),
    GuidePage(
        "costs",
        _l("Estimate the cost"),
        _l("Low, typical and high, with your own numbers."),
        "estimator.estimate_costs",
    ),
    GuidePage(
        "insurer",
        _l("Questions for your insurer"),
        _l("What to ask, with the codes, and what prior authorization needs."),
        "guide.show_insurer_questions",
    ),
)

BY_SLUG = {page.slug: page for page in (*PAGES, *TOOLS)}


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
