"""The search revision moves with every change to what is ranked, and names whom it touched."""

from flask import Flask
from sqlalchemy import text

from directory.audit.log import record
from directory.extensions import db
from directory.providers.models import Provider
from directory.providers.revision import changed_since, current_revision, note_search_change
from tests import factories


def test_a_new_provider_moves_the_revision(app: Flask) -> None:
    before = current_revision()
    provider = factories.provider()
    db.session.commit()
    assert current_revision() == before + 1
    assert changed_since(before) == {provider.npi}
    assert changed_since(before + 1) == set()


def test_an_unranked_change_does_not(app: Flask) -> None:
    provider = factories.provider()
    db.session.commit()
    before = current_revision()
    factories.review(provider.npi)
    provider.name = provider.name
    db.session.commit()
    assert current_revision() == before


def test_a_deleted_row_names_its_provider(app: Flask) -> None:
    provider = factories.provider()
    db.session.commit()
    before = current_revision()
    db.session.delete(provider.locations[0])
    db.session.commit()
    assert changed_since(before) == {provider.npi}


def test_a_bulk_change_means_read_everything_again(app: Flask) -> None:
    before = current_revision()
    note_search_change(None)
    db.session.commit()
    assert changed_since(before) is None


def test_a_rolled_back_change_leaves_no_trace(app: Flask) -> None:
    before = current_revision()
    factories.provider()
    db.session.rollback()
    note_search_change([])
    db.session.commit()
    assert current_revision() == before


def test_a_change_holds_nobody_up_until_its_commit(app: Flask) -> None:
    """The revision is the last lock of a transaction: else two that also hold others could wait in a circle."""
    first, second = factories.provider().npi, factories.provider().npi
    db.session.commit()
    before = current_revision()
    note_search_change([first])
    record("command", "try", "test:1")  # this one holds the log's lock meanwhile
    if db.engine.dialect.name == "postgresql":  # SQLite has one writer, so there is no circle
        with db.session.session_factory() as other:
            other.execute(text("SET lock_timeout = '2s'"))
            other.get(Provider, second).name = "Another name"
            other.commit()
    db.session.commit()
    assert first in (changed_since(before) or set())
