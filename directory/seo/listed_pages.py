"""Which pages search engines may list, what each says of itself as schema.org data, and its picture for links.

Every other page is kept out: so is each page of staff and accounts, and each new one until it is named here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from directory.seo import schema_org
from directory.seo.pictures import LinkPicture, link_picture

Context = Mapping[str, Any]
"""What the view gave to the template, by name."""


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What machines read of the pages of one endpoint."""

    describe: Callable[[Context], list[dict[str, Any]]] | None = None  # schema.org, as JSON-LD
    picture: Callable[[Context], LinkPicture] | None = None  # the site's own when None
    may_be_listed: Callable[[Context], bool] = lambda context: True


def _describe_guide_page(context: Context) -> list[dict[str, Any]]:
    """The page, and its questions and answers too where it is the page of those."""
    page = context["page"]
    questions = [schema_org.describe_questions()] if page.slug == "questions" else []
    return [schema_org.describe_guide_page(page), *questions]


def _picture_of_provider(context: Context) -> LinkPicture:
    return link_picture("providers", context["provider"].npi)


def _with_picture(name: str) -> PageMetadata:
    return PageMetadata(picture=lambda _: link_picture("pages", name))


PROVIDER = "providers.show_provider"
REVIEWS = "reviews.show_provider_reviews"
OUTCOMES = "outcomes.show_provider_outcomes"
ONE_EACH = {
    "search.show_home": PageMetadata(lambda _: schema_org.describe_site()),
    "search.explain_ranking": _with_picture("how-we-rank"),
    "credentials.explain_verification": _with_picture("how-we-verify"),
    "sources.show_sources": PageMetadata(),
    "outcomes.show_outcomes": _with_picture("outcomes"),
    "policy.show_policy": _with_picture("review-policy"),
    "guide.show_contents": PageMetadata(),
    "search.find_reviewed": PageMetadata(may_be_listed=lambda context: not context["name"]),
    "search.show_for_practices": PageMetadata(may_be_listed=lambda context: not context["name"]),
    "pages.show_privacy": PageMetadata(),
    "pages.show_accessibility": PageMetadata(),
}
"""By endpoints that are one page each, in the sitemap's order."""

GUIDE_PAGE = PageMetadata(_describe_guide_page, lambda context: link_picture("guide", context["page"].slug))
GUIDE = (
    "guide.show_page",
    "prepare.show_form",
    "estimator.estimate_costs",
    "aftercare.show_form",
    "guide.show_insurer_questions",
)
LISTED = {
    **ONE_EACH,
    PROVIDER: PageMetadata(
        lambda context: [schema_org.describe_provider(context["provider"], context["is_barred"])], _picture_of_provider
    ),
    REVIEWS: PageMetadata(
        lambda context: [schema_org.describe_rating(context["provider"])],
        _picture_of_provider,
        lambda context: context["section"]["summary"].total > 0 and context["is_first_page"],
    ),
    OUTCOMES: PageMetadata(None, _picture_of_provider, lambda context: context["has_enough"]),
    **dict.fromkeys(GUIDE, GUIDE_PAGE),
}
"""By endpoint; no page of another endpoint is listed."""
