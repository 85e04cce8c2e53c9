"""Pages as schema.org describes them, for search engines and assistants: each says only what its page shows.

schema-dts, the vocabulary's types, checks what comes out (`tests/seo/`).
"""

from typing import Any

from flask import current_app

from directory.guide.contents import GuidePage
from directory.guide.costs import DIAGNOSIS
from directory.guide.questions import faq
from directory.providers.models import PERSON, AcceptingNewPatients, PracticeLocation, Provider, VisitDetails
from directory.providers.offerings import PRODUCTS, SERVICES, TELEHEALTH
from directory.seo.queries import read_rating
from directory.web.languages import LANGUAGES, current_language
from directory.web.messages import gettext
from directory.web.urls import absolute_url, canonical_url

CONTEXT = "https://schema.org"
PHYSICIANS = "20"
"""What the NUCC codes of physicians begin with: Allopathic & Osteopathic Physicians."""

SPECIALTIES = {
    "2084": "Neurologic",
    "2081N0008X": "Neurologic",
    "207L": "Anesthesia",
    "207Y": "Otolaryngologic",
    "225100000X": "Physiotherapy",
}
"""schema.org's `MedicalSpecialty` by how a NUCC code begins; it has none for rehabilitation or pain medicine."""

PLACED_WELL = {"point", "address"}
"""Other precisions are a place on its street, or the middle of a ZIP or a city, which is not where the practice is."""

MIN_STARS, MAX_STARS = 1, 5


def describe_site() -> list[dict[str, Any]]:
    """A `WebSite` and the `Organization` that publishes it."""
    url, name = absolute_url("/"), gettext("Neck Spasm Directory")
    organization = f"{url}#organization"
    return [
        {
            "@context": CONTEXT,
            "@type": "WebSite",
            "@id": f"{url}#site",
            "url": url,
            "name": name,
            "description": gettext(
                "Providers around Torrance, California who treat neck spasms with botulinum toxin, ranked by distance, "
                "verified qualifications and patient reviews."
            ),
            "inLanguage": list(LANGUAGES),
            "publisher": {"@id": organization},
        },
        {"@context": CONTEXT, "@type": "Organization", "@id": organization, "url": url, "name": name},
    ]


def describe_provider(provider: Provider, is_barred: bool) -> dict[str, Any]:
    """A `Physician`, a `MedicalClinic`, or a `MedicalBusiness` where it is neither.

    Of a barred provider it says who it is alone, and nothing that leads patients there.
    """
    described, codes = _identity(provider, canonical_url()), _codes(provider)
    kind = described["@type"]
    if is_barred:
        return described
    first, *others = map(_at, provider.locations) if provider.locations else [{}]
    described |= first | {  # the first place is the provider's own; further ones are locations of it
        "location": [{"@type": "Place", **place} for place in others],
        "sameAs": provider.website.link if provider.website else None,
        "knowsLanguage": sorted(spoken.language for spoken in provider.languages),
        "amenityFeature": _amenities(provider.visit_details),
        "aggregateRating": _rating(provider.npi),
    }
    if kind != "MedicalBusiness":  # which the vocabulary gives none of these
        described |= {
            "medicalSpecialty": _specialties(codes),
            "availableService": _services(provider),
            "isAcceptingNewPatients": _accepts(provider.accepting),
        }
    return {name: value for name, value in described.items() if value not in (None, [])}


def describe_rating(provider: Provider) -> dict[str, Any]:
    """The provider, as its own page names it, with what its page of reviews adds: the rating by patients here."""
    url = canonical_url().removesuffix("/reviews")
    described = _identity(provider, url) | {"aggregateRating": _rating(provider.npi)}
    return {name: value for name, value in described.items() if value is not None}


def _identity(provider: Provider, url: str) -> dict[str, Any]:
    """Who the provider is; `url` is its page's."""
    kind = "MedicalClinic"
    if provider.entity_type == PERSON:
        is_physician = any(code.startswith(PHYSICIANS) for code in _codes(provider))
        kind = "Physician" if is_physician else "MedicalBusiness"
    return {
        "@context": CONTEXT,
        "@type": kind,
        "@id": f"{url}#provider",
        "url": url,
        "name": provider.name,
        "identifier": {"@type": "PropertyValue", "propertyID": "NPI", "value": provider.npi},
    }


def _codes(provider: Provider) -> list[str]:
    return [specialty.specialty_code for specialty in provider.specialties]


def _accepts(said: AcceptingNewPatients | None) -> bool | None:
    return said.accepting if said and said.is_current else None


def _amenities(details: VisitDetails | None) -> list[dict[str, Any]]:
    if details is None or details.step_free is None or not details.is_current:
        return []
    name = gettext("Step-free access")
    return [{"@type": "LocationFeatureSpecification", "name": name, "value": details.step_free}]


def _at(location: PracticeLocation) -> dict[str, Any]:
    address = {
        "@type": "PostalAddress",
        "streetAddress": ", ".join(line for line in (location.line_1, location.line_2) if line),
        "addressLocality": location.city,
        "addressRegion": location.state,
        "postalCode": location.postal_code,
        "addressCountry": location.country,
    }
    found: dict[str, Any] = {"address": {name: value for name, value in address.items() if value}}
    if location.phone:
        found["telephone"] = location.phone
    if location.precision in PLACED_WELL and location.latitude is not None and location.longitude is not None:
        found["geo"] = {"@type": "GeoCoordinates", "latitude": location.latitude, "longitude": location.longitude}
    return found


def _specialties(codes: list[str]) -> list[str]:
    found = [name for code in codes for start, name in SPECIALTIES.items() if code.startswith(start)]
    return [f"{CONTEXT}/{name}" for name in dict.fromkeys(found)]


def _services(provider: Provider) -> list[dict[str, Any]]:
    """Products as treatments with a drug, other services than telehealth as procedures; as the practice says."""
    products = [gettext(PRODUCTS[each.product]) for each in provider.products if each.product in PRODUCTS]
    keys = [each.service for each in provider.services if each.service in SERVICES and each.service != TELEHEALTH]
    services = [gettext(SERVICES[key]) for key in keys]
    treatments = [
        {"@type": "MedicalTherapy", "name": product, "drug": {"@type": "Drug", "name": product}} for product in products
    ]
    return treatments + [{"@type": "MedicalProcedure", "name": service} for service in services]


def _rating(npi: str) -> dict[str, Any] | None:
    reviews, average = read_rating(npi)
    if not reviews:
        return None
    return {
        "@type": "AggregateRating",
        "ratingValue": round(average, 2),
        "ratingCount": reviews,
        "reviewCount": reviews,
        "bestRating": MAX_STARS,
        "worstRating": MIN_STARS,
    }


def describe_guide_page(page: GuidePage) -> dict[str, Any]:
    """The clinician who reviewed the guide is named once there is one, and not before."""
    url, config = canonical_url(), current_app.config
    described: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "MedicalWebPage",
        "@id": url,
        "url": url,
        "name": str(page.title),
        "description": str(page.summary),
        "inLanguage": current_language().code,
        "about": {
            "@type": "MedicalCondition",
            "name": gettext("Cervical dystonia"),
            "alternateName": gettext("Spasmodic torticollis"),
            "code": {"@type": "MedicalCode", "codeValue": DIAGNOSIS, "codingSystem": "ICD-10-CM"},
        },
    }
    if config["GUIDE_REVIEWER"]:
        described["lastReviewed"] = config["GUIDE_REVIEWED_ON"].isoformat()
        described["reviewedBy"] = {"@type": "Person", "name": config["GUIDE_REVIEWER"]}
    return described


def describe_questions() -> dict[str, Any]:
    """What patients ask, as an `FAQPage`."""
    url = canonical_url()
    return {
        "@context": CONTEXT,
        "@type": "FAQPage",
        "@id": f"{url}#questions",
        "url": url,
        "inLanguage": current_language().code,
        "mainEntity": [
            {
                "@type": "Question",
                "url": f"{url}#{anchor}",
                "name": question,
                "acceptedAnswer": {"@type": "Answer", "text": answer},
            }
            for anchor, question, answer in faq()
        ],
    }
