"""Pages as schema.org describes them, for search engines and assistants: plain values in, plain dicts out.

Each builder says only what its page shows. schema-dts, the vocabulary's types, checks what comes out (`tests/seo/`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

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

PLACED_WELL = {"point", "street"}
"""Other precisions are the middle of a ZIP or a city, which is not where the practice is."""

MIN_STARS, MAX_STARS = 1, 5


def describe_site(url: str, name: str, description: str, languages: list[str]) -> list[dict[str, Any]]:
    """A `WebSite` and the `Organization` that publishes it. `languages`: ISO 639-1."""
    organization = f"{url}#organization"
    return [
        {
            "@context": CONTEXT,
            "@type": "WebSite",
            "@id": f"{url}#site",
            "url": url,
            "name": name,
            "description": description,
            "inLanguage": languages,
            "publisher": {"@id": organization},
        },
        {"@context": CONTEXT, "@type": "Organization", "@id": organization, "url": url, "name": name},
    ]


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """One practice location. Latitude and longitude in degrees, None where it could not be placed."""

    street: str
    city: str
    state: str
    postal_code: str | None
    country: str
    phone: str | None
    latitude: float | None
    longitude: float | None
    precision: str


@dataclass(frozen=True, slots=True)
class RatingFacts:
    """How many reviews patients wrote here, and the plain average of their stars, 1 to 5."""

    reviews: int
    average: float


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """What the page shows of a provider. `is_barred`: not ranked, because excluded, without license or deactivated."""

    url: str
    name: str
    npi: str
    is_person: bool
    is_barred: bool
    specialty_codes: tuple[str, ...] = ()
    places: tuple[PlaceFacts, ...] = ()
    website: str | None = None
    languages: tuple[str, ...] = ()  # ISO 639-1
    products: tuple[str, ...] = ()  # names
    services: tuple[str, ...] = ()  # names
    accepts_new_patients: bool | None = None
    rating: RatingFacts | None = None


def describe_provider(facts: ProviderFacts) -> dict[str, Any]:
    """A `Physician`, a `MedicalClinic`, or a `MedicalBusiness` where it is neither.

    Of a barred provider it says who it is alone, and nothing that leads patients there.
    """
    kind = _kind(facts)
    described: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": kind,
        "@id": f"{facts.url}#provider",
        "url": facts.url,
        "name": facts.name,
        "identifier": {"@type": "PropertyValue", "propertyID": "NPI", "value": facts.npi},
    }
    if facts.is_barred:
        return described
    described |= _where(facts.places)
    described |= {
        "sameAs": facts.website,
        "knowsLanguage": list(facts.languages),
        "aggregateRating": _rating(facts.rating),
    }
    if kind != "MedicalBusiness":  # which the vocabulary gives none of these
        described |= {
            "medicalSpecialty": _specialties(facts.specialty_codes),
            "availableService": _services(facts),
            "isAcceptingNewPatients": facts.accepts_new_patients,
        }
    return {name: value for name, value in described.items() if value not in (None, [], {})}


def _kind(facts: ProviderFacts) -> str:
    if not facts.is_person:
        return "MedicalClinic"
    return "Physician" if any(code.startswith(PHYSICIANS) for code in facts.specialty_codes) else "MedicalBusiness"


def _where(places: tuple[PlaceFacts, ...]) -> dict[str, Any]:
    """The first place is the provider's own; further ones are locations of it."""
    if not places:
        return {}
    first, *others = places
    return {**_at(first), "location": [{"@type": "Place", **_at(place)} for place in others]}


def _at(place: PlaceFacts) -> dict[str, Any]:
    address = {
        "@type": "PostalAddress",
        "streetAddress": place.street,
        "addressLocality": place.city,
        "addressRegion": place.state,
        "postalCode": place.postal_code,
        "addressCountry": place.country,
    }
    found: dict[str, Any] = {"address": {name: value for name, value in address.items() if value}}
    if place.phone:
        found["telephone"] = place.phone
    if place.precision in PLACED_WELL and place.latitude is not None and place.longitude is not None:
        found["geo"] = {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
    return found


def _specialties(codes: tuple[str, ...]) -> list[str]:
    found = [name for code in codes for start, name in SPECIALTIES.items() if code.startswith(start)]
    return [f"{CONTEXT}/{name}" for name in dict.fromkeys(found)]


def _services(facts: ProviderFacts) -> list[dict[str, Any]]:
    """Products as treatments with a drug, services as procedures; both as the practice says."""
    treatments = [
        {"@type": "MedicalTherapy", "name": product, "drug": {"@type": "Drug", "name": product}}
        for product in facts.products
    ]
    return treatments + [{"@type": "MedicalProcedure", "name": service} for service in facts.services]


def _rating(rating: RatingFacts | None) -> dict[str, Any] | None:
    if rating is None or not rating.reviews:
        return None
    return {
        "@type": "AggregateRating",
        "ratingValue": round(rating.average, 2),
        "ratingCount": rating.reviews,
        "reviewCount": rating.reviews,
        "bestRating": MAX_STARS,
        "worstRating": MIN_STARS,
    }


@dataclass(frozen=True, slots=True)
class ConditionFacts:
    """What the guide is about, in the page's language, with its code in ICD-10-CM."""

    name: str
    other_name: str
    code: str


@dataclass(frozen=True, slots=True)
class GuideFacts:
    """One page. `reviewer` and `reviewed_on` are given once a clinician has reviewed the guide, and not before."""

    url: str
    title: str
    summary: str
    language: str  # ISO 639-1
    condition: ConditionFacts
    reviewer: str | None = None
    reviewed_on: date | None = None


def describe_guide_page(facts: GuideFacts) -> dict[str, Any]:
    described: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "MedicalWebPage",
        "@id": facts.url,
        "url": facts.url,
        "name": facts.title,
        "description": facts.summary,
        "inLanguage": facts.language,
        "about": {
            "@type": "MedicalCondition",
            "name": facts.condition.name,
            "alternateName": facts.condition.other_name,
            "code": {"@type": "MedicalCode", "codeValue": facts.condition.code, "codingSystem": "ICD-10-CM"},
        },
    }
    if facts.reviewer and facts.reviewed_on:
        described["lastReviewed"] = facts.reviewed_on.isoformat()
        described["reviewedBy"] = {"@type": "Person", "name": facts.reviewer}
    return described


def describe_questions(url: str, language: str, answers: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    """An `FAQPage`. `answers`: of each question its anchor, its words and its answer as plain text."""
    return {
        "@context": CONTEXT,
        "@type": "FAQPage",
        "@id": f"{url}#questions",
        "url": url,
        "inLanguage": language,
        "mainEntity": [
            {
                "@type": "Question",
                "url": f"{url}#{anchor}",
                "name": question,
                "acceptedAnswer": {"@type": "Answer", "text": answer},
            }
            for anchor, question, answer in answers
        ],
    }
