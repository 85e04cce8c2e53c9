"""What is shown of a result is read once and kept, and goes when anything of its provider changes."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event

from directory.credentials.models import ProcedureVolume, QualificationScore
from directory.extensions import db
from directory.providers.models import AcceptingNewPatients, Provider, ProviderProduct, ProviderSpecialty
from directory.ratings.models import RatingEstimate
from directory.search import service
from directory.search.query import Result, SearchQuery
from directory.search.service import search
from directory.web.days import today_in_california
from directory.web.languages import in_language
from tests import factories
from tests.search.test_service import TORRANCE

SOURCED = {"source_key": "demo", "as_of": factories.DAY}


def shown() -> Result:
    return search(SearchQuery(TORRANCE)).results[0]


def statements() -> list[str]:
    """What one more search asks of the database."""
    asked: list[str] = []

    def listener(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", listener)
    try:
        shown()
    finally:
        event.remove(db.engine, "before_cursor_execute", listener)
    return asked


def rename(provider: Provider) -> None:
    provider.name = "Another Name, MD"


def move(provider: Provider) -> None:
    provider.locations[0].line_1 = "2 Other St"


def call(provider: Provider) -> None:
    provider.locations[0].phone = "3105550199"


def accept(provider: Provider) -> None:
    confirmed = {"source_key": "demo", "as_of": today_in_california()}
    db.session.add(AcceptingNewPatients(npi=provider.npi, accepting=True, **confirmed))


def score(provider: Provider) -> None:
    why = {"message": "Active", "values": {}}
    awards = [{"key": "license", "points": 20.0, "why": why}]
    db.session.add(QualificationScore(npi=provider.npi, points=20.0, awards=awards, license_verified=True))


def rate(provider: Provider) -> None:
    db.session.add(RatingEstimate(npi=provider.npi, estimate=4.4, low=4.0, high=4.7, reviews_counted=9))


def bill(provider: Provider) -> None:
    volume = {"year": 2023, "hcpcs_code": "64616", "services": 31.0}
    db.session.add(ProcedureVolume(npi=provider.npi, **volume, **SOURCED))


def offer(provider: Provider) -> None:
    db.session.add(ProviderProduct(npi=provider.npi, product="botox", **SOURCED))


def specialize(provider: Provider) -> None:
    db.session.delete(provider.specialties[0])
    db.session.add(ProviderSpecialty(npi=provider.npi, specialty_code="208100000X", is_primary=True, **SOURCED))


CHANGES: list[tuple[Callable[[Provider], None], str]] = [
    (rename, "name"),
    (move, "address"),
    (call, "phone"),
    (accept, "accepting"),
    (score, "awards"),
    (rate, "rating_low"),
    (bill, "injections"),
    (offer, "injections"),
    (specialize, "profession"),
]


@pytest.mark.parametrize(("change", "fact"), CHANGES)
def test_a_change_is_shown_by_the_next_search(app: Flask, change: Callable[[Provider], None], fact: str) -> None:
    provider = factories.provider()
    db.session.commit()
    before = getattr(shown(), fact)
    change(provider)
    db.session.commit()
    after = getattr(shown(), fact)
    assert after != before
    fresh = next(iter(service._read_locations([provider.locations[0].id]).values()))
    assert after == fresh[fact]


def test_a_result_that_was_shown_asks_the_database_for_the_revision_alone(sqlite_app: Flask) -> None:
    factories.provider()
    db.session.commit()
    shown()
    assert [statement for statement in statements() if "search_revision" not in statement] == []


def test_each_language_has_its_own(sqlite_app: Flask) -> None:
    factories.provider()
    db.session.commit()
    with sqlite_app.test_request_context():
        english = shown().injections.sentences
        with in_language("es"):
            assert shown().injections.sentences != english
        assert shown().injections.sentences == english


def test_what_an_older_session_reads_is_not_kept(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.provider()
    db.session.commit()
    monkeypatch.setattr(service, "current_revision", lambda: -1)
    shown()
    assert any("practice_location" in statement for statement in statements())


def test_only_so_many_are_kept(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MAX_SHOWN", 20)
    for _ in range(50):
        factories.provider()
    db.session.commit()
    for page in range(25):
        search(SearchQuery(TORRANCE, offset=2 * page, limit=2))
    assert len(service.current_snapshot().shown) <= 22
