"""The parts of a provider's page. Each feature registers its own in its `init_app`, so the page needs to know none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask

from directory.providers.glance import GlanceRow
from directory.web.phrases import Words


@dataclass(frozen=True, slots=True)
class PageSection:
    """One part of the page. `load` reads what `template` shows as `section` for the provider with that NPI."""

    anchor: str  # "reviews": the id of the section and its link in the page's contents
    title: Words
    template: str  # "reviews/display/_reviews.html"
    load: Callable[[str], Any]
    position: int  # the page shows sections in this order
    notice: str | None = None  # a template of what must stand at the head of the page; it gets the same `section`
    strip: str | None = None  # a template of list items for the strip under the name; it gets the same `section`
    glance: Callable[[Any], Sequence[GlanceRow]] = lambda section: ()  # what it adds to "At a glance"
    bars: Callable[[Any], bool] = lambda section: False  # whether nothing on the page may lead patients there


def register_section(app: Flask, section: PageSection) -> None:
    """Add `section` to every provider's page."""
    app.extensions.setdefault("provider_sections", []).append(section)
