"""Which pages search engines may list, what each says of itself, and which picture stands for it."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from directory.api.describing import describe_guide_page, describe_provider, describe_site
from directory.api.pictures.subjects import words_of_guide, words_of_page, words_of_provider
from directory.api.pictures.views import picture_of, site_picture
from directory.web.head import PageMetadata, Picture, show_picture_by_default, show_to_machines

GUIDE = ("guide.page", "timeline.page", "prepare.page", "estimator.page", "aftercare.page", "insurer.page")
WITH_PICTURES = {
    "search.how_we_rank": "how-we-rank",
    "credentials.how_we_verify": "how-we-verify",
    "outcomes.page": "outcomes",
    "policy.review_policy": "review-policy",
}
PLAIN = ("guide.index", "pages.privacy", "pages.accessibility")
ONE_EACH = ("search.home", *WITH_PICTURES, *PLAIN)
"""Endpoints that are one page each, in the sitemap's order."""


def show_faces(app: Flask) -> None:
    show_picture_by_default(app, site_picture)
    show_to_machines(app, "search.home", PageMetadata(describe=describe_site))
    show_to_machines(app, "providers.page", PageMetadata(describe=describe_provider, picture=_provider_picture))
    for endpoint in GUIDE:
        show_to_machines(app, endpoint, PageMetadata(describe=describe_guide_page, picture=_guide_picture))
    for endpoint, name in WITH_PICTURES.items():
        show_to_machines(app, endpoint, PageMetadata(picture=_page_picture(name)))
    for endpoint in PLAIN:
        show_to_machines(app, endpoint)


def _provider_picture(shown: Mapping[str, Any]) -> Picture:
    provider = shown["provider"]
    return picture_of("providers", provider.npi, words_of_provider(provider))


def _guide_picture(shown: Mapping[str, Any]) -> Picture:
    page = shown["page"]
    return picture_of("guide", page.slug, words_of_guide(page))


def _page_picture(name: str) -> Any:
    return lambda shown: picture_of("pages", name, words_of_page(name))
