"""A provider whom staff hid or merged has no page of its own, and no search, list or sitemap names it."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.credentials.models import QualificationScore
from directory.credentials.queries import qualifications
from directory.credentials.scoring import rescore_qualification
from directory.extensions import db
from directory.providers.models import PostedFee, Provider
from directory.providers.queries import fees_of_all
from directory.search.query import SearchQuery
from directory.search.service import search
from directory.seo.queries import count_listed
from tests import factories
from tests.search.test_service import TORRANCE

PAGES = ("/providers/{npi}", "/providers/{npi}/reviews/new", "/claim/{npi}")


def hidden(**values: object) -> Provider:
    return factories.provider(hidden_at=datetime.now(UTC), hidden_reason="Retired", **values)


def merged_into(other: Provider) -> Provider:
    return factories.provider(merged_into=other.npi)


def found() -> list[str]:
    return [result.npi for result in search(SearchQuery(TORRANCE)).results]


@pytest.mark.postgresql
def test_neither_is_ranked_until_it_is_shown_again(app: Flask) -> None:
    shown = factories.provider()
    gone, duplicate = hidden(), merged_into(shown)
    db.session.commit()
    assert found() == [shown.npi]
    gone.hidden_at = duplicate.merged_into = None
    db.session.commit()
    assert set(found()) == {shown.npi, gone.npi, duplicate.npi}


@pytest.mark.postgresql
def test_the_pages_of_a_hidden_provider_say_so(app: Flask, client: FlaskClient) -> None:
    provider = hidden(name="Zora Hidden, MD")
    db.session.commit()
    for page in PAGES:
        response = client.get(page.format(npi=provider.npi))
        assert response.status_code == 410
        assert "You can search for another provider." in response.text
        assert "Zora" not in response.text
        assert "Retired" not in response.text


def test_a_hidden_page_says_so_in_spanish(sqlite_app: Flask) -> None:
    provider = hidden()
    db.session.commit()
    response = sqlite_app.test_client().get(f"/es/providers/{provider.npi}")
    assert (response.status_code, response.headers["Content-Language"]) == (410, "es")
    assert "retiró la página" in response.text


def test_the_pages_of_a_merged_provider_lead_to_the_other_ones_for_good(sqlite_app: Flask) -> None:
    other = factories.provider()
    duplicate, client = merged_into(other), sqlite_app.test_client()
    db.session.commit()
    for page in PAGES:
        response = client.get(page.format(npi=duplicate.npi))
        assert (response.status_code, response.location) == (301, page.format(npi=other.npi))
        assert response.headers["Cache-Control"] == "no-cache"  # it can be undone
    response = client.get(f"/es/providers/{duplicate.npi}?from=search")
    assert response.location == f"/es/providers/{other.npi}?from=search"
    sent = client.post(f"/providers/{duplicate.npi}/reviews/new", data={"rating": "5"})
    assert (sent.status_code, sent.location) == (308, f"/providers/{other.npi}/reviews/new")


def test_no_unknown_number_leads_anywhere(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    for npi in ("1234567890", "nothing", "0"):
        assert client.get(f"/providers/{npi}").status_code == 404


def test_neither_is_compared(sqlite_app: Flask) -> None:
    shown = factories.provider(name="Bea Shown, MD")
    others = hidden(name="Zora Hidden, MD"), merged_into(shown)
    db.session.commit()
    query = "&".join(f"npi={each.npi}" for each in (shown, *others))
    page = sqlite_app.test_client().get(f"/compare?{query}").text
    assert "Bea Shown" in page
    assert "Zora Hidden" not in page


def test_neither_is_in_the_sitemap(sqlite_app: Flask) -> None:
    real = factories.provider(npi="1003000126")
    real.hidden_at = datetime.now(UTC)
    db.session.commit()
    assert count_listed() == 0
    real.hidden_at = None
    db.session.commit()
    assert count_listed() == 1


def test_fees_of_neither_count(sqlite_app: Flask) -> None:
    provider = hidden()
    fee = {"fee": "consultation", "low_usd": 100, "high_usd": 200, "source_key": "demo", "as_of": date(2026, 1, 2)}
    db.session.add(PostedFee(npi=provider.npi, **fee))
    db.session.commit()
    assert fees_of_all(1) == {}


@pytest.mark.postgresql
def test_the_exclusion_of_a_merged_provider_bars_the_one_it_went_into(app: Flask) -> None:
    other = factories.provider()
    duplicate = merged_into(other)
    factories.exclusion(duplicate.npi)
    rescore_qualification(duplicate.npi)
    db.session.commit()
    score = db.session.get_one(QualificationScore, other.npi)
    assert score.barred_for
    assert found() == []
    assert [row.npi for row in qualifications(other.npi).exclusions] == [duplicate.npi]
