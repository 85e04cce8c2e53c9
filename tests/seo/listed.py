"""A real provider with all that a page can show, for tests; its people are invented all the same."""

import json
import re
from typing import Any

from flask.testing import FlaskClient

from directory.extensions import db
from directory.providers import models
from directory.providers.models import ORGANIZATION, Provider
from directory.providers.sources import known_source
from directory.web.days import today_in_california
from tests import factories

NPI = "1234567893"
CLINIC = "1999999984"


def full_provider(**values: Any) -> Provider:
    """A physician with every fact and two reviews written here, of 4 and 5 stars, and one of another source."""
    for key in ("site", "nppes"):
        known_source(key)
    row = factories.provider(**{"npi": NPI, "name": "Ana Núñez, MD", "source_key": "nppes", **values})
    sourced = {"npi": row.npi, "source_key": "nppes", "as_of": factories.DAY}
    factories.location(row.npi, (33.9, -118.4), precision="zip", city="Inglewood", line_2="Suite 2")
    factories.license(row.npi)
    db.session.add_all(
        [
            models.ProviderLanguage(language="es", **sourced),
            models.ProviderProduct(product="botox", **sourced),
            models.ProviderService(service="emg_guidance", **sourced),
            models.ProviderService(service="telehealth_consultation", **sourced),
            models.VisitDetails(step_free=True, **sourced | {"as_of": today_in_california()}),
            models.AcceptingNewPatients(accepting=True, **sourced | {"as_of": today_in_california()}),
            models.Website(url="https://clinic.example/", **sourced),
        ]
    )
    factories.review(row.npi, 4.0, source_key="site")
    factories.review(row.npi, 5.0, source_key="site")
    factories.review(row.npi, 1.0, source_key="nppes")
    db.session.commit()
    return row


def clinic() -> Provider:
    row = factories.provider(
        npi=CLINIC,
        name="Neck Clinic",
        entity_type=ORGANIZATION,
        organization_name="Neck Clinic",
        specialties=("261QP3300X",),
    )
    db.session.commit()
    return row


def data_of(client: FlaskClient, path: str) -> list[dict[str, Any]]:
    """The blocks of JSON-LD on a page."""
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get(path).text, re.DOTALL)
    return [json.loads(block) for block in blocks]
