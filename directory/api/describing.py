"""From what a view gave its template to what schema.org's builders take."""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import gettext

from directory.api.guide_pages import known_guide
from directory.api.queries import rating_here
from directory.api.schema_org.guide import ConditionFacts, GuideFacts, guide_page, questions_page
from directory.api.schema_org.provider import PlaceFacts, ProviderFacts, provider
from directory.api.schema_org.site import site
from directory.providers.models import PERSON, PracticeLocation, Provider
from directory.providers.offerings import PRODUCTS, SERVICES
from directory.web.canonical import absolute, canonical_url
from directory.web.languages import LANGUAGES, current_language

Shown = Mapping[str, Any]
"""What the page is made of, by name."""

QUESTIONS = "questions"


def describe_site(shown: Shown) -> list[dict[str, Any]]:
    description = gettext(
        "Providers around Torrance, California who treat neck spasms with botulinum toxin, ranked by distance, "
        "verified qualifications and patient reviews."
    )
    return site(absolute(""), gettext("Neck Spasm Directory"), description, list(LANGUAGES))


def describe_guide_page(shown: Shown) -> list[dict[str, Any]]:
    """The page of the guide that is shown; its questions and answers too where it is the page of those."""
    page, language, url = shown["page"], current_language().code, canonical_url()
    condition = ConditionFacts(gettext("Cervical dystonia"), gettext("Spasmodic torticollis"), known_guide().diagnosis)
    described = [
        guide_page(
            GuideFacts(
                url=url,
                title=str(page.title),
                summary=str(page.summary),
                language=language,
                condition=condition,
                reviewer=current_app.config["GUIDE_REVIEWER"] or None,
                reviewed_on=current_app.config["GUIDE_REVIEWED_ON"],
            )
        )
    ]
    if page.slug == QUESTIONS:
        described.append(questions_page(url, language, known_guide().questions()))
    return described


def describe_provider(shown: Shown) -> list[dict[str, Any]]:
    found: Provider = shown["provider"]
    return [
        provider(
            ProviderFacts(
                url=canonical_url(),
                name=found.name,
                npi=found.npi,
                is_person=found.entity_type == PERSON,
                is_barred=found.deactivated_on is not None or _is_barred(shown),
                specialty_codes=tuple(specialty.specialty_code for specialty in found.specialties),
                places=tuple(_place(location) for location in found.locations),
                website=found.website.url if found.website else None,
                languages=tuple(sorted(spoken.language for spoken in found.languages)),
                products=tuple(gettext(PRODUCTS[each.product]) for each in found.products if each.product in PRODUCTS),
                services=tuple(gettext(SERVICES[each.service]) for each in found.services if each.service in SERVICES),
                accepts_new_patients=found.accepting.accepting if found.accepting else None,
                rating=rating_here(found.npi),
            )
        )
    ]


def _is_barred(shown: Shown) -> bool:
    """As the notice at the head of the page says."""
    return any(
        bool(loaded.qualification.barred_for) for part, loaded in shown["sections"] if part.anchor == "qualifications"
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
