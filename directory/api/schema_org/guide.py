"""Pages of the guide: about which condition they are, who reviewed them, and what they answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from directory.api.schema_org import CONTEXT


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


def guide_page(facts: GuideFacts) -> dict[str, Any]:
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


def questions_page(url: str, language: str, answers: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
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
