"""What pages say of themselves is in the words of schema.org, as schema-dts types them."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from directory.extensions import db
from tests import factories
from tests.seo.listed import CLINIC, NPI, clinic, data_of, full_provider
from tests.seo.vocabulary import faults

BARRED = "1000000012"
THERAPIST = "1000000020"
PAGES = (
    "/",
    f"/providers/{NPI}",
    f"/providers/{CLINIC}",
    f"/providers/{BARRED}",
    f"/providers/{THERAPIST}",
    "/guide/risks",
    "/es/guide/questions",
    "/guide/costs",
)


def test_every_kind_of_page_keeps_to_the_vocabulary(
    sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full_provider()
    clinic()
    factories.provider(npi=BARRED, deactivated_on=factories.DAY)
    factories.provider(npi=THERAPIST, specialties=("225100000X",))
    db.session.commit()
    monkeypatch.setitem(sqlite_app.config, "GUIDE_REVIEWER", "Dr. Real, neurologist")
    monkeypatch.setitem(sqlite_app.config, "GUIDE_REVIEWED_ON", date(2026, 9, 1))
    client = sqlite_app.test_client()
    blocks = [block for path in PAGES for block in data_of(client, path)]
    assert {block["@type"] for block in blocks} == {
        "WebSite",
        "Organization",
        "Physician",
        "MedicalClinic",
        "MedicalBusiness",
        "MedicalWebPage",
        "FAQPage",
    }
    assert faults(tmp_path, blocks) == ""


def test_the_check_catches_what_the_vocabulary_has_not(tmp_path: Path) -> None:
    right = {"@context": "https://schema.org", "@type": "Physician", "name": "Ana"}
    wrong = {
        "waitingTime": "short",  # no property of schema.org
        "medicalSpecialty": "Neckology",
        "aggregateRating": {"@type": "AggregateRating", "stars": 5},
        "address": {"@type": "PostalAddress", "zip": "90503"},
    }
    found = faults(tmp_path, [right, *({**right, name: value} for name, value in wrong.items())])
    lines = found.splitlines()
    assert [name for name in ("waitingTime", "medicalSpecialty", "stars", "zip") if name not in found] == []
    assert len([line for line in lines if line.startswith(str(tmp_path)) or "error TS" in line]) == len(wrong)
