"""Which pages search engines may list, what each says of itself as schema.org data, and its picture for links.

Every other page is kept out: so is each page of staff and accounts, and each new one until it is named here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext

from directory.guide.codes import DIAGNOSIS
from directory.guide.questions import faq
from directory.providers.models import PERSON, PracticeLocation, Provider
from directory.providers.offerings import PRODUCTS, SERVICES
from directory.seo import schema_org
from directory.seo.canonical import absolute_url, canonical_url
from directory.seo.pictures import LinkPicture, guide_picture, page_picture, provider_picture
from directory.seo.queries import read_rating
from directory.seo.schema_org import ConditionFacts, GuideFacts, PlaceFacts, ProviderFacts
from directory.web.languages import LANGUAGES, current_language

Context = Mapping[str, Any]
"""What the view gave to the template, by name."""

QUESTIONS = "questions"


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What machines read of the pages of one endpoint."""

    describe: Callable[[Context], list[dict[str, Any]]] | None = None  # schema.org, as JSON-LD
    picture: Callable[[Context], LinkPicture] | None = None  # the site's own when None


def _describe_site(_: Context) -> list[dict[str, Any]]:
    description = gettext(
        "Providers around Torrance, California who treat neck spasms with botulinum toxin, ranked by distance, "
        "verified qualifications and patient reviews."
    )
    return schema_org.describe_site(absolute_url(""), gettext("Neck Spasm Directory"), description, list(LANGUAGES))


def _describe_guide_page(context: Context) -> list[dict[str, Any]]:
    """The page, and its questions and answers too where it is the page of those."""
    page, language, url = context["page"], current_language().code, canonical_url()
    facts = GuideFacts(
        url=url,
        title=str(page.title),
        summary=str(page.summary),
        language=language,
        condition=ConditionFacts(gettext("Cervical dystonia"), gettext("Spasmodic torticollis"), DIAGNOSIS),
        reviewer=current_app.config["GUIDE_REVIEWER"] or None,
        reviewed_on=current_app.config["GUIDE_REVIEWED_ON"],
    )
    questions = [schema_org.describe_questions(url, language, faq())] if page.slug == QUESTIONS else []
    return [schema_org.describe_guide_page(facts), *questions]


def _describe_provider(context: Context) -> list[dict[str, Any]]:
    found: Provider = context["provider"]
    facts = ProviderFacts(
        url=canonical_url(),
        name=found.name,
        npi=found.npi,
        is_person=found.entity_type == PERSON,
        is_barred=found.deactivated_on is not None or _is_barred(context),
        specialty_codes=tuple(specialty.specialty_code for specialty in found.specialties),
        places=tuple(_place(location) for location in found.locations),
        website=found.website.url if found.website else None,
        languages=tuple(sorted(spoken.language for spoken in found.languages)),
        products=tuple(gettext(PRODUCTS[each.product]) for each in found.products if each.product in PRODUCTS),
        services=tuple(gettext(SERVICES[each.service]) for each in found.services if each.service in SERVICES),
        accepts_new_patients=found.accepting.accepting if found.accepting else None,
        rating=read_rating(found.npi),
    )
    return [schema_org.describe_provider(facts)]


def _is_barred(context: Context) -> bool:
    """As the notice at the head of the page says."""
    return any(
        bool(loaded.qualification.barred_for) for part, loaded in context["sections"] if part.anchor == "qualifications"
    )


def _place(location: PracticeLocation) -> PlaceFacts:
    return PlaceFacts(
        street=", ".join(line for line in (location.line_1, location.line_2) if line),
        city=location.city,
        state=location.state,
        postal_code=location.postal_code,
        country=location.country,
        phone=location.phone,
        latitude=location.latitude,
        longitude=location.longitude,
        precision=location.precision,
    )


def _with_picture(name: str) -> PageMetadata:
    return PageMetadata(picture=lambda _: page_picture(name))


PROVIDER = "providers.page"
ONE_EACH = {
    "search.home": PageMetadata(_describe_site),
    "search.how_we_rank": _with_picture("how-we-rank"),
    "credentials.how_we_verify": _with_picture("how-we-verify"),
    "outcomes.page": _with_picture("outcomes"),
    "policy.review_policy": _with_picture("review-policy"),
    "guide.index": PageMetadata(),
    "pages.privacy": PageMetadata(),
    "pages.accessibility": PageMetadata(),
}
"""By endpoints that are one page each, in the sitemap's order."""

GUIDE = ("guide.page", "timeline.page", "prepare.page", "estimator.page", "aftercare.page", "guide.insurer")
LISTED = {
    **ONE_EACH,
    PROVIDER: PageMetadata(_describe_provider, lambda context: provider_picture(context["provider"])),
    **dict.fromkeys(GUIDE, PageMetadata(_describe_guide_page, lambda context: guide_picture(context["page"]))),
}
"""By endpoint; no page of another endpoint is listed."""
