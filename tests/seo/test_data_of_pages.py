"""What pages say of themselves to machines: only what they show, and nothing that leads to a barred provider."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select

from directory.credentials.models import Credential
from directory.extensions import db
from tests import factories
from tests.seo.listed import CLINIC, NPI, clinic, data_of, full_provider


@pytest.fixture
def site(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setitem(sqlite_app.config, "SITE_URL", "https://neck.example")
    return sqlite_app.test_client()


def test_a_physician_is_described_as_the_page_shows_them(site: FlaskClient) -> None:
    full_provider()
    [described] = data_of(site, f"/providers/{NPI}")
    places = described.pop("location")
    assert described.pop("address")["addressLocality"] == "Torrance"
    assert described == {
        "@context": "https://schema.org",
        "@type": "Physician",
        "@id": f"https://neck.example/providers/{NPI}#provider",
        "url": f"https://neck.example/providers/{NPI}",
        "name": "Ana Núñez, MD",
        "identifier": {"@type": "PropertyValue", "propertyID": "NPI", "value": NPI},
        "telephone": "(310) 555-0100",
        "geo": {"@type": "GeoCoordinates", "latitude": 33.8358, "longitude": -118.3406},
        "sameAs": "https://clinic.example/",
        "knowsLanguage": ["es"],
        "medicalSpecialty": ["https://schema.org/Neurologic"],
        "availableService": [
            {
                "@type": "MedicalTherapy",
                "name": "Botox (onabotulinumtoxinA)",
                "drug": {"@type": "Drug", "name": "Botox (onabotulinumtoxinA)"},
            },
            {"@type": "MedicalProcedure", "name": "EMG guidance"},
        ],
        "isAcceptingNewPatients": True,
        "amenityFeature": [{"@type": "LocationFeatureSpecification", "name": "Step-free access", "value": True}],
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": 4.5,  # of the two that patients wrote here
            "ratingCount": 2,
            "reviewCount": 2,
            "bestRating": 5,
            "worstRating": 1,
        },
    }
    assert places[0]["address"]["streetAddress"].endswith("Example Street, Suite 2")
    assert "geo" not in places[0]  # the middle of a ZIP is not where the practice is


def test_a_rating_needs_reviews_that_the_page_shows_and_patients_wrote_here(site: FlaskClient) -> None:
    provider = factories.provider(npi=NPI)
    factories.review(provider.npi, 5.0)  # of another source
    db.session.commit()
    [described] = data_of(site, f"/providers/{NPI}")
    assert "aggregateRating" not in described


def test_a_clinic_is_a_medical_clinic_and_a_therapist_no_physician(site: FlaskClient) -> None:
    clinic()
    factories.provider(npi=NPI, specialties=("225100000X",))
    db.session.commit()
    assert data_of(site, f"/providers/{CLINIC}")[0]["@type"] == "MedicalClinic"
    [therapist] = data_of(site, f"/providers/{NPI}")
    assert therapist["@type"] == "MedicalBusiness"
    assert not {"medicalSpecialty", "availableService", "isAcceptingNewPatients"} & therapist.keys()


@pytest.mark.parametrize("why", ["deactivated", "excluded", "expired"])
def test_nothing_leads_patients_to_a_barred_provider(site: FlaskClient, why: str) -> None:
    provider = full_provider(deactivated_on=factories.DAY if why == "deactivated" else None)
    if why == "excluded":
        factories.exclusion(provider.npi)
    if why == "expired":
        for license in db.session.scalars(select(Credential)):
            license.expires_on = date(2020, 1, 1)
    db.session.commit()
    [described] = data_of(site, f"/providers/{NPI}")
    assert described.keys() == {"@context", "@type", "@id", "url", "name", "identifier"}


def test_an_invented_provider_is_not_described(site: FlaskClient) -> None:
    provider = factories.provider()
    db.session.commit()
    assert data_of(site, f"/providers/{provider.npi}") == []


@pytest.mark.parametrize("path", ["/guide/risks", "/guide/costs", "/guide/timeline", "/es/guide/prepare"])
def test_a_page_of_the_guide_is_about_cervical_dystonia(site: FlaskClient, path: str) -> None:
    described = data_of(site, path)[0]
    assert described["@type"] == "MedicalWebPage"
    assert described["url"] == f"https://neck.example{path}"
    assert described["inLanguage"] == ("es" if path.startswith("/es/") else "en")
    assert described["about"]["code"] == {"@type": "MedicalCode", "codeValue": "G24.3", "codingSystem": "ICD-10-CM"}


def test_a_review_of_the_guide_is_named_once_there_was_one(
    site: FlaskClient, sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = data_of(site, "/guide/risks")[0]
    assert not {"lastReviewed", "reviewedBy"} & before.keys()
    monkeypatch.setitem(sqlite_app.config, "GUIDE_REVIEWER", "Dr. Real, neurologist")
    monkeypatch.setitem(sqlite_app.config, "GUIDE_REVIEWED_ON", date(2026, 9, 1))
    after = data_of(site, "/guide/risks")[0]
    assert after["lastReviewed"] == "2026-09-01"
    assert after["reviewedBy"] == {"@type": "Person", "name": "Dr. Real, neurologist"}


def test_the_home_page_says_whose_site_it_is(site: FlaskClient) -> None:
    assert [block["@type"] for block in data_of(site, "/")] == ["WebSite", "Organization"]


@pytest.mark.parametrize("path", ["/guide/questions", "/es/guide/questions"])
def test_questions_come_with_the_answers_that_the_page_gives(site: FlaskClient, path: str) -> None:
    page = site.get(path).text
    described = data_of(site, path)[1]
    assert described["@type"] == "FAQPage"
    assert len(described["mainEntity"]) > 5
    for question in described["mainEntity"]:
        address, _, anchor = question["url"].partition("#")
        assert address == f"https://neck.example{path}"
        assert f'<h3 id="{anchor}">{escape(question["name"])}</h3>' in page
        assert question["acceptedAnswer"]["text"]
